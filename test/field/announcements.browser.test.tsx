/** What is said, and when, on a clock that stands still until told. */
import { expect, test } from 'vitest'
import { fileOf, KB, MB, openPage } from './openPage.js'

test('the region is there and empty from the start, and stays the same node', async () => {
  const field = await openPage()
  const region = field.announcer()
  expect(region.getAttribute('role')).toBe('status')
  expect(region.getAttribute('aria-live')).toBe('polite')
  expect(region.getAttribute('aria-atomic')).toBe('true')
  expect(region.textContent).toBe('')
  await field.add('a.pdf', 'b.pdf')
  await field.clock.advance(3_000)
  expect(region.textContent).not.toBe('')
  field.answer.reset()
  await field.clock.advance(20_000)
  expect(field.announcer()).toBe(region)
  expect(region.textContent).toBe('')
})

test.each([
  ['en', '3 files added. 3 of 5 files.'],
  ['ko', '파일 3개를 추가했습니다. 5개 중 3개.'],
] as const)('three files are one announcement, a second after the chooser (%s)', async (locale, text) => {
  const field = await openPage({ locale, maxFiles: 5, prepare: (backend) => backend.hold('send') })
  const heard = field.hear()
  const chosenAt = field.clock.now()
  await field.add('a.pdf', 'b.pdf', 'c.pdf')
  await field.clock.advance(20_000)
  expect(heard.map((each) => each.text)).toEqual([text])
  expect((heard[0]?.at ?? 0) - chosenAt).toBeGreaterThanOrEqual(900)
  expect((heard[0]?.at ?? 0) - chosenAt).toBeLessThanOrEqual(2_000)
})

test.each([
  ['en', 'report.pdf added. 1 of 5 files.', 'report.pdf uploaded.'],
  ['ko', 'report.pdf 파일을 추가했습니다. 5개 중 1개.', 'report.pdf 파일을 업로드했습니다.'],
] as const)('one file is told when it is added and when it is stored (%s)', async (locale, added, stored) => {
  const field = await openPage({ locale, maxFiles: 5, prepare: (backend) => backend.hold('send') })
  const heard = field.hear()
  await field.add('report.pdf')
  await field.clock.advance(2_000)
  field.backend.release('send')
  await field.clock.advance(3_000)
  expect(heard.map(({ text }) => text)).toEqual([added, stored])
})

test('twenty small files are at most three announcements, and the last says that all are uploaded', async () => {
  const field = await openPage({ backend: { latency: 1_000 } })
  const heard = field.hear()
  await field.add(...Array.from({ length: 20 }, (_, index) => fileOf(`${index}.pdf`, 20 * KB)))
  await field.clock.advance(60_000)
  expect(heard.length).toBeLessThanOrEqual(3)
  expect(heard.at(-1)?.text).toBe('All 20 files uploaded.')
})

const refusals: readonly [code: string, name: string, rules: object, size: number, en: string, ko: string][] = [
  [
    'file-type',
    'setup.exe',
    { accept: '.pdf,.hwp,.jpg' },
    240 * KB,
    'This type is not accepted. Use PDF, HWP or JPG.',
    '업로드할 수 없는 형식입니다. PDF, HWP, JPG 형식만 가능합니다.',
  ],
  [
    'file-too-large',
    'film.mp4',
    { maxSize: 20 * MB },
    25 * MB,
    'The file is 25 MB. The limit is 20 MB per file.',
    '파일 크기가 25MB입니다. 파일당 최대 20MB까지 업로드할 수 있습니다.',
  ],
  [
    'file-too-small',
    'scan.jpg',
    { minSize: 10 * KB },
    2 * KB,
    'The file is 2 KB. It must be at least 10 KB.',
    '파일 크기가 2KB입니다. 10KB 이상이어야 합니다.',
  ],
  [
    'file-empty',
    'empty.pdf',
    {},
    0,
    'The file is empty (0 bytes). Check it and choose it again.',
    '내용이 없는 파일입니다(0바이트). 확인한 뒤 다시 선택해 주세요.',
  ],
  [
    'total-too-large',
    'a.zip',
    { maxTotalSize: 50 * MB },
    62 * MB,
    'Together the files would be 62 MB. The limit is 50 MB.',
    '모두 더하면 62MB입니다. 전체 50MB까지 첨부할 수 있습니다.',
  ],
  [
    'no-macros',
    'sheet.xlsm',
    { validate: () => ({ code: 'no-macros', message: 'No macros.' }) },
    9,
    'No macros.',
    'No macros.',
  ],
]

