import fc from 'fast-check'
import { describe, test } from 'vitest'
import { ModelWorld, type Reply, type Step } from './modelWorld.js'

const isFull = process.env.FAF_FULL !== undefined && process.env.FAF_FULL !== ''
const runs = isFull ? 5_000 : 300

const pick = fc.nat(20)
const reply = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Reply>('good') },
  { weight: 5, arbitrary: fc.constantFrom<Reply[]>('lost', 'broken', 'busy', 'throttled', 'refused', 'senseless') },
)
const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary })
const only = <Name extends Step['do']>(...names: Name[]) => fc.record({ do: fc.constantFrom(...names) })

const person = [
  weighted(
    6,
    fc.record({
      do: fc.constant('add'),
      sizes: fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 4 }),
    }),
  ),
  weighted(4, fc.record({ do: fc.constant('remove'), pick })),
  weighted(3, fc.record({ do: fc.constant('undo'), pick })),
  weighted(2, fc.record({ do: fc.constant('retry'), pick })),
  weighted(2, fc.record({ do: fc.constant('move'), pick, to: fc.nat(10) })),
  weighted(2, only('retryAll', 'holdUndo', 'letUndoGo') as fc.Arbitrary<Step>),
  weighted(1, only('reset') as fc.Arbitrary<Step>),
]
const others = [
  weighted(10, fc.record({ do: fc.constant('answerCall'), pick, reply })),
  weighted(14, fc.record({ do: fc.constant('answerSend'), pick, reply })),
  weighted(4, only('answerAll') as fc.Arbitrary<Step>),
  weighted(4, fc.record({ do: fc.constant('spell'), reply, ms: fc.constantFrom(50, 1_000, 10_000, 40_000) })),
  weighted(2, only('goOffline', 'goOnline') as fc.Arbitrary<Step>),
  weighted(
    10,
    fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(1, 10, 60, 700, 3_000, 9_000, 25_000, 70_000) }),
  ),
]
const host = [
  weighted(5, fc.record({ do: fc.constantFrom('echo', 'lateEcho'), pick })),
  weighted(3, only('echoNewest') as fc.Arbitrary<Step>),
  weighted(
    3,
    fc.record({
      do: fc.constant('instruct'),
      keep: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
      turned: fc.boolean(),
      foreign: fc.boolean(),
    }),
  ),
]

const scheduleOf = (...steps: { weight: number; arbitrary: fc.Arbitrary<Step> }[]) =>
  fc.array(fc.oneof(...steps), { minLength: 5, maxLength: 60, size: 'max' })

async function run(controlled: boolean, restored: readonly string[], seed: number, schedule: readonly Step[]) {
  const world = new ModelWorld({ controlled, restored, seed })
  try {
    for (const step of schedule) await world.step(step)
    await world.heal()
  } finally {
    world.answer.dispose()
  }
}

const restored = fc.constantFrom<(readonly string[])[]>([], ['old1'], ['old1', 'old2'])
const seed = fc.nat(2_147_483_647)

describe('under any schedule each stored, wanted file is in the answer exactly once, and nothing else', () => {
  test('of an uncontrolled field', { timeout: isFull ? 900_000 : 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(restored, seed, scheduleOf(...person, ...others), (...given) => run(false, ...given)),
      { numRuns: runs },
    )
  })

  test('of a controlled field, with echoes, late echoes and instructions', {
    timeout: isFull ? 900_000 : 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(restored, seed, scheduleOf(...person, ...others, ...host), (...given) => run(true, ...given)),
      { numRuns: runs },
    )
  })
})
