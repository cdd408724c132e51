import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { admit, judgeFile, type Rules } from '../../src/answer/admission.js'
import { applyEvent } from '../../src/answer/answer.js'
import { queuedEntry } from '../../src/answer/entry.js'
import { aChosen, aDone, anAnswer, anEntry, aRestored } from './builders.js'

const codes = (answer: ReturnType<typeof anAnswer>, files: ReturnType<typeof aChosen>[], rules: Rules) =>
  admit(answer, files, rules).map(({ refusal }) => refusal?.code ?? 'in')
const present = (count: number) => anAnswer(...Array.from({ length: count }, (_, index) => aDone(`i${index}`)))
const files = (count: number, size = 5) => Array.from({ length: count }, (_, index) => aChosen(`${index}.pdf`, size))

describe('one file by itself', () => {
  test.each<[string, Rules, ReturnType<typeof aChosen>, string]>([
    ['an empty file', {}, aChosen('a.pdf', 0), 'file-empty'],
    ['an empty file where 0 is allowed', { minSize: 0 }, aChosen('a.pdf', 0), 'in'],
    ['a file under the least size', { minSize: 10 }, aChosen('a.pdf', 9), 'file-too-small'],
    ['a file of the least size', { minSize: 10 }, aChosen('a.pdf', 10), 'in'],
    ['a file over the greatest size', { maxSize: 10 }, aChosen('a.pdf', 11), 'file-too-large'],
    ['a file of the greatest size', { maxSize: 10 }, aChosen('a.pdf', 10), 'in'],
    ['a type that is not asked for', { accept: '.png' }, aChosen('a.pdf'), 'file-type'],
    ['a type before a size', { accept: '.png', maxSize: 1 }, aChosen('a.pdf', 9), 'file-type'],
    ['anything without rules', {}, aChosen('a.exe', 10 ** 12), 'in'],
  ])('%s', (_, rules, chosen, code) => {
    expect(judgeFile(chosen, rules)?.code ?? 'in').toBe(code)
  })

  test('a refusal carries the figures its words need', () => {
    expect(judgeFile(aChosen('a.pdf', 11), { maxSize: 10 })?.figures).toEqual({ actual: 11, limit: 10 })
    expect(judgeFile(aChosen('a.pdf'), { accept: '.png,.jpg' })?.figures?.kinds).toEqual(['PNG', 'JPG'])
  })
})

describe('files beside others', () => {
  test('F75: of 30 dropped while 5 of at most 10 are there, exactly 5 enter, in their order', () => {
    const judged = codes(present(5), files(30), { maxFiles: 10 })
    expect(judged).toEqual([...Array<string>(5).fill('in'), ...Array<string>(25).fill('too-many')])
  })

  test('a refused file takes no room from those behind it', () => {
    const batch = [aChosen('a.exe'), aChosen('b.pdf'), aChosen('c.pdf')]
    expect(codes(present(0), batch, { maxFiles: 2, accept: '.pdf' })).toEqual(['file-type', 'in', 'in'])
  })

  test('rejected rows take no room, failed and unfinished ones do', () => {
    const answer = anAnswer(anEntry('rejected', 'r'), anEntry('failed', 'f'), anEntry('uploading', 'u'), aRestored('x'))
    expect(codes(answer, files(2), { maxFiles: 4 })).toEqual(['in', 'too-many'])
  })

  test('the total counts what is there, and a smaller file behind a too large one still enters', () => {
    const batch = [aChosen('a.pdf', 60), aChosen('b.pdf', 50), aChosen('c.pdf', 40)]
    expect(codes(present(0), batch, { maxTotalSize: 100 })).toEqual(['in', 'total-too-large', 'in'])
    expect(codes(present(2), files(1, 91), { maxTotalSize: 100 })).toEqual(['total-too-large'])
  })

  test('F74: the same file twice is two entries; with the duplicate rule the second is told', () => {
    const twice = [aChosen('a.pdf'), aChosen('a.pdf')]
    expect(codes(present(0), twice, {})).toEqual(['in', 'in'])
    expect(codes(present(0), twice, { duplicates: 'refuse' })).toEqual(['in', 'duplicate'])
  })

  test.each([
    ['another name', aChosen('b.pdf'), 'in'],
    ['another size', aChosen('a.pdf', 6), 'in'],
    ['another date', aChosen('a.pdf', 5, { lastModified: 2 }), 'in'],
    ['the same in all', aChosen('a.pdf'), 'duplicate'],
  ])('F74: a later file with %s', (_, chosen, code) => {
    const answer = anAnswer(queuedEntry('k', aChosen('a.pdf')))
    expect(codes(answer, [chosen], { duplicates: 'refuse' })).toEqual([code])
    expect(codes(anAnswer(anEntry('rejected')), [chosen], { duplicates: 'refuse' })).toEqual(['in'])
  })

  test('a restored file is known by name and size', () => {
    const restored = { ...aRestored('x'), stored: { id: 'x', name: 'a.pdf', size: 5, type: '' } }
    expect(codes(anAnswer(restored), [aChosen('a.pdf')], { duplicates: 'refuse' })).toEqual(['duplicate'])
  })
})

