/** Tells rows and field of changes in batches, by a timer: animation frames stop in a hidden tab. */
import { type Answer, entryOf } from '../answer/answer.js'
import type { Entry } from '../answer/entry.js'
import { summaryOf } from '../answer/selectors.js'
import type { AnswerStore } from '../answer/store.js'
import type { Environment } from './environment.js'
import { createProgress, type Progress } from './progress.js'
import type { Timing } from './timing.js'

export interface Notices {
  readonly progress: Progress
  /** Told after each batch. */
  subscribe(listener: () => void): () => void
  /** Told when this entry changed or its bytes moved. */
  subscribeEntry(key: string, listener: () => void): () => void
  /** Tells soon. */
  schedule(): void
  /** Tells now. */
  flush(): void
  stop(): void
}

/** From so many on they are told more rarely. */
const manyEntries = 200

/** `onFlush` runs last, when everybody knows. */
export function createNotices(o: {
  readonly store: AnswerStore
  readonly environment: Pick<Environment, 'clock'>
  readonly timing: Pick<Timing, 'notify'>
  readonly onFlush: () => void
}): Notices {
  const { store, timing } = o
  const { clock } = o.environment
  const listeners = new Set<() => void>()
  const ofEntries = new Map<string, Set<() => void>>()
  /** What everybody was told of. */
  let told = store.get()
  let cancel: (() => void) | null = null
  /** Small files of a crowd that are between two states, and since when: they are through before anybody has read it. */
  const passing = new Map<string, number>()

  /** A batch costs the page a look at every entry and a frame: the more there are, the rarer, down to a fifth. */
  const interval = () => timing.notify * Math.min(5, Math.max(1, store.get().entries.length / manyEntries))
  const schedule = () => {
    cancel ??= clock.after(interval(), flush)
  }
  const progress = createProgress(schedule)

  function flush(): void {
    cancel?.()
    cancel = null
    const before = told
    told = store.get()
    const isCrowd = summaryOf(told).pending > crowd
    const now = clock.now()
    const keys = new Set(progress.takeMoved())
    for (const key of [...changedKeys(told, before), ...passing.keys()]) {
      const entry = entryOf(told, key)
      if (isCrowd && entry !== undefined && between.has(entry.state)) {
        const since = passing.get(key) ?? now
        passing.set(key, since)
        if (now - since < patience) continue
      }
      passing.delete(key)
      keys.add(key)
    }
    if (passing.size > 0) schedule()
    for (const key of keys) for (const listener of ofEntries.get(key) ?? []) listener()
    for (const listener of listeners) listener()
    o.onFlush()
  }

  const stopWatching = store.subscribe(schedule)

  return {
    progress,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    subscribeEntry(key, listener) {
      const own = ofEntries.get(key) ?? new Set()
      ofEntries.set(key, own.add(listener))
      return () => {
        own.delete(listener)
        if (own.size === 0) ofEntries.delete(key)
      }
    },
    schedule,
    flush,
    stop() {
      stopWatching()
      cancel?.()
    },
  }
}

/** So many pending files are a crowd. */
const crowd = 50
/** States of which each lasts a moment, as a rule. */
const between: ReadonlySet<Entry['state']> = new Set(['requesting', 'ready', 'uploading'])
/** What lasts longer than this is worth a word, ms. */
const patience = 400

/** Entries are replaced by index while the order stays, so equal positions tell who changed; else their keys do. */
function changedKeys(answer: Answer, before: Answer): string[] {
  if (answer.entries === before.entries) return []
  const old = answer.keys === before.keys ? null : new Map(before.entries.map((entry) => [entry.key, entry]))
  const changed = (entry: Entry, position: number) =>
    entry !== (old === null ? before.entries[position] : old.get(entry.key))
  return answer.entries.filter(changed).map(({ key }) => key)
}
