/** What is said, word for word, and when. */
import { act } from '@testing-library/react'
import { createFileAnswer } from 'file-answer-field'
import { ko } from 'file-answer-field/locales/ko'
import { createMemoryBackend } from 'file-answer-field/testing'
import { describe, expect, test, vi } from 'vitest'
import { aFile, choose, field, mount, pass, press, statusOf, untilStored, standStill } from './kit.js'

standStill()

/** All that is newly said in a time, in order. */
async function saidIn(ms: number): Promise<string[]> {
  const said: string[] = []
  let before = statusOf().textContent ?? ''
  for (let passed = 0; passed < ms; passed += 100) {
    await pass(100)
    const text = statusOf().textContent ?? ''
    if (text !== '' && text !== before) said.push(text)
    before = text
  }
  return said
}

const reason = { en: 'This type is not accepted. Use PDF.', ko: '업로드할 수 없는 형식입니다. PDF 형식만 가능합니다.' }

describe.each([
  ['en', undefined],
  ['ko', ko],
] as const)('in %s', (language, messages) => {
  const either = (en: string, korean: string) => (language === 'en' ? en : korean)
  const props = { messages, maxFiles: 5 }

  test('one file added, then stored', async () => {
    const { backend } = mount(props)
    backend.hold('send')
    await choose(aFile('a.pdf'))
    expect(await saidIn(3_000)).toEqual([
      either('a.pdf added. 1 of 5 files.', 'a.pdf 파일을 추가했습니다. 5개 중 1개.'),
    ])
    backend.release()
    expect(await saidIn(3_000)).toEqual([either('a.pdf uploaded.', 'a.pdf 파일을 업로드했습니다.')])
  })

  test('several added, then all stored', async () => {
    const { backend } = mount(props)
    backend.hold('send')
    await choose(['a.pdf', 'b.pdf', 'c.pdf'].map((name) => aFile(name)))
    expect(await saidIn(3_000)).toEqual([
      either('3 files added. 3 of 5 files.', '파일 3개를 추가했습니다. 5개 중 3개.'),
    ])
    backend.release()
    expect(await saidIn(3_000)).toEqual([either('All 3 files uploaded.', '파일 3개를 모두 업로드했습니다.')])
  })

  test('one rejected', async () => {
    mount({ ...props, accept: '.pdf' })
    await choose(aFile('a.exe'))
    expect(await saidIn(3_000)).toEqual([
      either(`a.exe not added. ${reason.en}`, `a.exe 파일을 추가하지 못했습니다. ${reason.ko}`),
    ])
  })

  test('several rejected for one reason, and for several', async () => {
    mount({ ...props, accept: '.pdf' })
    await choose([aFile('a.exe'), aFile('b.exe')])
    expect(await saidIn(3_000)).toEqual([
      either(`2 files not added. ${reason.en}`, `파일 2개를 추가하지 못했습니다. ${reason.ko}`),
    ])
    await choose([aFile('c.exe'), aFile('d.pdf', '')])
    expect(await saidIn(3_000)).toEqual([
      either(
        '2 files not added. Details are in the list.',
        '파일 2개를 추가하지 못했습니다. 목록에서 이유를 확인해 주세요.',
      ),
    ])
  })

  test('removed, with how many are left, and brought back', async () => {
    mount({
      ...props,
      defaultValue: ['a', 'b'],
      knownFiles: ['a', 'b'].map((id) => ({ id, name: `${id}.pdf`, size: 5, type: '' })),
    })
    await pass(2_000)
    expect(statusOf()).toBeEmptyDOMElement()
    await press(either('Remove a.pdf', '삭제 a.pdf'))
    expect(await saidIn(3_000)).toEqual([
      either('a.pdf removed. 1 file left.', 'a.pdf 파일을 삭제했습니다. 남은 파일 1개.'),
    ])
    await press(either('Remove b.pdf', '삭제 b.pdf'))
    expect(await saidIn(3_000)).toEqual([
      either('b.pdf removed. No files left.', 'b.pdf 파일을 삭제했습니다. 남은 파일이 없습니다.'),
    ])
    await press(either('Undo: remove b.pdf', '되돌리기: b.pdf 파일 삭제'))
    expect(await saidIn(3_000)).toEqual([either('b.pdf is back in the list.', 'b.pdf 파일을 목록에 되돌렸습니다.')])
  })

  test('cancelled', async () => {
    const { backend } = mount(props)
    backend.hold('send')
    await choose(aFile('a.pdf'))
    await pass(3_000)
    await press(either('Cancel a.pdf', '취소 a.pdf'))
    expect(await saidIn(3_000)).toEqual([either('Upload of a.pdf cancelled.', 'a.pdf 파일 업로드를 취소했습니다.')])
  })

  test('cancelled while its URL was asked for, as its button said', async () => {
    const { backend } = mount(props)
    backend.hold('presign')
    await choose(aFile('a.pdf'))
    await pass(3_000)
    await press(either('Cancel a.pdf', '취소 a.pdf'))
    expect(await saidIn(3_000)).toEqual([either('Upload of a.pdf cancelled.', 'a.pdf 파일 업로드를 취소했습니다.')])
  })

  test('failed, and tried again', async () => {
    const { backend } = mount(props)
    backend.hold('send')
    await choose(aFile('a.pdf'))
    await pass(3_000)
    backend.fail('send', 'unsafe')
    backend.release()
    expect(await saidIn(3_000)).toEqual([
      either(
        'a.pdf could not be uploaded. This file may be unsafe.',
        'a.pdf 파일을 업로드하지 못했습니다. 안전하지 않은 파일일 수 있습니다.',
      ),
    ])
    backend.hold('send')
    await press(either('Try again a.pdf', '다시 시도 a.pdf'))
    expect(await saidIn(3_000)).toEqual([either('Trying a.pdf again.', 'a.pdf 파일을 다시 업로드합니다.')])
  })

  test('replaced in a field for one file', async () => {
    const { backend } = mount({ messages, maxFiles: 1 })
    await choose(aFile('a.pdf'))
    await pass(4_000)
    backend.hold('send')
    await choose(aFile('b.pdf'))
    await pass(4_000)
    backend.release()
    const [said] = await saidIn(3_000)
    expect(said).toContain(either('a.pdf replaced by b.pdf.', 'a.pdf 파일을 b.pdf 파일로 바꿨습니다.'))
  })
})

