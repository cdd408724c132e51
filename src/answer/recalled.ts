/** An answer that comes out of a draft: its entries, and the merge with what the page and the host know by now. */
import { failure } from '../protocol/failure.js'
import { type Answer, idOf, withEntries } from './answer.js'
import type { DraftEntry, DraftGrant, DraftUpload } from './draft.js'
import { type Entry, type FailedEntry, type HeldGrant, type Local, queuedEntry, restoredEntry } from './entry.js'
import { atStep, withMeta } from './transition.js'

/** The grant of a draft: without URLs, at its end, and of an earlier attempt, so that storage is asked what it has. */
function heldOf({ id, multipart }: DraftGrant): HeldGrant {
  const common = { id, expiresInMs: 0, confirm: false }
  return multipart === null
    ? {
        grant: { ...common, method: 'PUT', url: '', headers: {} },
        attempt: -1,
        endsAt: Number.NEGATIVE_INFINITY,
        origin: '',
      }
    : { grant: { ...common, method: 'MULTIPART', ...multipart, parts: [] }, attempt: -1, endsAt: null, origin: '' }
}

/** A file that nobody has: as empty as it is, no entry sends it. */
export const missingFile = ({ name, type, lastModified }: DraftUpload): File =>
  new File([], name, { type, lastModified })

export type NeededEntry = FailedEntry & { readonly failure: { readonly code: 'file-needed' } }

/** Its bytes have to be chosen again. */
export const isNeeded = (entry: Entry): entry is NeededEntry =>
  entry.state === 'failed' && entry.failure.code === 'file-needed'

/** The entry that a draft tells of. `file` null: the page doesn't have its bytes, and a person is asked for them. */
export function entryFrom(kept: DraftEntry, file: File | null): Entry {
  if (kept.kind === 'stored') return { ...restoredEntry(kept.key, kept.id, kept.file), ...withMeta(kept.meta) }
  const { key, name, size, type, path, prepared, started, replaces, grant } = kept
  const chosen = { file: file ?? missingFile(kept), name, size, type, ...(path === undefined ? {} : { path }) }
  const entry = { ...queuedEntry(key, chosen, { replaces, started }), prepared, ...withMeta(kept.meta) }
  const held = grant === null ? null : heldOf(grant)
  if (file !== null && kept.isPaused)
    return { ...entry, state: 'paused', step: grant?.multipart ? 'send' : 'request', held }
  if (file !== null) return goingOn(entry, held, grant?.isSent === true)
  const step = grant?.isSent ? 'finish' : 'send'
  return { ...entry, state: 'failed', failure: failure('file-needed'), step, held }
}

/** A needed entry with its file: goes on with what it holds. */
export function given(entry: NeededEntry, file: File): Entry {
  const { key, name, size, type, path, replaces, started, prepared, held, step } = entry
  const chosen = { file, name, size, type, ...(path === undefined ? {} : { path }) }
  const fresh = { ...queuedEntry(key, chosen, { replaces, started }), prepared, attempt: entry.attempt + 1 }
  const queued = { ...fresh, ...withMeta(entry.meta) }
  return goingOn(queued, held, step === 'finish')
}

function goingOn(entry: Local, held: HeldGrant | null, isSent: boolean): Entry {
  // A single request's bytes may be stored: a fresh grant for the same id tells.
  const step = held?.grant.method !== 'MULTIPART' ? 'request' : isSent ? 'finish' : 'send'
  return atStep(entry, step, held)
}

/** An entry of a draft, and whether its id stays only as long as the host gives it. */
export interface Recalled {
  readonly entry: Entry
  readonly isHosts: boolean
}

/**
 * The answer with its draft: in the draft's order, and behind it what the draft doesn't know. Ids that the host gave and
 * the person removed stay removed, ids that the host gives no more stay away. `earlier`: keys of the draft as it was
 * merged before.
 */
export function withDraft(
  answer: Answer,
  recalled: readonly Recalled[],
  o: { readonly hostIds: readonly string[]; readonly earlier: ReadonlySet<string> },
): Answer {
  const own = answer.entries.filter(({ key }) => !o.earlier.has(key))
  const present = new Map(own.map((entry) => [idOf(entry), entry]))
  present.delete(undefined)
  const keys = new Map<string, string>()
  const taken = new Set<Entry>()
  const list = recalled.flatMap(({ entry, isHosts }): Entry[] => {
    const same = present.get(idOf(entry))
    if (same === undefined) return isHosts ? [] : [entry]
    keys.set(entry.key, same.key)
    taken.add(same)
    // The draft may know the name of what the host gave by its id alone.
    const isNamed = same.state === 'restored' && same.stored === null && entry.state === 'restored'
    const named: Entry = isNamed ? { ...same, stored: entry.stored } : same
    return [entry.meta === undefined || same.meta !== undefined ? named : { ...named, meta: entry.meta }]
  })
  const removed = new Set(o.hostIds)
  const behind = own.filter((entry) => !taken.has(entry) && !(entry.state === 'restored' && removed.has(entry.id)))
  const entries = [...list, ...behind].map((entry) => {
    const key = 'replaces' in entry && entry.replaces !== null ? keys.get(entry.replaces) : undefined
    return key === undefined ? entry : ({ ...entry, replaces: key } as Entry)
  })
  return withEntries(answer, entries)
}

/** Another entry in the place of one, which leaves for good. */
export function putInPlace(answer: Answer, key: string, entry: Entry): Answer {
  const entries = answer.entries.map((each) => (each.key === key ? entry : each))
  const removals = answer.removals.map((each) => (each.before === key ? { ...each, before: entry.key } : each))
  return withEntries(answer, entries, removals)
}
