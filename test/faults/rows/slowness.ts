/** F34, F35, S64, S65: nothing moves, little moves, or nothing tells that it moves. */
import type { BrowserContext } from 'playwright'
import type { Row } from '../row.js'
import { delay, on, stall, throttle } from '../wire.js'

const MiB = 1024 * 1024

/** A service worker that answers every request of the page: no upload event fires. */
async function throughWorker({ page, siteUrl, add, options, ended }: Parameters<NonNullable<Row['act']>>[0]) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('/worker.js')
    if (navigator.serviceWorker.controller === null)
      await new Promise((resolve) =>
        navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
      )
  })
  await page.goto(siteUrl)
  await page.evaluate((given) => window.faults.open(given), options)
  await add({ name: 'video.mp4', size: 4 * MiB })
  await ended()
}

/** What Safari does when it drops a connection by itself: an `abort` event that nobody asked for. */
const dropsHalfway = (context: BrowserContext) =>
  context.addInitScript(() => {
    let dropped = false
    const { send } = XMLHttpRequest.prototype
    XMLHttpRequest.prototype.send = function (this: XMLHttpRequest, body) {
      this.upload.addEventListener('progress', ({ loaded, total }) => {
        if (dropped || loaded < total / 2) return
        dropped = true
        this.abort()
      })
      send.call(this, body)
    }
  })

export const slownessRows: readonly Row[] = [
  {
    fault: 'F34',
    words: 'nothing moves in the middle of the body',
    size: 16 * MiB,
    wire: [on('PUT', 1, stall(0.1))],
    expect: { sends: 2, wire: { PUT: 2 } },
  },
  {
    fault: 'F34',
    words: 'nothing moves after the last byte',
    wire: [on('PUT', 1, stall(1))],
    expect: { sends: 2, wire: { PUT: 2 } },
  },
  {
    fault: 'F34',
    words: 'nothing moves after the last byte, which storage has',
    wire: [on('PUT', 1, stall(1, true))],
    expect: { sends: 2, wire: { PUT: 2 }, calls: { complete: 1 } },
  },
  {
    fault: 'F34',
    words: '1 kB without upload events: the limit by its size',
    size: 1_000,
    wire: [on('PUT', 1, stall(0.5))],
    expect: { sends: 2, wire: { PUT: 2 } },
  },
  {
    fault: 'F34',
    words: 'a form POST, nothing moves after the last byte',
    by: 'POST',
    wire: [on('POST', 1, stall(1))],
    expect: { sends: 2, wire: { POST: 2 } },
  },
  {
    fault: 'F34',
    words: 'part 2 of 3, nothing moves in the middle',
    by: 'MULTIPART',
    size: 15 * MiB,
    wire: [on('PUT', 2, stall(0.1))],
    expect: { sends: 4, wire: { PUT: 4 } },
  },
  {
    fault: 'F35',
    words: '200 kB at 40 kB/s',
    size: 200_000,
    wire: [on('PUT', 'all', throttle(40_000))],
    expect: { sends: 1, waited: [] },
  },
  {
    fault: 'F35',
    words: '20 MB at 8 MB/s',
    size: 20_000_000,
    wire: [on('PUT', 'all', throttle(8_000_000))],
    expect: { sends: 1, waited: [] },
  },
  {
    fault: 'F35',
    words: 'latency of 100 ms each way',
    files: 3,
    size: 300_000,
    wire: [on('OPTIONS', 'all', delay(200)), on('PUT', 'all', delay(200))],
    expect: { sends: 3, waited: [] },
  },
  {
    fault: 'S64',
    words: 'a service worker answers: no upload events, no false stall',
    own: async () => {},
    mounts: true,
    act: throughWorker,
    wire: [on('PUT', 'all', throttle(1_500_000))],
    expect: { sends: 1, wire: { PUT: 1 }, waited: [] },
  },
  {
    fault: 'S65',
    words: "an abort event that nobody asked for, at 50 % (Safari's)",
    size: 8 * MiB,
    own: dropsHalfway,
    wire: [on('PUT', 'all', throttle(8_000_000))],
    expect: { sends: 2 },
  },
]
