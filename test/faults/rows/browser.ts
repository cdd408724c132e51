/** F45, F50, F51, F53: a pause, the network goes, the page freezes or is left, the machine sleeps. */
import { expect, vi } from 'vitest'
import type { BrowserContext } from 'playwright'
import type { Api, Row, Stage } from '../row.js'
import { answer, on, refuse, s3Error, throttle } from '../wire.js'

const MiB = 1024 * 1024
/** Time that has to pass outside of the page. */
const passes = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const video = { name: 'video.mp4', size: 8 * MiB }
const sending = ({ until }: Stage) => until(({ seenBytes }) => seenBytes > 0)

/** The network goes at this moment, until all rows say that they wait for it. */
async function offline({ context, until, ended }: Stage): Promise<void> {
  await context.setOffline(true)
  await until(({ entries }) =>
    entries.every(({ waits, state }) => waits || state === 'queued' || state === 'requesting' || state === 'ready'),
  )
  await passes(500)
  await context.setOffline(false)
  await ended()
}

const own = async () => {}

/** Calls for grants are answered so late, ms. */
const late =
  (ms: number): (() => Api) =>
  () =>
  async (_, next) => {
    await passes(ms)
    return next()
  }

/** A hidden tab's timers: once a second. */
const hiddenTimers = (context: BrowserContext) =>
  context.addInitScript(() => {
    const { setTimeout } = globalThis
    globalThis.setTimeout = ((callback: () => void, ms = 0) =>
      setTimeout(callback, Math.ceil((performance.now() + ms) / 1000) * 1000 - performance.now())) as typeof setTimeout
  })

async function frozen(stage: Stage, ms: number): Promise<void> {
  const devtools = await stage.context.newCDPSession(stage.page)
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' })
  await passes(ms)
  await devtools.send('Page.setWebLifecycleState', { state: 'active' })
}

const film = { name: 'film.mp4', size: 20 * MiB }
const oneAtATime = { connectionBudget: 2 }

/** Stops a film in parts after its first part is stored, until this has happened. */
const paused = (happens: (stage: Stage) => Promise<void>) => async (stage: Stage) => {
  await stage.add(film)
  await stage.until(({ seenBytes }) => seenBytes > 6 * MiB)
  await stage.page.evaluate(() => window.faults.pause('film.mp4'))
  await stage.until(({ entries }) => entries[0]?.state === 'paused')
  await happens(stage)
  await stage.page.evaluate(() => window.faults.resume('film.mp4'))
  await stage.ended()
}

export const browserRows: readonly Row[] = [
  {
    fault: 'F45',
    words: 'paused and resumed: what storage has is not sent again',
    by: 'MULTIPART',
    timing: oneAtATime,
    act: paused(async () => {}),
    expect: { sends: [4, 5], calls: { presign: [1, 2], complete: 1 } },
  },
  {
    fault: 'F45',
    words: 'paused, the upload aborted by a lifecycle rule, resumed: starts anew',
    by: 'MULTIPART',
    timing: oneAtATime,
    act: paused(({ storage, prefix }) => storage.sweep(prefix)),
    expect: {
      sends: [5, 8],
      // Before it begins anew it is asked whether it was completed, by a call whose answer was lost.
      calls: { presign: 2, complete: [1, 3] },
      also: ({ issued, storage, prefix }) => {
        expect(new Set(issued.map(({ id }) => id)).size, 'ids').toBe(2)
        return vi.waitFor(async () => expect(await storage.uploads(prefix)).toEqual([]))
      },
    },
  },
  {
    fault: 'F50',
    words: 'offline while sending',
    own,
    wire: [on('PUT', 1, throttle(1_500_000))],
    async act(stage) {
      await stage.add(video)
      await sending(stage)
      await offline(stage)
    },
    expect: { sends: 2 },
  },
  {
    fault: 'F50',
    words: 'offline while asking for a grant',
    own,
    api: late(600),
    async act(stage) {
      await stage.add(video)
      await stage.until(({ calls }) => calls.presign === 1)
      await offline(stage)
    },
    expect: { sends: 1 },
  },
  {
    fault: 'F50',
    words: 'offline while waiting for a retry',
    own,
    wire: [on('PUT', 1, answer(503, s3Error('SlowDown'), { headers: { 'retry-after': '1' } }))],
    async act(stage) {
      await stage.add({ name: 'photo.jpg', size: MiB })
      await stage.until(({ entries }) => entries.some(({ state }) => state === 'retrying'))
      await stage.context.setOffline(true)
      await passes(1_500)
      await stage.context.setOffline(false)
      await stage.ended()
    },
    expect: { sends: [2, 3] },
  },
  {
    fault: 'F50',
    words: 'onLine says true and the network is dead for 20 s',
    files: 8,
    size: 300_000,
    wire: [on('OPTIONS', 1, refuse(1_000))],
    expect: { wire: { PUT: 8 } },
  },
  {
    fault: 'F51',
    words: 'hidden: timers once a second, storage slow and busy',
    files: 6,
    size: 300_000,
    own: hiddenTimers,
    wire: [on('PUT', [1, 2], answer(503, s3Error('SlowDown')))],
    expect: { sends: 8, wire: { PUT: 8 } },
  },
  {
    fault: 'F51',
    words: 'frozen for longer than a grant lives',
    own,
    start: 'manual',
    server: { expiresIn: 3 },
    files: 8,
    size: 300_000,
    wire: [on('PUT', [1, 2, 3, 4, 5, 6], throttle(200_000))],
    async act(stage) {
      await stage.add(...Array.from({ length: 8 }, (_, at) => ({ name: `${at}.bin`, size: 300_000 })))
      await stage.page.evaluate(() => window.faults.start())
      await stage.until(({ sends }) => sends >= 6)
      await frozen(stage, 3_500)
      await stage.ended()
    },
    expect: { sends: [8, 10], wire: { PUT: 8 } },
  },
  {
    fault: 'F51',
    words: 'the machine asleep for longer than a grant lives, its connections cut',
    alone: true,
    server: { expiresIn: 3 },
    wire: [on('PUT', 1, throttle(4_000_000))],
    async act(stage) {
      await stage.add(video)
      await sending(stage)
      process.kill(-(stage.group ?? 0), 'SIGSTOP')
      stage.proxy.cut()
      await passes(3_500)
      process.kill(-(stage.group ?? 0), 'SIGCONT')
      await stage.ended()
    },
    expect: { sends: [2, 3] },
  },
  ...([true, false] as const).map(
    (isDone): Row => ({
      fault: 'F53',
      words: isDone ? 'back/forward cache, its upload done' : 'back/forward cache with an upload in flight',
      alone: true,
      wire: isDone ? [] : [on('PUT', 1, throttle(4_000_000))],
      async act(stage) {
        await stage.add(video)
        if (isDone) await stage.ended()
        else await sending(stage)
        await stage.page.evaluate(() =>
          addEventListener('pageshow', ({ persisted }) => (document.title = String(persisted))),
        )
        await stage.page.goto(`${stage.siteUrl}/elsewhere`)
        // The page's load event was long ago: goBack() would wait for it in vain.
        const back = stage.page.waitForURL((url) => url.pathname === '/', { waitUntil: 'commit' })
        await stage.page.evaluate(() => void setTimeout(() => history.back(), 0))
        await back
        await vi.waitFor(async () => expect(await stage.page.title(), 'kept by the back/forward cache').toBe('true'))
        await stage.ended()
      },
      expect: { sends: isDone ? 1 : [1, 2] },
    }),
  ),
]
