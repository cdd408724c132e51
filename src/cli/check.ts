/** A check is a row of a table: what it is called, how it is tried, and what mends it. */
import { plainly } from './plainly.js'

/** What mends something: words, and the exact document to put in place where there is one. */
export interface Remedy {
  readonly text: string
  /** As the storage's API takes it, or an example of an answer. */
  readonly document?: unknown
}

/** One thing that is tried of a subject (a bucket, a backend). */
export interface Check<Subject> {
  /** A sentence that is true where all is well. */
  readonly name: string
  /** `should`: worth a warning, but uploads work and are safe without. */
  readonly level: 'must' | 'should'
  /** Resolves to what was found where it is so. @throws Wrong, LeftOut */
  run(subject: Subject): Promise<string>
  remedy(subject: Subject): Remedy
}

/** Thrown by a check: the name of the check is not true of the subject. Its message says what was found instead. */
export class Wrong extends Error {
  override readonly name = 'Wrong'
  /** In place of the check's own, where what was found tells more. */
  readonly remedy: Remedy | undefined

  constructor(found: string, remedy?: Remedy) {
    super(found)
    this.remedy = remedy
  }
}

/** Thrown by a check that has nothing to look at: an optional thing that is not there. */
export class LeftOut extends Error {
  override readonly name = 'LeftOut'
}

/** @throws Wrong unless `holds`. */
export function expect(holds: boolean, found: string): asserts holds {
  if (!holds) throw new Wrong(found)
}

/** What came of a check. */
export type Row = { readonly name: string; readonly found: string } & (
  | { readonly state: 'works' | 'left out' }
  | { readonly state: 'fails' | 'warning'; readonly remedy: Remedy }
)

async function rowOf<Subject>(check: Check<Subject>, subject: Subject): Promise<Row> {
  const { name } = check
  try {
    return { name, state: 'works', found: await check.run(subject) }
  } catch (thrown) {
    if (thrown instanceof LeftOut) return { name, state: 'left out', found: thrown.message }
    const found = thrown instanceof Wrong ? thrown.message : `It could not be tried: ${plainly(thrown)}.`
    const remedy = (thrown instanceof Wrong ? thrown.remedy : undefined) ?? check.remedy(subject)
    return { name, state: check.level === 'must' ? 'fails' : 'warning', found, remedy }
  }
}

/** Runs the checks one after the other, since some look at what the whole bucket holds; ends early when told to. */
export async function runChecks<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
  signal: AbortSignal,
): Promise<Row[]> {
  const rows: Row[] = []
  for (const check of checks) {
    if (signal.aborted) break
    rows.push(await rowOf(check, subject))
  }
  return rows
}
