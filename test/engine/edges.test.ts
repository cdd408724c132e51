import { describe, expect, test } from 'vitest'
import { admit } from '../../src/answer/admission.js'
import { summaryOf } from '../../src/answer/selectors.js'
import { failure } from '../../src/protocol/failure.js'
import { aFile, states, World } from './world.js'

const forms = (type: string) => new File(['x'], `a.${type}`)

describe('what a row is told', () => {
  test('the row of a file that took the place of another hears that it is stored', async () => {
    const world = new World()
    world.onSend = () => true
    const answer = world.answer({ maxFiles: 1, defaultValue: ['old'] })
    answer.add([aFile()])
    await world.clock.advance(100)
    const key = answer.getAnswer().keys.at(-1) ?? ''
    const seen: (string | undefined)[] = []
    answer.subscribeEntry(key, () => seen.push(answer.getAnswer().entries.find((entry) => entry.key === key)?.state))
    world.sends[0]?.respond()
    await world.clock.advance(100)
    expect(states(answer)).toEqual(['done'])
    expect(seen.at(-1)).toBe('done')
  })

  test('names that the host knows later than the ids are shown', async () => {
    const world = new World()
    world.onCall = () => true
    const answer = world.answer({ defaultValue: ['a'] })
    answer.configure({
      endpoint: '/api/uploads',
      knownFiles: [{ id: 'a', name: 'a.pdf', size: 5, type: 'application/pdf' }],
    })
    const [entry] = answer.getAnswer().entries
    expect(entry?.state === 'restored' && entry.stored?.name).toBe('a.pdf')
  })

  test('a refused successor takes no place, and frees none', async () => {
    const world = new World()
    const answer = world.answer({
      maxFiles: 1,
      defaultValue: ['old'],
      validate: () => ({ code: 'no', message: 'No.' }),
    })
    answer.add([aFile()])
    await world.clock.advance(100)
    expect(states(answer)).toEqual(['restored', 'rejected'])
    expect(summaryOf(answer.getAnswer()).counted).toBe(1)
    const [verdict] = admit(
      answer.getAnswer(),
      [{ file: forms('pdf'), name: 'b.pdf', size: 1, type: 'application/pdf' }],
      { maxFiles: 2 },
    )
    expect(verdict?.refusal).toBeNull()
  })
})

