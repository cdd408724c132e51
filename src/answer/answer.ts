/**
 * The entries in the order shown, and the removals that can still be undone. Every function is pure and gives the
 * same object back when nothing changes. `keys` has an identity of its own: it changes only on add, remove and move,
 * so a list renders for those alone. Entries are replaced by index, which stays cheap at ten thousand.
 */
import { type Entry, type EntryEvent, restoredEntry, revive, transition } from './entry.js'

/** A removed entry: it comes back by undo, or ends. */
export interface Removal {
  readonly entry: Entry
  /** The key it stood before; null: it was the last. */
  readonly before: string | null
  /** Another file took its place (a single-file field). */
  readonly replaced: boolean
}

export interface Answer {
  readonly keys: readonly string[]
  readonly entries: readonly Entry[]
  readonly removals: readonly Removal[]
}

export const emptyAnswer: Answer = { keys: [], entries: [], removals: [] }

const positions = new WeakMap<readonly string[], ReadonlyMap<string, number>>()

/** Where a key stands, or -1. The index is made once per identity of `keys`. */
export function positionOf(answer: Answer, key: string): number {
  let index = positions.get(answer.keys)
  if (index === undefined) {
    index = new Map(answer.keys.map((each, position) => [each, position]))
    positions.set(answer.keys, index)
  }
  return index.get(key) ?? -1
}

export const entryOf = (answer: Answer, key: string): Entry | undefined => answer.entries[positionOf(answer, key)]

const withEntries = (answer: Answer, entries: readonly Entry[], removals = answer.removals): Answer => ({
  keys: entries.map(({ key }) => key),
  entries,
  removals,
})

function replaceAt(entries: readonly Entry[], position: number, entry: Entry): readonly Entry[] {
  const next = entries.slice()
  next[position] = entry
  return next
}

export function addEntries(answer: Answer, added: readonly Entry[]): Answer {
  return added.length === 0 ? answer : withEntries(answer, [...answer.entries, ...added])
}

/** Takes an entry out; what was rejected is gone at once, all else can be undone. */
export function removeEntry(answer: Answer, key: string, replaced = false): Answer {
  const position = positionOf(answer, key)
  const entry = answer.entries[position]
  if (entry === undefined) return answer
  const entries = answer.entries.filter((each) => each !== entry)
  const removal: Removal = { entry, before: answer.keys[position + 1] ?? null, replaced }
  return withEntries(answer, entries, entry.state === 'rejected' ? answer.removals : [...answer.removals, removal])
}

/** Puts a removed entry back in its place. */
export function undoRemoval(answer: Answer, key: string): Answer {
  const removal = answer.removals.find(({ entry }) => entry.key === key)
  if (removal === undefined) return answer
  const removals = answer.removals.filter((each) => each !== removal)
  const place = removal.before === null ? -1 : positionOf(answer, removal.before)
  const entries = answer.entries.slice()
  entries.splice(place < 0 ? entries.length : place, 0, revive(removal.entry))
  return withEntries(answer, entries, removals)
}

/** Ends the undo of a removal. */
export function endRemoval(answer: Answer, key: string): Answer {
  const removals = answer.removals.filter(({ entry }) => entry.key !== key)
  return removals.length === answer.removals.length ? answer : { ...answer, removals }
}

/** Moves an entry to a position, counted without it. */
export function moveEntry(answer: Answer, key: string, to: number): Answer {
  const from = positionOf(answer, key)
  const entry = answer.entries[from]
  if (entry === undefined || from === to) return answer
  const entries = answer.entries.filter((each) => each !== entry)
  entries.splice(Math.max(0, Math.min(to, entries.length)), 0, entry)
  return withEntries(answer, entries)
}

/** One event for one entry; events of another attempt and of entries that left are dropped here, in one place. */
export function applyEvent(answer: Answer, key: string, attempt: number, event: EntryEvent): Answer {
  const position = positionOf(answer, key)
  const entry = answer.entries[position]
  if (entry === undefined || entry.attempt !== attempt) return answer
  const next = transition(entry, event)
  if (next === entry) return answer
  const changed = { ...answer, entries: replaceAt(answer.entries, position, next) }
  // A stored file takes the place of the one it replaces: never earlier, so that a failed successor costs nothing.
  return next.state === 'done' && entry.state !== 'done' && next.replaces !== null
    ? takePlace(changed, key, next.replaces)
    : changed
}

function takePlace(answer: Answer, key: string, replaced: string): Answer {
  const place = positionOf(answer, replaced)
  if (place < 0) return answer
  const without = removeEntry(answer, replaced, true)
  return moveEntry(without, key, place)
}

/** The id an entry contributes to the answer, or null. */
export const answerIdOf = (entry: Entry): string | null =>
  entry.state === 'done' || entry.state === 'restored' ? entry.id : null

/**
 * Makes the stored files exactly these ids, in this order: an instruction of the host, or a reset. Entries with other
 * ids leave for good, unknown ids come as restored, unfinished uploads keep their places behind the stored file
 * that precedes them.
 */
export function setIds(
  answer: Answer,
  ids: readonly string[],
  make: (id: string) => { key: string; stored: Parameters<typeof restoredEntry>[2] },
  unfinished: 'keep' | 'drop' = 'keep',
): Answer {
  const wanted = [...new Set(ids)]
  const known = new Map<string, Entry>()
  const followers = new Map<string | null, Entry[]>()
  let previous: string | null = null
  for (const entry of answer.entries) {
    const id = answerIdOf(entry)
    if (id !== null) {
      known.set(id, entry)
      if (wanted.includes(id)) previous = id
    } else if (unfinished === 'keep') {
      followers.set(previous, [...(followers.get(previous) ?? []), entry])
    }
  }
  const removals = answer.removals.filter(({ entry }) => !wanted.includes(answerIdOf(entry) ?? ''))
  for (const { entry } of answer.removals) {
    const id = answerIdOf(entry)
    if (id !== null && wanted.includes(id) && !known.has(id)) known.set(id, entry)
  }
  const entries = [...(followers.get(null) ?? [])]
  for (const id of wanted) {
    const { key, stored } = known.has(id) ? { key: '', stored: null } : make(id)
    entries.push(known.get(id) ?? restoredEntry(key, id, stored), ...(followers.get(id) ?? []))
  }
  const same =
    entries.length === answer.entries.length && entries.every((entry, position) => entry === answer.entries[position])
  return same && removals.length === answer.removals.length ? answer : withEntries(answer, entries, removals)
}
