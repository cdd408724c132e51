import { describe, expect, test } from 'vitest'
import type { RequestUpload } from '../../src/engine/hostBackend.js'
import { aFile, keyAt, many, type Send, states, World } from './world.js'

/** Requests to storage that nobody has answered or aborted. */
const open = (world: World, ended: ReadonlySet<Send> = new Set()) =>
  world.sends.filter((send) => !send.request.signal.aborted && !ended.has(send))
const xml = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>secret words</Message></Error>`

describe('one request', () => {
  test('a PUT has exactly the headers of the grant, and the file as it is', async () => {
    const world = new World()
    const answer = world.answer()
    const file = aFile('a.pdf')
    answer.add([file])
    await world.clock.advance(100)
    expect(world.sends.map(({ request }) => request)).toMatchObject([
      {
        method: 'PUT',
        url: 'https://storage.test/bucket/id1',
        headers: { 'content-type': 'application/pdf' },
        fields: null,
      },
    ])
    expect(world.sends[0]?.request.body).toBe(file)
  })

  test('a form POST has the fields of the grant and no headers', async () => {
    const world = new World()
    world.method = 'POST'
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(100)
    expect(world.sends[0]?.request).toMatchObject({ method: 'POST', headers: {}, fields: { key: 'id1', policy: 'p' } })
    expect(states(answer)).toEqual(['done'])
  })

  test('small files go without upload events, larger ones with', async () => {
    const world = new World()
    const answer = world.answer()
    answer.add([aFile('small.pdf', 256 * 1024), aFile('large.pdf', 256 * 1024 + 1)])
    await world.clock.advance(100)
    expect(world.sends.map(({ request }) => request.listen)).toEqual([false, true])
  })
})

describe("storage's answer", () => {
  test('F28: 412 after a lost answer is checked by complete, and is done', async () => {
    const world = new World()
    world.onSend = (send) => {
      if (world.sends.length === 1) {
        world.store(send.request)
        send.respond({ status: 0, sentAll: true })
      } else send.respond({ status: 412, body: xml('PreconditionFailed') })
      return true
    }
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(5_000)
    expect(states(answer)).toEqual(['done'])
    expect(world.sends.length).toBe(2)
    expect(world.callsOf('complete').length).toBe(1)
    expect(world.errors).toEqual([])
  })

  const unread = { status: 0, sentAll: true } as const
  test.each([
    ['small, by a backend that looks', 5, 'endpoint', 1],
    ['large, by a backend that looks', 300_000, 'endpoint', 1],
    ['large, by a backend without complete', 300_000, 'no complete', 1],
    ["large, by the host's own functions, whose confirmUpload is not told of a file in doubt", 300_000, 'functions', 0],
  ] as const)(
    'F21: a refusal without CORS headers, %s, is told after one grant more',
    async (_, size, by, completes) => {
      const world = new World()
      // What went by `fetch` says nothing of its bytes.
      world.onSend = (send) => (send.respond(send.request.listen ? unread : { status: 0 }), true)
      world.onCall = (call) =>
        call.action === 'complete' && by === 'no complete'
          ? (call.respond(400, { error: { code: 'unknown-action' } }), true)
          : undefined
      const renewals: (string | undefined)[] = []
      let confirmed = 0
      const requestUpload: RequestUpload = async (_, { renew }) => {
        renewals.push(renew)
        return { id: 'id1', url: 'https://storage.test/bucket/id1' }
      }
      const answer = world.answer(
        by === 'functions' ? { requestUpload, confirmUpload: async () => void (confirmed += 1) } : {},
      )
      answer.add([aFile('a.pdf', size)])
      await world.clock.advance(60_000)
      expect(states(answer)).toEqual(['failed'])
      expect(world.errors).toMatchObject([{ code: 'storage-rejected', remedy: 'person', status: 0 }])
      expect(world.errors[0]?.hint).toContain('without CORS headers')
      expect(world.sends.length).toBe(2)
      if (by === 'functions') expect([renewals, confirmed]).toEqual([[undefined, 'id1'], 0])
      else expect(world.callsOf('presign').map(({ body }) => body.files?.[0]?.id)).toEqual([undefined, 'id1'])
      expect(world.callsOf('complete').length).toBe(completes)
      // Mended by the host, a retry goes on.
      world.onSend = () => undefined
      world.onCall = () => undefined
      answer.retry(keyAt(answer))
      await world.clock.advance(1_000)
      expect(answer.getIds()).toEqual(['id1'])
    },
  )

  test('F21: a hundred refused files neither rest the queue nor hold back the one that storage takes', async () => {
    const world = new World()
    world.onSend = (send) => (send.request.url.endsWith('id101') ? undefined : (send.respond(unread), true))
    const answer = world.answer()
    answer.add(many(101))
    await world.clock.advance(5_000)
    expect(states(answer).filter((state) => state === 'failed').length).toBe(100)
    expect(answer.getIds()).toEqual(['id101'])
    expect(world.sends.length).toBe(201)
  })

  test('F29: answers that are lost again and again are no refusal: storage is looked at, and has the file', async () => {
    const world = new World()
    world.onSend = (send) => (world.store(send.request), send.respond(unread), true)
    world.onCall = (call) =>
      call.action === 'complete' && world.clock.now() < 4_000 ? (call.respond(503, {}), true) : undefined
    const answer = world.answer()
    answer.add([aFile('a.pdf', 300_000)])
    await world.clock.advance(60_000)
    expect([answer.getIds(), world.errors, world.sends.length]).toEqual([['id1'], [], 2])
  })

  test('412 counts as stored where the backend has no complete', async () => {
    const world = new World()
    world.onSend = (send) => (send.respond({ status: 412 }), true)
    world.onCall = (call) =>
      call.action === 'complete' ? (call.respond(400, { error: { code: 'unknown-action' } }), true) : undefined
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(1_000)
    expect(states(answer)).toEqual(['done'])
  })

  test('F31: an object of another size makes the file start over once, with another id', async () => {
    const world = new World()
    world.onSend = (send) => {
      if (world.sends.length > 1) return undefined
      world.stored.set('id1', 999)
      send.respond({ status: 412 })
      return true
    }
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(5_000)
    expect(answer.getIds()).toEqual(['id2'])
    expect(world.discarded).toEqual(['id1'])
  })

  test.each([
    ['403', { status: 403, body: xml('AccessDenied') }, 'denied'],
    ['403 with a bad signature', { status: 403, body: xml('SignatureDoesNotMatch') }, 'storage-rejected'],
    ['403 for a skewed clock', { status: 403, body: xml('RequestTimeTooSkewed') }, 'storage-rejected'],
  ])('F22–F24: %s asks for one new grant of the same id, then tells', async (_, outcome, code) => {
    const world = new World()
    world.onSend = (send) => (send.respond(outcome), true)
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(60_000)
    expect(world.sends.length).toBe(2)
    expect(world.callsOf('presign').map(({ body }) => body.files?.[0]?.id)).toEqual([undefined, 'id1'])
    expect(world.errors).toMatchObject([{ code, storageCode: /<Code>(.*)<\/Code>/.exec(outcome.body)?.[1] }])
    expect(JSON.stringify(world.errors)).not.toContain('secret words')
  })

  test.each([
    ['F37: 400 EntityTooLarge', { status: 400, body: xml('EntityTooLarge') }, 'storage-rejected', 1],
    ['F37: 411', { status: 411 }, 'storage-rejected', 1],
    ['F37: 413', { status: 413 }, 'storage-rejected', 1],
    ['F39: 404 NoSuchBucket', { status: 404, body: xml('NoSuchBucket') }, 'storage-rejected', 1],
  ])('%s fails that file alone', async (_, outcome, code, sends) => {
    const world = new World()
    world.onSend = (send) => (send.request.url.endsWith('id1') ? (send.respond(outcome), true) : undefined)
    const answer = world.answer()
    answer.add([aFile(), aFile('b.pdf')])
    await world.clock.advance(60_000)
    expect(states(answer)).toEqual(['failed', 'done'])
    expect(world.errors.map((failed) => failed.code)).toEqual([code])
    expect(world.sends.filter(({ request }) => request.url.endsWith('id1')).length).toBe(sends)
  })

  test.each([
    ['F26: RequestTimeout', { status: 400, body: xml('RequestTimeout') }],
    ['F26: IncompleteBody', { status: 400, body: xml('IncompleteBody') }],
    ['F25: 503 SlowDown', { status: 503, body: xml('SlowDown') }],
    ['F25: 502 with HTML', { status: 502, body: '<html>' }],
    ['F32: 409', { status: 409, body: xml('ConditionalRequestConflict') }],
    ['F27: no answer', { status: 0, sentBytes: 3, sentAll: false }],
  ])('%s once is healed without a word', async (_, outcome) => {
    const world = new World()
    world.onSend = (send) => (world.sends.length === 1 ? (send.respond(outcome), true) : undefined)
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(20_000)
    expect(states(answer)).toEqual(['done'])
    expect([world.sends.length, world.errors]).toEqual([2, []])
  })

  test.each([
    ['of unknown lifetime', undefined],
    ['whose end has passed while it was sent', 90],
  ])('F20: a grant %s that is refused without a word is renewed once, silently', async (_, expiresIn) => {
    const world = new World()
    world.onCall = (call) => {
      if (call.action !== 'presign') return undefined
      const grants = (call.body.files ?? []).map((file) => ({ ...world.issue(file), expiresIn }))
      return (call.respond(200, { grants }), true)
    }
    world.onSend = (send) => {
      if (world.sends.length > 1) return undefined
      world.clock.after(100_000, () => send.respond({ status: 0, sentAll: false, sentBytes: null }))
      return true
    }
    const answer = world.answer()
    answer.add([aFile('a.pdf', 200_000)])
    await world.clock.advance(101_000)
    expect(answer.getIds()).toEqual(['id1'])
    expect(world.callsOf('presign').map(({ body }) => body.files?.[0]?.id)).toEqual([undefined, 'id1'])
    expect([world.sends.length, world.errors]).toEqual([2, []])
  })

  test('a file that fails eight times needs a person, whose retry asks for a fresh grant of the same id', async () => {
    const world = new World()
    world.onSend = (send) => (send.respond({ status: 500 }), true)
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(300_000)
    expect(states(answer)).toEqual(['failed'])
    expect(world.sends.length).toBe(8)
    world.onSend = () => undefined
    for (let press = 0; press < 5; press += 1) answer.retry(keyAt(answer))
    await world.clock.advance(1_000)
    expect(answer.getIds()).toEqual(['id1'])
    expect([world.sends.length, world.callsOf('presign').length]).toEqual([9, 2])
  })

  test('delays are a random share of a growing bound: 0.5 s, 1 s, 2 s … to 20 s; 1 s first when throttled', async () => {
    for (const [status, bounds] of [
      [500, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000]],
      [503, [1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]],
    ] as const) {
      for (const chance of [0, 0.25, 0.999]) {
        const world = new World()
        world.chance = chance
        world.onSend = (send) => (send.respond({ status }), true)
        const answer = world.answer()
        answer.add([aFile()])
        await world.clock.advance(300_000)
        const gaps = world.sends.slice(1).map(({ at }, index) => at - (world.sends[index]?.at ?? 0))
        expect(gaps.length).toBe(7)
        for (const [index, gap] of gaps.entries())
          expect(Math.abs(gap - chance * (bounds[index] ?? 0)), `gap ${index}`).toBeLessThanOrEqual(20)
      }
    }
  })

  test("F25: storage's Retry-After holds the whole field, to 60 s at most", async () => {
    for (const [after, waited] of [
      ['5', 5_000],
      ['9999', 60_000],
    ] as const) {
      const world = new World()
      world.onSend = (send) =>
        world.sends.length === 1 ? (send.respond({ status: 503, headers: { 'retry-after': after } }), true) : undefined
      const answer = world.answer()
      answer.add([aFile()])
      await world.clock.advance(100)
      answer.add([aFile('later.pdf')])
      await world.clock.advance(waited - 500)
      expect(world.sends.length).toBe(1)
      await world.clock.advance(3_000)
      expect(states(answer)).toEqual(['done', 'done'])
    }
  })

  test('F55: a file that can not be read any more is told as unreadable, not as the network', async () => {
    const world = new World()
    world.onSend = (send) => (send.respond({ status: 0, sentAll: false, sentBytes: 0 }), true)
    const answer = world.answer()
    const file = aFile()
    file.slice = () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }) as Blob
    answer.add([file])
    await world.clock.advance(60_000)
    expect(world.errors.map(({ code }) => code)).toEqual(['unreadable'])
    expect(world.sends.length).toBe(1)
  })

  test('no URL, query or word of storage reaches the host', async () => {
    const world = new World()
    world.onSend = (send) => (send.respond({ status: 400, body: xml('InvalidRequest') }), true)
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(1_000)
    expect(JSON.stringify(world.errors)).not.toMatch(/https?:|secret words/)
  })
})

describe('limits of time', () => {
  test('F34: without upload events a request is given up after 20 s and its size at 1 kB/s, and made again', async () => {
    const world = new World()
    world.onSend = () => (world.sends.length === 1 ? true : undefined)
    const answer = world.answer()
    answer.add([aFile('a.pdf', 100_000)])
    await world.clock.advance(119_000)
    expect(world.sends.length).toBe(1)
    await world.clock.advance(5_000)
    expect(states(answer)).toEqual(['done'])
    expect(world.sends[0]?.request.signal.aborted).toBe(true)
  })

  test('F34, F35: a request that moves goes on; one that stops moving is given up after 20 s', async () => {
    const world = new World()
    world.onSend = () => (world.sends.length === 1 ? true : undefined)
    const answer = world.answer()
    answer.add([aFile('a.pdf', 1_000_000)])
    await world.clock.advance(100)
    for (let sent = 0; sent < 10; sent += 1) {
      world.sends[0]?.request.onProgress?.(sent * 1000)
      await world.clock.advance(15_000)
    }
    expect(world.sends.length).toBe(1)
    await world.clock.advance(10_000)
    expect(states(answer)).toEqual(['done'])
    expect(world.sends.length).toBe(2)
  })
})

describe('the network', () => {
  test('F50: offline while sending waits without an end, counts nothing, and goes on when back', async () => {
    const world = new World()
    world.onSend = (send) => (world.online ? true : (send.respond({ status: 0, sentAll: false }), true))
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(100)
    world.goOnline(false)
    world.sends[0]?.respond({ status: 0, sentAll: false, sentBytes: 2 })
    await world.clock.advance(100)
    expect(answer.getAnswer().entries).toMatchObject([{ state: 'retrying', retryAt: null, tries: 0 }])
    await world.clock.advance(3_600_000)
    expect([world.sends.length, world.errors]).toEqual([1, []])
    world.onSend = () => undefined
    world.goOnline(true)
    await world.clock.advance(2_100)
    expect(states(answer)).toEqual(['done'])
  })

  test('F50: files added offline wait, and are asked for when the network is back', async () => {
    const world = new World()
    world.online = false
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(60_000)
    expect([world.calls.length, states(answer)]).toEqual([0, ['queued']])
    world.goOnline(true)
    await world.clock.advance(2_100)
    expect(states(answer)).toEqual(['done'])
  })

  test('F46: storage down for two minutes uses up nobody’s tries', async () => {
    const world = new World()
    world.onSend = (send) => (world.clock.now() < 121_000 ? (send.respond({ status: 500 }), true) : undefined)
    const answer = world.answer()
    answer.add(many(50))
    await world.clock.advance(180_000)
    expect(new Set(states(answer))).toEqual(new Set(['done']))
    expect(world.errors).toEqual([])
    expect(world.sends.length).toBeLessThan(150)
  })

  test('F38: of small files by PUT that nobody lets through, twelve are sent before the queue rests, and one at a time then', async () => {
    const world = new World()
    let isOpen = false
    world.onSend = ({ request: { listen }, respond }) => {
      if (isOpen) return undefined
      world.clock.after(5, () => respond({ status: 0, ...(listen ? { sentBytes: 0, sentAll: false } : {}) }))
      return true
    }
    const answer = world.answer()
    answer.add(many(14, 10_000))
    await world.clock.advance(200)
    expect(world.sends.length).toBe(12)
    expect(world.warnings).toEqual([expect.stringContaining('CORS rule')])
    // A probe each quarter of a second, since most cuts are short, and rarely after ten seconds.
    await world.clock.advance(10_000)
    const early = world.sends.length
    expect(early).toBeLessThan(60)
    await world.clock.advance(60_000)
    expect(world.sends.length - early).toBeLessThan(30)
    isOpen = true
    await world.clock.advance(30_000)
    expect(new Set(states(answer))).toEqual(new Set(['done']))
  })

  test('a probe that comes due while the plan is made goes all the same', async () => {
    // Time passes while the engine works: 1 ms at each look at the clock.
    for (let chance = 0; chance < 0.03; chance += 0.001) {
      const world = new World()
      const { now } = world.clock
      let looks = 0
      world.clock.now = () => now() + (looks += 1)
      world.chance = chance
      world.onSend = (send) => (world.sends.length <= 30 ? (send.respond({ status: 500 }), true) : undefined)
      const answer = world.answer()
      answer.add(many(8))
      await world.clock.advance(60_000)
      expect(new Set(states(answer)), `chance ${chance}`).toEqual(new Set(['done']))
    }
  })

  test.each(['removed', 'refused'])('a resting queue goes on when the file it probes with is %s', async (how) => {
    const world = new World()
    const probes: Send[] = []
    let isDown = true
    world.onSend = (send) => {
      if (!isDown) return undefined
      if (world.sends.length <= 12) send.respond({ status: 500 })
      else probes.push(send)
      return true
    }
    const answer = world.answer()
    answer.add(many(20))
    await world.clock.advance(5_000)
    expect(probes.length).toBe(1)
    isDown = false
    if (how === 'refused') probes[0]?.respond({ status: 400, body: xml('EntityTooLarge') })
    else {
      const id = probes[0]?.request.url.split('/').at(-1)
      const probing = answer.getAnswer().entries.find((entry) => 'held' in entry && entry.held?.grant.id === id)
      answer.remove(probing?.key ?? '')
    }
    await world.clock.advance(60_000)
    expect(states(answer).filter((state) => state === 'done').length).toBe(19)
  })
})

test('a backend that rests holds back no file that has its grant', async () => {
  const world = new World()
  world.onSend = (send) => (world.clock.after(500, () => send.respond()), true)
  world.onCall = (call) => (world.callsOf('presign').length > 1 ? (call.respond(500, ''), true) : undefined)
  const answer = world.answer()
  answer.add(many(200))
  await world.clock.advance(30_000)
  expect(states(answer).filter((state) => state === 'done').length).toBe(150)
  world.onCall = () => undefined
  await world.clock.advance(60_000)
  expect(new Set(states(answer))).toEqual(new Set(['done']))
})

describe('removal', () => {
  test('F70: aborts the request in the same task, and no other begins for it', async () => {
    const world = new World()
    world.onSend = () => true
    const answer = world.answer()
    answer.add([aFile(), aFile('b.pdf')])
    await world.clock.advance(100)
    answer.remove(keyAt(answer))
    expect(world.sends.map(({ request }) => request.signal.aborted)).toEqual([true, false])
    await world.clock.advance(60_000)
    expect(world.sends.filter(({ request }) => request.url.endsWith('id1')).length).toBe(1)
  })

  test('F70: in the very tick in which storage answers, removal wins', async () => {
    const world = new World()
    world.onSend = () => true
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(100)
    world.sends[0]?.respond()
    answer.remove(keyAt(answer))
    await world.clock.advance(60_000)
    expect([answer.getIds(), world.changes, world.discarded]).toEqual([[], [], ['id1']])
  })

  test('F70: an id is discarded once, when the undo has ended, and not while a person is at the undo button', async () => {
    const world = new World()
    const answer = world.answer()
    answer.add([aFile(), aFile('b.pdf')])
    await world.clock.advance(100)
    answer.remove(keyAt(answer))
    answer.remove(keyAt(answer))
    answer.holdUndo(true)
    await world.clock.advance(60_000)
    expect(world.discarded).toEqual([])
    answer.holdUndo(false)
    await world.clock.advance(7_900)
    expect(world.discarded).toEqual([])
    await world.clock.advance(60_000)
    expect(world.discarded.toSorted()).toEqual(['id1', 'id2'])
  })

  test('S9: a restored id is never discarded, nor one that the value still holds', async () => {
    const world = new World()
    const answer = world.answer({ defaultValue: ['old'] })
    answer.add([aFile()])
    await world.clock.advance(100)
    answer.setValue(['old', 'id1'])
    for (const key of answer.getAnswer().keys) answer.remove(key)
    await world.clock.advance(60_000)
    expect(world.discarded).toEqual([])
    answer.setValue([])
    await world.clock.advance(100)
    expect(world.discarded).toEqual(['id1'])
  })

  test('S12: a file without a grant is removed without a call', async () => {
    const world = new World()
    world.online = false
    const answer = world.answer()
    answer.add([aFile()])
    answer.remove(keyAt(answer))
    world.goOnline(true)
    await world.clock.advance(60_000)
    expect(world.calls).toEqual([])
  })

  test('S14: slots of cancelled uploads are free at once, again and again', async () => {
    const world = new World()
    world.onSend = () => true
    const answer = world.answer({ timing: { sending: 6 } })
    for (let round = 0; round < 5; round += 1) {
      answer.add(many(6, 300_000))
      await world.clock.advance(200)
      expect(open(world).length).toBe(6)
      for (const key of answer.getAnswer().keys) answer.remove(key)
    }
    answer.add([aFile('seventh.pdf', 300_000)])
    await world.clock.advance(1_000)
    expect(open(world).length).toBe(1)
  })

  test.each(['requesting', 'uploading', 'finishing', 'done', 'retrying', 'failed'])(
    'F71: undone while %s, the file is back in its place and stored once, and nothing was discarded',
    async (state) => {
      const world = new World()
      world.confirm = state === 'finishing'
      const hold = { requesting: 'presign', finishing: 'complete' }[state]
      world.onCall = (call) => (call.action === hold && call.body.files?.length !== 3 ? true : undefined)
      world.onSend = (send) => {
        if (!send.request.url.endsWith('id2')) return undefined
        if (state === 'uploading') return true
        if (state === 'retrying') return (send.respond({ status: 500 }), true)
        if (state === 'failed') return (send.respond({ status: 400 }), true)
        return undefined
      }
      const answer = world.answer()
      answer.add([aFile('a.pdf'), aFile('b.pdf')])
      await world.clock.advance(100)
      answer.add([aFile('c.pdf')])
      await world.clock.advance(100)
      const key = keyAt(answer, 1)
      expect(states(answer)[1]).toBe(state)
      answer.remove(key)
      await world.clock.advance(5_000)
      world.onCall = () => undefined
      world.onSend = () => undefined
      answer.undo(key)
      expect(keyAt(answer, 1)).toBe(key)
      answer.retryAll()
      for (const call of world.calls) if (call.action === hold && !call.signal.aborted) world.answerCall(call)
      await world.clock.advance(60_000)
      expect(states(answer)).toEqual(['done', 'done', 'done'])
      expect(new Set(answer.getIds()).size).toBe(3)
      expect(world.discarded.filter((id) => answer.getIds().includes(id))).toEqual([])
    },
  )

  test('an undo after an instruction brought the file back gives the next removal its whole time', async () => {
    const world = new World()
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(100)
    answer.setValue(['id1'])
    answer.remove(keyAt(answer))
    await world.clock.advance(100)
    answer.setValue([])
    answer.setValue(['id1'])
    await world.clock.advance(7_000)
    answer.remove(keyAt(answer))
    answer.setValue([])
    await world.clock.advance(2_000)
    expect(answer.getAnswer().removals.length).toBe(1)
  })
})

describe('settled()', () => {
  test('S11: resolves with the rest when a file is removed while it is sent', async () => {
    const world = new World()
    world.onSend = () => true
    const answer = world.answer()
    answer.add([aFile(), aFile('b.pdf')])
    await world.clock.advance(100)
    const settled = answer.settled()
    answer.remove(keyAt(answer))
    world.sends[1]?.respond()
    await world.clock.advance(1_000)
    expect(await settled).toEqual(['id2'])
  })

  test('rejects with the failures of what is not stored, and with the signal’s reason', async () => {
    const world = new World()
    world.onSend = (send) => (send.request.url.endsWith('id1') ? (send.respond({ status: 400 }), true) : true)
    const answer = world.answer()
    const stop = new AbortController()
    answer.add([aFile(), aFile('b.pdf')])
    const aborted = answer.settled({ signal: stop.signal }).catch((reason) => reason)
    const failed = answer.settled().catch((reason) => reason)
    await world.clock.advance(100)
    stop.abort('enough')
    expect(await aborted).toBe('enough')
    world.sends[1]?.respond()
    await world.clock.advance(1_000)
    expect(await failed).toMatchObject({ name: 'FilesNotStored', failures: [{ code: 'storage-rejected' }] })
  })

  test('follows the value of a host that takes its time, and waits no longer than a second for one that never does', async () => {
    const world = new World()
    const answer = world.answer({ value: [] })
    answer.add([aFile()])
    await world.clock.advance(100)
    const settled = answer.settled()
    await world.clock.advance(500)
    answer.setValue(['id1'])
    await world.clock.advance(100)
    expect(await settled).toEqual(['id1'])
    answer.add([aFile('b.pdf')])
    await world.clock.advance(100)
    const ignored = answer.settled()
    await world.clock.advance(1_100)
    expect(await ignored).toEqual(['id1'])
    expect(world.warnings.length).toBe(1)
  })
})

describe('F78: a controlled value', () => {
  const controlled = async (...names: string[]) => {
    const world = new World()
    const answer = world.answer({ value: [] })
    for (const name of names) {
      answer.add([aFile(name)])
      await world.clock.advance(100)
    }
    return { world, answer }
  }

  test('late echoes in order, or only the last of them, change nothing', async () => {
    const { world, answer } = await controlled('a.pdf', 'b.pdf', 'c.pdf')
    expect(world.changes).toEqual([['id1'], ['id1', 'id2'], ['id1', 'id2', 'id3']])
    answer.setValue(['id1'])
    answer.setValue(['id1', 'id2', 'id3'])
    await world.clock.advance(1_000)
    expect(states(answer)).toEqual(['done', 'done', 'done'])
    expect(world.changes.length).toBe(3)
  })

  test.each([
    ['fewer', ['id2']],
    ['none', []],
    ['another order', ['id2', 'id1']],
    ['others', ['id1', 'other']],
  ])('%s: is followed, and nothing is discarded', async (_, value) => {
    const { world, answer } = await controlled('a.pdf', 'b.pdf')
    answer.setValue(['id1', 'id2'])
    answer.setValue(value)
    await world.clock.advance(60_000)
    expect(answer.getAnswer().entries.map((entry) => ('id' in entry ? entry.id : null))).toEqual(value)
    expect(world.discarded).toEqual([])
    expect(world.changes.length).toBe(2)
  })

  test('an id that one instruction brought leaves with the next', async () => {
    const { answer } = await controlled('a.pdf')
    answer.setValue(['id1', 'x'])
    answer.setValue(['id1'])
    answer.setValue(['y'])
    answer.setValue([])
    expect(answer.getAnswer().entries).toEqual([])
  })

  test('an upload goes on through an instruction, and its id is given after', async () => {
    const { world, answer } = await controlled('a.pdf')
    answer.setValue(['id1'])
    world.onSend = () => true
    answer.add([aFile('b.pdf')])
    await world.clock.advance(100)
    answer.setValue([])
    world.sends[1]?.respond()
    await world.clock.advance(100)
    expect(world.changes.at(-1)).toEqual(['id2'])
  })

  test('a file stored in the moment before an instruction, of which the host could not know, stays', async () => {
    const { world, answer } = await controlled('a.pdf')
    answer.setValue(['id1'])
    world.onSend = () => true
    answer.add([aFile('b.pdf'), aFile('c.pdf')])
    await world.clock.advance(100)
    world.sends[1]?.respond()
    await world.clock.settle()
    answer.setValue(['mine', 'id1'])
    await world.clock.advance(100)
    expect(world.changes.at(-1)).toEqual(['mine', 'id1', 'id2'])
  })
})

describe('F80: dispose', () => {
  test('ends what runs and discards what is unfinished, nothing that was given to onChange', async () => {
    const world = new World()
    world.onSend = (send) => (send.request.url.endsWith('id2') ? true : undefined)
    const answer = world.answer({ defaultValue: ['old'] })
    answer.add([aFile(), aFile('b.pdf')])
    await world.clock.advance(100)
    answer.dispose()
    answer.dispose()
    await world.clock.advance(60_000)
    expect(world.sends[1]?.request.signal.aborted).toBe(true)
    expect(world.discarded).toEqual(['id2'])
  })

  const storedAMomentAgo = async () => {
    const world = new World()
    world.onSend = () => true
    const answer = world.answer()
    answer.add([aFile(), aFile('b.pdf')])
    await world.clock.advance(100)
    world.sends[0]?.respond()
    await world.clock.settle()
    return { world, answer }
  }

  test('reset discards what was stored in the moment before, of which nobody was told', async () => {
    const { world, answer } = await storedAMomentAgo()
    answer.reset()
    await world.clock.advance(60_000)
    expect([world.changes, world.discarded.toSorted()]).toEqual([[], ['id1', 'id2']])
  })

  test('dispose tells what was stored in the moment before, and discards what is unfinished alone', async () => {
    const { world, answer } = await storedAMomentAgo()
    answer.dispose()
    await world.clock.advance(60_000)
    expect([world.changes, world.discarded]).toEqual([[['id1']], ['id2']])
  })

  test.each(['dispose', 'reset'] as const)('ids that settled() gave are not discarded by %s', async (how) => {
    const world = new World()
    const answer = world.answer()
    answer.listen({})()
    answer.add([aFile(), aFile('b.pdf')])
    await world.clock.advance(1_000)
    expect(await answer.settled()).toEqual(['id1', 'id2'])
    answer[how]()
    await world.clock.advance(60_000)
    expect(world.discarded).toEqual([])
  })

  test('an id that a late grant names again is not discarded when the stored file stays', async () => {
    const world = new World()
    const held: (() => void)[] = []
    const grant = { id: 'same', url: 'https://storage.test/bucket/same', expiresIn: 900 }
    const answer = world.answer({
      backend: {
        requestUploads: ([file]) =>
          new Promise((resolve) => {
            held.push(() => resolve({ grants: [{ key: file?.key ?? '', ...grant }] }))
          }),
        discardFiles: async (ids) => world.discarded.push(...ids),
      },
    })
    answer.add([aFile()])
    await world.clock.advance(32_000)
    expect(held.length).toBe(2)
    held[1]?.()
    await world.clock.advance(100)
    expect(answer.getIds()).toEqual(['same'])
    held[0]?.()
    await world.clock.advance(100)
    answer.dispose()
    await world.clock.advance(60_000)
    expect(world.discarded).toEqual([])
  })
})

describe("the host's own functions", () => {
  test('a validate that never settles is given up, and holds back no other file', async () => {
    const world = new World()
    const answer = world.answer({
      validate: (file) => (file.name === 'a.pdf' ? new Promise(() => {}) : null),
      timing: { preparing: 1 },
    })
    answer.add([aFile('a.pdf'), aFile('b.pdf')])
    await world.clock.advance(120_000)
    expect(states(answer)).toEqual(['rejected', 'done'])
  })

  test('a confirmUpload that never settles is given up and called again', async () => {
    const world = new World()
    let calls = 0
    const answer = world.answer({
      requestUpload: async () => ({ id: 1, url: 'https://storage.test/bucket/1' }),
      confirmUpload: () => ((calls += 1), calls === 1 ? new Promise(() => {}) : Promise.resolve()),
    })
    answer.add([aFile()])
    await world.clock.advance(60_000)
    expect(states(answer)).toEqual(['done'])
  })

  test('a reason of validate is shown; prepare replaces the file, which is judged again', async () => {
    const world = new World()
    const answer = world.answer({
      maxSize: 10,
      validate: (file) => (file.name === 'no.pdf' ? { code: 'blurred', message: 'Too dark' } : null),
      prepare: (file) => aFile(`small-${file.name}`, file.name === 'big.pdf' ? 50 : 2),
    })
    answer.add([aFile('a.pdf'), aFile('no.pdf'), aFile('big.pdf')])
    await world.clock.advance(1_000)
    expect(answer.getAnswer().entries).toMatchObject([
      { state: 'done', name: 'small-a.pdf', size: 2 },
      { state: 'rejected', failure: { code: 'blurred', message: 'Too dark' } },
      { state: 'rejected', failure: { code: 'file-too-large' } },
    ])
    expect(world.errors.map(({ code }) => code).toSorted()).toEqual(['blurred', 'file-too-large'])
  })

  test('F79: a callback that throws breaks nothing and is told to the developer', async () => {
    const world = new World()
    const answer = world.answer()
    answer.listen({
      onChange: () => {
        throw new Error('bug')
      },
    })
    answer.add([aFile(), aFile('b.pdf')])
    await world.clock.advance(1_000)
    expect(await answer.settled()).toEqual(['id1', 'id2'])
    expect(world.warnings.length).toBeGreaterThan(0)
  })
})

test('F47: 1,000 files with 20 % of all requests failing are all stored, once', { timeout: 20_000 }, async () => {
  const world = new World()
  let seed = 7
  const fails = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed / 2_147_483_648 < 0.2
  }
  world.onSend = (send) => (fails() ? (send.respond({ status: 500 }), true) : undefined)
  world.onCall = (call) => (fails() ? (call.respond(500, ''), true) : undefined)
  const answer = world.answer({ timing: { sendTries: 20, callTries: 20 } })
  answer.add(many(1_000))
  await world.clock.advance(300_000)
  expect(new Set(states(answer))).toEqual(new Set(['done']))
  expect(new Set(answer.getIds()).size).toBe(1_000)
  expect(answer.getIds().every((id) => world.stored.has(id))).toBe(true)
})
