/**
 * What the engine does, as it does it, for developers: typed events without names, ids, URLs or contents, and the last
 * of them kept for a bug report.
 */
import type { Entry, EntryState } from '../answer/entry.js'
import type { Failure } from '../protocol/failure.js'
import { stated } from '../protocol/stated.js'
import type { Side } from './conditions.js'

/** A failure without what may hold other people's words: no message, no cause. */
export type TracedFailure = Pick<Failure, 'code' | 'status' | 'storageCode' | 'hint'>

/** `at`: ms since the answer was made. `file`: the reference of a file, as its failed row shows it. */
export type FileAnswerEvent = { readonly at: number } & (
  | {
      readonly type: 'state'
      readonly file: string
      readonly from: EntryState
      readonly to: EntryState
      readonly attempt: number
      readonly failure?: TracedFailure
    }
  /** A call of the protocol has ended. */
  | { readonly type: 'call'; readonly action: string; readonly ms: number; readonly failure?: TracedFailure }
  /** A request to storage has ended: of a whole file, or of a part. `bytes`: of its body. */
  | {
      readonly type: 'send'
      readonly file: string
      readonly method: 'PUT' | 'POST'
      readonly part?: number
      readonly bytes: number
      readonly ms: number
      readonly outcome: 'stored' | 'exists' | 'yielded' | TracedFailure
    }
  /** All wait for a side (probes go on), or go on. */
  | { readonly type: 'rest'; readonly side: Side; readonly failure: TracedFailure }
  | { readonly type: 'go-on' }
  | { readonly type: 'network'; readonly online: boolean }
)

/** `Omit` for each member of a union by itself. */
type Untimed<Event> = Event extends unknown ? Omit<Event, 'at'> : never
export type Tell = (event: Untimed<FileAnswerEvent>) => void

/** Says of a file in a few characters: the start of its key, which the backend gets with `presign`. */
export const referenceOf = ({ key }: Pick<Entry, 'key'>): string => key.slice(0, 6).toUpperCase()

export function traced({ code, status, storageCode, hint }: Failure): TracedFailure {
  return stated({ code, status, storageCode, hint })
}

/** Events kept for `diagnostics()`. */
const kept = 200

export interface Trace {
  readonly tell: Tell
  /** The newest, oldest first. */
  events(): readonly FileAnswerEvent[]
}

export function createTrace(now: () => number, listener: ((event: FileAnswerEvent) => void) | undefined): Trace {
  const since = now()
  let events: FileAnswerEvent[] = []
  return {
    tell(untimed) {
      const event = { at: Math.round(now() - since), ...untimed } as FileAnswerEvent
      events.push(event)
      if (events.length > 2 * kept) events = events.slice(-kept)
      listener?.(event)
    },
    events: () => events.slice(-kept),
  }
}
