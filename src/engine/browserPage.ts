/** The page's life in a browser: out of sight, frozen, kept for "back", left; and the screen that stays on meanwhile. */
import type { Page } from './environment.js'

/** Out of sight this long, a phone may have stopped the page and ended its requests without an event, ms. */
const longHidden = 5_000
/** The wall clock is this far ahead of the monotonic one when the machine has slept, ms. */
const sleepGap = 5_000

/**
 * Monotonic ms that go on through the machine's sleep, for which `performance.now()` stands still on most systems. Only
 * a sudden lead of the wall clock counts, and only forward: how right it is doesn't matter, and setting it ahead costs
 * no more than grants renewed too early.
 */
function createSteadyTime(onSleep: () => void): () => number {
  let slept = 0
  let lead = Date.now() - performance.now()
  return () => {
    const awake = performance.now()
    const missed = Date.now() - awake - lead
    lead += missed
    if (missed >= sleepGap) {
      slept += missed
      onSleep()
    }
    return awake + slept
  }
}

/** Lets go of a page's event. A test's DOM may be gone, its globals with it, when an answer ends a second after its field. */
export const letGo = (type: string, listener: (event: never) => void): void =>
  globalThis.removeEventListener?.(type, listener as EventListener)

/** Counts who wants something of the page: the first begins it, the last ends it by what `begin` gave. */
function shared(begin: () => () => void): () => () => void {
  let count = 0
  let end = () => {}
  return () => {
    if (count++ === 0) end = begin()
    let isReleased = false
    return () => {
      if (isReleased) return
      isReleased = true
      if (--count === 0) end()
    }
  }
}

const ask = (event: BeforeUnloadEvent): void => {
  event.preventDefault()
  // Chromium before 119 asks for a value only.
  event.returnValue = true
}
// Attached only while it is needed: Firefox keeps no page for "back" that has such a listener.
const guardUnload = shared(() => {
  addEventListener('beforeunload', ask)
  return () => letGo('beforeunload', ask)
})

/** The lock that is held or asked for. A browser without it, a saver of power and a hidden page refuse: then there is none. */
let lock: Promise<WakeLockSentinel | null> | null = null
const releaseLock = (): void => {
  void lock?.then((held) => held?.release()).catch(() => {})
  lock = null
}
const takeLock = (): void => {
  // The browser takes it away whenever the page is out of sight.
  if (document.visibilityState !== 'visible') return
  releaseLock()
  lock = Promise.resolve(navigator.wakeLock?.request('screen') ?? null).catch(() => null)
}
const keepAwake = shared(() => {
  const page = document
  page.addEventListener('visibilitychange', takeLock)
  takeLock()
  return () => {
    page.removeEventListener('visibilitychange', takeLock)
    releaseLock()
  }
})

/** The page of a browser, and a clock's `now` that its sleep doesn't stop. */
export function browserPage(): { readonly now: () => number; readonly page: Page } {
  const listeners = new Set<() => void>()
  // Held, as it outlives a test's global of that name.
  const page = document
  let returns = 0
  let hiddenAt = Number.POSITIVE_INFINITY
  const tell = () => {
    for (const listener of listeners) listener()
  }
  const now = createSteadyTime(() => {
    returns += 1
    // Whoever looks at the clock is in the middle of something.
    queueMicrotask(tell)
  })
  const cameBack = () => {
    returns += 1
    tell()
  }
  const onShow = ({ persisted }: PageTransitionEvent) => {
    if (persisted) cameBack()
  }
  const onVisibility = () => {
    const isHidden = document.visibilityState === 'hidden'
    const wasLong = !isHidden && now() - hiddenAt >= longHidden
    hiddenAt = isHidden ? now() : Number.POSITIVE_INFINITY
    if (wasLong) cameBack()
  }
  return {
    now,
    page: {
      returns: () => returns,
      onReturn(callback) {
        listeners.add(callback)
        if (listeners.size === 1) {
          addEventListener('pageshow', onShow)
          page.addEventListener('resume', cameBack)
          page.addEventListener('visibilitychange', onVisibility)
        }
        return () => {
          listeners.delete(callback)
          if (listeners.size > 0) return
          letGo('pageshow', onShow)
          page.removeEventListener('resume', cameBack)
          page.removeEventListener('visibilitychange', onVisibility)
        }
      },
      guardUnload,
      keepAwake,
      // Android's pickers give files of other apps and of the cloud, which may be given once.
      readsOnce: /Android/.test(navigator.userAgent),
    },
  }
}
