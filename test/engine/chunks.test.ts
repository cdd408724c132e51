// Parts of the engine that come with the network: what becomes of files where they don't.
import { beforeEach, expect, test, vi } from 'vitest'
import { chunk } from '../../src/engine/chunks.js'
import { aFile, states, World } from './world.js'

/** What can't be loaded now, what never comes, and what was asked for. */
const { away, silent, loads } = vi.hoisted(() => ({
  away: new Set<string>(),
  silent: new Set<string>(),
  loads: [] as string[],
}))
vi.mock(import('../../src/engine/chunks.js'), async (original) => {
  const chunks = await original()
  const { FailureError, failure } = await import('../../src/protocol/failure.js')
  const breaking =
    <Module>(name: string, load: () => Promise<Module>) =>
    () => {
      loads.push(name)
      if (silent.has(name)) return new Promise<Module>(() => {})
      return away.has(name) ? Promise.reject(new FailureError(failure('network'))) : load()
    }
  return {
    ...chunks,
    loadMultipart: breaking('multipart', chunks.loadMultipart),
    loadAdvice: breaking('advice', chunks.loadAdvice),
    loadDescriptions: breaking('descriptions', chunks.loadDescriptions),
    loadCopies: breaking('copies', chunks.loadCopies),
  }
})

beforeEach(() => {
  away.clear()
  silent.clear()
  loads.length = 0
})

test('a file in parts waits for what sends it as for the network, and keeps its grant', async () => {
  const world = new World()
  world.method = 'MULTIPART'
  away.add('multipart')
  const answer = world.answer()
  answer.add([aFile('film.mp4', 350)])
  await world.clock.advance(3_000)
  expect([states(answer), world.sends.length]).toEqual([['retrying'], 0])
  expect(answer.getAnswer().entries[0]).toMatchObject({ failure: { code: 'network' } })
  away.clear()
  await world.clock.advance(60_000)
  expect([states(answer), world.callsOf('presign').length, world.discarded]).toEqual([['done'], 1, []])
})

test('a failure is told without advice where that can’t be loaded, and no later', async () => {
  const world = new World()
  world.onSend = (send) => (send.respond({ status: 400, body: '<Error><Code>NoSuchBucket</Code></Error>' }), true)
  const tell = async () => {
    const { length } = world.errors
    world.answer().add([aFile()])
    await world.clock.advance(10)
    return world.errors[length]
  }
  away.add('advice')
  expect(await tell()).toMatchObject({ code: 'storage-rejected', storageCode: 'NoSuchBucket' })
  expect(world.errors[0]?.hint).toBeUndefined()
  away.clear()
  expect(await tell()).toMatchObject({ hint: expect.stringContaining('does not exist') })
})

test('a failure waits a second for advice that does not come; without an answer of storage it waits for none', async () => {
  silent.add('advice')
  const refused = new World()
  refused.onSend = (send) => (send.respond({ status: 400 }), true)
  refused.answer().add([aFile()])
  await refused.clock.advance(900)
  expect(refused.errors).toEqual([])
  await refused.clock.advance(200)
  expect(refused.errors).toMatchObject([{ code: 'storage-rejected' }])

  const broken = new World()
  broken.onSend = (send) => (send.respond({ status: 0, sentBytes: 0, sentAll: false }), true)
  const answer = broken.answer()
  answer.add([aFile('a.pdf', 300_000)])
  await broken.clock.advance(10)
  expect(states(answer)).toEqual(['retrying'])
})

test('without their names stored files count all the same, and are asked for again', async () => {
  const world = new World()
  away.add('descriptions')
  const answer = world.answer({ defaultValue: ['a', 'b'] })
  await world.clock.advance(100)
  expect([answer.getIds(), await answer.linkOf('a'), world.callsOf('describe').length]).toEqual([['a', 'b'], null, 0])
  away.clear()
  expect(await answer.linkOf('a')).toBe('https://storage.test/get/a')
})

test('files of one request need none of it', async () => {
  const world = new World()
  const answer = world.answer()
  answer.add([aFile(), aFile('b.pdf')])
  await world.clock.advance(1_000)
  expect([states(answer), loads]).toEqual([['done', 'done'], []])
})

test.each([
  ['with the field, where they may come', {}, ['multipart']],
  ['not where they are too large to be chosen', { maxSize: 1024 * 1024 }, []],
])('in production what sends files in parts is loaded %s', async (_, rules, expected) => {
  const world = new World()
  world.answer({ ...rules, environment: { ...world.environment, isProduction: true } })
  await world.clock.settle()
  expect(loads).toEqual(expected)
})

test('what could not be loaded is loaded anew for the next who asks; one load serves all who ask meanwhile', async () => {
  const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error('404')).mockResolvedValue('module')
  const get = chunk(load)
  const first = [get(), get()]
  await expect(Promise.all(first)).rejects.toMatchObject({ failure: { code: 'network', remedy: 'wait' } })
  expect([await get(), await get()]).toEqual(['module', 'module'])
  expect(load).toHaveBeenCalledTimes(2)
})
