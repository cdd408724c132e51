/** How things stand, and a file's failure as its host is told of it. */
import type { Answer } from '../answer/answer.js'
import type { Entry, EntryState, FailedEntry, RejectedEntry } from '../answer/entry.js'
import type { Failure } from '../protocol/failure.js'
import { type FileAnswerEvent, referenceOf, type TracedFailure, traced } from './trace.js'

/** Plain JSON for a bug report: no names, ids, URLs or contents. */
export interface Diagnostics {
  readonly isOnline: boolean
  /** What all files wait for; null: nothing. */
  readonly restsFor: TracedFailure | null
  readonly files: readonly {
    /** As a failed row shows it. */
    readonly reference: string
    readonly state: EntryState
    readonly attempt: number
    /** Bytes and type, where the page has the file. */
    readonly size?: number
    readonly type?: string
    readonly method?: 'PUT' | 'POST' | 'MULTIPART'
    readonly failure?: TracedFailure
  }[]
  /** The newest 200, oldest first. */
  readonly events: readonly FileAnswerEvent[]
}

export function diagnose(
  { entries }: Answer,
  events: readonly FileAnswerEvent[],
  { isOnline, rest }: { isOnline: boolean; rest: Failure | null },
): Diagnostics {
  return { isOnline, restsFor: rest === null ? null : traced(rest), files: entries.map(fileOf), events }
}

const fileOf = (entry: Entry): Diagnostics['files'][number] => ({
  reference: referenceOf(entry),
  state: entry.state,
  attempt: entry.attempt,
  ...(entry.state === 'restored' ? {} : { size: entry.size, type: entry.type }),
  ...('held' in entry && entry.held !== null ? { method: entry.held.grant.method } : {}),
  ...('failure' in entry && entry.failure !== null ? { failure: traced(entry.failure) } : {}),
})

/** With the stage it failed in, and the reference its row shows. */
export const toldOf = (entry: FailedEntry | RejectedEntry, stage: NonNullable<Failure['stage']>): Failure => ({
  ...entry.failure,
  reference: referenceOf(entry),
  stage,
})