test.each(refusals.flatMap((each) => [['en', ...each] as const, ['ko', ...each] as const]))(
  'a refused file is shown and named once with its reason (%s, %s)',
  async (locale, code, name, rules, size, en, ko) => {
    const field = await openPage({ locale, ...rules })
    const heard = field.hear()
    await field.add(fileOf(name, size))
    await field.clock.advance(20_000)
    const reason = locale === 'en' ? en : ko
    expect(field.row(name).dataset.reason).toBe(code)
    expect(field.meta(name)).toBe(reason)
    expect(heard.map(({ text }) => text)).toEqual([
      locale === 'en' ? `${name} not added. ${reason}` : `${name} 파일을 추가하지 못했습니다. ${reason}`,
    ])
  },
)

test('a file too many is told with the rule, a duplicate as such', async () => {
  const field = await openPage({ maxFiles: 2, duplicates: 'refuse' })
  await field.add('a.pdf')
  await field.clock.advance(20_000)
  const heard = field.hear()
  await field.add('a.pdf')
  await field.clock.advance(20_000)
  await field.add('b.pdf', 'c.pdf')
  await field.clock.advance(20_000)
  expect(heard[0]?.text).toBe('a.pdf not added. This file is already in the list.')
  expect(heard[1]?.text).toBe(
    'b.pdf added. 1 not added: c.pdf. Only 2 files can be attached. Remove one to add this. b.pdf uploaded.',
  )
})

test('several refused alike are one sentence; with different reasons the list is pointed at', async () => {
  const field = await openPage({ accept: '.pdf' })
  const heard = field.hear()
  await field.add('a.exe', 'b.exe', 'c.exe')
  await field.clock.advance(20_000)
  await field.add('d.exe', fileOf('e.pdf', 0))
  await field.clock.advance(20_000)
  expect(heard.map(({ text }) => text)).toEqual([
    '3 files not added. This type is not accepted. Use PDF.',
    '2 files not added. Details are in the list.',
  ])
})

test('two removals shortly after each other are both spoken', async () => {
  const field = await openPage()
  await field.add('a.pdf', 'b.pdf', 'c.pdf')
  await field.clock.advance(20_000)
  const heard = field.hear()
  field.remove('a.pdf').click()
  await field.clock.advance(200)
  field.remove('b.pdf').click()
  await field.clock.advance(20_000)
  const said = heard.map(({ text }) => text).join(' ')
  expect(said).toContain('a.pdf removed.')
  expect(said).toContain('b.pdf removed. 1 file left.')
})

test('the same words are said anew', async () => {
  const field = await openPage()
  await field.add('a.pdf')
  await field.clock.advance(20_000)
  const heard = field.hear()
  for (let turn = 0; turn < 2; turn += 1) {
    field.remove('a.pdf').click()
    await field.clock.advance(2_000)
    field.find<HTMLButtonElement>('[id$=-undo]').click()
    await field.clock.advance(3_000)
  }
  expect(heard.map(({ text }) => text)).toEqual([
    'a.pdf removed. No files left.',
    'a.pdf is back in the list.',
    'a.pdf removed. No files left.',
    'a.pdf is back in the list.',
  ])
})

test('a failure is told with its reason, a retry by its name', async () => {
  const field = await openPage({ prepare: (backend) => backend.fail('send', 'unreadable', { times: 1 }) })
  const heard = field.hear()
  await field.add('a.pdf')
  await field.clock.advance(10_000)
  field.backend.hold('send')
  field.find<HTMLButtonElement>('[id$=-retry]').click()
  await field.clock.advance(10_000)
  expect(heard.map(({ text }) => text)).toEqual([
    'a.pdf added. a.pdf could not be uploaded. The file cannot be read. It may have been moved or changed. Choose it again.',
    'Trying a.pdf again.',
  ])
})