describe('a single-file field', () => {
  test('one file enters beside the one that is there, which it will replace; a second is too many', () => {
    expect(codes(present(1), files(2), { maxFiles: 1 })).toEqual(['in', 'too-many'])
  })

  test('the old file’s bytes don’t count against the total of its successor', () => {
    expect(codes(present(1), files(1, 90), { maxFiles: 1, maxTotalSize: 92 })).toEqual(['in'])
  })

  test('S8: the same file again is no duplicate', () => {
    expect(codes(anAnswer(queuedEntry('k', aChosen())), [aChosen()], { maxFiles: 1, duplicates: 'refuse' })).toEqual([
      'in',
    ])
  })
})

test('whatever is chosen, rules hold for what enters together with what is there', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(100), { maxLength: 6 }),
      fc.array(fc.nat(100), { maxLength: 12 }),
      fc.record(
        {
          maxFiles: fc.integer({ min: 2, max: 8 }),
          maxSize: fc.nat(100),
          maxTotalSize: fc.nat(300),
          minSize: fc.nat(20),
        },
        { requiredKeys: [] },
      ),
      (there, chosen, rules) => {
        const answer = anAnswer(...there.map((size, index) => queuedEntry(`k${index}`, aChosen(`${index}.pdf`, size))))
        const verdicts = admit(
          answer,
          chosen.map((size, index) => aChosen(`n${index}.pdf`, size)),
          rules,
        )
        expect(verdicts.map((verdict) => verdict.chosen.size)).toEqual(chosen)
        const entered = verdicts.filter(({ refusal }) => refusal === null).map((verdict) => verdict.chosen.size)
        const room = Math.max(0, (rules.maxFiles ?? Number.POSITIVE_INFINITY) - there.length)
        expect(entered.length).toBeLessThanOrEqual(room)
        const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0)
        if (entered.length > 0)
          expect(sum(there) + sum(entered)).toBeLessThanOrEqual(rules.maxTotalSize ?? Number.POSITIVE_INFINITY)
        for (const size of entered) {
          expect(size).toBeLessThanOrEqual(rules.maxSize ?? Number.POSITIVE_INFINITY)
          expect(size).toBeGreaterThanOrEqual(rules.minSize ?? 1)
        }
      },
    ),
  )
})

test('a file whose successor is on its way does not count: the successor does', () => {
  const successor = queuedEntry('new', aChosen('b.pdf'), { replaces: 'key-i0' })
  const answer = applyEvent(anAnswer(aDone('i0'), successor), 'new', 0, { type: 'request-started' })
  expect(codes(answer, files(2), { maxFiles: 2 })).toEqual(['in', 'too-many'])
})