describe('asking for grants', () => {
  test('a file that left in the same turn is not asked for', async () => {
    const world = new World()
    const answer = world.answer()
    answer.add([aFile('a.pdf'), aFile('b.pdf')])
    answer.remove(answer.getAnswer().keys[0] ?? '')
    await world.clock.advance(100)
    expect(world.callsOf('presign').map(({ body }) => body.files?.map(({ name }) => name))).toEqual([['b.pdf']])
  })

  test('goes before anybody makes rows of what was added', async () => {
    const world = new World()
    const answer = world.answer()
    const asked: number[] = []
    answer.subscribe(() => asked.push(world.callsOf('presign').length))
    answer.add([aFile('a.pdf')])
    await world.clock.advance(0)
    expect(asked).toEqual([1])
  })

  test.each([
    [20, 50],
    [2_000, 250],
  ])('of %i files is told every %i ms', async (count, everyMs) => {
    const world = new World()
    world.onSend = () => true
    const answer = world.answer()
    const times: number[] = []
    answer.subscribe(() => times.push(world.clock.now()))
    answer.add(Array.from({ length: count }, (_, index) => aFile(`${index}.pdf`)))
    await world.clock.advance(400)
    const [added = 0, first = 0] = times
    expect(first - added).toBe(everyMs)
  })

  test('files that were to wait equally long are asked for together again', async () => {
    const world = new World()
    world.onCall = (call) =>
      world.callsOf('presign').length === 1 ? (call.respond(503, '', { 'retry-after': '3' }), true) : undefined
    const answer = world.answer()
    answer.add([aFile('a.pdf'), aFile('b.pdf'), aFile('c.pdf')])
    await world.clock.advance(10_000)
    expect(world.callsOf('presign').map(({ body }) => body.files?.length)).toEqual([3, 3])
  })

  test('a file that waits for start() does not fail with others', async () => {
    const world = new World()
    world.onCall = (call) => (call.respond(401, {}), true)
    const answer = world.answer({ start: 'manual' })
    answer.add([aFile('a.pdf')])
    answer.start()
    answer.add([aFile('later.pdf')])
    await world.clock.advance(1_000)
    expect(states(answer)).toEqual(['failed', 'queued'])
  })

  test('a code of the protocol is told as ours, with its words for the developer', async () => {
    const world = new World()
    world.onCall = (call) => (
      call.respond(400, { error: { code: 'invalid', message: 'Not as the protocol says: files[0].size' } }), true
    )
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(1_000)
    expect(world.errors.map(({ code, message, hint }) => [code, message, hint])).toEqual([
      ['server', undefined, 'The backend answered invalid: Not as the protocol says: files[0].size'],
    ])
  })

  test('a host whose own fetch finds no network is waited for like ours', async () => {
    const world = new World()
    let isDown = true
    const answer = world.answer({
      requestUpload: async () => {
        if (isDown) throw new TypeError('Failed to fetch')
        return { id: 'x', url: 'https://storage.test/bucket/x' }
      },
    })
    answer.add([aFile()])
    await world.clock.advance(2_500)
    isDown = false
    await world.clock.advance(20_000)
    expect([states(answer), world.errors]).toEqual([['done'], []])
  })

  test('offline counts no tries of a host’s function that throws', async () => {
    const world = new World()
    world.goOnline(false)
    const answer = world.answer({
      requestUpload: async () => {
        throw new Error('offline, it seems')
      },
    })
    answer.add([aFile()])
    await world.clock.advance(600_000)
    expect(states(answer)).toEqual(['queued'])
  })

  test('what a host’s Failure says of waiting is kept', async () => {
    const world = new World()
    let calls = 0
    const answer = world.answer({
      requestUpload: async () => {
        calls += 1
        if (calls === 1) throw failure('rate-limited', { status: 429, retryAfterMs: 7_000 })
        return { id: 'x', url: 'https://storage.test/bucket/x' }
      },
    })
    answer.add([aFile()])
    await world.clock.advance(6_500)
    expect(calls).toBe(1)
    await world.clock.advance(5_000)
    expect([calls, states(answer)]).toEqual([2, ['done']])
  })
})

describe('a file in parts', () => {
  test('is not granted anew however old its grant is: an interrupted upload keeps its parts', async () => {
    const world = new World()
    world.method = 'MULTIPART'
    world.onSend = (send) =>
      /partNumber=2|\/2$/.test(send.request.url) && world.clock.now() < 1_500_000 ? true : undefined
    const answer = world.answer({ timing: { quietBase: 1e8, longest: 1e8, stall: 1e8 } })
    answer.add([aFile('a.bin', 500)])
    await world.clock.advance(1_200_000)
    world.goOnline(false)
    for (const send of world.sends) send.respond({ status: 0 })
    await world.clock.advance(400_000)
    world.goOnline(true)
    await world.clock.advance(60_000)
    expect(states(answer)).toEqual(['done'])
    expect(world.callsOf('presign').length).toBe(1)
  })

  test('a retried call for its grant does not ask storage for parts that nobody sent', async () => {
    const world = new World()
    world.method = 'MULTIPART'
    world.onCall = (call) =>
      world.callsOf('presign').length === 1 && call.action === 'presign' ? (call.respond(500, ''), true) : undefined
    const answer = world.answer()
    answer.add([aFile('a.bin', 150)])
    await world.clock.advance(20_000)
    expect(states(answer)).toEqual(['done'])
    expect(world.callsOf('list-parts').length).toBe(0)
  })
})

