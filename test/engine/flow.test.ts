// How much goes on at once, and who waits for whom: pauses, fair shares, patience, the pace of grants.
import { describe, expect, test } from 'vitest'
import { createConnections } from '../../src/engine/connections.js'
import type { FileAnswer } from '../../src/engine/fileAnswer.js'
import { sharedLine } from './line.js'
import { aFile, keyAt, many, type Send, states, World } from './world.js'

const mega = 1024 * 1024
/** A file that claims a size: its parts are sliced and counted, never read. */
function bigFile(name: string, size: number): File {
  const file = aFile(name)
  Object.defineProperty(file, 'size', { value: size })
  file.slice = (start = 0, end = size) => ({ size: end - start, slice: file.slice }) as Blob
  return file
}
const open = (world: World) => world.sends.filter(({ request }) => !request.signal.aborted)

/** Goes on until a condition holds; gives back the virtual ms it took. */
async function took(world: World, isSo: () => boolean): Promise<number> {
  const begun = world.clock.now()
  while (!isSo()) {
    await world.clock.advance(100)
    expect(world.clock.now() - begun).toBeLessThan(600_000)
  }
  return world.clock.now() - begun
}

describe('pause and resume', () => {
  test('a paused file ends its request in the same task, keeps its grant, and goes on from there', async () => {
    const world = new World()
    world.onSend = () => true
    const answer = world.answer()
    answer.add([aFile('a.pdf', 300_000), aFile('b.pdf', 300_000)])
    await world.clock.advance(100)
    world.sends[0]?.request.onProgress?.(120_000)
    answer.pause(keyAt(answer))
    expect(world.sends.map(({ request }) => request.signal.aborted)).toEqual([true, false])
    expect([states(answer), answer.sentBytes(keyAt(answer))]).toEqual([['paused', 'uploading'], 120_000])
    await world.clock.advance(60_000)
    expect(world.sends.length).toBe(2)
    world.onSend = () => undefined
    answer.resume(keyAt(answer))
    await world.clock.advance(100)
    expect(states(answer)).toEqual(['done', 'uploading'])
    expect(world.callsOf('presign').length).toBe(1)
  })

  test('in whatever state, and for all: nothing begins until the resume, and then every file is stored once', async () => {
    const world = new World()
    world.method = 'MULTIPART'
    world.onCall = (call) => (call.action === 'presign' ? true : undefined)
    const answer = world.answer({ maxFiles: 40 })
    answer.add(many(30, 250))
    await world.clock.advance(10)
    const [first] = world.callsOf('presign')
    answer.pauseAll()
    if (first !== undefined) world.answerCall(first)
    await world.clock.advance(60_000)
    expect(new Set(states(answer))).toEqual(new Set(['paused']))
    expect([world.sends.length, world.callsOf('presign').length]).toEqual([0, 1])
    world.onCall = () => undefined
    answer.resumeAll()
    await world.clock.advance(60_000)
    expect(new Set(answer.getIds()).size).toBe(30)
    // What was granted to the aborted call is discarded, not used.
    expect([...answer.getIds(), ...world.discarded].length).toBe(new Set([...answer.getIds(), ...world.discarded]).size)
  })

  test('cancelling all ends every request in the same task, discards what was granted, and leaves what is stored', async () => {
    const world = new World()
    world.method = 'MULTIPART'
    const answer = world.answer({ defaultValue: ['old'] })
    answer.add([aFile('done.bin', 150)])
    await world.clock.advance(1_000)
    world.onSend = () => true
    answer.add(many(30, 250))
    await world.clock.advance(100)
    const before = [world.sends.length, world.callsOf('presign').length]
    answer.cancelAll()
    expect(open(world).slice(2)).toEqual([])
    expect(states(answer)).toEqual(['restored', 'done'])
    await world.clock.advance(60_000)
    expect([world.sends.length, world.callsOf('presign').length]).toEqual(before)
    expect([answer.getIds(), new Set(world.discarded).size]).toEqual([['old', 'id1'], 30])
    expect(world.callsOf('abort').length).toBe(30)
    expect(await answer.settled()).toEqual(['old', 'id1'])
  })

  test('F45: parts stay; an upload that is gone by the resume starts anew', async () => {
    const world = new World()
    world.method = 'MULTIPART'
    world.onSend = () => (world.sends.length <= 2 ? undefined : true)
    const answer = world.answer()
    answer.add([aFile('a.bin', 450)])
    await world.clock.advance(100)
    answer.pause(keyAt(answer))
    const before = world.sends.length
    world.onSend = () => undefined
    answer.resume(keyAt(answer))
    await world.clock.advance(1_000)
    expect([answer.getIds(), world.partsSent.slice(before).toSorted()]).toEqual([['id1'], [3, 4, 5]])

    const gone = new World()
    gone.method = 'MULTIPART'
    gone.onSend = () => true
    const other = gone.answer()
    other.add([aFile('a.bin', 450)])
    await gone.clock.advance(100)
    other.pauseAll()
    gone.onSend = () => undefined
    gone.onCall = (call) =>
      call.action === 'list-parts' && call.body.id === 'id1'
        ? (call.respond(404, { error: { code: 'not-stored' } }), true)
        : undefined
    other.resumeAll()
    await gone.clock.advance(5_000)
    expect([other.getIds(), gone.errors]).toEqual([['id2'], []])
  })

  test('whoever waits for the answer resumes what is paused; a removed file is not resumed', async () => {
    const world = new World()
    world.onSend = () => true
    const answer = world.answer()
    answer.add(many(2))
    await world.clock.advance(100)
    answer.pauseAll()
    answer.remove(keyAt(answer, 1))
    world.onSend = () => undefined
    const settled = answer.settled()
    await world.clock.advance(2_000)
    expect(await settled).toEqual(answer.getIds())
    expect(answer.getIds().length).toBe(1)
  })
})

