/** Removals that can still be undone, those of one act with one time; held while a person is at the undo button. */
import { endRemovals } from '../answer/answer.js'
import type { Entry } from '../answer/entry.js'
import type { AnswerStore } from '../answer/store.js'
import type { Environment } from './environment.js'
import type { Timing } from './timing.js'

export interface Removals {
  /** Gives every act that has none its time. */
  start(): void
  /** The act was undone: its time ends without effect. */
  forget(act: string): void
  hold(held: boolean): void
  endAll(): void
  /** No timer goes on. */
  stop(): void
}

/** `onEnded`: the undo of these entries' removal is over. */
export function createRemovals(o: {
  readonly store: AnswerStore
  readonly environment: Pick<Environment, 'clock'>
  readonly timing: Pick<Timing, 'undo'>
  readonly onEnded: (entries: readonly Entry[]) => void
}): Removals {
  const { store, environment, timing } = o
  const timers = new Map<string, () => void>()
  let isHeld = false

  const acts = () => new Set(store.get().removals.map(({ act }) => act))
  const forget = (act: string) => {
    timers.get(act)?.()
    timers.delete(act)
  }
  const end = (act: string) => {
    forget(act)
    const entries = store.get().removals.flatMap((removal) => (removal.act === act ? [removal.entry] : []))
    if (entries.length === 0) return
    store.apply((answer) => endRemovals(answer, act))
    o.onEnded(entries)
  }
  const restart = (act: string) => {
    forget(act)
    timers.set(act, isHeld ? () => {} : environment.clock.after(timing.undo, () => end(act)))
  }
  return {
    start() {
      // A removal that the host's value took back has a timer no more: the next one gets its whole time.
      const running = acts()
      for (const act of Array.from(timers.keys())) if (!running.has(act)) forget(act)
      for (const act of running) if (!timers.has(act)) restart(act)
    },
    forget,
    hold(held) {
      if (held === isHeld) return
      isHeld = held
      for (const act of Array.from(timers.keys())) restart(act)
    },
    endAll() {
      for (const act of acts()) end(act)
    },
    stop() {
      for (const act of timers.keys()) forget(act)
    },
  }
}
