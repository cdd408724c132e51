/** What an answer asks of the page while its files go: to keep the screen on, and not to be left without a question. */
import { hasPending } from '../answer/selectors.js'
import type { AnswerStore } from '../answer/store.js'
import type { Environment } from './environment.js'
import type { Timing } from './timing.js'

export interface PageLifeSettings {
  /** Keeps a phone's screen on while bytes are on their way: a dark one stops them. @default true */
  readonly wakeLock?: boolean | undefined
  /** Has the browser ask before the page is left while files are unsettled. @default true */
  readonly warnBeforeLeaving?: boolean | undefined
}

export interface PageLife {
  /** Looks at the answer again. */
  follow(): void
  end(): void
}

/** Something that is taken once and given back once, however often it is said. */
function switchOf(take: () => () => void): (isOn: boolean) => void {
  let release: (() => void) | null = null
  return (isOn) => {
    if (isOn) release ??= take()
    else {
      release?.()
      release = null
    }
  }
}

export function createPageLife(o: {
  readonly store: AnswerStore
  readonly environment: Environment
  readonly timing: Pick<Timing, 'awakeLinger'>
  readonly settings: () => PageLifeSettings
}): PageLife {
  const { store, environment, timing } = o
  const { page } = environment
  if (page === undefined) return { follow() {}, end() {} }
  const guard = switchOf(page.guardUnload)
  const awake = switchOf(page.keepAwake)
  let cancelSleep: (() => void) | null = null
  let hasEnded = false

  function follow(): void {
    const { wakeLock = true, warnBeforeLeaving = true } = o.settings()
    const isUnsettled = !hasEnded && hasPending(store.get())
    guard(isUnsettled && warnBeforeLeaving)
    const mayMove = isUnsettled && wakeLock && environment.network.isOnline()
    if (mayMove && store.get().entries.some(({ state }) => state === 'uploading')) {
      cancelSleep?.()
      cancelSleep = null
      awake(true)
    } else if (mayMove) {
      // Between two files the screen stays on.
      cancelSleep ??= environment.clock.after(timing.awakeLinger, () => awake(false))
    } else {
      cancelSleep?.()
      cancelSleep = null
      awake(false)
    }
  }
  return {
    follow,
    end() {
      hasEnded = true
      follow()
    },
  }
}
