// Drafts in a browser: what comes back after a reload, what is asked for again, and who of two tabs works.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { bytesOf, choose, draft, fileOnDisk, ids, rows, seeStored, seen } from './person.js'
import { openPlace, partSize, type Place, sha256 } from './place.js'

let place: Place
let directory: string
test.beforeEach(async () => {
  place = await openPlace()
  directory = await mkdtemp(join(tmpdir(), 'faf-drafts-'))
})
test.afterEach(async () => {
  await place.stop()
  await rm(directory, { recursive: true, force: true })
})

const size = 5 * partSize + 1000
const hash = (seed: string, bytes = size) => sha256(bytesOf(seed, bytes))

/** Two parts of six are stored, the others wait for ever; gives back their end. Who comes later is served once `onSend` says so. */
function holdAfterTwoParts(): () => void {
  const held: (() => void)[] = []
  let passed = 0
  place.onSend = ({ part }) => {
    if (part === 0 || passed++ < 2) return undefined
    return new Promise((resolve) => held.push(() => resolve('reset')))
  }
  return () => {
    for (const go of held) go()
  }
}

test('a reload in the middle, with the chooser open: stored ids at once, and only parts that storage lacks', async ({
  page,
}) => {
  const letGo = holdAfterTwoParts()
  await page.goto(place.url)
  await choose(page, [await fileOnDisk(directory, 'small.txt', 1000), await fileOnDisk(directory, 'big.bin', size)])
  await expect.poll(() => place.stored().length).toBe(3)
  await expect.poll(() => ids(page)).toHaveLength(1)
  const [small = ''] = await ids(page)
  await expect.poll(() => draft(page)).toContain('"kind":"stored"')
  expect(await draft(page)).not.toMatch(/https?:|X-Amz/)
  const before = place.stored()
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: /Add files/ }).click()
  await chooser
  const sentBefore = place.sent.length
  place.onSend = () => undefined
  await page.reload()
  await expect(rows(page)).toHaveCount(2)
  expect((await ids(page))[0]).toBe(small)
  letGo()
  await seeStored(page, ['small.txt', 'big.bin'])
  const after = place.sent.slice(sentBefore)
  const wasStored = ({ name, part }: { name: string; part: number }) =>
    before.some((each) => each.name === name && each.part === part)
  expect(after.filter(wasStored)).toEqual([])
  const had = before.map(({ part }) => part)
  expect(after.map(({ part }) => part).toSorted()).toEqual([1, 2, 3, 4, 5, 6].filter((part) => !had.includes(part)))
  expect(await place.contents(await ids(page))).toEqual([hash('small.txt', 1000), hash('big.bin')])
  // A third page has it all without asking anybody for bytes.
  const sent = place.sent.length
  await page.reload()
  await seeStored(page, ['small.txt', 'big.bin'])
  expect(place.sent.length).toBe(sent)
})

test('a file that is not kept is asked for by its row, and goes on; another of that name is a new upload', async ({
  page,
}) => {
  for (const { seed, sentParts } of [
    { seed: 'film.bin', sentParts: 4 },
    { seed: 'other bytes', sentParts: 6 },
  ]) {
    const letGo = holdAfterTwoParts()
    await page.goto(`${place.url}/?upTo=1000`)
    const path = await fileOnDisk(directory, 'film.bin', size)
    await choose(page, [path])
    await expect.poll(() => place.stored().filter(({ part }) => part > 0).length).toBe(2)
    place.onSend = () => undefined
    await page.reload()
    await expect(rows(page)).toContainText('Choose this file again to go on.')
    letGo()
    const sentBefore = place.sent.length
    if (seed !== 'film.bin') await fileOnDisk(directory, 'film.bin', size, seed)
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Choose a file film.bin' }).click()
    await (await chooser).setFiles(path)
    await seeStored(page, ['film.bin'])
    expect(place.sent.length - sentBefore).toBe(sentParts)
    expect(await place.contents(await ids(page))).toEqual([hash(seed)])
    await page.getByRole('button', { name: 'Remove film.bin' }).click()
    await expect(rows(page)).toHaveCount(0)
  }
})

test('a second tab shows the answer, and works on it when the first is closed', async ({ page, context }) => {
  const letGo = holdAfterTwoParts()
  await page.goto(place.url)
  await choose(page, [await fileOnDisk(directory, 'big.bin', size)])
  await expect.poll(() => place.stored().length).toBe(2)
  const second = await context.newPage()
  await second.goto(place.url)
  const notice = second.locator('[data-part=elsewhere]')
  await expect(notice).toHaveText('These files are open in another tab, which uploads them. Close it to go on here.')
  await expect(second.getByRole('status')).toContainText('open in another tab')
  expect(await seen(second)).toEqual([['big.bin', 'ready']])
  await expect(second.getByRole('button', { name: /big\.bin/ })).toHaveCount(0)
  const had = new Set(place.stored().map(({ part }) => part))
  const sentBefore = place.sent.length
  place.onSend = () => undefined
  await page.close()
  letGo()
  await seeStored(second, ['big.bin'])
  await expect(notice).toHaveCount(0)
  // Chromium itself may send a part again whose connection was lost; what was stored it has no reason to.
  expect(new Set(place.sent.slice(sentBefore).map(({ part }) => part))).toEqual(
    new Set([1, 2, 3, 4, 5, 6].filter((part) => !had.has(part))),
  )
  expect(await place.contents(await ids(second))).toEqual([hash('big.bin')])
})

test('a second tab follows what the first has stored', async ({ page, context }) => {
  await page.goto(place.url)
  // The draft is the first tab's once it holds the lock, which it asks for after its page has loaded.
  await expect.poll(() => page.evaluate(async () => (await navigator.locks.query()).held?.length)).toBe(1)
  const second = await context.newPage()
  await second.goto(place.url)
  await expect(second.locator('[data-part=elsewhere]')).toBeVisible()
  await choose(page, [await fileOnDisk(directory, 'a.txt', 1000)])
  await seeStored(second, ['a.txt'])
  expect(await ids(second)).toEqual(await ids(page))
})

for (const [how, breakIt] of [
  [
    'denied',
    () =>
      Object.defineProperty(window, 'indexedDB', {
        get: () => {
          throw new DOMException('Denied', 'SecurityError')
        },
      }),
  ],
  [
    'full',
    () => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('Full', 'QuotaExceededError')
      }
    },
  ],
  [
    'blocked',
    () => {
      IDBFactory.prototype.open = () => ({}) as IDBOpenDBRequest
    },
  ],
] as const) {
  test(`IndexedDB ${how}: files are uploaded, with one warning`, async ({ page }) => {
    const warnings: string[] = []
    page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()))
    await page.addInitScript(breakIt)
    await page.goto(place.url)
    await choose(page, [await fileOnDisk(directory, 'a.txt', 1000), await fileOnDisk(directory, 'b.txt', 1000)])
    await seeStored(page, ['a.txt', 'b.txt'])
    await choose(page, [await fileOnDisk(directory, 'c.txt', 1000)])
    await seeStored(page, ['a.txt', 'b.txt', 'c.txt'])
    // The draft is written a moment after what it tells of.
    await expect.poll(() => warnings.length).toBe(1)
    expect(warnings[0]).toContain('persist')
  })
}
