/**
 * Real Chromium, a proxy that does harm, real Ceph: one table of faults, and what must be seen of each.
 * All times of the engine are a twentieth. `FAF_FAULT=F27` runs only the rows that begin so.
 */
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { chromiumLaunch } from '../../scripts/chromium.mjs'
import type { Report } from './report.js'
import type { Between, Row, Stage } from './row.js'
import { rows } from './rows.js'
import { openSite, type Site } from './site.js'
import { MiB, openStage, Pages } from './stage.js'
import { openStorage, type Storage } from './storage.js'
import { type Line, tableOf } from './table.js'

let storage: Storage
let site: Site
let browser: Browser
let pages: Pages
const lines: Line[] = []

beforeAll(async () => {
  ;[storage, site, browser] = await Promise.all([openStorage(), openSite(), chromium.launch(chromiumLaunch)])
  pages = new Pages(browser)
}, 120_000)

afterAll(async () => {
  console.log(tableOf(lines))
  await browser.close()
  await site.close()
  await storage.stop()
})

const wanted = process.env.FAF_FAULT ?? ''

describe('faults between the page and storage', () => {
  for (const [at, row] of rows.entries()) {
    const name = nameOf(row)
    if (!name.startsWith(wanted)) continue
    it.concurrent(name, { timeout: 60_000 }, async () => {
      const begun = performance.now()
      const stage = await openStage(row, at, { browser, pages, site, storage })
      let last: Report | null = null
      let verdict = 'as expected'
      try {
        await play(row, stage)
        last = await stage.page.evaluate(() => window.faults.report({ hashes: true }))
        await judge(row, stage, last)
      } catch (thrown) {
        verdict = 'OTHERWISE'
        throw thrown
      } finally {
        last ??= await stage.report().catch(() => null)
        const objects = await storage.keys(stage.prefix).catch(() => [])
        lines.push({
          at,
          row,
          name,
          last,
          wire: stage.proxy,
          objects: objects.length,
          verdict,
          ms: performance.now() - begun,
        })
        await stage.close()
      }
    })
  }
})

function nameOf({ fault, words, by = 'PUT', connection }: Row): string {
  return [fault, words, by, ...(connection === undefined ? [] : [connection])].join(', ')
}

async function play(row: Row, stage: Stage): Promise<void> {
  if (!row.mounts) await stage.page.evaluate((options) => window.faults.open(options), stage.options)
  if (row.connection === 'reused') {
    await stage.add({ name: 'before.bin', size: 1000 })
    await stage.ended()
  }
  stage.proxy.begin(typeof row.wire === 'function' ? row.wire(stage) : (row.wire ?? []))
  await stage.page.evaluate(() => window.faults.begin())
  if (row.act !== undefined) await row.act(stage)
  else {
    const { files = 1, size = MiB } = row
    await stage.add(...Array.from({ length: files }, (_, at) => ({ name: `${at}.bin`, size })))
    await stage.ended()
  }
}

async function judge(row: Row, stage: Stage, report: Report): Promise<void> {
  const { ends = 'done', sends, wire = {}, calls = {}, shown = [], others = 0, sameBytes = true } = row.expect ?? {}
  const files = report.entries.filter(({ name }) => name !== 'before.bin')
  const states = files.map(({ state, code }) => (state === 'failed' || state === 'rejected' ? code : state))
  const all = typeof ends === 'string' ? files.map(() => ends) : ends
  expect(states.toSorted(), 'what the files ended as').toEqual(all.toSorted())
  const told = states.filter((state) => state !== 'done')
  expect(report.failed.toSorted(), 'codes that rows were told').toEqual([...told, ...shown].toSorted())
  expect(report.overshot, 'bytes over the size').toBe(false)
  const { hint, storageCode, waited } = row.expect ?? {}
  if (waited !== undefined) expect(report.waited, 'what rows waited for').toEqual(waited)
  for (const file of files) {
    if (file.code === null) continue
    if (hint !== undefined) expect(file.hint ?? '').toMatch(hint)
    if (storageCode !== undefined) expect(file.storageCode).toBe(storageCode)
  }
  expectBetween('sends in the page', report.sends, sends)
  for (const method of ['OPTIONS', 'PUT', 'POST'] as const) {
    expectBetween(`${method} on the wire`, stage.proxy.count(method), wire[method])
  }
  for (const [action, many] of Object.entries(calls)) {
    expectBetween(`${action} calls`, report.calls[action] ?? 0, many)
  }
  await exact(report, stage, others, sameBytes)
  await row.expect?.also?.(stage, report)
}

/** Each file left in the field is stored once, its id stands once in the answer, in the order shown, and no other id does. */
async function exact(report: Report, stage: Stage, others: number, sameBytes: boolean): Promise<void> {
  const done = report.entries.filter(({ state }) => state === 'done')
  expect(report.ids, 'ids of the answer').toEqual(done.map(({ id }) => id))
  expect(new Set(report.ids).size, 'ids, each once').toBe(report.ids.length)
  const keys = report.ids.map((id) => stage.issued.find((grant) => grant.id === id)?.key ?? `not issued: ${id}`)
  await vi.waitFor(
    async () => {
      const stored = await stage.storage.keys(stage.prefix)
      expect(stored, 'objects of the answer').toEqual(expect.arrayContaining(keys))
      expect(stored.length - keys.length, 'other objects').toBe(others)
    },
    { timeout: 5_000, interval: 50 },
  )
  if (!sameBytes) return
  for (const [place, { sha256, name }] of done.entries()) {
    if (sha256 === null) continue
    expect(await stage.storage.sha256(keys[place] ?? ''), `bytes of ${name}`).toBe(sha256)
  }
}

function expectBetween(what: string, actual: number, allowed: Between | undefined): void {
  if (allowed === undefined) return
  const [least, most] = typeof allowed === 'number' ? [allowed, allowed] : allowed
  expect(actual, what).toBeGreaterThanOrEqual(least)
  expect(actual, what).toBeLessThanOrEqual(most)
}