test('happenings close together are one sentence, and two sentences are a second and a half apart', async () => {
  const { backend } = mount({ accept: '.pdf', maxFiles: 9 })
  backend.hold('send')
  await choose([aFile('a.pdf'), aFile('b.exe')])
  await choose(aFile('c.pdf'))
  expect(await saidIn(1_400)).toEqual(['2 files added. 1 not added: b.exe. This type is not accepted. Use PDF.'])
  await press('Cancel a.pdf')
  await press('Cancel c.pdf')
  expect(await saidIn(900)).toEqual([])
  expect(await saidIn(1_500)).toEqual(['Upload of a.pdf cancelled. Upload of c.pdf cancelled.'])
})

test("nothing is said in the second in which the screen reader tells of the page's return from the chooser", async () => {
  mount()
  await choose(aFile('a.pdf'))
  expect(await saidIn(1_000)).toEqual([])
  expect(await saidIn(500)).not.toEqual([])
})

test('what was said is cleared after a while, and the same words can be said again', async () => {
  mount({ accept: '.pdf' })
  await choose(aFile('a.exe'))
  const [first] = await saidIn(2_000)
  await pass(8_000)
  expect(statusOf()).toBeEmptyDOMElement()
  await choose(aFile('a.exe'))
  expect(await saidIn(2_000)).toEqual([first])
  const told: (string | null)[] = []
  const observer = new MutationObserver(() => told.push(statusOf().textContent))
  observer.observe(statusOf(), { childList: true, characterData: true, subtree: true })
  await choose(aFile('a.exe'))
  await pass(3_000)
  observer.disconnect()
  expect(told).toEqual(['', first])
})

