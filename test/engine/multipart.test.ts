import { describe, expect, test } from 'vitest'
import { aFile, type Call, keyAt, type Send, states, World } from './world.js'

const partOf = ({ request }: Send) => Number(new URL(request.url).searchParams.get('partNumber'))
const idOf = ({ request }: Send) => new URL(request.url).pathname.split('/').at(-1)

/** Grants in parts of 100 bytes. */
function inParts(): World {
  const world = new World()
  world.method = 'MULTIPART'
  return world
}

describe('a file in parts', () => {
  test('is cut at the part size, sent several parts at once, and completed once', async () => {
    const world = inParts()
    world.onSend = () => true
    const answer = world.answer()
    answer.add([aFile('a.bin', 950)])
    await world.clock.advance(100)
    expect(world.partsSent).toEqual([1, 2, 3, 4, 5, 6])
    for (let next = 0; next < world.sends.length; next += 1) {
      world.sends[next]?.respond()
      await world.clock.advance(10)
    }
    await world.clock.advance(100)
    expect(world.partsSent).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(world.sends.map(({ request }) => request.body.size)).toEqual([...Array<number>(9).fill(100), 50])
    expect(world.callsOf('complete').map(({ body }) => [body.id, body.upload])).toEqual([['id1', 'upload-id1']])
    expect(states(answer)).toEqual(['done'])
  })

  test('asks for URLs in small batches just ahead', async () => {
    const world = inParts()
    const answer = world.answer({ timing: { partBatch: 5 } })
    answer.add([aFile('a.bin', 2_000)])
    await world.clock.advance(1_000)
    expect(states(answer)).toEqual(['done'])
    const asked = world.callsOf('presign-parts').map(({ body }) => body.partNumbers ?? [])
    expect(asked.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 18 }, (_, index) => index + 3))
    expect(asked.every(({ length }) => length <= 5)).toBe(true)
    // A call begins while the lanes still have URLs, so the last one may be short.
    expect(asked.length).toBeLessThanOrEqual(5)
  })

  test('F40: part 3 of 5 fails three times, and only that part is sent again', async () => {
    const world = inParts()
    let failures = 3
    world.onSend = (send) => (partOf(send) === 3 && failures-- > 0 ? (send.respond({ status: 500 }), true) : undefined)
    const answer = world.answer()
    answer.add([aFile('a.bin', 500)])
    await world.clock.advance(30_000)
    expect(states(answer)).toEqual(['done'])
    expect(world.partsSent.toSorted()).toEqual([1, 2, 3, 3, 3, 3, 4, 5])
    expect(world.errors).toEqual([])
  })

  test('a part that always fails is tried eight times in all; a retry sends only what storage lacks', async () => {
    const world = inParts()
    world.onSend = (send) => (partOf(send) === 2 ? (send.respond({ status: 500 }), true) : undefined)
    const answer = world.answer()
    answer.add([aFile('a.bin', 500)])
    await world.clock.advance(1_800_000)
    expect(states(answer)).toEqual(['failed'])
    expect(world.partsSent.filter((part) => part === 2).length).toBe(8)
    const before = world.sends.length
    world.onSend = () => undefined
    answer.retry(keyAt(answer))
    await world.clock.advance(1_000)
    expect(answer.getIds()).toEqual(['id1'])
    expect(world.partsSent.slice(before)).toEqual([2])
    // The page that sent them knows.
    expect(world.callsOf('list-parts').length).toBe(0)
  })

  test('F21, F22: a refused URL of a part is renewed once, silently', async () => {
    const world = inParts()
    let refusals = 1
    world.onSend = (send) => (partOf(send) === 1 && refusals-- > 0 ? (send.respond({ status: 403 }), true) : undefined)
    const answer = world.answer()
    answer.add([aFile('a.bin', 200)])
    await world.clock.advance(1_000)
    expect([states(answer), world.errors]).toEqual([['done'], []])
    expect(world.callsOf('presign').length).toBe(1)
  })

  test.each([
    ['that storage has is taken from its list', true, 1, ['done'], undefined],
    ['that storage has not, twice, is a refusal, and told', false, 2, ['failed'], 'storage-rejected'],
  ])('F21: a part without an answer %s', async (_, isStored, times, state, code) => {
    const world = inParts()
    world.onSend = (send) => {
      if (partOf(send) !== 1) return undefined
      if (isStored) world.store(send.request)
      send.respond({ status: 0, sentAll: true })
      return true
    }
    const answer = world.answer()
    answer.add([aFile('a.bin', 200)])
    await world.clock.advance(10_000)
    expect([states(answer), world.errors[0]?.code]).toEqual([state, code])
    expect(world.partsSent.filter((part) => part === 1).length).toBe(times)
  })

  test('F43: a file removed and brought back while `complete` is on its way waits for that call', async () => {
    const world = inParts()
    let held: Call | undefined
    world.onCall = (call) => (call.action === 'complete' ? ((held = call), true) : undefined)
    const answer = world.answer()
    answer.add([aFile('a.bin', 200)])
    await world.clock.advance(1_000)
    const key = keyAt(answer)
    answer.remove(key)
    answer.undo(key)
    await world.clock.advance(1_000)
    expect([states(answer), world.callsOf('complete').length]).toEqual([['finishing'], 1])
    if (held !== undefined) world.answerCall(held)
    await world.clock.advance(1_000)
    expect([answer.getIds(), world.callsOf('complete').length]).toEqual([['id1'], 1])
    expect(world.discarded).toEqual([])
  })

  test('S13: a failed upload that is removed is aborted and discarded once', async () => {
    const world = inParts()
    world.onSend = (send) => (partOf(send) === 2 ? (send.respond({ status: 400 }), true) : undefined)
    const answer = world.answer()
    answer.add([aFile('a.bin', 300)])
    await world.clock.advance(1_000)
    answer.remove(keyAt(answer))
    await world.clock.advance(20_000)
    expect(world.callsOf('abort').map(({ body }) => [body.id, body.upload])).toEqual([['id1', 'upload-id1']])
    expect(world.discarded).toEqual(['id1'])
  })

  test('F70: removal stops all parts in the same task, and no call or part begins after', async () => {
    const world = inParts()
    world.onSend = () => true
    const answer = world.answer()
    answer.add([aFile('a.bin', 2_000)])
    await world.clock.advance(100)
    answer.remove(keyAt(answer))
    expect(world.sends.every(({ request }) => request.signal.aborted)).toBe(true)
    const before = [world.sends.length, world.callsOf('presign-parts').length]
    await world.clock.advance(60_000)
    expect([world.sends.length, world.callsOf('presign-parts').length]).toEqual(before)
    expect(world.callsOf('abort').length).toBe(1)
  })

  test('F71: an undone removal goes on with the stored parts, and nothing was aborted', async () => {
    const world = inParts()
    world.onSend = (send) => (partOf(send) > 3 ? true : undefined)
    const answer = world.answer()
    answer.add([aFile('a.bin', 500)])
    await world.clock.advance(100)
    answer.remove(keyAt(answer))
    await world.clock.advance(5_000)
    world.onSend = () => undefined
    const before = world.sends.length
    answer.undo(keyAt({ getAnswer: () => ({ keys: answer.getAnswer().removals.map(({ entry }) => entry.key) }) }))
    await world.clock.advance(30_000)
    expect(answer.getIds()).toEqual(['id1'])
    expect(world.partsSent.slice(before)).toEqual([4, 5])
    expect(world.callsOf('abort').length).toBe(0)
  })

  test('F45: after a pause storage is asked before any part goes, as the upload may be no more', async () => {
    const world = inParts()
    world.onSend = (send) => (partOf(send) > 3 ? true : undefined)
    const answer = world.answer()
    answer.add([aFile('a.bin', 500)])
    await world.clock.advance(100)
    answer.pause(keyAt(answer))
    await world.clock.advance(100)
    const [sends, calls] = [world.sends.length, world.calls.length]
    const asked: boolean[] = []
    world.onSend = () => {
      asked.push(world.calls.slice(calls).some(({ action }) => action === 'list-parts'))
      return undefined
    }
    answer.resume(keyAt(answer))
    await world.clock.advance(1_000)
    expect(states(answer)).toEqual(['done'])
    expect([world.partsSent.slice(sends), asked]).toEqual([
      [4, 5],
      [true, true],
    ])
  })

  test('F41: complete finds parts missing, which are sent again', async () => {
    const world = inParts()
    let completes = 0
    world.onCall = (call) => {
      if (call.action !== 'complete') return undefined
      completes += 1
      if (completes > 1) return undefined
      world.parts.get('id1')?.delete(2)
      return (call.respond(404, { error: { code: 'not-stored', message: '' } }), true)
    }
    const answer = world.answer()
    answer.add([aFile('a.bin', 300)])
    await world.clock.advance(10_000)
    expect(answer.getIds()).toEqual(['id1'])
    expect(world.partsSent).toEqual([1, 2, 3, 2])
  })

  test.each([
    ['answered 500', (call: { respond(status: number, body: unknown): void; fail(): void }) => call.respond(500, '')],
    ['lost', (call: { fail(): void }) => call.fail()],
  ])('F43: complete is asked again when it was %s, never two at a time', async (_, end) => {
    const world = inParts()
    world.onCall = (call) => {
      if (call.action !== 'complete') return undefined
      expect(
        world
          .callsOf('complete')
          .slice(0, -1)
          .every(({ at }) => at < world.clock.now()),
      ).toBe(true)
      return world.callsOf('complete').length === 1 ? (end(call), true) : undefined
    }
    const answer = world.answer()
    answer.add([aFile('a.bin', 300)])
    await world.clock.advance(10_000)
    expect(states(answer)).toEqual(['done'])
    expect([world.callsOf('complete').length, world.partsSent.length]).toEqual([2, 3])
  })

  test('a wrong size at complete makes the file start over once, then tells', async () => {
    const world = inParts()
    world.onCall = (call) =>
      call.action === 'complete' ? (call.respond(200, { id: call.body.id, size: 1 }), true) : undefined
    const answer = world.answer()
    answer.add([aFile('a.bin', 300)])
    await world.clock.advance(60_000)
    expect(states(answer)).toEqual(['failed'])
    expect(world.callsOf('presign').length).toBe(2)
    expect(world.discarded).toEqual(['id1'])
  })

  test('a scan that runs is asked for again until it is through', async () => {
    const world = inParts()
    world.onCall = (call) =>
      call.action === 'complete' && world.callsOf('complete').length < 4
        ? (call.respond(202, { id: call.body.id, status: 'checking', retryAfter: 40 }), true)
        : undefined
    const answer = world.answer()
    answer.add([aFile('a.bin', 300)])
    await world.clock.advance(1_000)
    expect(answer.getAnswer().entries).toMatchObject([{ state: 'finishing', checking: true }])
    await world.clock.advance(120_000)
    expect(states(answer)).toEqual(['done'])
  })

  test('an unsafe file is told as that', async () => {
    const world = inParts()
    world.onCall = (call) =>
      call.action === 'complete' ? (call.respond(422, { error: { code: 'unsafe', message: '' } }), true) : undefined
    const answer = world.answer()
    answer.add([aFile('a.bin', 300)])
    await world.clock.advance(1_000)
    expect(world.errors.map(({ code }) => code)).toEqual(['unsafe'])
  })

  test('F50: offline in the middle, it goes on within two seconds of being back, with no tries used', async () => {
    const world = inParts()
    world.onSend = (send) => (partOf(send) > 2 ? true : undefined)
    const answer = world.answer()
    answer.add([aFile('a.bin', 500)])
    await world.clock.advance(100)
    world.goOnline(false)
    for (const send of world.sends) send.respond({ status: 0, sentAll: false, sentBytes: 0 })
    await world.clock.advance(10 * 60_000)
    expect(states(answer)).toEqual(['retrying'])
    const before = world.sends.length
    world.onSend = () => undefined
    world.goOnline(true)
    await world.clock.advance(2_100)
    expect(states(answer)).toEqual(['done'])
    expect(world.partsSent.slice(before).toSorted()).toEqual([3, 4, 5])
    expect(world.errors).toEqual([])
  })

  test('F46: storage down for two minutes in the middle of many large files uses up nobody’s tries', async () => {
    const world = inParts()
    world.onSend = (send) => (world.clock.now() < 121_000 ? (send.respond({ status: 500 }), true) : undefined)
    const answer = world.answer()
    answer.add(Array.from({ length: 20 }, (_, index) => aFile(`${index}.bin`, 300)))
    await world.clock.advance(240_000)
    expect(new Set(states(answer))).toEqual(new Set(['done']))
    expect(world.errors).toEqual([])
    expect(world.sends.length).toBeLessThan(400)
  })

  test.each(['presign-parts', 'list-parts'])(
    'a call to %s that never answers is given up and made again',
    async (action) => {
      const world = inParts()
      world.onCall = (call) => (call.action === action && world.callsOf(action).length === 1 ? true : undefined)
      world.onSend = (send) => (world.sends.length === 2 ? (send.respond({ status: 400 }), true) : undefined)
      const answer = world.answer()
      answer.add([aFile('a.bin', 500)])
      await world.clock.advance(60_000)
      answer.retryAll()
      await world.clock.advance(120_000)
      expect(states(answer)).toEqual(['done'])
    },
  )
})