describe('shares', () => {
  const photos = Array.from({ length: 10 }, (_, index) => bigFile(`photo ${index}.jpg`, 3 * mega))
  const photosDone = (answer: FileAnswer) => () =>
    answer
      .getAnswer()
      .entries.filter(({ state, ...entry }) => 'name' in entry && entry.name.startsWith('photo') && state === 'done')
      .length === 10
  const withLine = () => {
    const world = new World()
    world.partSize = 8 * mega
    const issue = world.issue.bind(world)
    world.issue = (file) => {
      world.method = file.size > 32 * mega ? 'MULTIPART' : 'PUT'
      return issue(file)
    }
    sharedLine(world, (4 * mega) / 1_000)
    return world
  }

  test('ten photos added during a 300 MB video take no more than 1.5 times the time they take alone', async () => {
    const alone = withLine()
    const by = alone.answer()
    by.add(photos)
    const aloneMs = await took(alone, photosDone(by))

    const world = withLine()
    const answer = world.answer()
    answer.add([bigFile('video.mp4', 300 * mega)])
    await world.clock.advance(5_000)
    expect(open(world).length).toBeGreaterThanOrEqual(6)
    answer.add(photos)
    expect(await took(world, photosDone(answer))).toBeLessThanOrEqual(1.5 * aloneMs)
    // What the video gave up it gets back, and what it sent in vain is little.
    const videoMs = await took(world, () => states(answer).every((state) => state === 'done'))
    expect(videoMs).toBeLessThan(300_000)
    const parts = world.sends.filter(({ request }) => request.url.includes('partNumber'))
    expect(parts.length - Math.ceil(300 / 8)).toBeLessThanOrEqual(6)
    expect(world.errors).toEqual([])
  })

  test('each origin has a budget of its own, and each file its turn', async () => {
    const world = new World()
    world.onSend = () => true
    let turn = 0
    world.onCall = (call) => {
      if (call.action !== 'presign') return undefined
      const grants = (call.body.files ?? []).map((file) => {
        const { url, ...grant } = world.issue(file) as { url: string }
        turn += 1
        return { ...grant, url: turn % 2 === 0 ? url : url.replace('storage.test', 'other.test') }
      })
      return (call.respond(200, { grants }), true)
    }
    world.answer().add(many(60))
    await world.clock.advance(100)
    const hosts = open(world).map(({ request }) => new URL(request.url).host)
    expect(hosts.filter((host) => host === 'other.test').length).toBe(12)
    expect(hosts.filter((host) => host === 'storage.test').length).toBe(12)
  })
})

