import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { Applicant } from './applicant.ts'

const MiB = 1024 * 1024

/** Processes that descend from one. */
function descendants(root: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // Ended meanwhile.
    }
  }
  const found = new Set([root])
  for (let grown = true; grown; ) {
    grown = false
    for (const [pid, parent] of parents) {
      if (found.has(parent) && !found.has(pid)) {
        found.add(pid)
        grown = true
      }
    }
  }
  return [...found]
}

/** Resident memory in MiB, shared pages counted once. */
function residentMiB(pids: readonly number[]): number {
  let kB = 0
  for (const pid of pids) {
    try {
      kB += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
    } catch {
      // Ended meanwhile.
    }
  }
  return kB / 1024
}

test('512 MiB need no more memory of browser and server than 32 MiB, give or take 100 MiB', async ({
  playwright,
  launchOptions,
}) => {
  test.setTimeout(180_000)
  const directory = await mkdtemp(join(tmpdir(), 'faf-large-'))
  const server = Number(process.env.DEMO_PID)
  try {
    const peakFor = async (size: number): Promise<number> => {
      const path = join(directory, `${size}.mp4`)
      const handle = await open(path, 'w')
      await handle.truncate(size)
      await handle.close()
      const browser = await playwright.chromium.launch(launchOptions)
      const page = await browser.newPage({ baseURL: process.env.DEMO_URL ?? '' })
      const I = new Applicant(page)
      await I.openTheForm()
      let peak = 0
      const sample = setInterval(() => {
        // The browser is a child of this worker; the demo is not.
        peak = Math.max(
          peak,
          residentMiB([...descendants(process.pid).filter((pid) => pid !== process.pid), ...descendants(server)]),
        )
      }, 100)
      await I.add('Introduction video', path)
      await I.see('Introduction video', [`${size}.mp4`], 'done', 120_000)
      clearInterval(sample)
      await browser.close()
      return peak
    }
    const small = await peakFor(32 * MiB)
    const large = await peakFor(512 * MiB)
    console.log(`peak resident memory: ${small.toFixed(0)} MiB with 32 MiB, ${large.toFixed(0)} MiB with 512 MiB`)
    expect(large - small).toBeLessThan(100)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