describe('progress of a file in parts', () => {
  test('is the sum of what is sent, never over the whole, and takes back only what a failed part had', async () => {
    const world = inParts()
    world.onSend = () => true
    const answer = world.answer()
    answer.add([aFile('a.bin', 300)])
    await world.clock.advance(100)
    const sent = () => answer.sentBytes(keyAt(answer))
    for (const send of world.sends) send.request.onProgress?.(60)
    expect(sent()).toBe(180)
    world.sends[0]?.respond()
    await world.clock.settle()
    expect(sent()).toBe(220)
    world.sends[1]?.respond({ status: 500 })
    await world.clock.settle()
    expect(sent()).toBe(160)
    world.sends[2]?.request.onProgress?.(1_000)
    expect(sent()).toBeLessThanOrEqual(300)
  })
})

describe('the connection budget', () => {
  /** Counts connections in use as the budget does: a small request costs half. */
  const watched = (method: World['method']) => {
    const world = new World()
    world.method = method
    world.partSize = 300_000
    world.onSend = () => true
    const inFlight = () => world.sends.filter(({ request }) => !request.signal.aborted && !answered.has(request)).length
    const answered = new Set<unknown>()
    const finish = (send: Send) => {
      answered.add(send.request)
      send.respond()
    }
    return {
      world,
      inFlight,
      finish,
      waiting: () => world.sends.filter(({ request }) => !request.signal.aborted && !answered.has(request)),
    }
  }

  test('six large requests at once, whatever the number of files and parts', async () => {
    const { world, inFlight, finish, waiting } = watched('MULTIPART')
    const answer = world.answer()
    answer.add(Array.from({ length: 4 }, (_, index) => aFile(`${index}.bin`, 1_200_000)))
    for (let turn = 0; turn < 40; turn += 1) {
      await world.clock.advance(20)
      expect(inFlight()).toBeLessThanOrEqual(6)
      const [first] = waiting()
      if (first !== undefined) finish(first)
    }
    await world.clock.advance(1_000)
    expect(new Set(states(answer))).toEqual(new Set(['done']))
  })

  test('twelve small requests at once', async () => {
    const { world, inFlight } = watched('PUT')
    world.answer().add(Array.from({ length: 40 }, (_, index) => aFile(`${index}.bin`, 10)))
    await world.clock.advance(500)
    expect(inFlight()).toBe(12)
  })

  test('a long file in parts does not hold back another: they take turns', async () => {
    const { world, finish, waiting } = watched('MULTIPART')
    const answer = world.answer()
    answer.add([aFile('long.bin', 6_000_000)])
    await world.clock.advance(100)
    answer.add([aFile('short.bin', 600_000)])
    await world.clock.advance(100)
    // One connection is given up at once, by the part that was begun last; the others are finished.
    expect(waiting().map(idOf).toSorted()).toEqual(['id1', 'id1', 'id1', 'id1', 'id1', 'id2'])
    expect(world.sends.filter(({ request }) => request.signal.aborted).map(({ request }) => request.url)).toEqual([
      world.sends[5]?.request.url,
    ])
    for (const send of waiting().filter((send) => idOf(send) === 'id1')) finish(send)
    await world.clock.advance(100)
    expect(waiting().map(idOf)).toContain('id2')
    for (let round = 0; round < 10; round += 1) {
      for (const send of waiting()) finish(send)
      await world.clock.advance(100)
    }
    expect([states(answer), world.errors]).toEqual([['done', 'done'], []])
  })

  test('a request whose connection comes after the file has left does not begin', async () => {
    const world = new World()
    const grants: (() => void)[] = []
    const answer = world.answer({
      connections: { acquire: () => new Promise((resolve) => grants.push(() => resolve(() => {}))) },
    })
    answer.add([aFile()])
    await world.clock.advance(100)
    grants[0]?.()
    answer.remove(keyAt(answer))
    await world.clock.advance(100)
    expect([grants.length, world.sends.length]).toEqual([1, 0])
  })
})
