/** Steps of files that are held and failed by name: the strings that the backend in memory hangs on. */
import type { ActionName } from '../protocol/actions.js'
import { type Failure, failure } from '../protocol/failure.js'

/**
 * What can be held and failed: the protocol's actions, `send` (the bytes on their way to storage) and `check`
 * (a scan after the last byte: while it is held, `complete` answers that the file is being checked).
 */
export type MemoryStep = ActionName | 'send' | 'check'

export interface HeldSteps {
  /**
   * Keeps a step from going on, for the files of a name, or for all: `hold('send', 'video.mp4')`. Holds what begins
   * later and, with a latency, what has not ended yet.
   */
  hold(step: MemoryStep, name?: string): void
  /** Ends holds and lets what waits go on: of a step and a name, of a step, or all. */
  release(step?: MemoryStep, name?: string): void
  /**
   * Makes a step fail, with a code or a whole failure: `fail('send', 'network', { times: 1 })`. `presign` with a name
   * refuses that file alone, without one the whole call.
   * `name`: for the files of a name. `times`: so often, then it works. @default for all, always
   */
  fail(step: MemoryStep, why: Failure['code'] | Failure, o?: { readonly name?: string; readonly times?: number }): void
  /** Takes failures back: of a step and a name, of a step, or all. */
  heal(step?: MemoryStep, name?: string): void
  isHeld(step: MemoryStep, names: readonly string[]): boolean
  /** The failure set for a step of these files, used up by one of its times; `whole`: one for all files, or one for a name. */
  failureFor(step: MemoryStep, names: readonly string[], whole?: boolean): Failure | null
  /** Resolves when nothing holds the step any more; rejects with the signal's reason. */
  untilReleased(step: MemoryStep, names: readonly string[], signal: AbortSignal): Promise<void>
}

interface Strings {
  readonly step: MemoryStep
  readonly name: string | undefined
}

/** Whether what was set for a step and a name (or all names) concerns these names. */
const concerns = (set: Strings, step: MemoryStep, names: readonly string[]): boolean =>
  set.step === step && (set.name === undefined || names.includes(set.name))

/** Whether a call that names a step and a name, a step, or nothing means what was set. */
const isMeant = (set: Strings, step: MemoryStep | undefined, name: string | undefined): boolean =>
  (step === undefined || set.step === step) && (name === undefined || set.name === name)

export function createHeldSteps(): HeldSteps {
  let holds: Strings[] = []
  let failures: (Strings & { readonly why: Failure; times: number })[] = []
  const waiting = new Set<{ readonly step: MemoryStep; readonly names: readonly string[]; go(): void }>()
  const isHeld = (step: MemoryStep, names: readonly string[]) => holds.some((hold) => concerns(hold, step, names))
  return {
    hold(step, name) {
      holds.push({ step, name })
    },
    release(step, name) {
      holds = holds.filter((hold) => !isMeant(hold, step, name))
      for (const each of waiting) if (!isHeld(each.step, each.names)) each.go()
    },
    fail(step, why, { name, times = Number.POSITIVE_INFINITY } = {}) {
      const told = typeof why === 'string' ? failure(why, why === 'denied' ? { status: 403 } : {}) : why
      failures.push({ step, name, why: told, times })
    },
    heal(step, name) {
      failures = failures.filter((each) => !isMeant(each, step, name))
    },
    isHeld,
    failureFor(step, names, whole) {
      const found = failures.find(
        (each) => concerns(each, step, names) && (whole === undefined || (each.name === undefined) === whole),
      )
      if (found === undefined) return null
      found.times -= 1
      if (found.times <= 0) failures = failures.filter((each) => each !== found)
      return found.why
    },
    untilReleased(step, names, signal) {
      if (!isHeld(step, names)) return Promise.resolve()
      return new Promise((resolve, reject) => {
        const leave = () => {
          waiting.delete(held)
          reject(signal.reason)
        }
        const held = {
          step,
          names,
          go() {
            waiting.delete(held)
            signal.removeEventListener('abort', leave)
            resolve()
          },
        }
        waiting.add(held)
        signal.addEventListener('abort', leave, { once: true })
      })
    },
  }
}
