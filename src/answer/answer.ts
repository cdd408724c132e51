/**
 * The entries in the order shown, and the removals that can still be undone. Every function is pure and gives the
 * same object back when nothing changes. `keys` has an identity of its own: it changes only on add, remove and move,
 * so a list renders for those alone. Entries are replaced by index, which stays cheap at ten thousand.
 */
import { type Entry, type EntryEvent, heldBy, restoredEntry } from './entry.js'
import { revive, transition } from './transition.js'

/** A removed entry: it comes back by undo, or ends. */
export interface Removal {
  readonly entry: Entry
  /** Names what took it out: all that was removed at once comes back at once, and ends at once. */
  readonly act: string
  /** The key it stood before, which may be that of another removal; null: it was the last. */
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

const brought = new WeakMap<readonly string[], ReadonlySet<string | undefined>>()

/** Ids that entries came with, and were not granted in their place. Made once per identity of `keys`. */
export function broughtIds({ keys, entries }: Answer): ReadonlySet<string | undefined> {
  const known = brought.get(keys)
  if (known !== undefined) return known
  const ids = new Set(entries.map(idOf))
  brought.set(keys, ids)
  return ids
}

export const entryOf = (answer: Answer, key: string): Entry | undefined => answer.entries[positionOf(answer, key)]

/** The same removals with other entries. */
export const withEntries = (answer: Answer, entries: readonly Entry[], removals = answer.removals): Answer => ({
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
  const first = added[0]
  if (first === undefined) return answer
  // What was removed from the end stood before what comes now.
  return withEntries(answer, [...answer.entries, ...added], relink(answer.removals, null, first.key))
}

/** Removals that stood before one key stand before another: the one has gone, or came. */
function relink(removals: readonly Removal[], from: string | null, to: string | null): readonly Removal[] {
  if (removals.every(({ before }) => before !== from)) return removals
  return removals.map((removal) => (removal.before === from ? { ...removal, before: to } : removal))
}

/** The keys of the list that removals stand before, by way of the removals between; null: the end. */
function followersOf(answer: Answer): ReadonlyMap<string, string | null> {
  const before = new Map(answer.removals.map((removal) => [removal.entry.key, removal.before]))
  const followers = new Map<string, string | null>()
  // From the newest: of many that were removed at once each finds the one behind it told already.
  for (const { entry } of answer.removals.toReversed()) {
    const between = new Set<string>()
    let key: string | null = entry.key
    while (key !== null && before.has(key) && !followers.has(key) && !between.has(key)) {
      between.add(key)
      key = before.get(key) ?? null
    }
    const follower = key === null ? null : (followers.get(key) ?? (positionOf(answer, key) < 0 ? null : key))
    for (const each of between) followers.set(each, follower)
  }
  return followers
}

/** What comes next in the list (null: its end), or the first of the removals that stand before it. */
function places(answer: Answer): (next: string | null) => string | null {
  const followers = followersOf(answer)
  const behind = new Set(answer.removals.map(({ before }) => before))
  const firsts = answer.removals.filter(({ entry }) => !behind.has(entry.key))
  return (next) => firsts.find(({ entry }) => followers.get(entry.key) === next)?.entry.key ?? next
}

/** Takes an entry out; what was rejected is gone at once, all else can be undone. */
export function removeEntry(answer: Answer, key: string, replaced = false): Answer {
  const position = positionOf(answer, key)
  const entry = answer.entries[position]
  if (entry === undefined) return answer
  const entries = answer.entries.filter((each) => each !== entry)
  const next = answer.keys[position + 1] ?? null
  if (entry.state === 'rejected') return withEntries(answer, entries, relink(answer.removals, key, next))
  return withEntries(answer, entries, [...answer.removals, { entry, act: key, before: places(answer)(next), replaced }])
}

/** Takes every entry out in one act; what was rejected is gone. */
export function removeEvery(answer: Answer, act: string): Answer {
  const rejected = answer.entries.filter(({ state }) => state === 'rejected')
  const rest = dropEntries(answer, new Set(rejected.map(({ key }) => key)))
  const placeBefore = places(rest)
  const removed = rest.entries.map((entry, position) => ({
    entry,
    act,
    before: placeBefore(rest.keys[position + 1] ?? null),
    replaced: false,
  }))
  return removed.length === 0 ? rest : withEntries(rest, [], [...rest.removals, ...removed])
}

/** Takes entries out for good. What was removed before one of them stands before the next that stays. */
export function dropEntries(answer: Answer, keys: ReadonlySet<string>): Answer {
  const entries = answer.entries.filter(({ key }) => !keys.has(key))
  if (entries.length === answer.entries.length) return answer
  const next = new Map<string, string | null>()
  let stays: string | null = null
  for (const key of answer.keys.toReversed()) {
    if (keys.has(key)) next.set(key, stays)
    else stays = key
  }
  const removals = answer.removals.map((removal) =>
    removal.before !== null && next.has(removal.before)
      ? { ...removal, before: next.get(removal.before) ?? null }
      : removal,
  )
  return withEntries(answer, entries, removals)
}

/** Puts removed entries back in their places. */
export function undoRemovals(answer: Answer, keys: ReadonlySet<string>): Answer {
  const back = answer.removals.filter(({ entry }) => keys.has(entry.key))
  if (back.length === 0) return answer
  const followers = followersOf(answer)
  const before = (place: string | null) =>
    back.flatMap(({ entry }) => (followers.get(entry.key) === place ? [revive(entry)] : []))
  return withEntries(
    answer,
    [...answer.entries.flatMap((entry) => [...before(entry.key), entry]), ...before(null)],
    answer.removals.filter(({ entry }) => !keys.has(entry.key)),
  )
}

/** Ends the undo of what one act removed. */
export function endRemovals(answer: Answer, act: string): Answer {
  const stays = answer.removals.filter((removal) => removal.act !== act)
  if (stays.length === answer.removals.length) return answer
  const removals = answer.removals.reduce(
    (rest, { act: own, entry, before }) => (own === act ? relink(rest, entry.key, before) : rest),
    stays as readonly Removal[],
  )
  return { ...answer, removals }
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
  o: {
    /** What becomes of uploads that are not finished. @default 'keep' */
    readonly unfinished?: 'keep' | 'drop'
    /** Stored ids the host was not told of yet: it can't have meant to leave them out, so they count as unfinished. */
    readonly isUntold?: (id: string) => boolean
  } = {},
): Answer {
  const { unfinished = 'keep', isUntold = () => false } = o
  const wanted = new Set(ids)
  const known = new Map<string, Entry>()
  const followers = new Map<string | null, Entry[]>()
  let previous: string | null = null
  for (const entry of answer.entries) {
    const id = answerIdOf(entry)
    const heldId = heldBy(entry)?.grant.id
    const isKept = entry.state === 'done' && !wanted.has(entry.id) && isUntold(entry.id)
    if ((id !== null && !isKept) || (unfinished === 'keep' && heldId !== undefined && wanted.has(heldId))) {
      // The host may know the id of an upload that is not finished: it stands for that upload.
      const own = id ?? heldId ?? ''
      known.set(own, entry)
      if (wanted.has(own)) previous = own
    } else if (unfinished === 'keep' || isKept) {
      followers.set(previous, [...(followers.get(previous) ?? []), entry])
    }
  }
  const isWanted = ({ entry }: Removal) => wanted.has(answerIdOf(entry) ?? '')
  const removals = answer.removals.filter((removal) => !isWanted(removal))
  for (const { entry } of answer.removals.filter(isWanted)) {
    const id = answerIdOf(entry) ?? ''
    if (!known.has(id)) known.set(id, entry)
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

/** Entries that leave once their successor is stored: they take no place. A refused successor replaces nothing. */
export function replacedKeys({ entries }: Answer): ReadonlySet<string> {
  const keys = new Set<string>()
  for (const entry of entries) {
    if (entry.state !== 'restored' && entry.state !== 'rejected' && entry.replaces !== null) keys.add(entry.replaces)
  }
  return keys
}

/** Whether an entry came to take the place of the one with this key. */
export const isSuccessorOf = (entry: Entry, key: string | null): boolean =>
  key !== null && entry.state !== 'restored' && entry.state !== 'rejected' && entry.replaces === key

/** The id of an entry's stored file, or of the grant it holds; undefined while it has neither. */
export const idOf = (entry: Entry): string | undefined => answerIdOf(entry) ?? heldBy(entry)?.grant.id
