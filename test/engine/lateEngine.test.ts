// What runs is a chunk of its own: what happens before it is there, and when it can't be had.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type * as Running from '../../src/engine/running.js'
import { aFile, keyAt, states, World } from './world.js'

/** Whether the chunk can be loaded, and how often it was tried. */
let isThere = true
let tried = 0

beforeEach(() => {
  isThere = true
  tried = 0
  // A page on which nothing was loaded yet.
  vi.resetModules()
  vi.doMock('../../src/engine/running.js', async (original) => {
    const { createRunning } = await original<typeof Running>()
    return {
      get createRunning() {
        tried += 1
        if (!isThere) throw new TypeError('Failed to fetch dynamically imported module')
        return createRunning
      },
    }
  })
})
afterEach(() => {
  vi.doUnmock('../../src/engine/running.js')
  vi.resetModules()
})

async function pageOf(world: World) {
  const { createFileAnswer } = await import('../../src/engine/createFileAnswer.js')
  const answer = createFileAnswer({
    endpoint: '/api/uploads',
    environment: world.environment,
    knownFiles: [{ id: 'old', name: 'old.pdf', size: 1, type: '' }],
    defaultValue: ['old'],
  })
  answer.subscribeNews((news) => world.news.push(news))
  answer.listen({ onError: (failure) => world.errors.push(failure), onChange: (ids) => world.changes.push(ids) })
  return answer
}
/** Chunks take real time, answers take virtual time. */
const until = (world: World, isSo: () => boolean) =>
  vi.waitFor(
    async () => {
      await world.clock.advance(100)
      expect(isSo()).toBe(true)
    },
    { timeout: 15_000, interval: 5 },
  )

describe('before what runs is there', () => {
  test('files are shown at once, and go when it has come', async () => {
    const world = new World()
    const answer = await pageOf(world)
    answer.connect()
    answer.add([aFile('a.pdf'), aFile('b.pdf')])
    expect([states(answer), world.calls.length]).toEqual([['restored', 'queued', 'queued'], 0])
    await until(world, () => states(answer).every((state) => state === 'restored' || state === 'done'))
    expect([world.callsOf('presign').length, world.changes.at(-1)?.length, tried]).toEqual([1, 3, 1])
  })

  test('a file that is removed, and one of a field that is gone, ask for nothing', async () => {
    const world = new World()
    const [answer, gone] = [await pageOf(world), await pageOf(world)]
    answer.add([aFile('a.pdf'), aFile('b.pdf')])
    answer.remove(keyAt(answer, 1))
    gone.add([aFile('c.pdf')])
    gone.dispose()
    await until(world, () => states(answer).includes('done'))
    expect(world.rulesAsked).toBe(1)
    expect(world.callsOf('presign').flatMap(({ body }) => body.files?.map(({ name }) => name))).toEqual(['b.pdf'])
  })

  test('rendering an answer loads nothing', async () => {
    const world = new World()
    const answer = await pageOf(world)
    await world.clock.advance(1_000)
    expect([answer.diagnostics().files.length, answer.restsFor(), tried]).toEqual([1, null, 0])
  })
})

describe('when it can not be loaded', () => {
  test('it is tried again, and files that waited go', async () => {
    isThere = false
    const world = new World()
    const answer = await pageOf(world)
    answer.add([aFile('a.pdf')])
    await until(world, () => tried === 2)
    isThere = true
    await until(world, () => states(answer).includes('done'))
    expect(world.errors).toEqual([])
  })

  test('files fail with a reason after four tries, and a retry loads it anew', async () => {
    isThere = false
    const world = new World()
    const answer = await pageOf(world)
    answer.add([aFile('a.pdf')])
    await until(world, () => states(answer).includes('failed'))
    expect([tried, world.errors.map(({ code, stage }) => [code, stage])]).toEqual([4, [['network', 'request']]])
    isThere = true
    answer.retryAll()
    await until(world, () => states(answer).includes('done'))
  })

  test('offline counts no tries, and files wait', async () => {
    isThere = false
    const world = new World()
    world.online = false
    const answer = await pageOf(world)
    answer.add([aFile('a.pdf')])
    await until(world, () => tried > 5)
    expect(states(answer)).toEqual(['restored', 'queued'])
    isThere = true
    world.goOnline(true)
    await until(world, () => states(answer).includes('done'))
  })
})
