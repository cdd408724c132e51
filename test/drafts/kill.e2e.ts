// The browser is killed at seeded moments during an upload of ten files, and started again: all finish, and what storage
// had is not sent again more than once. Ten moments; fifty with FAF_FULL=1.
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { bytesOf, choose, fileOnDisk, ids, rows, seeStored } from './person.js'
import { openPlace, partSize, type Sent, sha256 } from './place.js'

const moments = process.env.FAF_FULL === '1' ? 50 : 10
const seed = Number(process.env.FAF_SEED ?? 1)
/** Ten files: seven of one request, three of three, two and two parts. */
const files = Array.from({ length: 10 }, (_, index) => ({
  name: `file${index}.bin`,
  size: index % 3 === 1 ? (index === 4 ? 2 : 1) * partSize + 70_000 + index : 200_000 + index,
}))
const requests = 7 + 3 + 2 + 2

/** The same for the same seed: 0 ≤ x < 1. */
const chance = (of: number): number => {
  const mixed = Math.imul((seed * 7_919 + of) ^ 0x9e3779b9, 0x85ebca6b) >>> 0
  return (Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) >>> 0) / 2 ** 32
}

/** Kills every process of the browser with this profile. */
function kill(profile: string): void {
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const args = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0')
      if (args.includes(`--user-data-dir=${profile}`)) process.kill(Number(name), 'SIGKILL')
    } catch {
      // Ended meanwhile.
    }
  }
}

const resent: number[] = []
test.afterAll(() => console.log(`seed ${seed}; requests sent again though stored, by moment: ${resent.join(' ')}`))

for (let moment = 0; moment < moments; moment += 1) {
  // Every number of requests is met by fifty moments; half of the kills wait for so many to be stored.
  const after = 1 + Math.floor(chance(moment) * requests)
  const waitsForAnswers = moment % 2 === 1
  test(`killed when request ${after} ${waitsForAnswers ? 'is stored' : 'has come'} (moment ${moment})`, async ({
    playwright,
    launchOptions,
  }) => {
    const place = await openPlace()
    const directory = await mkdtemp(join(tmpdir(), 'faf-kill-'))
    const profile = join(directory, 'profile')
    const start = async (): Promise<{ context: BrowserContext; page: Page }> => {
      const context = await playwright.chromium.launchPersistentContext(profile, { ...launchOptions, locale: 'en-US' })
      return { context, page: context.pages()[0] ?? (await context.newPage()) }
    }
    const paths = await Promise.all(files.map(({ name, size }) => fileOnDisk(directory, name, size)))
    try {
      let come = 0
      const first = await start()
      const ended = new Promise((resolve) => first.context.once('close', resolve))
      const isTime = () => (waitsForAnswers ? place.answered() >= after : come >= after)
      place.onSend = () => {
        come += 1
        if (isTime()) kill(profile)
        return undefined
      }
      await first.page.goto(place.url)
      await choose(first.page, paths).catch(() => {})
      const watch = setInterval(() => isTime() && kill(profile), 1)
      await ended
      clearInterval(watch)
      place.onSend = () => undefined
      const before = await settled(place.stored)
      const sentBefore = place.sent.length

      const { context, page } = await start()
      await page.goto(place.url)
      await expect(rows(page)).toHaveCount(10)
      // What the browser had no time to keep is asked for again by name.
      const needed = await page.locator('[data-reason=file-needed] [data-part=name]').allTextContents()
      if (needed.length > 0)
        await choose(
          page,
          paths.filter((path) => needed.some((name) => path.endsWith(`/${name}`))),
        )
      await seeStored(
        page,
        files.map(({ name }) => name),
      )
      const given = await ids(page)
      expect(new Set(given).size).toBe(10)
      expect(await place.contents(given)).toEqual(files.map(({ name, size }) => sha256(bytesOf(name, size))))
      expect(place.objects().toSorted()).toEqual(files.map(({ name }) => name))
      const again = place.sent.slice(sentBefore)
      const timesSent = before.map((stored) => again.filter((sent) => isSame(sent, stored)).length)
      expect(Math.max(0, ...timesSent)).toBeLessThanOrEqual(1)
      // Parts are told by storage; whole files that it has answer 412 to their one request.
      expect(before.filter(({ part }, index) => part > 0 && timesSent[index] !== 0)).toEqual([])
      resent.push(timesSent.reduce((sum, times) => sum + times, 0))
      await context.close()
    } finally {
      kill(profile)
      await place.stop()
      await rm(directory, { recursive: true, force: true })
    }
  })
}

const isSame = (a: Sent, b: Sent) => a.name === b.name && a.part === b.part

/** Requests whose bytes had all come are stored yet. */
async function settled(stored: () => Sent[]): Promise<Sent[]> {
  let last = -1
  await expect
    .poll(() => {
      const now = stored().length
      const isStill = now === last
      last = now
      return isStill
    })
    .toBe(true)
  return stored()
}
