import type { Answer } from '../../src/answer/answer.js'
import { addEntries, emptyAnswer } from '../../src/answer/answer.js'
import type {
  ChosenFile,
  DoneEntry,
  Entry,
  EntryEvent,
  HeldGrant,
  LocalEntry,
  RestoredEntry,
} from '../../src/answer/entry.js'
import { queuedEntry, restoredEntry } from '../../src/answer/entry.js'
import { transition } from '../../src/answer/transition.js'
import { failure } from '../../src/protocol/failure.js'
import type { Grant } from '../../src/protocol/grant.js'

export const aGrant = (id: string, more: Partial<Grant> = {}): Grant =>
  ({
    id,
    method: 'PUT',
    url: `https://s.test/${id}`,
    headers: {},
    expiresInMs: 900_000,
    confirm: false,
    ...more,
  }) as Grant
export const aHeldGrant = (id = 'id1', endsAt: number | null = null): HeldGrant => ({
  grant: aGrant(id),
  endsAt,
  attempt: 0,
  origin: 'https://s.test',
})

/** A chosen file that claims a size without having it. */
export function aChosen(name = 'a.pdf', size = 5, more: { type?: string; lastModified?: number } = {}): ChosenFile {
  const { type = 'application/pdf', lastModified = 1 } = more
  const file = new File(['x'], name, { type, lastModified })
  return { file, name, size, type }
}

export const wait = { do: 'wait' } as const
export const lost = failure('network', { status: 0 })

/** The events that lead from a new entry into each state. */
const ways: Readonly<Record<Exclude<Entry['state'], 'restored'>, readonly EntryEvent[]>> = {
  queued: [],
  preparing: [{ type: 'prepare-started' }],
  requesting: [{ type: 'request-started' }],
  ready: [{ type: 'request-started' }, { type: 'granted', held: aHeldGrant() }],
  uploading: [{ type: 'request-started' }, { type: 'granted', held: aHeldGrant() }, { type: 'send-started' }],
  finishing: [
    { type: 'request-started' },
    { type: 'granted', held: aHeldGrant() },
    { type: 'send-started' },
    { type: 'sent' },
  ],
  done: [
    { type: 'request-started' },
    { type: 'granted', held: aHeldGrant() },
    { type: 'send-started' },
    { type: 'stored' },
  ],
  retrying: [{ type: 'request-started' }, { type: 'attempt-failed', failure: lost, next: wait }],
  paused: [{ type: 'request-started' }, { type: 'granted', held: aHeldGrant() }, { type: 'paused' }],
  failed: [{ type: 'request-started' }, { type: 'attempt-failed', failure: lost, next: { do: 'stop' } }],
  rejected: [{ type: 'request-started' }, { type: 'refused', failure: failure('file-type') }],
}

export const localStates = Object.keys(ways) as (keyof typeof ways)[]

/** An entry brought into a state by events alone, as the engine brings it. */
export function anEntry(state: keyof typeof ways, key = 'k', id = 'id1', chosen = aChosen()): LocalEntry {
  const events = ways[state].map((event) => (event.type === 'granted' ? { ...event, held: aHeldGrant(id) } : event))
  return events.reduce<Entry>(transition, queuedEntry(key, chosen)) as LocalEntry
}

export const aDone = (id: string, key = `key-${id}`): DoneEntry => anEntry('done', key, id) as DoneEntry
export const aRestored = (id: string, key = `key-${id}`): RestoredEntry => restoredEntry(key, id, null)
export const anAnswer = (...entries: readonly Entry[]): Answer => addEntries(emptyAnswer, entries)
