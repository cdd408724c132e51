/** A signal that also ends by itself after a time, and waits that end with it whatever the other side does. */
import type { Clock } from './environment.js'

export interface TimeLimit {
  readonly signal: AbortSignal
  /** It was the time that ended it. */
  timedOut(): boolean
  /** Something moved: the time begins anew. */
  again(delayMs: number): void
  /** The work is done: the timer goes. */
  end(): void
}

/** A timer that comes this much too late slept with the page, ms: more than a hidden page's timers are held back by. */
export const sleepLeast = 90_000

/** Calls back after a time in which the page was awake: whoever slept with it gets the whole time once more. */
function afterAwake(clock: Clock, delayMs: number, callback: () => void): () => void {
  const due = clock.now() + delayMs
  let cancel = clock.after(delayMs, () => {
    if (clock.now() - due < sleepLeast) callback()
    else cancel = clock.after(delayMs, callback)
  })
  return () => cancel()
}

export function timeLimit(clock: Clock, delayMs: number, parent: AbortSignal): TimeLimit {
  const controller = new AbortController()
  let byTime = false
  const follow = () => controller.abort(parent.reason)
  if (parent.aborted) follow()
  else parent.addEventListener('abort', follow)
  let cancel = () => {}
  const again = (ms: number) => {
    cancel()
    cancel = afterAwake(clock, ms, () => {
      byTime = true
      controller.abort(new DOMException('Took too long', 'TimeoutError'))
    })
  }
  again(delayMs)
  return {
    signal: controller.signal,
    timedOut: () => byTime,
    again,
    end() {
      cancel()
      parent.removeEventListener('abort', follow)
    },
  }
}

/** What a call gives, or the signal's reason once it ends: a host's own function may ignore its signal. */
export function orEnded<T>(call: T | PromiseLike<T>, signal: AbortSignal): Promise<Awaited<T>> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    // Heard also when nobody waits any more, or its rejection would be nobody's.
    void Promise.resolve(call)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', leave))
  })
}

/** Waits; rejects with the signal's reason once it ends. */
export function waitFor(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  let cancel = () => {}
  const waited = new Promise<void>((resolve) => {
    cancel = clock.after(Math.max(0, delayMs), resolve)
  })
  return orEnded(waited, signal).finally(cancel)
}
