import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Answer,
  addEntries,
  applyEvent,
  endRemovals,
  moveEntry,
  removeEntry,
  removeEvery,
  setIds,
  undoRemovals,
} from '../../src/answer/answer.js'
import type { Entry } from '../../src/answer/entry.js'
import { queuedEntry } from '../../src/answer/entry.js'
import { idsOf } from '../../src/answer/selectors.js'
import { aChosen, aDone, aHeldGrant, anAnswer, anEntry, aRestored } from './builders.js'

const make = (id: string) => ({ key: `new-${id}`, stored: null })
const undoRemoval = (answer: Answer, key: string) => undoRemovals(answer, new Set([key]))
const abc = () => anAnswer(aDone('a'), aDone('b'), aDone('c'))

describe('removal and undo', () => {
  test.each([
    [['key-a', 'key-b']],
    [['key-b', 'key-a']],
    [['key-b', 'key-c']],
    [['key-c', 'key-b']],
    [['key-a', 'key-b', 'key-c']],
  ])('files removed in the order %j come back in their places, whichever is undone first', (keys) => {
    for (const order of [keys, keys.toReversed()]) {
      const removed = keys.reduce((answer, key) => removeEntry(answer, key), abc())
      expect(order.reduce(undoRemoval, removed).keys).toEqual(['key-a', 'key-b', 'key-c'])
    }
  })

  test('a file comes back before the one it stood before, also when the one between has gone for good', () => {
    const removed = removeEntry(removeEntry(abc(), 'key-a'), 'key-b')
    expect(undoRemoval(endRemovals(removed, 'key-b'), 'key-a').keys).toEqual(['key-a', 'key-c'])
  })

  test('a file removed from the end comes back before what was added since', () => {
    const added = addEntries(removeEntry(abc(), 'key-c'), [aDone('d')])
    expect(undoRemoval(added, 'key-c').keys).toEqual(['key-a', 'key-b', 'key-c', 'key-d'])
  })

  test('whatever is removed, undone in whatever order, the list is as it was', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 1 }),
        fc.infiniteStream(fc.nat(9)),
        (gone, picks) => {
          const answer = anAnswer(...'abcdef'.split('').map((id) => aDone(id)))
          let now = gone.reduce((rest, index) => removeEntry(rest, answer.keys[index] ?? ''), answer)
          while (now.removals.length > 0) {
            const pick = now.removals[(picks.next().value ?? 0) % now.removals.length]
            now = undoRemoval(now, pick?.entry.key ?? '')
          }
          expect(now.keys).toEqual(answer.keys)
        },
      ),
    )
  })

  test('of many that were removed, some one by one and the rest at once, each act comes back as a whole, in place', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 0, maxLength: 5 }),
        fc.nat(9),
        fc.infiniteStream(fc.nat(9)),
        (gone, added, picks) => {
          const answer = anAnswer(...'abcdef'.split('').map((id) => aDone(id)))
          const single = gone.reduce((rest, index) => removeEntry(rest, answer.keys[index] ?? ''), answer)
          let now = addEntries(removeEvery(single, 'act'), added === 0 ? [aDone('new')] : [])
          const whole = [...answer.keys, ...now.keys]
          while (now.removals.length > 0) {
            const act = now.removals[(picks.next().value ?? 0) % now.removals.length]?.act
            const together = now.removals.filter((each) => each.act === act).map(({ entry }) => entry.key)
            const before = now.keys
            now = undoRemovals(now, new Set(together))
            expect(now.keys).toEqual(whole.filter((key) => before.includes(key) || together.includes(key)))
          }
          expect(now.keys).toEqual(whole)
        },
      ),
    )
  })

  test('what was removed at once ends at once; what stood before it comes back where it would stand', () => {
    const removed = removeEvery(removeEntry(abc(), 'key-a'), 'act')
    expect(removed.keys).toEqual([])
    const added = addEntries(endRemovals(removed, 'act'), [aDone('d')])
    expect(added.removals.map(({ entry }) => entry.key)).toEqual(['key-a'])
    expect(undoRemoval(added, 'key-a').keys).toEqual(['key-a', 'key-d'])
  })

  test('rejected files do not come back with the others', () => {
    const answer = anAnswer(aDone('a'), anEntry('rejected', 'r'), aDone('b'))
    const { keys, removals } = removeEvery(answer, 'act')
    expect(keys).toEqual([])
    expect(removals.map(({ entry }) => entry.key)).toEqual(['key-a', 'key-b'])
  })

  test('ten thousand files are removed and put back without a pause', () => {
    const many = anAnswer(...Array.from({ length: 10_000 }, (_, index) => aRestored(`${index}`)))
    const removed = removeEntry(addEntries(removeEvery(many, 'act'), [aDone('new')]), 'key-new')
    const back = undoRemovals(removed, new Set(many.keys))
    expect(back.keys).toEqual(many.keys)
    expect(endRemovals(removed, 'act').removals).toHaveLength(1)
  })

  test('a dismissed rejection is gone at once; what stood before it keeps its place in an undo', () => {
    const answer = anAnswer(aDone('a'), anEntry('rejected', 'r'), aDone('b'))
    const dismissed = removeEntry(removeEntry(answer, 'key-a'), 'r')
    expect(dismissed.removals.map(({ entry }) => entry.key)).toEqual(['key-a'])
    expect(undoRemoval(dismissed, 'key-a').keys).toEqual(['key-a', 'key-b'])
  })

  test('what changes nothing gives the same object', () => {
    const answer = abc()
    for (const same of [
      removeEntry(answer, 'nobody'),
      undoRemoval(answer, 'key-a'),
      endRemovals(answer, 'key-a'),
      moveEntry(answer, 'nobody', 1),
      moveEntry(answer, 'key-b', 1),
      addEntries(answer, []),
      setIds(answer, ['a', 'b', 'c'], make),
    ])
      expect(same).toBe(answer)
  })

  test('keys keep their identity while entries change', () => {
    const answer = anAnswer(anEntry('uploading'), aDone('x', 'kx'))
    expect(applyEvent(answer, 'k', 0, { type: 'stored' }).keys).toBe(answer.keys)
  })
})

