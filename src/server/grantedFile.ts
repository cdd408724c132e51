/** What stands behind an id: the file a grant was issued for, and whom it was issued to. */

/** Whose file it is: the question and the person. All of it is inside every signature, none of it in the id. */
export interface Who {
  /** Whom `authorize` named. */
  readonly subject: string
  /** The question; absent is a question of its own. */
  readonly field?: string | undefined
  /** Whatever else the page sent with every call; absent is the same as empty. */
  readonly context?: Readonly<Record<string, string>> | undefined
}

/** A file that may be stored under its key, and nothing else there. */
export interface GrantedFile {
  readonly bucket: string
  readonly key: string
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly type: string
  /** Epoch seconds. */
  readonly issuedAt: number
}

/** One string for one person and question: order of the context's members does not matter, nothing else is alike. */
export const whoText = ({ subject, field, context }: Who): string =>
  JSON.stringify([
    subject,
    field ?? null,
    Object.entries(context ?? {}).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  ])
