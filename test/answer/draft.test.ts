import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Draft, draftLifeMs, draftOf, parseDraft } from '../../src/answer/draft.js'
import { entryFrom } from '../../src/answer/recalled.js'
import { aDone, anAnswer, anEntry, aRestored } from './builders.js'

const source = {
  savedAt: 5,
  hostIds: ['r'],
  isHosts: (id: string) => id === 'r',
  fingerprintOf: () => 'f0',
}
const states = ['queued', 'requesting', 'ready', 'uploading', 'finishing', 'retrying', 'failed'] as const

describe('a draft', () => {
  test('of any answer comes back as it was read, through JSON, and gives the same draft again', () => {
    const answer = anAnswer(aRestored('r'), aDone('d'), ...states.map((state) => anEntry(state, state, `id-${state}`)))
    const draft = draftOf(answer, source) as Draft
    const read = parseDraft(JSON.parse(JSON.stringify(draft)), 5) as Draft
    expect(read.entries.map(({ key }) => key)).toEqual(['key-r', 'key-d', ...states])
    const again = draftOf(anAnswer(...read.entries.map((kept) => entryFrom(kept, null))), source)
    expect(again?.entries).toEqual(read.entries)
  })

  test('is nothing where the answer is empty, rejected, or just what the host gave', () => {
    expect(
      [anAnswer(), anAnswer(anEntry('rejected')), anAnswer(aRestored('r'))].map((it) => draftOf(it, source)),
    ).toEqual([null, null, null])
  })

  const kept = (more: object) => ({
    version: 1,
    savedAt: 5,
    hostIds: [],
    entries: [{ kind: 'stored', key: 'k', id: 'i' }],
    ...more,
  })
  test.each([
    ['of another version', { version: 2 }, 5],
    ['older than 7 days', {}, 6 + draftLifeMs],
    ['of a clock that was ahead by more', { savedAt: 6 + draftLifeMs }, 5],
    ['of no time', { savedAt: Number.NaN }, 5],
    ['without entries', { entries: [null, {}, { kind: 'stored', key: 'a b', id: 'i' }] }, 5],
  ])('%s is none', (_, more, now) => {
    expect(parseDraft(kept(more), now)).toBeNull()
    expect(parseDraft(kept({}), 5)).not.toBeNull()
  })

  test('links that somebody wrote into it reach no entry', () => {
    const file = {
      id: 'i',
      name: 'a',
      size: 1,
      type: '',
      url: 'https://evil.test/',
      thumbnailUrl: 'https://evil.test/',
    }
    const grant = {
      id: 'j',
      url: 'https://evil.test/',
      multipart: { upload: 'u', partSize: 9, parts: [{ partNumber: 1, url: 'https://evil.test/' }] },
    }
    const upload = { kind: 'upload', key: 'u', name: 'b', size: 1, type: '', grant }
    const draft = parseDraft(kept({ entries: [{ kind: 'stored', key: 'k', id: 'i', file }, upload] }), 5)
    expect(draft?.entries.length).toBe(2)
    expect(JSON.stringify(draft?.entries.map((entry) => entryFrom(entry, null)))).not.toContain('evil')
  })

  test('of any data at all throws nothing and holds each key and id once', () => {
    const value = fc.oneof(fc.constantFrom('stored', 'upload', 'k', 'j', 1, 0, -1, null, true), fc.jsonValue())
    const entry = fc.dictionary(
      fc.constantFrom('kind', 'key', 'id', 'file', 'name', 'size', 'type', 'grant', 'replaces'),
      value,
    )
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const draft = parseDraft(kept({ entries }), 5)
        const keys = draft?.entries.map(({ key }) => key) ?? []
        expect(new Set(keys).size).toBe(keys.length)
        for (const each of draft?.entries ?? []) entryFrom(each, null)
      }),
    )
  })
})
