/** Members that may be unknown, said only where they are known: what is undefined is left out. */
export type Stated<T> = {
  [Name in keyof T as undefined extends T[Name] ? Name : never]?: Exclude<T[Name], undefined>
} & {
  [Name in keyof T as undefined extends T[Name] ? never : Name]: T[Name]
}

export const stated = <T extends object>(members: T): Stated<T> =>
  Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined)) as Stated<T>

/** A text from untrusted JSON. */
export const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** A number from untrusted JSON. */
export const numberIn = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
