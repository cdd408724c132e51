import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createConnections } from '../../src/engine/connections.js'

const settle = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
}

/** Requests that took their slot, in the order in which they did. */
function over(budget: number) {
  const connections = createConnections(budget)
  const begun: string[] = []
  const releases = new Map<string, () => void>()
  const ask = (
    name: string,
    { cost = 2, owner = name, origin = 'https://s.test', signal = new AbortController().signal } = {},
  ) =>
    void connections.acquire(origin, cost, owner, signal).then(
      (release) => {
        begun.push(name)
        releases.set(name, release)
      },
      () => {},
    )
  return { begun, ask, release: (name: string) => releases.get(name)?.() }
}

describe('the connection budget', () => {
  test('first come first served among equals', async () => {
    const { begun, ask, release } = over(4)
    for (const name of ['a', 'b', 'c', 'd']) ask(name)
    await settle()
    expect(begun).toEqual(['a', 'b'])
    release('a')
    await settle()
    expect(begun).toEqual(['a', 'b', 'c'])
  })

  test('the one whose file holds least is next', async () => {
    const { begun, ask, release } = over(6)
    for (const part of [1, 2, 3, 4, 5]) ask(`long${part}`, { owner: 'long' })
    ask('short', { owner: 'short' })
    await settle()
    release('long1')
    await settle()
    expect(begun).toEqual(['long1', 'long2', 'long3', 'short'])
  })

  test('each origin has its own', async () => {
    const { begun, ask } = over(2)
    ask('a')
    ask('b', { origin: 'https://other.test' })
    await settle()
    expect(begun).toEqual(['a', 'b'])
  })

  test('who leaves while waiting takes no slot, and a slot released twice is free once', async () => {
    const { begun, ask, release } = over(2)
    const leaving = new AbortController()
    ask('a')
    ask('b', { signal: leaving.signal })
    ask('c')
    ask('d')
    await settle()
    leaving.abort()
    release('a')
    release('a')
    await settle()
    expect(begun).toEqual(['a', 'c'])
  })

  test('is never exceeded and never idle while a request that fits waits, whatever comes, leaves and ends', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('ask'), cost: fc.integer({ min: 1, max: 2 }), owner: fc.nat(3) }),
      fc.record({ do: fc.constantFrom('release', 'leave'), pick: fc.nat(9) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const connections = createConnections(6)
        const held: { cost: number; release(): void }[] = []
        const waiting: { cost: number; controller: AbortController }[] = []
        for (const each of steps) {
          if ('cost' in each) {
            const controller = new AbortController()
            const waiter = { cost: each.cost, controller }
            waiting.push(waiter)
            void connections.acquire('o', each.cost, `f${each.owner}`, controller.signal).then(
              (release) => {
                waiting.splice(waiting.indexOf(waiter), 1)
                held.push({ cost: each.cost, release })
              },
              () => waiting.splice(waiting.indexOf(waiter), 1),
            )
          } else if (each.do === 'release') {
            const [one] = held.splice(each.pick % Math.max(1, held.length), 1)
            one?.release()
          } else waiting[each.pick % Math.max(1, waiting.length)]?.controller.abort()
          await settle()
          const used = held.reduce((sum, { cost }) => sum + cost, 0)
          expect(used).toBeLessThanOrEqual(6)
          // One that needs a whole connection may wait for the second half of it.
          if (waiting.length > 0) expect(used).toBeGreaterThanOrEqual(5)
        }
      }),
    )
  })
})