describe('patience', () => {
  test('F25: SlowDown halves what goes on at once, for the whole page, and it comes back with what works', async () => {
    const world = new World()
    world.onSend = () => true
    const connections = createConnections(12)
    const answer = world.answer({ connections })
    const beside = world.answer({ connections })
    answer.add(many(40))
    await world.clock.advance(100)
    expect(open(world).length).toBe(12)
    const slowDown = { status: 503, body: '<Error><Code>SlowDown</Code></Error>' }
    const answered = new Set<Send>()
    const respond = (sends: readonly Send[], outcome: Parameters<Send['respond']>[0] = {}) => {
      for (const send of sends) {
        answered.add(send)
        send.respond(outcome)
      }
    }
    const waiting = () => open(world).filter((send) => !answered.has(send))
    respond(waiting().slice(0, 3), slowDown)
    beside.add(many(5))
    await world.clock.advance(100)
    // Nine are on their way; with six allowed none begins, of neither field.
    expect(waiting().length).toBe(9)
    respond(waiting().slice(0, 6))
    await world.clock.advance(100)
    // Six that worked allow one more.
    expect(waiting().length).toBe(7)
    const counts: number[] = []
    for (let round = 0; round < 8; round += 1) {
      counts.push(waiting().length)
      respond(waiting())
      await world.clock.advance(3_000)
    }
    expect(Math.max(...counts)).toBeGreaterThan(7)
    world.onSend = () => undefined
    respond(waiting())
    await world.clock.advance(60_000)
    expect(new Set([...states(answer), ...states(beside)])).toEqual(new Set(['done']))
  })

  test("a part that storage asks to wait holds the file's other parts and the field's other files", async () => {
    const world = new World()
    world.method = 'MULTIPART'
    world.onSend = (send) =>
      world.sends.length === 1 ? (send.respond({ status: 503, headers: { 'retry-after': '10' } }), true) : undefined
    const answer = world.answer({ timing: { connectionBudget: 2 } })
    answer.add(many(3, 450))
    await world.clock.advance(9_000)
    expect(world.sends.length).toBeLessThanOrEqual(3)
    await world.clock.advance(30_000)
    expect(new Set(states(answer))).toEqual(new Set(['done']))
  })

  test('the bucket of retries runs empty: the queue rests and probes, and goes on by itself', async () => {
    const world = new World()
    let isDown = true
    // Two files at a time, so that no six fail alike between two successes of the backend.
    world.onSend = (send) => (isDown ? (send.respond({ status: 500 }), true) : undefined)
    const answer = world.answer({ timing: { sending: 2, restAfter: 1_000, retryTokens: 70, sendTries: 1_000 } })
    answer.add(many(4))
    await world.clock.advance(10_000)
    const before = world.sends.length
    expect(before).toBeLessThanOrEqual(14)
    await world.clock.advance(120_000)
    // Probes alone, one in about ten seconds.
    expect(world.sends.length - before).toBeLessThanOrEqual(20)
    isDown = false
    await world.clock.advance(20_000)
    expect([new Set(states(answer)), world.errors]).toEqual([new Set(['done']), []])
  })

  test('F50: a network that is gone while the browser says online uses up no tries, and all go on when it is back', async () => {
    const world = new World()
    let isGone = false
    world.onSend = (send) => (isGone ? (send.respond({ status: 0, sentAll: false, sentBytes: 0 }), true) : undefined)
    world.onCall = (call) => (isGone ? (call.fail(), true) : undefined)
    const answer = world.answer()
    isGone = true
    // One file that asks: five tries would be over in seconds.
    answer.add([aFile()])
    await world.clock.advance(300_000)
    expect([states(answer), world.errors]).toEqual([['retrying'], []])
    expect(answer.getAnswer().entries[0]).toMatchObject({ failure: { code: 'network' }, retryAt: null })
    isGone = false
    await world.clock.advance(5_500)
    expect(states(answer)).toEqual(['done'])
    // One file whose bytes are on their way.
    isGone = true
    answer.add([aFile('b.pdf', 300_000)])
    await world.clock.advance(60_000)
    isGone = false
    await world.clock.advance(5_500)
    expect([states(answer), world.errors]).toEqual([['done', 'done'], []])
  })

  test('the eighth failed try of a file whose storage alone is out of reach is the last', async () => {
    const world = new World()
    world.onSend = (send) => (send.respond({ status: 0, sentAll: false, sentBytes: 0 }), true)
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(300_000)
    expect([states(answer), world.sends.length, world.errors.map(({ code }) => code)]).toEqual([
      ['failed'],
      8,
      ['network'],
    ])
    // Asked once whether the grant was why.
    expect(world.callsOf('presign').map(({ body }) => body.files?.[0]?.id)).toEqual([undefined, 'id1'])
  })

  test('F34: the wait for an answer doubles with each try', async () => {
    const world = new World()
    const begun: number[] = []
    world.onSend = (send) => {
      begun.push(send.at)
      send.request.onProgress?.(send.request.body.size)
      send.request.onSent?.()
      return true
    }
    const answer = world.answer()
    world.chance = 0
    answer.add([aFile('a.pdf', 300_000)])
    await world.clock.advance(500_000)
    const waits = begun.slice(1, 4).map((at, index) => Math.round((at - (begun[index] ?? 0)) / 10_000))
    expect(waits).toEqual([6, 12, 24])
  })
})

