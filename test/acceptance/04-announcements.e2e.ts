/** Checks 17 to 22: what is said, and when, on the page's clock. */
import { expect, KB, MB, test } from './field.js'

test('17. the region is there and empty from the start, a status, and the same node all its life', async ({
  field,
}) => {
  await field.open()
  await expect(field.root.getByRole('status')).toHaveCount(1)
  await expect(field.status).toHaveText('')
  await expect(field.status).toHaveAttribute('aria-live', 'polite')
  const region = await field.status.elementHandle()
  await field.add('a.pdf', 'b.pdf')
  await field.pass(5_000)
  await field.button('Remove a.pdf').click()
  await field.pass(30_000)
  expect((await field.said()).length).toBeGreaterThan(1)
  expect(await region?.evaluate((node) => node === document.querySelector('[data-part=announcer]'))).toBe(true)
  await expect(field.status).toHaveText('')
})

for (const [locale, text] of [
  ['en', '3 files added. 3 of 5 files.'],
  ['ko', '파일 3개를 추가했습니다. 5개 중 3개.'],
] as const)
  test(`18. three files are one announcement, 0.9 to 2 s after they were chosen (${locale})`, async ({
    field,
    page,
  }) => {
    await field.open({ locale, hold: [['send']], props: { maxFiles: 5 } })
    const chosenAt = await page.evaluate(() => Date.now())
    await field.add('a.pdf', 'b.pdf', 'c.pdf')
    await field.pass(10_000)
    const heard = await field.heard()
    expect(heard.map((each) => each.text)).toEqual([text])
    expect((heard[0]?.at ?? 0) - chosenAt).toBeGreaterThanOrEqual(900)
    expect((heard[0]?.at ?? 0) - chosenAt).toBeLessThanOrEqual(2_000)
  })

test('18. … in real time: added first, then uploaded', async ({ field, page }) => {
  await field.open({ hold: [['send']] }, { realTime: true })
  await page.evaluate(() => window.stage.choose([{ name: 'a.pdf' }]))
  await expect.poll(() => field.said(), { timeout: 15_000 }).toEqual(['a.pdf added.'])
  await field.release()
  await expect.poll(() => field.said(), { timeout: 15_000 }).toEqual(['a.pdf added.', 'a.pdf uploaded.'])
})

for (const count of [20, 200])
  test(`19. ${count} small files are at most three announcements, the last that all are uploaded`, async ({
    field,
  }) => {
    await field.open({ hold: [['send']] })
    await field.add(...Array.from({ length: count }, (_, index) => ({ name: `${index}.pdf`, size: 20 * KB })))
    // As many as are sent at once are stored every 300 ms; a latency would make two thousand timers of it.
    const isComplete = async () => (await field.root.getAttribute('data-state')) === 'complete'
    while (!(await isComplete())) {
      await field.release('send')
      await field.hold('send')
      await field.pass(300)
    }
    await field.pass(5_000)
    const said = await field.said()
    expect(said.at(-1)).toMatch(new RegExp(`All ${count} files uploaded\\.$`))
    // Long batches tell of their quarters besides.
    const others = said.filter((text) => !text.startsWith('Upload '))
    expect(others.length).toBeLessThanOrEqual(3)
    expect(said.length).toBeLessThanOrEqual(count === 20 ? 3 : 6)
  })