test('one region, mounted empty with the field, tells everything for the life of the field', async () => {
  const { backend, change } = mount()
  const region = statusOf()
  expect(region).toBeEmptyDOMElement()
  expect(region).toHaveAttribute('aria-live', 'polite')
  expect(region).toHaveAttribute('aria-atomic', 'true')
  backend.fail('send', 'unsafe')
  await choose([aFile('a.pdf'), aFile('b.pdf')])
  await untilStored()
  await press('Remove a.pdf')
  await change({ disabled: true })
  await change({ readOnly: true, error: 'No.' })
  await change({ messages: ko })
  await pass(3_000)
  expect(statusOf()).toBe(region)
  expect(field().querySelectorAll('[role=status], [role=alert], [aria-live]')).toHaveLength(1)
})

test('a whole call that was denied is said once, however many files it was for', async () => {
  const { backend } = mount({}, { backend: createMemoryBackend({ largestBatch: 200 }) })
  backend.fail('presign', 'denied')
  await choose(['a.pdf', 'b.pdf', 'c.pdf'].map((name) => aFile(name)))
  const said = (await saidIn(4_000)).join(' ')
  expect(said.split('You are not allowed to upload here.')).toHaveLength(2)
})

test('a long name is cut in the middle when it is said, its extension kept', async () => {
  mount()
  const name = `${'long '.repeat(20)}name.pdf`
  await choose(aFile(name))
  const [said] = await saidIn(2_000)
  expect(said).toMatch(/^long long long long long l….*name\.pdf added\./)
  expect(said?.split(' added.')[0]).toHaveLength(40)
})

test('a field on an answer from outside says what happens there', async () => {
  const backend = createMemoryBackend()
  const answer = createFileAnswer({ backend, maxFiles: 5 })
  mount({ answer })
  await act(async () => answer.add([aFile('a.pdf')]))
  const said = await saidIn(3_000)
  expect(said.join(' ')).toContain('a.pdf added. 1 of 5 files.')
})

test("the host's own announcer takes over, and is told what each text is about", async () => {
  const announce = vi.fn()
  mount({ announce, accept: '.pdf' })
  await choose(aFile('a.pdf'))
  await pass(4_000)
  await choose(aFile('b.exe'))
  await pass(3_000)
  expect(announce.mock.calls).toEqual([
    ['a.pdf added. a.pdf uploaded.', 'change'],
    ['b.exe not added. This type is not accepted. Use PDF.', 'problem'],
  ])
  expect(statusOf()).toBeEmptyDOMElement()
})

test('a host that wants to be heard at once says so', () => {
  mount({ announcePriority: 'assertive' })
  expect(statusOf()).toHaveAttribute('aria-live', 'assertive')
})

test('a long batch tells once, after ten seconds, that it is on its way', async () => {
  const { backend } = mount({ maxFiles: 5 })
  backend.hold('send')
  await choose(['a.pdf', 'b.pdf'].map((name) => aFile(name, 'x'.repeat(1_000))))
  expect(await saidIn(9_000)).toEqual(['2 files added. 2 of 5 files.'])
  // Bytes that move wake whoever listens.
  backend.progress('a.pdf', 0.1)
  expect(await saidIn(1_000)).toEqual([])
  backend.progress('a.pdf', 0.2)
  expect(await saidIn(2_000)).toEqual(['Uploading 2 files.'])
  backend.progress('a.pdf', 0.3)
  backend.progress('b.pdf', 0.3)
  expect(await saidIn(7_000)).toEqual([])
})

test('equal names are told apart in what is said, as they are in the list', async () => {
  const { backend } = mount({ maxFiles: 5 })
  backend.hold('send')
  await choose(aFile('photo.jpg', 'one'))
  expect(await saidIn(3_000)).toEqual(['photo.jpg added. 1 of 5 files.'])
  await choose(aFile('photo.jpg', 'other'))
  expect(await saidIn(3_000)).toEqual(['photo.jpg, 2 of 2 added. 2 of 5 files.'])
})

test('a removal is told in the direction of the language, whatever that of the name', async () => {
  mount()
  await choose(aFile('ملف.pdf'))
  await pass(1_000)
  await press('Remove ملف.pdf')
  const bar = field().querySelector('[data-part=undo]')
  expect(bar).toHaveTextContent('ملف.pdf removed. Undo')
  expect(bar?.querySelector('bdi')).toHaveTextContent(/^ملف\.pdf$/)
  expect(bar?.querySelector('[dir]')).toBeNull()
})
