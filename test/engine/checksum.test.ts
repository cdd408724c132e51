import { createHash } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { maxHashedBytes } from '../../src/protocol/actions.js'
import { createFileAnswer } from '../../src/engine/createFileAnswer.js'
import type { FileAnswer } from '../../src/engine/fileAnswer.js'
import { type Send, states, World } from './world.js'

const checksum = 'sha-256'
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('base64')
const badDigest = { status: 400, body: '<Error><Code>BadDigest</Code></Error>' }
const partOf = ({ request }: Send) => Number(new URL(request.url).searchParams.get('partNumber'))
const asked = (world: World) => world.callsOf('presign').flatMap(({ body }) => body.files ?? [])

/** A file that is read in the turn it is asked for, which keeps the virtual clock exact; `read` replaces the reading. */
class TestFile extends File {
  read = (part: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> => Promise.resolve(part.slice().buffer)
  readonly content: Uint8Array<ArrayBuffer>
  constructor(content: Uint8Array<ArrayBuffer>, name: string) {
    super([content], name, { type: 'application/pdf', lastModified: 1 })
    this.content = content
  }
  override slice(start = 0, end = this.size): Blob {
    const arrayBuffer = () => this.read(this.content.subarray(start, end))
    return Object.assign(super.slice(start, end), { arrayBuffer })
  }
}
const aFile = (name = 'a.pdf', content = 'hello') => new TestFile(new TextEncoder().encode(content), name)

const fileThat = (read: TestFile['read']) => Object.assign(aFile(), { read })

/** Hashing is many turns of promises, and none of the clock. */
async function settle({ clock }: World): Promise<void> {
  for (let turns = 0; turns < 40; turns += 1) await clock.settle()
}

/** Adds files and lets the module of checksums be loaded. */
async function add(world: World, answer: FileAnswer, ...files: File[]): Promise<void> {
  answer.add(files)
  await world.clock.settle()
  await vi.dynamicImportSettled()
  await settle(world)
}

async function pass(world: World, ms: number): Promise<void> {
  for (const half of [ms / 2, ms / 2]) {
    await world.clock.advance(half)
    await settle(world)
  }
}

describe('with the option `checksum`', () => {
  test('each file’s SHA-256 goes with the request for its grant, once read, and those of many in one call', async () => {
    const world = new World()
    let reads = 0
    const { digest } = world
    world.digest = (bytes) => ((reads += 1), digest(bytes))
    world.onSend = (send) => (world.sends.length === 1 ? (send.respond({ status: 403 }), true) : undefined)
    const answer = world.answer({ checksum })
    await add(world, answer, ...Array.from({ length: 39 }, (_, index) => aFile(`${index}.pdf`)))
    await pass(world, 5_000)
    expect(states(answer)).toEqual(Array(39).fill('done'))
    expect(asked(world)[0]).toMatchObject({ checksum: sha256('hello'), partChecksums: true })
    // One renewal among them; whatever the first call has no room for goes in the second.
    expect([asked(world).length, reads]).toEqual([40, 39])
    expect(world.callsOf('presign').length).toBeLessThanOrEqual(3)
  })

  test('one file at a time is read', async () => {
    const world = new World()
    let [now, most] = [0, 0]
    const { digest } = world
    world.digest = async (bytes) => {
      most = Math.max(most, (now += 1))
      await new Promise<void>((resolve) => world.clock.after(100, resolve))
      now -= 1
      return digest(bytes)
    }
    const answer = world.answer({ checksum })
    await add(world, answer, aFile('a.pdf'), aFile('b.pdf'), aFile('c.pdf'))
    await pass(world, 160)
    // What is hashed doesn't wait for what is not.
    expect(states(answer)).toEqual(['done', 'requesting', 'requesting'])
    await pass(world, 1_000)
    expect([states(answer), most]).toEqual([['done', 'done', 'done'], 1])
  })

  test('a file over 32 MiB is asked for at once, without', async () => {
    const world = new World()
    const answer = world.answer({ checksum })
    await add(world, answer, Object.defineProperty(aFile('a.bin'), 'size', { value: maxHashedBytes + 1 }))
    await pass(world, 10)
    expect(asked(world)).toMatchObject([{ size: maxHashedBytes + 1, partChecksums: true }])
    expect(asked(world)[0]).not.toHaveProperty('checksum')
  })

  test('a file that cannot be read, or not in time, fails as unreadable and holds back no other', async () => {
    const world = new World()
    const answer = world.answer({ checksum })
    const stuck = fileThat(() => new Promise(() => {}))
    const vanished = fileThat(() => Promise.reject(new DOMException('', 'NotReadableError')))
    await add(world, answer, vanished, stuck, aFile('b.pdf'))
    await pass(world, 61_000)
    expect(states(answer)).toEqual(['failed', 'failed', 'done'])
    expect(world.errors.map(({ code }) => code)).toEqual(['unreadable', 'unreadable'])
    expect(asked(world).map(({ name }) => name)).toEqual(['b.pdf'])
  })

  test('a removed file is not asked for', async () => {
    const world = new World()
    let go = () => {}
    const { digest } = world
    world.digest = (bytes) => new Promise((resolve) => (go = () => resolve(digest(bytes))))
    const answer = world.answer({ checksum })
    await add(world, answer, aFile())
    await pass(world, 100)
    answer.remove(answer.getAnswer().keys[0] ?? '')
    go()
    await pass(world, 10_000)
    expect([asked(world), world.warnings]).toEqual([[], []])
  })

  test('without crypto.subtle files go without, and a developer is told once', async () => {
    const world = new World()
    const answer = createFileAnswer({
      endpoint: '/api',
      checksum,
      environment: { ...world.environment, subtle: undefined },
    })
    await add(world, answer, aFile(), aFile('b.pdf'))
    await pass(world, 100)
    await add(world, answer, aFile('c.pdf'))
    await pass(world, 1_000)
    expect([states(answer), world.warnings.length]).toEqual([['done', 'done', 'done'], 1])
    expect(asked(world).map((file) => 'checksum' in file || 'partChecksums' in file)).toEqual([false, false, false])
  })

  test('a host’s own requestUpload is given it', async () => {
    const world = new World()
    const given: (string | undefined)[] = []
    const answer = world.answer({
      checksum,
      requestUpload: async (_, c) => (given.push(c.checksum), { id: '1', url: 'https://storage.test/bucket/1' }),
    })
    await add(world, answer, aFile())
    await pass(world, 100)
    expect([given, states(answer)]).toEqual([[sha256('hello')], ['done']])
  })
})

describe('F36: bytes that arrive damaged', () => {
  test.each(['PUT', 'POST'] as const)(
    'by %s: once, and the file is hashed and sent again under another key',
    async (method) => {
      const world = new World()
      world.method = method
      let reads = 0
      const { digest } = world
      world.digest = (bytes) => ((reads += 1), digest(bytes))
      world.onSend = (send) => (world.sends.length === 1 ? (send.respond(badDigest), true) : undefined)
      const answer = world.answer({ checksum })
      await add(world, answer, aFile())
      await pass(world, 10_000)
      expect([states(answer), answer.getIds(), world.errors]).toEqual([['done'], ['id2'], []])
      expect([reads, world.discarded]).toEqual([2, ['id1']])
    },
  )

  test('once, after a grant that was refused: each has its own try', async () => {
    const world = new World()
    const replies = [{ status: 403, body: '<Error><Code>AccessDenied</Code></Error>' }, badDigest]
    world.onSend = (send) => {
      const reply = replies.shift()
      return reply === undefined ? undefined : (send.respond(reply), true)
    }
    const answer = world.answer({ checksum })
    await add(world, answer, aFile())
    await pass(world, 20_000)
    expect([states(answer), world.sends.length, world.errors]).toEqual([['done'], 3, []])
  })

  test.each(['BadDigest', 'complete'])('twice (%s), and the person is told; a retry begins anew', async (where) => {
    const world = new World()
    world.confirm = where === 'complete'
    if (where === 'BadDigest') world.onSend = (send) => (send.respond(badDigest), true)
    else
      world.onCall = (call) =>
        call.action === 'complete' ? (call.respond(422, { error: { code: 'damaged' } }), true) : undefined
    const answer = world.answer({ checksum })
    await add(world, answer, aFile())
    await pass(world, 60_000)
    expect([states(answer), world.sends.length]).toEqual([['failed'], 2])
    expect(world.errors).toMatchObject([{ code: 'damaged', remedy: 'person' }])
    world.onSend = () => undefined
    world.onCall = () => undefined
    answer.retryAll()
    await pass(world, 10_000)
    expect(states(answer)).toEqual(['done'])
  })

  test('found at `complete` once: the file is sent again under another key, and is done', async () => {
    const world = new World()
    world.confirm = true
    world.onCall = (call) =>
      call.action === 'complete' && call.body.id === 'id1'
        ? (call.respond(422, { error: { code: 'damaged' } }), true)
        : undefined
    const answer = world.answer({ checksum })
    await add(world, answer, aFile())
    await pass(world, 10_000)
    expect([answer.getIds(), world.discarded, world.errors]).toEqual([['id2'], ['id1'], []])
  })
})

describe('the parts of a file', () => {
  const inParts = () => {
    const world = new World()
    world.method = 'MULTIPART'
    world.partChecksums = true
    return world
  }
  const bytes = Uint8Array.from({ length: 950 }, (_, index) => index % 251)
  const sums = Array.from({ length: 10 }, (_, index) => sha256(bytes.subarray(index * 100, index * 100 + 100)))
  const aLongFile = () => new TestFile(bytes, 'a.bin')

  test('are hashed just before their URLs are asked for, and all together for `complete`', async () => {
    const world = inParts()
    const answer = world.answer({ checksum })
    await add(world, answer, aLongFile())
    await pass(world, 1_000)
    expect(states(answer)).toEqual(['done'])
    const calls = world.callsOf('presign-parts').map(({ body }) => body)
    expect(calls.every(({ partNumbers = [] }) => partNumbers.length <= 6)).toBe(true)
    const told = calls.flatMap(({ partNumbers = [], checksums = [] }) =>
      partNumbers.map((part, index) => [part, checksums[index]]),
    )
    expect(told).toEqual(sums.map((sum, index) => [index + 1, sum]))
    const composite = sha256(Buffer.concat(sums.map((sum) => Buffer.from(sum, 'base64'))))
    expect(world.callsOf('complete').map(({ body }) => body.checksum)).toEqual([composite])
  })

  test.each([
    ['once is sent again by itself', 1, 'done'],
    ['twice is told', 2, 'failed'],
  ])('one that arrives damaged %s', async (_, times, state) => {
    const world = inParts()
    let left = times
    let reads = 0
    const { digest } = world
    world.digest = (of) => ((reads += 1), digest(of))
    world.onSend = (send) => (partOf(send) === 3 && left-- > 0 ? (send.respond(badDigest), true) : undefined)
    const answer = world.answer({ checksum })
    await add(world, answer, aLongFile())
    await pass(world, 60_000)
    expect([states(answer), world.errors.map(({ code }) => code)]).toEqual([
      [state],
      state === 'done' ? [] : ['damaged'],
    ])
    expect(world.partsSent.filter((part) => part === 3).length).toBe(2)
    expect(world.callsOf('presign').length).toBe(1)
    // The whole file for its grant, ten parts, the damaged one anew, and all together.
    if (state === 'done') expect(reads).toBe(13)
  })

  test('that do not make the file are found at `complete`: it begins anew, once', async () => {
    const world = inParts()
    world.onCall = (call) =>
      call.action === 'complete' && call.body.id === 'id1'
        ? (call.respond(422, { error: { code: 'damaged' } }), true)
        : undefined
    const answer = world.answer({ checksum })
    await add(world, answer, aLongFile())
    await pass(world, 60_000)
    expect([answer.getIds(), world.discarded, world.sends.length]).toEqual([['id2'], ['id1'], 20])
  })
})
