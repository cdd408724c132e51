import { expect, test } from '@playwright/test'

test('one file goes to storage by presigned PUT and comes back by presigned GET', async ({ page, request }) => {
  const bytes = Buffer.from('%PDF-1.7 the whole path on real storage')
  await page.goto(process.env.DEMO_URL ?? '')
  await page.getByLabel('Documents').setInputFiles({ name: '이력서.pdf', mimeType: 'application/pdf', buffer: bytes })
  const link = page.getByRole('link', { name: '이력서.pdf' })
  await expect(link).toBeVisible()
  const answer = await request.get((await link.getAttribute('href')) ?? '')
  expect(answer.status()).toBe(200)
  expect(await answer.body()).toEqual(bytes)
})
