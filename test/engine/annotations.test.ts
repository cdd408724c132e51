// What a person says of a file stays with it: through its states, into `files` of onChange, and into the draft.
import { beforeAll, describe, expect, test } from 'vitest'
import type { FileAnswer } from '../../src/engine/fileAnswer.js'
import type { StoredFile } from '../../src/protocol/storedFile.js'
import { DraftsInMemory } from './draftsInMemory.js'
import { aFile, keyAt, states, World } from './world.js'

beforeAll(() => import('../../src/engine/draftKeeper.js'))

function opened(options: Parameters<World['answer']>[0] = {}) {
  const world = new World()
  const answer = world.answer(options)
  const told: StoredFile[][] = []
  answer.listen({ onChange: (_, files) => told.push(files) })
  return { world, answer, told }
}

describe('what is said of a file', () => {
  test('while it is sent is told with its id, once', async () => {
    const { world, answer, told } = opened()
    world.onSend = () => true
    answer.add([aFile('a.pdf')])
    await world.clock.advance(100)
    expect(states(answer)).toEqual(['uploading'])
    answer.annotate(keyAt(answer, 0), { kind: 'passport' })
    await world.clock.advance(100)
    expect(states(answer)).toEqual(['uploading'])
    expect(told).toEqual([])
    world.sends[0]?.respond()
    await world.clock.advance(1_000)
    expect(told.map((files) => files.map(({ id, meta }) => [id, meta]))).toEqual([[['id1', { kind: 'passport' }]]])
  })

  test('once it is stored is told once for each change, and not for the same words again', async () => {
    const { world, answer, told } = opened()
    answer.add([aFile('a.pdf')])
    await world.clock.advance(1_000)
    const key = keyAt(answer, 0)
    for (const caption of ['me', 'me', 'you']) answer.annotate(key, { caption })
    await world.clock.advance(1_000)
    expect(told.map(([file]) => file?.meta)).toEqual([undefined, { caption: 'me' }, { caption: 'you' }])
    answer.remove(key)
    answer.annotate(key, { caption: 'late' })
    await world.clock.advance(1_000)
    expect(told.at(-1)).toEqual([])
  })

  test('is a copy: what the host does with its object afterwards is nothing to it', async () => {
    const { world, answer, told } = opened()
    answer.add([aFile('a.pdf')])
    await world.clock.advance(1_000)
    const meta = { caption: 'me' }
    answer.annotate(keyAt(answer, 0), meta)
    meta.caption = 'you'
    await world.clock.advance(1_000)
    expect(told.at(-1)?.[0]?.meta).toEqual({ caption: 'me' })
  })

  test('outlives a failure, a pause and a retry', async () => {
    const { world, answer, told } = opened()
    world.onSend = (send) => (send.respond({ status: 400 }), true)
    answer.add([aFile('a.pdf')])
    answer.annotate(keyAt(answer, 0), 1)
    await world.clock.advance(1_000)
    expect(states(answer)).toEqual(['failed'])
    world.onSend = () => true
    answer.retry(keyAt(answer, 0))
    await world.clock.advance(1_000)
    answer.pause(keyAt(answer, 0))
    expect(states(answer)).toEqual(['paused'])
    world.onSend = () => undefined
    answer.resume(keyAt(answer, 0))
    await world.clock.advance(1_000)
    expect(told.map(([file]) => file?.meta)).toEqual([1])
  })

  test('of a file of an earlier visit holds against what the backend says later, until it is taken back', async () => {
    const known = { id: 'old', name: 'a.pdf', size: 5, type: 'application/pdf', meta: 'theirs' }
    const { world, answer, told } = opened({ defaultValue: ['old'], knownFiles: [known] })
    const key = keyAt(answer, 0)
    answer.annotate(key, 'mine')
    await world.clock.advance(1_000)
    answer.annotate(key, undefined)
    await world.clock.advance(1_000)
    expect(told.map(([file]) => file?.meta)).toEqual(['mine', 'theirs'])
  })

  test('leaves a controlled value as it is', async () => {
    const { world, answer, told } = opened({ defaultValue: ['old'], value: ['old'] })
    answer.setValue(['old'])
    answer.annotate(keyAt(answer, 0), 1)
    await world.clock.advance(1_000)
    expect(told.map((files) => files.map(({ id }) => id))).toEqual([['old']])
    // Nothing of it waits to be given back: the value that comes next is an instruction, as ever.
    answer.setValue([])
    await world.clock.advance(2_000)
    expect(answer.getIds()).toEqual([])
    expect(told.length).toBe(1)
    expect(world.warnings).toEqual([])
  })

  test('comes back with the draft, for files that are stored and for those that are not', async () => {
    const world = new World()
    const drafts = new DraftsInMemory()
    world.clock.settle = async () => {
      for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    }
    const open = async (): Promise<{ answer: FileAnswer; crash(): Promise<void> }> => {
      const { storage, crash } = drafts.page()
      const answer = world.answer({ persist: 'form', environment: { ...world.environment, drafts: storage } })
      await world.clock.advance(10)
      return { answer, crash: async () => (crash(), answer.dispose(), world.clock.advance(10)) }
    }
    const first = await open()
    first.answer.add([aFile('a.pdf')])
    await world.clock.advance(1_000)
    world.onSend = () => true
    first.answer.add([aFile('b.pdf')])
    await world.clock.advance(1_000)
    expect(states(first.answer)).toEqual(['done', 'uploading'])
    first.answer.annotate(keyAt(first.answer, 0), 'stored')
    first.answer.annotate(keyAt(first.answer, 1), 'on its way')
    await world.clock.advance(1_000)
    await first.crash()
    const { answer } = await open()
    expect(answer.getAnswer().entries.map(({ meta }) => meta)).toEqual(['stored', 'on its way'])
  })
})