const refusals = [
  [
    'file-type',
    { name: 'setup.exe' },
    { accept: '.pdf,.hwp,.jpg' },
    'This type is not accepted. Use PDF, HWP or JPG.',
    '업로드할 수 없는 형식입니다. PDF, HWP, JPG 형식만 가능합니다.',
  ],
  [
    'file-too-large',
    { name: 'film.mp4', size: 25 * MB },
    { maxSize: 20 * MB },
    'The file is 25 MB. The limit is 20 MB per file.',
    '파일 크기가 25MB입니다. 파일당 최대 20MB까지 업로드할 수 있습니다.',
  ],
  [
    'file-too-small',
    { name: 'scan.jpg', size: 2 * KB },
    { minSize: 10 * KB },
    'The file is 2 KB. It must be at least 10 KB.',
    '파일 크기가 2KB입니다. 10KB 이상이어야 합니다.',
  ],
  [
    'file-empty',
    { name: 'empty.pdf', size: 0 },
    {},
    'The file is empty (0 bytes). Check it and choose it again.',
    '내용이 없는 파일입니다(0바이트). 확인한 뒤 다시 선택해 주세요.',
  ],
  [
    'total-too-large',
    { name: 'a.zip', size: 62 * MB },
    { maxTotalSize: 50 * MB },
    'Together the files would be 62 MB. The limit is 50 MB.',
    '모두 더하면 62MB입니다. 전체 50MB까지 첨부할 수 있습니다.',
  ],
  [
    'too-many',
    { name: 'c.pdf' },
    { maxFiles: 2, defaultValue: ['a', 'b'] },
    'Only 2 files can be attached. Remove one to add this.',
    '최대 2개까지 첨부할 수 있습니다. 추가하려면 다른 파일을 삭제해 주세요.',
  ],
  [
    'name-invalid',
    { name: 'refused by the server.pdf' },
    {},
    'The file name is too long. Shorten it and choose it again.',
    '파일 이름이 너무 깁니다. 이름을 줄인 뒤 다시 선택해 주세요.',
  ],
] as const

for (const [code, file, props, en, ko] of refusals)
  test(`20. a file refused as ${code} is a row with the reason, and named once, in English and Korean`, async ({
    field,
  }) => {
    await field.open()
    for (const [locale, reason, text] of [
      ['en', en, `${file.name} not added. ${en}`],
      ['ko', ko, `${file.name} 파일을 추가하지 못했습니다. ${ko}`],
    ] as const) {
      await field.show({ locale, props, fail: [['presign', 'name-invalid', { name: 'refused by the server.pdf' }]] })
      await field.add(file)
      await field.pass(10_000)
      const row = field.root.locator(`[data-reason=${code}]`)
      await expect(row).toBeVisible()
      await expect(row.locator('[data-part=meta]')).toHaveText(reason)
      expect(await field.said()).toEqual([text])
    }
  })

test('20. … and one that is in the list already, as such', async ({ field }) => {
  await field.open()
  for (const [locale, text] of [
    ['en', 'a.pdf not added. This file is already in the list.'],
    ['ko', 'a.pdf 파일을 추가하지 못했습니다. 이미 목록에 있는 파일입니다.'],
  ] as const) {
    await field.show({ locale, props: { duplicates: 'refuse' } })
    await field.add('a.pdf')
    await field.pass(10_000)
    await field.forget()
    await field.add('a.pdf')
    await field.pass(10_000)
    expect(await field.said()).toEqual([text])
  }
})

test('21. half a minute of upload is told by quarters, at least ten seconds apart', async ({ field }) => {
  await field.open({ hold: [['send']] })
  await field.add({ name: 'film.mp4', size: 90 * MB })
  for (let second = 1; second < 30; second += 1) {
    await field.progress('film.mp4', second / 30)
    await field.pass(1_000)
  }
  await field.release()
  await field.pass(5_000)
  const heard = await field.heard()
  expect(heard.map(({ text }) => text)).toEqual([
    'film.mp4 added.',
    'Upload 25% done.',
    'Upload 50% done.',
    'Upload 75% done.',
    'film.mp4 uploaded.',
  ])
  const times = heard.slice(1, 4).map(({ at }) => at)
  for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(10_000)
})

test('22. two removals within a fifth of a second are both spoken', async ({ field }) => {
  await field.open()
  await field.add('a.pdf', 'b.pdf', 'c.pdf')
  await field.pass(10_000)
  await field.forget()
  await field.button('Remove a.pdf').click()
  await field.pass(200)
  await field.button('Remove b.pdf').click()
  await field.pass(10_000)
  expect(await field.said()).toEqual(['a.pdf removed. b.pdf removed. 1 file left.'])
})
