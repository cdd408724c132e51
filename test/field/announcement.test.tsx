/** What happenings are in words, without a clock or a page. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addEntries, emptyAnswer } from '../../src/answer/answer.js'
import type { Entry, LocalEntry } from '../../src/answer/entry.js'
import { announcement, type Happening } from '../../src/field/announcement.js'
import type { Messages } from '../../src/field/messages.js'
import { de } from '../../src/locales/de.js'
import { en } from '../../src/locales/en.js'
import { es } from '../../src/locales/es.js'
import { fr } from '../../src/locales/fr.js'
import { ja } from '../../src/locales/ja.js'
import { ko } from '../../src/locales/ko.js'
import { zhHans } from '../../src/locales/zh-Hans.js'
import { failure } from '../../src/protocol/failure.js'
import { anEntry } from '../answer/builders.js'

const all = [en, ko, ja, zhHans, es, fr, de]

let made = 0
const file = (state: Exclude<Entry['state'], 'restored'>, name: string, code = 'network'): LocalEntry => {
  made += 1
  const entry = { ...anEntry(state, `key-${made}`), name } as LocalEntry
  return 'failure' in entry ? ({ ...entry, failure: failure(code) } as LocalEntry) : entry
}
const said = (
  happenings: readonly Happening[],
  entries: readonly Entry[] = [],
  {
    messages = en,
    maxFiles,
    batch = entries,
  }: { messages?: Messages; maxFiles?: number; batch?: readonly Entry[] } = {},
) =>
  announcement(happenings, {
    answer: addEntries(emptyAnswer, entries),
    messages,
    rules: maxFiles === undefined ? {} : { maxFiles },
    batch: new Set(batch.map(({ key }) => key)),
  })
const added = (entries: readonly LocalEntry[], rejected: readonly LocalEntry[] = []): Happening => ({
  type: 'added',
  entries,
  rejected,
})
const failed = (entry: LocalEntry): Happening => ({
  type: 'failed',
  entry,
  failure: 'failure' in entry ? entry.failure : failure('server'),
})

describe('added', () => {
  const [a, b] = [file('uploading', 'a.pdf'), file('uploading', 'b.pdf')]
  test('towards a limit it is counted, without one it is not', () => {
    expect(said([added([a, b])], [a, b], { maxFiles: 5 })).toBe('2 files added. 2 of 5 files.')
    expect(said([added([a, b])], [a, b])).toBe('2 files added.')
    expect(said([added([a])], [a], { maxFiles: 1 })).toBe('a.pdf added.')
  })

  test('what was not added is told with it, by its name where it is one', () => {
    const [c, d] = [file('rejected', 'c.exe', 'duplicate'), file('rejected', 'd.exe', 'folder')]
    expect(said([added([a, b], [c])], [a, b, c], { maxFiles: 5 })).toBe(
      '2 files added. 1 not added: c.exe. This file is already in the list.',
    )
    expect(said([added([a], [c, d])], [a, c, d])).toBe('a.pdf added. 2 files not added. Details are in the list.')
    expect(said([added([a, b], [c])], [a, b, c], { messages: ko })).toBe(
      '파일 2개를 추가했습니다. 1개는 추가하지 못했습니다. c.exe 파일: 이미 목록에 있는 파일입니다.',
    )
  })

  test('a file that a later check refuses is told once, as refused', () => {
    const refused = { ...file('rejected', 'a.pdf', 'unsafe'), key: a.key } as LocalEntry
    const news: Happening[] = [added([a]), { type: 'rejected', entry: refused, failure: failure('unsafe') }]
    expect(said(news, [refused], { batch: [] })).toBe('a.pdf not added. This file may be unsafe.')
  })
})

describe('what became of a batch', () => {
  const [a, b] = [file('done', 'a.pdf'), file('done', 'b.pdf')]
  const [c, d, e] = [file('failed', 'c.pdf'), file('failed', 'd.pdf'), file('failed', 'e.pdf', 'unsafe')]
  const reason = 'The connection was lost. Check it and try again.'
  test.each([
    [[a], 'a.pdf uploaded.'],
    [[a, b], 'All 2 files uploaded.'],
    [[a, b, c], `2 files uploaded, 1 failed: c.pdf. ${reason}`],
    [[a, c], `1 file uploaded, 1 failed: c.pdf. ${reason}`],
    [[a, b, c, d], `2 files uploaded, 2 failed. ${reason}`],
    [[a, c, e], '1 file uploaded, 2 failed. Details are in the list.'],
    [[c, d], `2 files could not be uploaded. ${reason}`],
    [[d, e], '2 files could not be uploaded. Details are in the list.'],
    [[c], `c.pdf could not be uploaded. ${reason}`],
  ])('is one sentence, with the reason where it is one (%#)', (entries, text) => {
    expect(said([failed(c)], entries)).toBe(text)
  })

  test('while others are on their way, failures alone are told', () => {
    const going = file('uploading', 'f.pdf')
    expect(said([failed(c)], [a, c, going])).toBe(`c.pdf could not be uploaded. ${reason}`)
    expect(said([failed(c), failed(d)], [a, c, d, going])).toBe(`2 files could not be uploaded. ${reason}`)
    expect(said([{ type: 'stored', entry: a }], [a, going])).toBe('')
  })

  test('files of earlier batches are none of it', () => {
    expect(said([{ type: 'stored', entry: b }], [a, c, b], { batch: [b] })).toBe('b.pdf uploaded.')
  })

  test('one that takes the place of another is told once', () => {
    expect(
      said(
        [
          { type: 'stored', entry: b },
          { type: 'replaced', entry: a, by: b },
        ],
        [b],
      ),
    ).toBe('a.pdf replaced by b.pdf.')
  })
})

test('several removals are told by name, and once how many are left', () => {
  const [a, b, c] = [file('done', 'a.pdf'), file('done', 'b.pdf'), file('done', 'c.pdf')]
  const removed = (entry: Entry): Happening => ({ type: 'removed', entry, cancelled: false })
  const quiet = { batch: [] }
  expect(said([removed(a), removed(b)], [c], quiet)).toBe('a.pdf removed. b.pdf removed. 1 file left.')
  expect(said([removed(a)], [], quiet)).toBe('a.pdf removed. No files left.')
  expect(said([removed(file('rejected', 'a.exe'))], [a], quiet)).toBe('')
  expect(said([{ type: 'removed', entry: a, cancelled: true }], [b], quiet)).toBe('Upload of a.pdf cancelled.')
})

test('equal names are told apart as in the list', () => {
  const [one, other] = [file('failed', 'photo.jpg'), file('failed', 'photo.jpg')]
  const going = file('uploading', 'c.pdf')
  expect(said([failed(other)], [one, other, going])).toBe(
    'photo.jpg, 2 of 2 could not be uploaded. The connection was lost. Check it and try again.',
  )
  expect(said([{ type: 'retried', entry: one }], [one, other, going], { messages: ko })).toBe(
    'photo.jpg, 2개 중 1번째 파일을 다시 업로드합니다.',
  )
  // What is not in the answer any more, or never was, has no place.
  expect(said([{ type: 'removed', entry: one, cancelled: false }], [other], { batch: [] })).toBe(
    'photo.jpg removed. 1 file left.',
  )
})

test('all that is tried again is told by how many, and what all wait for while they do', () => {
  const [a, b] = [file('retrying', 'a.pdf'), file('retrying', 'b.pdf')]
  expect(
    said(
      [a, b].map((entry) => ({ type: 'retried', entry })),
      [a, b],
    ),
  ).toBe('Uploading 2 files.')
  expect(said([{ type: 'resting', failure: failure('network') }], [a])).toBe('Connection lost. Trying again.')
  expect(said([{ type: 'resting', failure: failure('network') }], [file('done', 'a.pdf')], { batch: [] })).toBe('')
  expect(said([{ type: 'offline' }, { type: 'online' }], [a])).toBe('Back online. Uploads continue.')
})

test('in every language, whatever happens is said in whole sentences, and every file that alone meets it is named', () => {
  const states = ['queued', 'uploading', 'retrying', 'paused', 'done', 'failed', 'rejected'] as const
  const entries = fc.array(fc.constantFrom(...states), { minLength: 1, maxLength: 6 })
  const kinds = [
    'added',
    'rejected',
    'stored',
    'failed',
    'retried',
    'removed',
    'replaced',
    'undone',
    'cancelled',
  ] as const
  const more = ['paused', 'resumed', 'offline', 'online', 'resting', 'going-on', 'denied'] as const
  const happening = (kind: (typeof kinds | typeof more)[number], entry: LocalEntry): Happening => {
    const failed = failure('network')
    if (kind === 'added')
      return added(entry.state === 'rejected' ? [] : [entry], entry.state === 'rejected' ? [entry] : [])
    // No other entry is told of so.
    if (kind === 'rejected' || kind === 'failed') {
      const told = entry.state === kind ? entry : file(kind, entry.name)
      return { type: kind, entry: told, failure: failed }
    }
    if (kind === 'removed') return { type: kind, entry, cancelled: entry.state === 'uploading' }
    if (kind === 'replaced') return { type: kind, entry: file('done', 'old.pdf'), by: entry }
    if (kind === 'cancelled' || kind === 'paused' || kind === 'resumed') return { type: kind, entries: [entry] }
    return { type: kind, entry, failure: failed } as unknown as Happening
  }
  fc.assert(
    fc.property(
      entries,
      fc.array(fc.tuple(fc.constantFrom(...kinds, ...more), fc.nat(5)), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(...all.keys()),
      fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
      (states, picked, language, maxFiles) => {
        const messages = all[language] ?? en
        const files = states.map((state, index) => file(state, `name-${index}.pdf`))
        const happenings = picked.map(([kind, at]) => happening(kind, files[at % files.length] as LocalEntry))
        const text = said(happenings, files, { messages, ...(maxFiles === undefined ? {} : { maxFiles }) })
        expect(text).not.toMatch(/[{}]|undefined|NaN|\s\s|^\s/)
        if (text !== '') expect(text).toMatch(/[.。]$/)
        for (const kind of ['removed', 'undone'] as const) {
          const those = happenings.filter(({ type }) => type === kind) as { entry: Entry }[]
          for (const { entry } of those)
            if (entry.state !== 'rejected') expect(text).toContain((entry as LocalEntry).name)
        }
        const failures = happenings.filter(({ type }) => type === 'failed') as { entry: LocalEntry }[]
        const isGoing = states.some((state) => !['done', 'failed', 'rejected'].includes(state))
        if (isGoing && failures.length === 1) expect(text).toContain(failures[0]?.entry.name)
      },
    ),
    { numRuns: 300, seed: 20_261 },
  )
})
