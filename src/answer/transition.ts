/** One entry after one event. Total: an event that has no meaning in a state gives the very same object back. */
import type { Failure } from '../protocol/failure.js'
import {
  type DoneEntry,
  type Entry,
  type EntryEvent,
  type FailedEntry,
  type FinishingEntry,
  type HeldGrant,
  heldBy,
  type Local,
  type LocalEntry,
  type Next,
  type QueuedEntry,
  type ReadyEntry,
  type RequestingEntry,
  type RetryingEntry,
  type Step,
  type UploadingEntry,
} from './entry.js'

/** A `meta` where there is one. */
export const withMeta = (meta: unknown): { readonly meta?: unknown } => (meta === undefined ? {} : { meta })

/** What an entry has in some state only. */
type OfAState = Partial<
  Omit<RequestingEntry & FinishingEntry & FailedEntry & DoneEntry & RetryingEntry, keyof Local | 'state'>
>

/** What stays of an entry through its states. */
function local(entry: LocalEntry): Local {
  // oxlint-disable-next-line no-unused-vars -- What is left is what stays.
  const { state, held, renews, checking, failure, retryAt, step, id, ...kept } = entry as Local &
    OfAState & { state: unknown }
  return kept
}

/** The step an entry is at, or goes on with. */
export function stepOf(entry: LocalEntry): Step {
  if ('step' in entry) return entry.step
  if (entry.state === 'finishing') return 'finish'
  return entry.state === 'ready' || entry.state === 'uploading' ? 'send' : 'request'
}

/** The entry in its next try: `attempt` grows, so that late events of the old one are dropped. */
const nextTry = (entry: LocalEntry): Local => ({ ...local(entry), attempt: entry.attempt + 1 })

/** Nothing of it goes on; it keeps its step and what it holds. */
const stopped = (entry: LocalEntry) => ({ ...nextTry(entry), step: stepOf(entry), held: heldBy(entry) })

/** The entry at the start of a step; of its own, with what it holds, unless told otherwise. */
const resume = (entry: LocalEntry, step = stepOf(entry)) => atStep(nextTry(entry), step, heldBy(entry))

/** What begins a step with what it holds; without a grant all begins with asking for one. */
export function atStep(
  base: Local,
  step: Step,
  held: HeldGrant | null,
): QueuedEntry | ReadyEntry | FinishingEntry | RequestingEntry {
  if (held === null) return { ...base, state: 'queued' }
  if (step === 'request') return { ...base, state: 'requesting', renews: held }
  return step === 'send' ? { ...base, state: 'ready', held } : { ...base, state: 'finishing', held, checking: false }
}

/** Whatever would have mended it by itself did not: a person's retry may. */
const byPerson = (failure: Failure): Failure => (failure.remedy === 'none' ? failure : { ...failure, remedy: 'person' })

function afterFailure(
  entry: RequestingEntry | ReadyEntry | UploadingEntry | FinishingEntry,
  failure: Failure,
  next: Next,
): Entry {
  const held = heldBy(entry)
  const unanswered = next.do === 'send-again' || next.do === 'ask-storage' ? entry.unanswered + 1 : 0
  // A question of `complete` that failed leaves the doubt it was asked in.
  const base = { ...nextTry(entry), ...(entry.state === 'uploading' ? { unanswered } : {}) }
  const step = stepOf(entry)
  switch (next.do) {
    case 'retry':
      return { ...base, tries: entry.tries + 1, state: 'retrying', failure, retryAt: next.at, step, held }
    case 'wait':
      return { ...base, state: 'retrying', failure, retryAt: null, step, held }
    case 'new-grant':
      return { ...base, renewals: entry.renewals + 1, state: 'requesting', renews: held }
    case 'renew':
      return { ...base, tries: entry.tries + 1, state: 'requesting', renews: held }
    case 'send-again':
      if (next.at !== undefined) return { ...base, state: 'retrying', failure, retryAt: next.at, step: 'request', held }
      return { ...base, state: 'requesting', renews: held }
    case 'ask-storage':
      return held === null ? { ...base, state: 'queued' } : { ...base, state: 'finishing', held, checking: false }
    case 'resend':
      return held === null
        ? { ...base, state: 'queued' }
        : { ...base, renewals: entry.renewals + 1, state: 'ready', held }
    case 'start-over':
      return { ...base, renewals: entry.renewals + 1, state: 'queued' }
    case 'stop':
      return { ...base, state: 'failed', failure: byPerson(failure), step: next.step ?? step, held }
    default:
      return next satisfies never
  }
}

