/** The page's life in a real browser: the one lock, the one question, and how a return is noticed. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { browserPage } from '../../src/engine/browserPage.js'

afterEach(() => vi.restoreAllMocks())

const turn = () => new Promise((resolve) => setTimeout(resolve, 0))
/** Hides and shows the page, as far as it can tell. */
function look(at: 'hidden' | 'visible'): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(at)
  document.dispatchEvent(new Event('visibilitychange'))
}

describe('the screen', () => {
  /** What the page holds of it, when the browser gives it. */
  function watchLock(refuses = false) {
    const seen = { asked: 0, held: 0 }
    vi.spyOn(navigator.wakeLock, 'request').mockImplementation(async () => {
      seen.asked += 1
      if (refuses) throw new DOMException('', 'NotAllowedError')
      seen.held += 1
      return { release: async () => void (seen.held -= 1) } as WakeLockSentinel
    })
    return seen
  }

  test('is kept on by one lock for all, until the last lets go', async () => {
    const seen = watchLock()
    const [one, other] = [browserPage().page.keepAwake(), browserPage().page.keepAwake()]
    await turn()
    expect(seen).toEqual({ asked: 1, held: 1 })
    one()
    one()
    await turn()
    expect(seen.held).toBe(1)
    other()
    await turn()
    expect(seen.held).toBe(0)
    look('visible')
    expect(seen.asked).toBe(1)
  })

  test('is asked for again when the page is seen again', async () => {
    const seen = watchLock()
    const release = browserPage().page.keepAwake()
    await turn()
    look('hidden')
    expect(seen.asked).toBe(1)
    look('visible')
    await turn()
    expect(seen).toEqual({ asked: 2, held: 1 })
    release()
    await turn()
    expect(seen.held).toBe(0)
  })

  test('of a browser that refuses, or has no lock, is left alone in silence', async () => {
    const seen = watchLock(true)
    browserPage().page.keepAwake()()
    expect(seen.asked).toBe(1)
    await turn()
    vi.spyOn(navigator, 'wakeLock', 'get').mockReturnValue(undefined as never)
    browserPage().page.keepAwake()()
    await turn()
  })

  test('can be kept on by the browser itself', async () => {
    const request = vi.spyOn(navigator.wakeLock, 'request')
    const release = browserPage().page.keepAwake()
    const lock = await request.mock.results[0]?.value
    expect(lock.released).toBe(false)
    release()
    await vi.waitFor(() => expect(lock.released).toBe(true))
  })
})

test('leaving is asked about while anybody wants it', () => {
  const isAsked = () => !dispatchEvent(new Event('beforeunload', { cancelable: true }))
  expect(isAsked()).toBe(false)
  const [one, other] = [browserPage().page.guardUnload(), browserPage().page.guardUnload()]
  one()
  expect(isAsked()).toBe(true)
  other()
  expect(isAsked()).toBe(false)
})

describe('a return', () => {
  function watchReturns() {
    const { now, page } = browserPage()
    let told = 0
    const end = page.onReturn(() => (told += 1))
    return { now, page, end, told: () => [page.returns(), told] }
  }

  test('from the memory of pages and from a freeze is noticed, until nobody listens', () => {
    const { told, end } = watchReturns()
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))
    expect(told()).toEqual([0, 0])
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
    document.dispatchEvent(new Event('resume'))
    expect(told()).toEqual([2, 2])
    end()
    document.dispatchEvent(new Event('resume'))
    expect(told()).toEqual([2, 2])
  })

  test('is one only after a long time out of sight', () => {
    const { told, end } = watchReturns()
    const real = performance.now.bind(performance)
    look('hidden')
    look('visible')
    expect(told()).toEqual([0, 0])
    look('hidden')
    vi.spyOn(performance, 'now').mockImplementation(() => real() + 6_000)
    look('visible')
    expect(told()).toEqual([1, 1])
    end()
  })

  test('from the machine’s sleep is noticed by the clock, which goes on through it; set back it stays', async () => {
    const { told, now, end } = watchReturns()
    const real = Date.now.bind(Date)
    const before = now()
    const date = vi.spyOn(Date, 'now').mockImplementation(() => real() + 3_600_000)
    expect(now() - before).toBeGreaterThan(3_599_000)
    await turn()
    expect(told()).toEqual([1, 1])
    date.mockImplementation(() => real() - 86_400_000)
    expect(now() - before).toBeLessThan(3_700_000)
    await turn()
    expect(told()).toEqual([1, 1])
    end()
  })
})
