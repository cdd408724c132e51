/** F55–F58: files that change on disk, folders, no bytes, too many bytes. */
import { mkdir, open, rm, truncate, writeFile, utimes } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect } from 'vitest'
import { contentOf } from '../content.js'
import type { Api, Row, Stage } from '../row.js'
import { on, throttle } from '../wire.js'

const MiB = 1024 * 1024
const GiB = 1024 * MiB

type Change = readonly [what: string, change: (path: string, size: number) => Promise<void>]

const changes: readonly Change[] = [
  ['deleted', (path) => rm(path)],
  ['shrunk', (path, size) => truncate(path, size / 2)],
  ['grown', (path, size) => writeFile(path, contentOf('grown', size + 1000))],
]
const rewritten: Change = [
  'rewritten in the same size',
  async (path, size) => {
    await writeFile(path, contentOf('another', size))
    // Chromium compares whole seconds.
    await utimes(path, new Date(), new Date(Date.now() + 10_000))
  },
]

async function fileOnDisk({ directory, choose }: Stage, size: number): Promise<string> {
  const path = join(directory, 'report.bin')
  await writeFile(path, contentOf('report.bin', size))
  await choose(path)
  return path
}

const beforeSending = (change: Change[1], size: number) => async (stage: Stage) => {
  const path = await fileOnDisk(stage, size)
  await change(path, size)
  await stage.page.evaluate(() => window.faults.start())
  await stage.ended()
}

const whileSending = (change: Change[1], size: number, from: number) => async (stage: Stage) => {
  const path = await fileOnDisk(stage, size)
  await stage.until(({ seenBytes }) => seenBytes > from)
  await change(path, size)
  await stage.ended()
}

const sha256 = (name: string, size: number) => createHash('sha256').update(contentOf(name, size)).digest('hex')

/** What is stored is one version of the file, never some of each. */
async function wholeVersion({ storage, prefix }: Stage, size: number): Promise<void> {
  for (const key of await storage.keys(prefix)) {
    expect([sha256('report.bin', size), sha256('another', size)]).toContain(await storage.sha256(key))
  }
}

/** A sparse file of this size, begun and taken out again. */
const begunOnly = (size: number) => async (stage: Stage) => {
  const path = join(stage.directory, 'film.mov')
  const file = await open(path, 'w')
  await file.truncate(size)
  await file.close()
  await stage.choose(path)
  await stage.until(({ seenBytes }) => seenBytes > 0)
  await stage.page.evaluate(() => window.faults.remove('film.mov'))
  const { sends } = await stage.until(({ entries }) => entries.length === 0)
  // The removal ends, and what was begun is aborted.
  await expect.poll(async () => (await stage.report()).calls.discard, { timeout: 5_000 }).toBe(1)
  expect((await stage.report()).sends, 'sends after the removal').toBe(sends)
}

/** Storage takes no more than 10,000 parts. */
const atMost10000: () => Api = () => async (body, next) => {
  const response = await next()
  const { grants = [] } = (await response.clone().json()) as { grants?: { partSize?: number }[] }
  const [file] = (body.files ?? []) as { size: number }[]
  for (const { partSize } of grants) {
    if (file !== undefined && partSize !== undefined) expect(file.size / partSize).toBeLessThanOrEqual(10_000)
  }
  return response
}

