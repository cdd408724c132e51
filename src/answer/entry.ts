/**
 * One file in the field, and what can happen to it. The union's variants hold just what their state has, so impossible
 * states don't compile; `transition.ts` says what comes of an event.
 */
import type { Failure } from '../protocol/failure.js'
import type { Grant } from '../protocol/grant.js'
import type { StoredFile } from '../protocol/storedFile.js'

/** A file as a person chose it, with what will be told of it to the backend. */
export interface ChosenFile {
  readonly file: File
  /** NFC, so that equal names are equal. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** The content type that is signed and sent. */
  readonly type: string
  /** Path inside a chosen folder. */
  readonly path?: string
}

/** A grant, and until when it may be used: epoch of the page's monotonic clock in ms, null when unknown. */
export interface HeldGrant {
  readonly grant: Grant
  /** The entry's attempt when it came: a later one may find bytes in storage. */
  readonly attempt: number
  readonly endsAt: number | null
  /** The storage's origin, which has a budget of connections of its own. */
  readonly origin: string
}

interface Common {
  /** Local and constant, unlike the id, which comes with the grant. */
  readonly key: string
  /** The number of the present try at anything; work of an older attempt reports in vain. */
  readonly attempt: number
  /** What the person said of the file (JSON); undefined: nothing, and what the host gave holds. */
  readonly meta?: unknown
}

/** What an entry keeps through all its states. */
export interface Local extends Common, ChosenFile {
  /** Failed tries in a row at the present step. */
  readonly tries: number
  /** Fresh grants asked for because storage refused the old one. */
  readonly renewals: number
  /** Requests in a row whose bytes all left and whose answer could not be read: lost, or a refusal without CORS headers. */
  readonly unanswered: number
  /** The entry that leaves the answer once this one is stored (a single-file field's earlier file). */
  readonly replaces: string | null
  /** The host's `validate` and `prepare` are through, or there are none. */
  readonly prepared: boolean
  /** False while the file waits for the form's submit or for `start()`. */
  readonly started: boolean
}

export type QueuedEntry = Local & { readonly state: 'queued' }
export type PreparingEntry = Local & { readonly state: 'preparing' }
/** Asks for a grant; `renews` is the id whose grant is renewed, with the old grant until the new one comes. */
export type RequestingEntry = Local & { readonly state: 'requesting'; readonly renews: HeldGrant | null }
export type ReadyEntry = Local & { readonly state: 'ready'; readonly held: HeldGrant }
export type UploadingEntry = Local & { readonly state: 'uploading'; readonly held: HeldGrant }
/** All bytes are sent; the backend confirms, or its scan is running (`checking`). */
export type FinishingEntry = Local & {
  readonly state: 'finishing'
  readonly held: HeldGrant
  readonly checking: boolean
}
export type DoneEntry = Local & { readonly state: 'done'; readonly id: string }
/** Goes on by itself: at a time, or (null) when the network or the service is back. */
export type RetryingEntry = Local & {
  readonly state: 'retrying'
  readonly failure: Failure
  readonly retryAt: number | null
  readonly step: Step
  readonly held: HeldGrant | null
}
/** Stopped by a person, with what it holds, until it is resumed. */
export type PausedEntry = Local & {
  readonly state: 'paused'
  readonly step: Step
  readonly held: HeldGrant | null
}
/** Needs a person: retry or remove. */
export type FailedEntry = Local & {
  readonly state: 'failed'
  readonly failure: Failure
  readonly step: Step
  readonly held: HeldGrant | null
}
/** Shown with its reason; never counted, never in the answer. */
export type RejectedEntry = Local & { readonly state: 'rejected'; readonly failure: Failure }
/** Known by its id from an earlier visit; `failure` tells that the backend doesn't know it any more. */
export type RestoredEntry = Common & {
  readonly state: 'restored'
  readonly id: string
  readonly stored: StoredFile | null
  readonly failure: Failure | null
}

export type Entry =
  | QueuedEntry
  | PreparingEntry
  | RequestingEntry
  | ReadyEntry
  | UploadingEntry
  | FinishingEntry
  | DoneEntry
  | RetryingEntry
  | PausedEntry
  | FailedEntry
  | RejectedEntry
  | RestoredEntry

export type EntryState = Entry['state']
/** An entry whose bytes the page has (or had): everything but `restored`. */
export type LocalEntry = Exclude<Entry, RestoredEntry>

/** The three steps that can be tried again. */
export type Step = 'request' | 'send' | 'finish'

/**
 * What becomes of a failed attempt: again at a time, again when the way is back, with a fresh grant because storage
 * refused the old one, with a fresh grant among the tries (`renew`), with a fresh grant because no answer came
 * (`send-again`) and then a look at what storage holds (`ask-storage`), the bytes again by the same grant (parts that storage lacks), all over with another id, or not by
 * itself.
 */
export type Next =
  | { readonly do: 'retry'; readonly at: number }
  | { readonly do: 'wait' }
  | { readonly do: 'new-grant' }
  | { readonly do: 'renew' }
  /** `at`: not before. */
  | { readonly do: 'send-again'; readonly at?: number }
  | { readonly do: 'ask-storage' }
  | { readonly do: 'resend' }
  | { readonly do: 'start-over' }
  /** `step`: what a person's retry begins with, where it is not the one that failed. */
  | { readonly do: 'stop'; readonly step?: Step }

/** What happened to an entry. Past participles: never commands. */
export type EntryEvent =
  | { readonly type: 'started' }
  | { readonly type: 'prepare-started' }
  | { readonly type: 'prepared'; readonly chosen: ChosenFile }
  | { readonly type: 'refused'; readonly failure: Failure }
  | { readonly type: 'request-started' }
  | { readonly type: 'granted'; readonly held: HeldGrant }
  | { readonly type: 'send-started' }
  | { readonly type: 'part-stored' }
  | { readonly type: 'sent' }
  | { readonly type: 'check-announced' }
  | { readonly type: 'stored' }
  | { readonly type: 'attempt-failed'; readonly failure: Failure; readonly next: Next }
  | { readonly type: 'retry-due' }
  | { readonly type: 'given-up'; readonly failure: Failure }
  | { readonly type: 'retried' }
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  | { readonly type: 'described'; readonly stored: StoredFile }
  | { readonly type: 'annotated'; readonly meta: unknown }
  | { readonly type: 'lost'; readonly failure: Failure }

const firstTry = { attempt: 0, tries: 0, renewals: 0, unanswered: 0, prepared: false } as const

/** A new entry for a file that may enter. */
export function queuedEntry(
  key: string,
  chosen: ChosenFile,
  o: { replaces?: string | null; started?: boolean } = {},
): QueuedEntry {
  const { replaces = null, started = true } = o
  return { ...firstTry, key, ...chosen, replaces, started, state: 'queued' }
}

/** A row for a file that may not enter. */
export function rejectedEntry(key: string, chosen: ChosenFile, failure: Failure): RejectedEntry {
  return { ...firstTry, key, ...chosen, replaces: null, started: true, state: 'rejected', failure }
}

/** A row for an id that came from the host. */
export function restoredEntry(key: string, id: string, stored: StoredFile | null): RestoredEntry {
  return { key, attempt: 0, state: 'restored', id, stored, failure: null }
}

/** The grant an entry holds, if any. */
export const heldBy = (entry: Entry): HeldGrant | null =>
  'held' in entry ? entry.held : 'renews' in entry ? entry.renews : null