describe('moveEntry', () => {
  test.each([
    [0, 2, 'bca'],
    [2, 0, 'cab'],
    [0, 1, 'bac'],
    [1, 99, 'acb'],
    [1, -5, 'bac'],
  ])('from %i to %i', (from, to, order) => {
    const answer = abc()
    expect(idsOf(moveEntry(answer, answer.keys[from] ?? '', to)).join('')).toBe(order)
  })
})

describe('setIds: an instruction of the host', () => {
  const mixed = () =>
    anAnswer(aDone('a'), anEntry('uploading', 'u', 'idu'), aDone('b'), anEntry('failed', 'f'), aRestored('c'))
  const show = ({ entries }: Answer) =>
    entries.map((entry) => (entry.state === 'done' || entry.state === 'restored' ? entry.id : entry.key)).join(' ')

  test.each([
    [['a', 'b', 'c'], 'a u b f c'],
    [['c', 'b', 'a'], 'c b f a u'],
    [['b', 'c'], 'u b f c'],
    [[], 'u f'],
    [['x', 'a'], 'x a u f'],
    [['a', 'a', 'c'], 'a u f c'],
  ])('%j: leaves out, adds, takes the order, and unfinished uploads stay behind what precedes them', (ids, shown) => {
    expect(show(setIds(mixed(), ids, make))).toBe(shown)
  })

  test('a stored file that the host was not told of yet stays, like an unfinished one', () => {
    expect(show(setIds(mixed(), ['c', 'x'], make, { isUntold: (id) => id === 'b' }))).toBe('u b f c x')
  })

  test('with unfinished dropped only the ids stay', () => {
    expect(show(setIds(mixed(), ['b', 'y'], make, { unfinished: 'drop' }))).toBe('b y')
  })

  test('a removed file that the host names again comes back as it was', () => {
    const removed = removeEntry(abc(), 'key-b')
    const back = setIds(removed, ['a', 'b'], make)
    expect([back.keys, back.removals]).toEqual([['key-a', 'key-b'], []])
  })

  test('the id of an upload that is not finished yet stands for that upload, not for a second entry', () => {
    const answer = setIds(mixed(), ['idu', 'a'], make)
    expect(show(answer)).toBe('u f a')
    expect(idsOf(applyEvent(answer, 'u', 0, { type: 'stored' }))).toEqual(['idu', 'a'])
  })

  test('under any instruction the stored ids are just those given, once each, in order, and no unfinished upload is lost', () => {
    const entry: fc.Arbitrary<(index: number) => Entry> = fc.constantFrom(
      (index: number) => aDone(`i${index}`),
      (index: number) => aRestored(`i${index}`),
      (index: number) => anEntry('uploading', `u${index}`, `g${index}`),
      (index: number) => anEntry('failed', `f${index}`),
      (index: number) => anEntry('rejected', `r${index}`),
    )
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 8 }),
        fc.array(
          fc.nat(10).map((index) => `i${index}`),
          { maxLength: 8 },
        ),
        (builders, ids) => {
          const answer = anAnswer(...builders.map((build, index) => build(index)))
          const next = setIds(answer, ids, make)
          expect(idsOf(next)).toEqual([...new Set(ids)])
          const unfinished = ({ keys }: Answer) => keys.filter((key) => /^[ufr]/.test(key)).toSorted()
          expect(unfinished(next)).toEqual(unfinished(answer))
          expect(new Set(next.keys).size).toBe(next.keys.length)
          expect(setIds(next, ids, make)).toBe(next)
        },
      ),
    )
  })
})

describe('a successor in a single-file field', () => {
  const answerWith = (state: 'uploading' | 'requesting') => {
    const successor = queuedEntry('new', aChosen('new.pdf'), { replaces: 'key-a' })
    const requesting = applyEvent(anAnswer(aDone('a'), successor), 'new', 0, { type: 'request-started' })
    if (state === 'requesting') return requesting
    const ready = applyEvent(requesting, 'new', 0, { type: 'granted', held: aHeldGrant('n') })
    return applyEvent(ready, 'new', 0, { type: 'send-started' })
  }

  test('takes the place once it is stored, and the replaced one can be undone', () => {
    const answer = applyEvent(answerWith('uploading'), 'new', 0, { type: 'stored' })
    expect(idsOf(answer)).toEqual(['n'])
    expect(answer.removals).toMatchObject([{ replaced: true, entry: { id: 'a' } }])
  })

  test('costs nothing when it is refused (S7)', () => {
    const refused = applyEvent(answerWith('requesting'), 'new', 0, {
      type: 'refused',
      failure: { code: 'unsafe', remedy: 'none' },
    })
    expect(idsOf(refused)).toEqual(['a'])
  })
})