describe('the pace of grants', () => {
  test('as many are ahead as a slow backend needs, so that no connection waits for it', async () => {
    const counts = async (grantMs: number) => {
      const world = new World()
      world.onCall = (call) =>
        call.action === 'presign' ? (world.clock.after(grantMs, () => world.answerCall(call)), true) : undefined
      world.onSend = (send) => (world.clock.after(100, () => send.respond()), true)
      const answer = world.answer()
      answer.add(many(300))
      await world.clock.advance(20_000)
      expect(new Set(answer.getIds()).size).toBe(300)
      const first = world.sends[0]?.at ?? 0
      return { calls: world.callsOf('presign').length, ms: (world.sends.at(-1)?.at ?? 0) - first }
    }
    const quick = await counts(50)
    const slow = await counts(800)
    // Storage needs 25 rounds of 100 ms for them, twelve at once; the slow backend is waited for once, at the start.
    expect(quick.ms).toBeLessThan(3_000)
    expect(slow.ms).toBeLessThan(1.3 * quick.ms)
    expect(slow.calls).toBeLessThanOrEqual(6)
  })

  test('F20: a grant that would end while its file waits is renewed before its turn comes', async () => {
    const world = new World()
    world.onCall = (call) => {
      if (call.action !== 'presign') return undefined
      const grants = (call.body.files ?? []).map((file) => ({ ...world.issue(file), expiresIn: 100 }))
      return (call.respond(200, { grants }), true)
    }
    world.onSend = () => true
    const answer = world.answer({ timing: { sending: 1, stall: 1e6, quietBase: 1e6 } })
    answer.add(many(2))
    await world.clock.advance(300_000)
    // Both were asked for together; the second waits, and is renewed at 80 of its 100 s, again and again.
    expect(world.callsOf('presign').map(({ body }) => body.files?.length)).toEqual([2, 1, 1, 1])
    world.onSend = () => undefined
    world.sends[0]?.respond()
    await world.clock.advance(10)
    expect(answer.getIds()).toEqual(['id1', 'id2'])
  })
})
