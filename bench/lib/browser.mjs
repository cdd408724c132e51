/** One Chromium for all runs, a fresh context for each. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { resolverRules } from './hosts.mjs'

/** @param {{ executablePath?: string, args: readonly string[] }} how */
export const launch = ({ args, ...how }) =>
  chromium.launch({ ...how, args: [...args, `--host-resolver-rules=${resolverRules}`] })

/**
 * The page's main thread in seconds: by the clock, as DevTools counts by default, with what it waits for other
 * processes and for a processor; and the thread's own time, also by what it did.
 */
const clocked = { mainThread: 'TaskDuration' }
const ofThread = {
  cpu: 'TaskDuration',
  script: 'ScriptDuration',
  style: 'RecalcStyleDuration',
  layout: 'LayoutDuration',
}

/** @typedef {Record<keyof typeof clocked | keyof typeof ofThread, number> & import('../pages/harness.ts').PageFigures} Measured */

/** A run that takes longer counts as failed, in seconds. */
const longest = 180

/**
 * @param {import('playwright').Browser} browser
 * @param {string} origin
 * @param {import('./contenders.mjs').Contender} contender
 * @param {import('./scenarios.mjs').Scenario} scenario
 * @param {string | undefined} profile
 * @returns {Promise<Measured>}
 */
export async function measure(browser, origin, { name, page: file, variant }, scenario, profile) {
  const context = await browser.newContext({ viewport: { width: 1024, height: 768 } })
  try {
    const page = await context.newPage()
    /** @type {Error[]} */
    const errors = []
    page.on('pageerror', (error) => errors.push(error))
    await page.goto(`${origin}/index.html?page=${file}`)
    await page.waitForFunction(() => window.bench !== undefined)
    await page.evaluate((task) => window.bench.prepare(task), { scenario, variant })
    const timers = [await timer(page, 'timeTicks', clocked), await timer(page, 'threadTicks', ofThread)]
    const devTools = await context.newCDPSession(page)
    if (profile !== undefined) {
      await devTools.send('Profiler.enable')
      await devTools.send('Profiler.start')
    }
    const before = await timesBy(timers)
    const figures = await inTime(page.evaluate(() => window.bench.run()))
    const after = await timesBy(timers)
    if (profile !== undefined) {
      const { profile: samples } = await devTools.send('Profiler.stop')
      await mkdir(profile, { recursive: true })
      await writeFile(join(profile, `${scenario.name} ${name}.cpuprofile`), JSON.stringify(samples))
    }
    if (errors.length > 0) throw errors[0]
    const spent = Object.keys(after).map((key) => [key, (after[key] ?? Number.NaN) - (before[key] ?? Number.NaN)])
    return { ...figures, ...Object.fromEntries(spent) }
  } finally {
    await context.close()
  }
}

/**
 * Reads seconds from a session of its own: each session counts in one domain.
 * @param {import('playwright').Page} page
 * @param {'timeTicks' | 'threadTicks'} timeDomain
 * @param {Record<string, string>} metrics  DevTools' names by ours
 */
async function timer(page, timeDomain, metrics) {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain })
  return async () => {
    const answer = await session.send('Performance.getMetrics')
    const valueOf = (/** @type {string} */ wanted) =>
      answer.metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN
    return Object.entries(metrics).map(([key, name]) => /** @type {const} */ ([key, valueOf(name)]))
  }
}

/** @param {readonly (() => Promise<(readonly [string, number])[]>)[]} timers @returns {Promise<Record<string, number>>} */
const timesBy = async (timers) => Object.fromEntries((await Promise.all(timers.map((read) => read()))).flat())

/** @template T @param {Promise<T>} work @returns {Promise<T>} */
async function inTime(work) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not stored after ${longest} s`)), longest * 1000)
  })
  // When it is late, the page goes and takes the work with it.
  work.catch(() => {})
  try {
    return await Promise.race([work, /** @type {Promise<never>} */ (late)])
  } finally {
    clearTimeout(timer)
  }
}
