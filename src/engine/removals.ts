/** Removals that can still be undone, each with its time; held while a person is at the undo button. */
import { endRemoval } from '../answer/answer.js'
import type { Entry } from '../answer/entry.js'
import type { AnswerStore } from '../answer/store.js'
import type { Clock } from './environment.js'

export interface Removals {
  /** Gives every removal that has none its time. */
  start(): void
  /** The removal was undone: its time ends without effect. */
  forget(key: string): void
  hold(held: boolean): void
  endAll(): void
  /** No timer goes on. */
  stop(): void
}

/** `onEnded`: the undo of this entry's removal is over. */
export function createRemovals(o: {
  readonly store: AnswerStore
  readonly clock: Clock
  readonly undoMs: number
  readonly onEnded: (entry: Entry) => void
}): Removals {
  const { store, clock, undoMs } = o
  const timers = new Map<string, () => void>()
  let isHeld = false

  const forget = (key: string) => {
    timers.get(key)?.()
    timers.delete(key)
  }
  const end = (key: string) => {
    forget(key)
    const removal = store.get().removals.find(({ entry }) => entry.key === key)
    if (removal === undefined) return
    store.apply((answer) => endRemoval(answer, key))
    o.onEnded(removal.entry)
  }
  const restart = (key: string) => {
    forget(key)
    timers.set(key, isHeld ? () => {} : clock.after(undoMs, () => end(key)))
  }
  return {
    start() {
      // A removal that the host's value took back has a timer no more: the next one gets its whole time.
      const { removals } = store.get()
      const removed = new Set(removals.map(({ entry }) => entry.key))
      for (const key of Array.from(timers.keys())) if (!removed.has(key)) forget(key)
      for (const { entry } of removals) if (!timers.has(entry.key)) restart(entry.key)
    },
    forget,
    hold(held) {
      if (held === isHeld) return
      isHeld = held
      for (const key of Array.from(timers.keys())) restart(key)
    },
    endAll() {
      for (const { entry } of store.get().removals) end(entry.key)
    },
    stop() {
      for (const key of timers.keys()) forget(key)
    },
  }
}