test('going offline and coming back are told while something is pending, and only then', async () => {
  const field = await openPage({ prepare: (backend) => backend.hold('send') })
  const heard = field.hear()
  field.setOnline(false)
  await field.clock.advance(3_000)
  field.setOnline(true)
  await field.clock.advance(3_000)
  expect(heard).toEqual([])
  await field.add('a.pdf')
  await field.clock.advance(3_000)
  field.setOnline(false)
  await field.clock.advance(3_000)
  field.setOnline(true)
  await field.clock.advance(3_000)
  expect(heard.map(({ text }) => text)).toEqual([
    'a.pdf added.',
    'You are offline. Uploads are paused.',
    'Back online. Uploads continue.',
  ])
})

test('an answer of an earlier visit says nothing by itself', async () => {
  const field = await openPage({ defaultValue: ['old'] })
  const heard = field.hear()
  await field.clock.advance(20_000)
  expect(heard).toEqual([])
})

test('long names are cut in the middle when spoken, and their extension is kept', async () => {
  const field = await openPage({ prepare: (backend) => backend.hold('send') })
  const heard = field.hear()
  await field.add(`${'very-'.repeat(20)}long.pdf`)
  await field.clock.advance(2_000)
  expect(heard[0]?.text).toMatch(/^very-very-.{10,40}…[\w-]+long\.pdf added\.$/)
  expect([...(heard[0]?.text ?? '')].length).toBeLessThanOrEqual(50)
})

test('a second field on the page says nothing of the first', async () => {
  const field = await openPage()
  const other = await openPage({ label: 'Other' })
  const heard = other.hear()
  await field.add('a.pdf')
  await field.clock.advance(3_000)
  await other.clock.advance(3_000)
  expect(heard).toEqual([])
})

test.each([
  ['en', 'Upload 25% done.', 'Upload 50% done.', 'Upload 75% done.', 'film.mp4 uploaded.'],
  [
    'ko',
    '업로드 25% 진행되었습니다.',
    '업로드 50% 진행되었습니다.',
    '업로드 75% 진행되었습니다.',
    'film.mp4 파일을 업로드했습니다.',
  ],
] as const)(
  'half a minute of upload is told by quarters, at least ten seconds apart (%s)',
  async (locale, ...texts) => {
    const field = await openPage({ locale, prepare: (backend) => backend.hold('send') })
    const heard = field.hear()
    await field.add(fileOf('film.mp4', 90 * MB))
    for (let second = 1; second < 30; second += 1) {
      field.backend.progress('film.mp4', second / 30)
      await field.clock.advance(1_000)
    }
    field.backend.release('send')
    await field.clock.advance(5_000)
    expect(heard.slice(1).map(({ text }) => text)).toEqual(texts)
    const times = heard.slice(1, 4).map(({ at }) => at)
    for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(10_000)
  },
)

test('a short batch says nothing of its progress', async () => {
  const field = await openPage({ prepare: (backend) => backend.hold('send') })
  const heard = field.hear()
  await field.add(fileOf('a.mp4', 9 * MB), fileOf('b.mp4', 9 * MB))
  for (let step = 1; step < 10; step += 1) {
    for (const name of ['a.mp4', 'b.mp4']) field.backend.progress(name, step / 10)
    await field.clock.advance(400)
  }
  field.backend.release('send')
  await field.clock.advance(20_000)
  expect(heard.map(({ text }) => text)).toEqual(['2 files added.', 'All 2 files uploaded.'])
})

test('a file that failed and was stored after all is told as stored alone', async () => {
  const field = await openPage({
    prepare(backend) {
      backend.hold('send', 'slow.pdf')
      backend.fail('send', 'storage-rejected', { name: 'odd.pdf', times: 1 })
    },
  })
  await field.add('slow.pdf', 'odd.pdf')
  await field.clock.advance(20_000)
  field.find<HTMLButtonElement>('[id$=-retry]').click()
  await field.clock.advance(20_000)
  const heard = field.hear()
  field.backend.release('send')
  await field.clock.advance(20_000)
  expect(heard.map(({ text }) => text)).toEqual(['All 2 files uploaded.'])
})
