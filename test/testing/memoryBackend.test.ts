import { describe, expect, test } from 'vitest'
import { createConnections } from '../../src/engine/connections.js'
import { createFileAnswer } from '../../src/engine/createFileAnswer.js'
import type { FileAnswerOptions } from '../../src/engine/fileAnswer.js'
import { createMemoryBackend, type MemoryBackendOptions } from '../../src/testing.js'
import { aFile, states, World } from '../engine/world.js'

/** An answer over a memory backend, both on one virtual clock. */
function fieldOver(options: MemoryBackendOptions = {}, more: Partial<FileAnswerOptions> = {}) {
  const world = new World()
  const backend = createMemoryBackend({ clock: world.clock, ...options })
  const answer = createFileAnswer({
    backend,
    environment: world.environment,
    connections: createConnections(12),
    ...more,
  } as FileAnswerOptions)
  const add = async (...names: string[]) => {
    answer.add(names.map((name) => aFile(name, 100)))
    await world.clock.advance(100)
  }
  return { world, backend, answer, add }
}

describe('createMemoryBackend', () => {
  test('stores files under ids counted from one, without a network', async () => {
    const { backend, answer, add, world } = fieldOver()
    await add('a.pdf', 'b.pdf')
    expect(await answer.settled()).toEqual(['file-1', 'file-2'])
    expect([...backend.stored.keys()]).toEqual(['file-1', 'file-2'])
    expect(backend.stored.get('file-1')?.size).toBe(100)
    expect(world.calls.length + world.sends.length).toBe(0)
    expect(backend.calls.map(({ step, names }) => `${step} ${names.join()}`)).toEqual([
      'presign a.pdf',
      'presign b.pdf',
      'send a.pdf',
      'send b.pdf',
    ])
  })

  test.each(['PUT', 'POST', 'MULTIPART'] as const)('sends by %s', async (method) => {
    const { backend, answer, world } = fieldOver({ method, partSize: 30 })
    answer.add([aFile('a.bin', 1000)])
    await world.clock.advance(1_000)
    expect(states(answer)).toEqual(['done'])
    expect(backend.stored.get('file-1')?.size).toBe(1000)
    expect(backend.calls.filter(({ step }) => step === 'send').length).toBe(method === 'MULTIPART' ? 34 : 1)
  })

  test('each step of a file can be held and let go by its name', async () => {
    const { backend, answer, add, world } = fieldOver({ confirm: true })
    const shown: string[][] = []
    const steps = ['presign', 'send', 'complete'] as const
    for (const step of steps) backend.hold(step, 'held.pdf')
    await add('held.pdf', 'free.pdf')
    for (const step of steps) {
      shown.push(states(answer))
      backend.release(step, 'held.pdf')
      await world.clock.advance(100)
    }
    shown.push(states(answer))
    expect(shown).toEqual([
      ['requesting', 'done'],
      ['uploading', 'done'],
      ['finishing', 'done'],
      ['done', 'done'],
    ])
  })

  test('a held scan is told as checking', async () => {
    const { backend, answer, add, world } = fieldOver({ confirm: true })
    backend.hold('check')
    await add('a.pdf')
    expect(answer.getAnswer().entries[0]).toMatchObject({ state: 'finishing', checking: true })
    backend.release('check')
    await world.clock.advance(2_000)
    expect(states(answer)).toEqual(['done'])
  })

  test('progress told before a file is sent shows once it is, and moves after', async () => {
    const { backend, answer, add } = fieldOver()
    backend.hold('send', 'video.mp4')
    backend.progress('video.mp4', 0.42)
    await add('video.mp4')
    const key = answer.getAnswer().keys[0] ?? ''
    expect(answer.sentBytes(key)).toBe(42)
    backend.progress('video.mp4', 0.9)
    expect(answer.sentBytes(key)).toBe(90)
  })

  test('with a latency each step takes it, and progress comes in steps', async () => {
    const { answer, add, world } = fieldOver({ latency: 1_000 })
    await add('a.pdf')
    await world.clock.advance(1_450)
    expect(states(answer)).toEqual(['uploading'])
    expect(answer.sentBytes(answer.getAnswer().keys[0] ?? '')).toBe(50)
    await world.clock.advance(600)
    expect(states(answer)).toEqual(['done'])
  })

  test('a failure is told once, for one file, or always', async () => {
    const { backend, answer, add, world } = fieldOver()
    backend.fail('send', 'network', { name: 'once.pdf', times: 1 })
    backend.fail('send', 'storage-rejected', { name: 'never.pdf' })
    backend.fail('presign', 'closed', { name: 'late.pdf' })
    await add('once.pdf', 'never.pdf', 'late.pdf', 'good.pdf')
    await world.clock.advance(20_000)
    expect(answer.getAnswer().entries.map((entry) => ('failure' in entry ? entry.failure?.code : entry.state))).toEqual(
      ['done', 'storage-rejected', 'closed', 'done'],
    )
    backend.heal('send')
    answer.retryAll()
    await world.clock.advance(2_000)
    expect(states(answer)).toEqual(['done', 'done', 'failed', 'done'])
  })

  test('a denied presign refuses the whole call', async () => {
    const { backend, answer, add, world } = fieldOver()
    backend.fail('presign', 'denied')
    world.errors.length = 0
    answer.listen({ onError: (failed) => world.errors.push(failed) })
    await add('a.pdf', 'b.pdf')
    expect(states(answer)).toEqual(['failed', 'failed'])
    expect(world.errors.map(({ code }) => code)).toEqual(['denied'])
  })

  test('files of an earlier visit are described, unknown ids are told as gone, and new ids avoid theirs', async () => {
    const known = { id: 'file-1', name: 'contract.pdf', size: 9, type: 'application/pdf' }
    const { answer, add } = fieldOver({ files: [known] }, { defaultValue: ['file-1', 'nobody'] })
    await add('new.pdf')
    expect(answer.getAnswer().entries).toMatchObject([
      { id: 'file-1', stored: { name: 'contract.pdf', size: 9 } },
      { id: 'nobody', failure: { code: 'gone' } },
      { id: 'file-2' },
    ])
  })

  test('an id whose removal has ended is discarded', async () => {
    const { backend, answer, add, world } = fieldOver()
    await add('a.pdf')
    answer.remove(answer.getAnswer().keys[0] ?? '')
    await world.clock.advance(10_000)
    expect(backend.discarded).toEqual(['file-1'])
    expect(backend.stored.size).toBe(0)
  })

  test('a removed file ends what waits for it', async () => {
    const { backend, answer, add, world } = fieldOver({ latency: 1_000 })
    backend.hold('send')
    await add('a.pdf')
    await world.clock.advance(1_500)
    answer.remove(answer.getAnswer().keys[0] ?? '')
    backend.release()
    await world.clock.advance(20_000)
    expect(backend.stored.size).toBe(0)
    expect(backend.discarded).toEqual(['file-1'])
  })
})
