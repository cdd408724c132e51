/** One Chromium for all runs, a fresh context for each. */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)

export const launch = () =>
  chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

/**
 * @typedef {object} Measured
 * @property {number} wall        seconds from the choice of the files until all is stored and shown
 * @property {number} mainThread  seconds of tasks on the page's main thread meanwhile
 * @property {number} script      of these in JavaScript
 * @property {number} style       of these working out styles
 * @property {number} layout      of these in layout
 */

/**
 * @param {import('playwright').Browser} browser
 * @param {string} origin
 * @param {import('./contenders.mjs').Contender} contender
 * @param {import('./workloads.mjs').Workload} workload
 * @param {string | undefined} profile
 * @returns {Promise<Measured>}
 */
export async function measure(browser, origin, { name, page: file, variant }, workload, profile) {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    /** @type {Error[]} */
    const errors = []
    page.on('pageerror', (error) => errors.push(error))
    await page.goto(`${origin}/${file}.html`)
    await page.evaluate((task) => window.bench.prepare(task), { workload, variant })
    const devTools = await context.newCDPSession(page)
    // Of the thread itself: what others do on the machine does not count.
    await devTools.send('Performance.enable', { timeDomain: 'threadTicks' })
    if (profile !== undefined) {
      await devTools.send('Profiler.enable')
      await devTools.send('Profiler.start')
    }
    const before = await timesOf(devTools)
    const wall = await inTime(page.evaluate(() => window.bench.run()))
    const after = await timesOf(devTools)
    if (profile !== undefined) {
      const { profile: samples } = await devTools.send('Profiler.stop')
      await mkdir(profile, { recursive: true })
      await writeFile(join(profile, `${workload.name} ${name}.cpuprofile`), JSON.stringify(samples))
    }
    if (errors.length > 0) throw errors[0]
    return {
      wall,
      mainThread: after.TaskDuration - before.TaskDuration,
      script: after.ScriptDuration - before.ScriptDuration,
      style: after.RecalcStyleDuration - before.RecalcStyleDuration,
      layout: after.LayoutDuration - before.LayoutDuration,
    }
  } finally {
    await context.close()
  }
}

/** Seconds the page's main thread has spent, by kind. @param {import('playwright').CDPSession} devTools */
async function timesOf(devTools) {
  const { metrics } = await devTools.send('Performance.getMetrics')
  /** @param {string} wanted */
  const valueOf = (wanted) => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN
  return {
    TaskDuration: valueOf('TaskDuration'),
    ScriptDuration: valueOf('ScriptDuration'),
    RecalcStyleDuration: valueOf('RecalcStyleDuration'),
    LayoutDuration: valueOf('LayoutDuration'),
  }
}

const longest = 180_000

/** @template T @param {Promise<T>} work @returns {Promise<T>} */
async function inTime(work) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not stored after ${longest / 1000} s.`)), longest)
  })
  try {
    return await Promise.race([work, /** @type {Promise<never>} */ (late)])
  } finally {
    clearTimeout(timer)
  }
}
