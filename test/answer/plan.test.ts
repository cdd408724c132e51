import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { removeEntry } from '../../src/answer/answer.js'
import { type Entry, type HeldGrant, type LocalEntry, queuedEntry } from '../../src/answer/entry.js'
import { isAged, type Limits, plan } from '../../src/answer/plan.js'
import { aChosen, aGrant, anAnswer, anEntry, aRestored, localStates } from './builders.js'

const limits: Limits = {
  online: true,
  now: 1_000,
  holdUntil: null,
  rest: null,
  preparing: 0,
  sending: 3,
  ahead: { least: 4, most: 10, bytes: 1_000 },
  renewBefore: 60_000,
}
const kinds = (entry: Entry, more: Partial<Limits> = {}) =>
  plan(anAnswer(entry), { ...limits, ...more }).map(({ kind }) => kind)
const queued = (count: number, size = 5) =>
  Array.from({ length: count }, (_, index) => queuedEntry(`k${index}`, aChosen(`${index}`, size)))

describe('the plan', () => {
  test.each([
    ['queued', ['request']],
    ['preparing', ['prepare']],
    ['requesting', ['request']],
    ['ready', ['send']],
    ['uploading', ['send']],
    ['finishing', ['finish']],
    ['retrying', []],
    ['paused', []],
    ['done', []],
    ['failed', []],
    ['rejected', []],
  ] as const)('of a %s entry is %j', (state, works) => {
    expect(kinds(anEntry(state))).toEqual(works)
  })

  test('of a restored file is nothing, and of a file that waits for its start', () => {
    expect(kinds(aRestored('x'))).toEqual([])
    expect(kinds(queuedEntry('k', aChosen(), { started: false }))).toEqual([])
  })

  test.each([
    ['offline', { online: false }],
    ['held by the service', { holdUntil: 2_000 }],
  ])('%s nothing new begins, and what runs goes on', (_, more) => {
    expect(['queued', 'ready'].flatMap((state) => kinds(anEntry(state as 'queued'), more))).toEqual([])
    expect((['requesting', 'uploading', 'finishing'] as const).flatMap((state) => kinds(anEntry(state), more))).toEqual(
      ['request', 'send', 'finish'],
    )
  })

  test('a hold ends at its time', () => {
    expect(kinds(anEntry('queued'), { holdUntil: 1_000 })).toEqual(['request'])
  })

  test.each([
    ['backend', [], ['send']],
    ['storage', ['request'], []],
  ] as const)('while the %s rests, nothing begins with it but what it is probed with', (side, queued, ready) => {
    const rest = { side, probing: new Set(['other']) }
    expect(kinds(anEntry('queued'), { rest })).toEqual(queued)
    expect(kinds(anEntry('ready'), { rest })).toEqual(ready)
  })

  test('what the queue is probed with may begin', () => {
    expect(kinds(anEntry('queued'), { rest: { side: 'backend', probing: new Set(['k']) } })).toEqual(['request'])
  })

  test('names of one try stay the same from state to state, and differ for the next try', () => {
    const name = (entry: LocalEntry) => plan(anAnswer(entry), limits)[0]?.name
    expect(name(anEntry('queued'))).toBe(name(anEntry('requesting')))
    expect(name(anEntry('ready'))).toBe(name(anEntry('uploading')))
    expect(name({ ...anEntry('ready'), attempt: 1 })).not.toBe(name(anEntry('ready')))
  })

  test('grants are asked for in bulk when few are ahead, up to a number and to a sum of bytes', () => {
    expect(plan(anAnswer(...queued(30)), limits).length).toBe(10)
    expect(plan(anAnswer(...queued(30, 250)), limits).length).toBe(4)
    const ahead = Array.from({ length: 4 }, (_, index) => anEntry('requesting', `r${index}`))
    expect(plan(anAnswer(...ahead, ...queued(30)), limits).length).toBe(4)
  })

  test('files are prepared before they are asked for, so many at once', () => {
    const works = plan(anAnswer(anEntry('preparing', 'p'), ...queued(5)), { ...limits, preparing: 2 })
    expect(works.map(({ kind }) => kind)).toEqual(['prepare', 'prepare'])
  })

  const state = fc.constantFrom(...localStates)
  const someLimits = fc.record({
    online: fc.boolean(),
    holdUntil: fc.constantFrom(null, 0, 5_000),
    preparing: fc.nat(2),
    sending: fc.integer({ min: 1, max: 5 }),
  })

  test('for any answer: names are unique, bounds hold, and nothing is planned for what left, failed or is done', () => {
    fc.assert(
      fc.property(fc.array(state, { maxLength: 25 }), someLimits, fc.nat(24), (states, more, gone) => {
        const full = anAnswer(...states.map((each, index) => anEntry(each, `k${index}`, `id${index}`)))
        const answer = removeEntry(full, `k${gone}`)
        const works = plan(answer, { ...limits, ...more })
        expect(new Set(works.map(({ name }) => name)).size).toBe(works.length)
        const stateOf = new Map(answer.entries.map((entry) => [entry.key, entry.state]))
        for (const { key } of works) expect(['done', 'failed', 'rejected', undefined]).not.toContain(stateOf.get(key))
        const running = (which: string) => states.filter((each, index) => each === which && index !== gone).length
        const count = (kind: string) => works.filter((work) => work.kind === kind).length
        expect(count('send')).toBeLessThanOrEqual(Math.max(more.sending, running('uploading')))
        expect(count('prepare')).toBeLessThanOrEqual(Math.max(more.preparing, running('preparing')))
        // What runs is always named, or it would be aborted.
        expect(count('send')).toBeGreaterThanOrEqual(running('uploading'))
        expect(count('finish')).toBe(running('finishing'))
        // Planning twice gives the same.
        expect(plan(answer, { ...limits, ...more }).map(({ name }) => name)).toEqual(works.map(({ name }) => name))
      }),
    )
  })
})

describe('a grant is aged', () => {
  const held = (endsAt: number | null, expiresInMs: number | null): HeldGrant => ({
    grant: aGrant('x', { expiresInMs }),
    endsAt,
    origin: 'https://s.test',
    attempt: 0,
  })
  test.each([
    ['never when its end is unknown', held(null, null), false],
    ['with less than a minute of a long life', held(60_000, 900_000), true],
    ['not with more', held(62_000, 900_000), false],
    ['with less than a fifth of a short life', held(1_000 + 1_900, 10_000), true],
    ['not with more than a fifth', held(1_000 + 2_100, 10_000), false],
    ['when it has ended', held(0, 900_000), true],
  ])('%s', (_, grant, aged) => {
    expect(isAged(grant, 1_000, 60_000)).toBe(aged)
  })
})
