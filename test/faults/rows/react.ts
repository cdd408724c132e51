/** F64: React mounts, remounts and moves the field while it sends. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contentOf } from '../content.js'
import type { Row, Stage } from '../row.js'
import { on, throttle } from '../wire.js'

const MiB = 1024 * 1024
const slow = [on('PUT', 'all', throttle(2_000_000))]
const files = [0, 1].map((at) => ({ name: `${at}.bin`, size: MiB }))

const mounted = (stage: Stage, store: 'inside' | 'outside', fields = 1) =>
  stage.page.evaluate(([options, o]) => window.faults.mount(options, o), [stage.options, { store, fields }] as const)

const moved =
  (...ways: readonly ('key' | 'place' | 'gone' | 'back')[]) =>
  async (stage: Stage) => {
    await mounted(stage, 'outside')
    await stage.add(...files)
    await stage.until(({ seenBytes }) => seenBytes > 0)
    for (const how of ways) await stage.page.evaluate((way) => window.faults.remount(way), how)
    await stage.ended()
  }

const oneSend = { sends: 2, wire: { PUT: 2 }, calls: { presign: [1, 2] } } as const

export const reactRows: readonly Row[] = [
  {
    fault: 'F64',
    words: 'StrictMode, the store inside',
    mounts: true,
    wire: slow,
    async act(stage) {
      await mounted(stage, 'inside')
      const paths = files.map(({ name }) => join(stage.directory, name))
      for (const [at, path] of paths.entries()) await writeFile(path, contentOf(path, files[at]?.size ?? 0))
      await stage.page.locator('[data-part=input]').setInputFiles(paths)
      await stage.ended()
    },
    expect: oneSend,
  },
  {
    fault: 'F64',
    words: 'another key, the store outside',
    mounts: true,
    wire: slow,
    act: moved('key'),
    expect: oneSend,
  },
  { fault: 'F64', words: 'moved in the tree', mounts: true, wire: slow, act: moved('place'), expect: oneSend },
  {
    fault: 'F64',
    words: 'unmounted and mounted again',
    mounts: true,
    wire: slow,
    act: moved('gone', 'back'),
    expect: oneSend,
  },
  {
    fault: 'F64',
    words: 'two fields on one store',
    mounts: true,
    wire: slow,
    async act(stage) {
      await mounted(stage, 'outside', 2)
      await stage.add(...files)
      await stage.ended()
    },
    expect: oneSend,
  },
]
