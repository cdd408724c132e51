/** What only a real page shows: files that are rewritten on disk, going back to a page that sends, leaving it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { Applicant } from './applicant.ts'

const MiB = 1024 * 1024
const video = 'Introduction video'

/** Bytes leave slowly from now on, or as fast as they can. */
async function slowDown(page: Page, bytesPerSecond: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond,
  })
}

/** Uploads that reach storage: each PUT, each form, by name of its object or part. */
function watchStorage(page: Page): string[] {
  const sent: string[] = []
  const own = new URL(process.env.DEMO_URL ?? '').host
  page.context().on('request', (request) => {
    const { host, pathname, searchParams } = new URL(request.url())
    if (host !== own && (request.method() === 'PUT' || request.method() === 'POST'))
      sent.push(`${pathname} ${searchParams.get('partNumber') ?? ''}`)
  })
  return sent
}

const begun = (I: Applicant) =>
  expect
    .poll(() => I.rows(video).getByRole('progressbar').getAttribute('aria-valuenow').then(Number), { timeout: 20_000 })
    .toBeGreaterThan(10)

let directory = ''
let path = ''
test.beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'faf-disk-'))
  path = join(directory, 'me.mp4')
})
test.afterEach(() => rm(directory, { recursive: true, force: true }))

for (const [size, how] of [
  [20 * MiB, 'one request'],
  [40 * MiB, 'parts'],
] as const) {
  test(`a file rewritten on disk in the middle of ${how} is told and never counts, by "Try again" neither`, async ({
    page,
  }) => {
    await writeFile(path, Buffer.alloc(size, 'a'))
    const sent = watchStorage(page)
    const I = new Applicant(page)
    await I.openTheForm()
    await slowDown(page, 10 * MiB)
    await I.add(video, path)
    await begun(I)
    await writeFile(path, Buffer.alloc(size, 'b'))
    await I.see(video, ['me.mp4'], 'failed')
    await expect(I.rows(video)).toContainText('The file cannot be read.')
    expect(await I.ids(video)).toEqual([])
    const before = sent.length
    await I.question(video)
      .getByRole('button', { name: /Try again/ })
      .click()
    await expect(I.rows(video)).toContainText('The file cannot be read.')
    await I.see(video, ['me.mp4'], 'failed')
    expect(sent.length).toBe(before)
  })
}

test('back to a page that sends: what was sent meanwhile is not sent again', async ({ playwright, launchOptions }) => {
  const browser = await playwright.chromium.launch({
    ...launchOptions,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  const page = await browser.newPage({ baseURL: process.env.DEMO_URL ?? '' })
  const sent = watchStorage(page)
  const I = new Applicant(page)
  await I.openTheForm()
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => document.body.setAttribute('data-back', String(persisted)))
  })
  await slowDown(page, 10 * MiB)
  await writeFile(path, Buffer.alloc(30 * MiB))
  await I.add(video, path)
  await begun(I)
  page.on('dialog', (dialog) => dialog.accept())
  await page.goto('/answers/none')
  await page.evaluate(() => setTimeout(() => history.back()))
  await expect(page.locator('body')).toHaveAttribute('data-back', 'true')
  await I.see(video, ['me.mp4'], 'done')
  expect(sent.length).toBe(1)
  expect((await I.ids(video)).length).toBe(1)
  await browser.close()
})

test('leaving asks while a file is unsettled, and not before or after', async ({ page }) => {
  const asked: string[] = []
  page.on('dialog', (dialog) => {
    asked.push(dialog.type())
    return dialog.dismiss()
  })
  const I = new Applicant(page)
  await I.openTheForm()
  await slowDown(page, 2 * MiB)
  await writeFile(path, Buffer.alloc(8 * MiB))
  await I.add(video, path)
  await begun(I)
  // Browsers ask only where a person has done something on the page.
  await page.getByRole('textbox').click()
  await page.close({ runBeforeUnload: true })
  await expect.poll(() => asked).toEqual(['beforeunload'])
  await I.see(video, ['me.mp4'], 'done')
  await page.close({ runBeforeUnload: true })
  await expect.poll(() => page.isClosed()).toBe(true)
  expect(asked.length).toBe(1)
})
