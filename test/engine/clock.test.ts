import { expect, test } from 'vitest'
import { aFile, states, World } from './world.js'

const creeps = Array.from({ length: 40 }, (_, step) => 0.013 + step / 50)

test.each([
  ['a Retry-After', { status: 503, headers: { 'retry-after': '1' } }, 2],
  ['a rest', { status: 0 }, 8],
] as const)('%s ends, whatever time passes while the engine looks at its plan', async (_, outcome, refusals) => {
  for (const creep of creeps) {
    const world = new World()
    world.clock.creep = creep
    world.onSend = (send) => {
      if (world.sends.length > refusals) return undefined
      send.respond(outcome)
      return true
    }
    const answer = world.answer({ timing: { restAfter: 3 } })
    answer.add([aFile('a'), aFile('b'), aFile('c'), aFile('d')])
    await world.clock.advance(60_000)
    expect(states(answer), `with a creep of ${creep} ms`).toEqual(['done', 'done', 'done', 'done'])
    answer.dispose()
  }
})