export const fileRows: readonly Row[] = [
  ...changes.flatMap(([what, change]): Row[] => [
    {
      fault: 'F55',
      words: `${what} before sending`,
      start: 'manual',
      act: beforeSending(change, MiB),
      expect: { ends: 'unreadable', sends: [0, 1] },
    },
    {
      fault: 'F55',
      words: `${what} between parts`,
      by: 'MULTIPART',
      timing: { connectionBudget: 2 },
      wire: [on('PUT', 1, throttle(8_000_000))],
      act: whileSending(change, 20 * MiB, 0),
      expect: { ends: 'unreadable', sends: [1, 3] },
    },
  ]),
  {
    fault: 'F55',
    words: 'shrunk while it is sent whole',
    wire: [on('PUT', 1, throttle(8_000_000))],
    act: whileSending((path, size) => truncate(path, size / 2), 32 * MiB, 0),
    expect: { ends: 'unreadable', sends: 1 },
  },
  {
    fault: 'F56',
    words: `${rewritten[0]}, before sending`,
    start: 'manual',
    act: beforeSending(rewritten[1], MiB),
    expect: { ends: 'unreadable', sends: [0, 1], also: (stage) => wholeVersion(stage, MiB) },
  },
  {
    fault: 'F56',
    words: `${rewritten[0]}, between parts`,
    by: 'MULTIPART',
    timing: { connectionBudget: 2 },
    wire: [on('PUT', 1, throttle(8_000_000))],
    act: whileSending(rewritten[1], 20 * MiB, 0),
    expect: { ends: 'unreadable', also: (stage) => wholeVersion(stage, 20 * MiB) },
  },
  {
    fault: 'F57',
    words: 'a folder dropped on the field',
    mounts: true,
    async act({ page, options, directory, until }) {
      const folder = join(directory, 'Holiday')
      await mkdir(folder)
      await writeFile(join(folder, 'photo.jpg'), 'bytes')
      await page.evaluate((given) => window.faults.mount(given, { store: 'outside', fields: 1 }), options)
      const zone = await page.locator('[data-part=dropzone]').boundingBox()
      const devtools = await page.context().newCDPSession(page)
      const data = { items: [], files: [folder], dragOperationsMask: 1 }
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
        await devtools.send('Input.dispatchDragEvent', { type, x: (zone?.x ?? 0) + 5, y: (zone?.y ?? 0) + 5, data })
      }
      await until(({ entries }) => entries.length === 1)
    },
    expect: { ends: 'folder', sends: 0, calls: { presign: 0 } },
  },
  {
    fault: 'F57',
    words: 'a folder as a File, as a page without our field may get it',
    async act({ page, directory, ended }) {
      await page.evaluate(() => {
        document.addEventListener('dragover', (event) => event.preventDefault())
        document.addEventListener('drop', (event) => {
          event.preventDefault()
          window.faults.addThese([...(event.dataTransfer?.files ?? [])])
        })
      })
      const devtools = await page.context().newCDPSession(page)
      const data = { items: [], files: [directory], dragOperationsMask: 1 }
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
        await devtools.send('Input.dispatchDragEvent', { type, x: 50, y: 50, data })
      }
      await ended()
    },
    expect: { ends: 'folder', sends: 0, calls: { presign: 0 } },
  },
  ...(['PUT', 'POST', 'MULTIPART'] as const).map(
    (by): Row => ({
      fault: 'F58',
      words: '0 bytes',
      by,
      size: 0,
      ...(by === 'MULTIPART' ? { server: { methods: ['MULTIPART'] } } : {}),
      expect: { sends: 1 },
    }),
  ),
  {
    fault: 'F58',
    words: '20 GB begun in parts and removed',
    by: 'MULTIPART',
    api: atMost10000,
    act: begunOnly(20e9),
    expect: { calls: { presign: 1, abort: 1 }, also: noUploads },
  },
  {
    fault: 'F58',
    words: '5 GiB begun by one PUT and removed',
    act: begunOnly(5 * GiB),
    expect: { calls: { presign: 1 } },
  },
  {
    fault: 'F58',
    words: '1 TB by name begun in parts: as few parts as storage takes',
    by: 'MULTIPART',
    api: atMost10000,
    act: async ({ page, until }) => {
      await page.evaluate((size) => window.faults.addStub({ name: 'stub.mov', size }), 1e12)
      await until(({ calls }) => calls.presign === 1)
      await until(({ entries }) => entries.some(({ id }) => id !== null))
      await page.evaluate(() => window.faults.remove('stub.mov'))
      await until(({ calls }) => calls.abort === 1)
    },
    expect: { also: noUploads },
  },
  {
    fault: 'F58',
    words: '60 TB by name: over what storage takes',
    by: 'MULTIPART',
    act: async ({ page, ended }) => {
      await page.evaluate((size) => window.faults.addStub({ name: 'stub.mov', size }), 60e12)
      await ended()
    },
    expect: { ends: 'file-too-large', sends: 0 },
  },
]

async function noUploads({ storage, prefix }: Stage): Promise<void> {
  await expect.poll(() => storage.uploads(prefix), { timeout: 5_000 }).toEqual([])
}