/** A file that waits for others' sake (the service is away, the person may not upload) fails with them. */
function givenUp(entry: Entry, failure: Failure): Entry {
  switch (entry.state) {
    case 'queued':
    case 'requesting':
    case 'ready':
    case 'retrying':
      return { ...stopped(entry), state: 'failed', failure: byPerson(failure) }
    default:
      return entry
  }
}

/** Where all bytes have left there is nothing to pause; what waits for its start waits already. */
function paused(entry: Entry): Entry {
  switch (entry.state) {
    case 'queued':
    case 'preparing':
      return entry.started ? { ...stopped(entry), state: 'paused' } : entry
    case 'requesting':
    case 'ready':
    case 'uploading':
    case 'retrying':
      return { ...stopped(entry), state: 'paused' }
    default:
      return entry
  }
}

/** One entry after one event. */
export function transition(entry: Entry, event: EntryEvent): Entry {
  switch (event.type) {
    case 'started':
      return entry.state === 'queued' && !entry.started ? { ...local(entry), started: true, state: 'queued' } : entry
    case 'prepare-started':
      return entry.state === 'queued' ? { ...local(entry), state: 'preparing' } : entry
    case 'prepared':
      return entry.state === 'preparing' ? { ...local(entry), ...event.chosen, prepared: true, state: 'queued' } : entry
    case 'refused':
      return entry.state === 'preparing' || entry.state === 'requesting'
        ? { ...local(entry), state: 'rejected', failure: event.failure }
        : entry
    case 'request-started':
      if (entry.state === 'ready') return { ...local(entry), state: 'requesting', renews: entry.held }
      return entry.state === 'queued' ? { ...local(entry), state: 'requesting', renews: null } : entry
    case 'granted':
      // Tries of the step that follows a renewal go on where they were.
      return entry.state === 'requesting'
        ? { ...local(entry), tries: entry.renews === null ? 0 : entry.tries, state: 'ready', held: event.held }
        : entry
    case 'send-started':
      return entry.state === 'ready' ? { ...local(entry), state: 'uploading', held: entry.held } : entry
    case 'part-stored':
      return entry.state === 'uploading' && entry.tries > 0 ? { ...entry, tries: 0 } : entry
    case 'sent':
      return entry.state === 'uploading'
        ? { ...local(entry), tries: 0, state: 'finishing', held: entry.held, checking: false }
        : entry
    case 'check-announced':
      return entry.state === 'finishing' && !entry.checking ? { ...entry, checking: true } : entry
    case 'stored':
      return entry.state === 'uploading' || entry.state === 'finishing'
        ? { ...local(entry), state: 'done', id: entry.held.grant.id }
        : entry
    case 'attempt-failed':
      return entry.state === 'requesting' ||
        entry.state === 'ready' ||
        entry.state === 'uploading' ||
        entry.state === 'finishing'
        ? afterFailure(entry, event.failure, event.next)
        : entry
    case 'retry-due':
      return entry.state === 'retrying' ? resume(entry) : entry
    case 'given-up':
      return givenUp(entry, event.failure)
    case 'retried': {
      if (entry.state !== 'failed' && entry.state !== 'retrying') return entry
      // There is nothing to send before its file is chosen again.
      if (entry.failure.code === 'file-needed') return entry
      // A person's retry begins with a fresh grant for the same id; a multipart upload keeps its stored parts.
      const fresh = entry.step === 'send' && entry.held?.grant.method !== 'MULTIPART'
      return { ...resume(entry, fresh ? 'request' : entry.step), tries: 0, renewals: 0, unanswered: 0 }
    }
    case 'paused':
      return paused(entry)
    case 'resumed':
      return entry.state === 'paused' ? resume(entry) : entry
    case 'described':
      return entry.state === 'restored' ? { ...entry, stored: event.stored, failure: null } : entry
    case 'annotated':
      return JSON.stringify(entry.meta) === JSON.stringify(event.meta) ? entry : { ...entry, meta: event.meta }
    case 'lost':
      return entry.state === 'restored' ? { ...entry, failure: event.failure } : entry
    default:
      return event satisfies never
  }
}

/** An entry whose removal was undone: done, restored and failed stay so, unfinished ones go on with what they hold. */
export function revive(entry: Entry): Entry {
  switch (entry.state) {
    case 'done':
    case 'restored':
    case 'rejected':
    case 'failed':
    case 'paused':
      return entry
    default:
      return resume(entry)
  }
}
