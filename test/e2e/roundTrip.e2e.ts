import { expect, test } from '@playwright/test'
import { Applicant } from './applicant.ts'

test('one file goes through the form to storage and comes back by a presigned GET', async ({ page, request }) => {
  const bytes = Buffer.from('\xff\xd8\xff the whole path on real storage', 'latin1')
  const I = new Applicant(page)
  await I.openTheForm()
  await I.add('ID photo', { name: 'face.jpg', mimeType: 'image/jpeg', buffer: bytes })
  await I.see('ID photo', ['face.jpg'], 'done')
  const id = await I.submit()
  const answer = await (await request.get(`/api/answers/${id}`)).json()
  expect(
    answer.answers.photo.map(({ name, size, type }: { name: string; size: number; type: string }) => ({
      name,
      size,
      type,
    })),
  ).toEqual([{ name: 'face.jpg', size: bytes.length, type: 'image/jpeg' }])
  const link = await page.getByRole('link', { name: 'face.jpg' }).getAttribute('href')
  const downloaded = await request.get(link ?? '')
  expect(downloaded.status()).toBe(200)
  expect(downloaded.headers()['content-disposition']).toContain('attachment')
  expect(await downloaded.body()).toEqual(bytes)
  I.sawNoConsoleMessage()
})