describe('answers to `complete` that make no sense', () => {
  test.each([
    ['a status of their own', { id: 'id1', size: 5, status: 'stored' }, 'done'],
    ['null', null, 'failed'],
    ['an empty object', {}, 'failed'],
    ['a string', '"ok"', 'failed'],
  ])('%s', async (_, body, state) => {
    const world = new World()
    world.confirm = true
    world.onCall = (call) => (call.action === 'complete' ? (call.respond(200, body), true) : undefined)
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(600_000)
    expect(states(answer)).toEqual([state])
    expect(world.callsOf('complete').length).toBeLessThanOrEqual(5)
  })

  test('a scan without a time to wait is asked for every three seconds', async () => {
    const world = new World()
    world.confirm = true
    world.onCall = (call) =>
      call.action === 'complete' ? (call.respond(202, { id: 'id1', status: 'checking' }), true) : undefined
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(10_000)
    expect(states(answer)).toEqual(['finishing'])
    expect(world.callsOf('complete').length).toBe(4)
  })
})

describe('a download link that the host gave', () => {
  test('ends when it says so, and is asked for anew; a dead one is never given', async () => {
    const world = new World()
    const url = 'https://storage.test/get/a?X-Amz-Expires=60'
    const answer = world.answer({
      defaultValue: ['a'],
      knownFiles: [{ id: 'a', name: 'a.pdf', size: 5, type: '', url }],
    })
    expect(await answer.linkOf('a')).toBe(url)
    await world.clock.advance(61_000)
    expect(await answer.linkOf('a')).toBe('https://storage.test/get/a')
    await world.clock.advance(61_000)
    world.onCall = (call) => (call.respond(503, ''), true)
    expect(await answer.linkOf('a')).toBeNull()
  })
})

describe('the server’s rules', () => {
  test('are asked for once, at the first file, and narrow the host’s; what came before is the server’s to refuse', async () => {
    const world = new World()
    world.rules = { maxSize: 10, maxFiles: 5, accept: '.pdf' }
    const answer = world.answer({ maxFiles: 3 })
    answer.add([aFile('first.pdf', 20)])
    await world.clock.advance(100)
    expect(answer.getRules()).toMatchObject({ maxSize: 10, maxFiles: 3, accept: '.pdf' })
    answer.add([aFile('large.pdf', 20), aFile('a.txt', 5, 'text/plain'), aFile('good.pdf', 5)])
    await world.clock.advance(100)
    expect(states(answer)).toEqual(['done', 'rejected', 'rejected', 'done'])
    expect([world.errors.map(({ code }) => code), world.rulesAsked]).toEqual([['file-too-large', 'file-type'], 1])
  })

  test.each([
    ['numbers that are none', { rules: { maxSize: '10', maxFiles: -1, minSize: Number.POSITIVE_INFINITY } }],
    ['no rules', {}],
    ['null', null],
  ])('with %s change nothing', async (_, answerBody) => {
    const world = new World()
    const answer = world.answer({
      backend: { requestUploads: async () => ({ grants: [] }), requestRules: async () => answerBody as never },
      maxFiles: 3,
    })
    answer.askRules()
    await world.clock.advance(100)
    expect([answer.getServerRules(), answer.getRules().maxFiles]).toEqual([null, 3])
  })
})

describe('storage that is away while the backend is well', () => {
  test('rests: grants that come meanwhile end no rest, one file is sent as a probe, and nobody’s tries are used up', async () => {
    const world = new World()
    const awayUntil = 121_000
    world.onSend = (send) => (world.clock.now() < awayUntil ? (send.respond({ status: 503 }), true) : undefined)
    const answer = world.answer()
    answer.add(Array.from({ length: 50 }, (_, index) => aFile(`${index}.pdf`)))
    await world.clock.advance(60_000)
    answer.add([aFile('later.pdf')])
    await world.clock.advance(60_000)
    expect(world.sends.length).toBeLessThanOrEqual(40)
    expect(world.errors).toEqual([])
    await world.clock.advance(120_000)
    expect(new Set(states(answer))).toEqual(new Set(['done']))
    expect(new Set(await answer.settled()).size).toBe(51)
  })
})
