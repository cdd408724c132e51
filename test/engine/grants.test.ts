import { describe, expect, test } from 'vitest'
import { aFile, many, states, World } from './world.js'

describe('asking for grants', () => {
  test('two files are asked for in one call and stored in the order shown', async () => {
    const world = new World()
    const answer = world.answer({ field: 'documents' })
    answer.add([aFile('a.pdf'), aFile('b.pdf')])
    await world.clock.advance(100)
    expect(world.calls.map(({ action, body }) => [action, body.field, body.files?.map(({ name }) => name)])).toEqual([
      ['presign', 'documents', ['a.pdf', 'b.pdf']],
    ])
    expect(world.changes.at(-1)).toEqual(['id1', 'id2'])
    expect(await answer.settled()).toEqual(['id1', 'id2'])
  })

  test('200 files need two calls', async () => {
    const world = new World()
    const answer = world.answer()
    answer.add(many(200))
    await world.clock.advance(2_000)
    expect(new Set(states(answer))).toEqual(new Set(['done']))
    expect(world.callsOf('presign').length).toBe(2)
  })

  test('F1: a denied call stops asking for all files, with one error, and goes on after "try all again"', async () => {
    const world = new World()
    world.onCall = (call) => (call.respond(401, { error: { code: 'denied', message: 'x' } }), true)
    const answer = world.answer()
    answer.add(many(200))
    await world.clock.advance(60_000)
    expect(world.callsOf('presign').length).toBe(1)
    expect(world.errors.map(({ code }) => code)).toEqual(['denied'])
    expect(new Set(states(answer))).toEqual(new Set(['failed']))
    world.onCall = () => undefined
    answer.retryAll()
    await world.clock.advance(2_000)
    expect(new Set(states(answer))).toEqual(new Set(['done']))
  })

  test('F2: one refused member is told with its code, the others go on', async () => {
    const world = new World()
    world.onCall = (call) => {
      if (call.action !== 'presign') return undefined
      call.respond(200, {
        grants: (call.body.files ?? []).map((file) =>
          file.name === 'b.pdf' ? { key: file.key, error: { code: 'closed', message: '' } } : world.issue(file),
        ),
      })
      return true
    }
    const answer = world.answer()
    answer.add([aFile('a.pdf'), aFile('b.pdf'), aFile('c.pdf')])
    await world.clock.advance(100)
    expect(states(answer)).toEqual(['done', 'failed', 'done'])
    expect(world.errors.map(({ code }) => code)).toEqual(['closed'])
  })

  test.each([400, 422])('F3: %i for a batch is asked for again one by one, once', async (status) => {
    const world = new World()
    world.onCall = (call) => {
      const files = call.body.files ?? []
      if (files.some(({ name }) => name === 'bad.pdf'))
        call.respond(status, { error: { code: 'name-invalid', message: '' } })
      else call.respond(200, { grants: files.map((file) => world.issue(file)) })
      return true
    }
    const answer = world.answer()
    answer.add([aFile('a.pdf'), aFile('bad.pdf'), aFile('c.pdf')])
    await world.clock.advance(10_000)
    expect(states(answer)).toEqual(['done', 'failed', 'done'])
    expect(world.callsOf('presign').length).toBe(4)
  })

  test('F4: a conflict is asked again once, then failed', async () => {
    const world = new World()
    world.onCall = (call) => (call.respond(409, {}), true)
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(60_000)
    expect(states(answer)).toEqual(['failed'])
    expect(world.callsOf('presign').length).toBe(2)
  })

  test.each([
    ['3', 3_000],
    ['Thu, 01 Jan 2026 00:00:07 GMT', 7_000],
    ['999999', 60_000],
  ])('F5: Retry-After %s holds the whole queue, then one batch', async (header, waited) => {
    const world = new World()
    world.onCall = (call) =>
      world.callsOf('presign').length === 1 ? (call.respond(429, {}, { 'retry-after': header }), true) : undefined
    const answer = world.answer()
    answer.add(many(3))
    await world.clock.advance(100)
    answer.add([aFile('later.pdf')])
    await world.clock.advance(waited - 200)
    expect(world.callsOf('presign').length).toBe(1)
    await world.clock.advance(3_000)
    expect(new Set(states(answer))).toEqual(new Set(['done']))
    expect(world.callsOf('presign').length).toBeLessThanOrEqual(3)
  })

  test('F6: 500, 502, 504 heal by themselves with three more calls at most', async () => {
    const world = new World()
    const statuses = [500, 502]
    world.onCall = (call) => {
      const status = statuses.shift()
      return status === undefined ? undefined : (call.respond(status, 'oops'), true)
    }
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(5_000)
    expect(states(answer)).toEqual(['done'])
    expect(world.callsOf('presign').length).toBe(3)
    expect(world.errors).toEqual([])
  })

  test.each([
    ['HTML', '<html>', /not JSON/],
    ['an empty body', '', /not JSON/],
    ['malformed JSON', '{"grants": [', /not JSON/],
    ['wrong types', { grants: [{ key: 1, id: {}, url: 7 }] }, /id is missing/],
    ['too few grants', { grants: [] }, /0 grants for 1 files/],
    [
      'too many grants',
      {
        grants: [
          { id: 'a', url: 'https://s.test/a' },
          { id: 'b', url: 'https://s.test/b' },
        ],
      },
      /2 grants for 1 files/,
    ],
    ['a javascript: URL', { grants: [{ id: 'a', url: 'javascript:alert(1)' }] }, /url must be an absolute/],
    ['a relative URL', { grants: [{ id: 'a', url: '/upload' }] }, /url must be an absolute/],
  ])('F7, F9, F14: %s is told as server after one more try, and nothing is sent', async (_, body, hint) => {
    const world = new World()
    world.onCall = (call) => (call.respond(200, body), true)
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(60_000)
    expect(states(answer)).toEqual(['failed'])
    expect(world.callsOf('presign').length).toBe(2)
    expect(world.sends.length).toBe(0)
    expect(world.errors[0]?.code).toBe('server')
    expect(world.errors[0]?.hint).toMatch(hint)
    expect(JSON.stringify(world.errors)).not.toContain('<html>')
  })

  test('F8: a redirect to a login page counts as denied', async () => {
    const world = new World()
    world.onCall = (call) => (call.respond(200, {}), true)
    world.environment.network.fetch = () =>
      Promise.resolve({
        type: 'opaqueredirect',
        status: 0,
        ok: false,
        text: async () => '',
        headers: new Headers(),
      } as unknown as Response)
    const answer = world.answer()
    answer.add([aFile(), aFile('b.pdf')])
    await world.clock.advance(60_000)
    expect(world.errors.map(({ code }) => code)).toEqual(['denied'])
  })

  test.each([
    ['within a batch', (id: string) => [id, id]],
    ['that the answer has already', () => ['id1', 'id9']],
  ])('F10: an id twice %s is refused before anything is sent', async (_, ids) => {
    const world = new World()
    const answer = world.answer()
    answer.add([aFile('first.pdf')])
    await world.clock.advance(100)
    world.onCall = (call) => {
      const issued = ids('x')
      call.respond(200, {
        grants: (call.body.files ?? []).map((file, index) => ({ ...world.issue(file), id: issued[index] })),
      })
      return true
    }
    answer.add([aFile('a.pdf'), aFile('b.pdf')])
    await world.clock.advance(60_000)
    expect(states(answer)).toEqual(['done', 'failed', 'failed'])
    expect(world.sends.length).toBe(1)
    expect(await answer.settled().catch((error) => error.failures.length)).toBe(2)
  })

  test('F10: an id that came with the host’s value is granted to nobody else', async () => {
    const world = new World()
    world.onCall = (call) => {
      call.respond(200, { grants: (call.body.files ?? []).map((file) => ({ ...world.issue(file), id: 'host1' })) })
      return true
    }
    const answer = world.answer({ defaultValue: ['host1'] })
    answer.add([aFile('a.pdf')])
    await world.clock.advance(60_000)
    expect(states(answer)).toEqual(['restored', 'failed'])
    expect(world.sends).toEqual([])
  })

  test('F11: a call that never answers is given up and made again, while others go on', async () => {
    const world = new World()
    world.onCall = (call) =>
      call.body.files?.[0]?.name === 'slow.pdf' && world.callsOf('presign').length === 1 ? true : undefined
    const answer = world.answer()
    answer.add([aFile('slow.pdf')])
    await world.clock.advance(50)
    answer.add([aFile('b.pdf')])
    await world.clock.advance(200)
    expect(states(answer)).toEqual(['requesting', 'done'])
    await world.clock.advance(40_000)
    expect(states(answer)).toEqual(['done', 'done'])
  })

  test('F11: what is granted to files removed meanwhile is handed back in one call, and never uploaded to', async () => {
    const world = new World()
    let held: (() => void) | undefined
    world.onCall = (call) => {
      if (call.action !== 'presign') return undefined
      held = () => world.answerCall(call)
      return true
    }
    const answer = world.answer()
    answer.add(many(10))
    await world.clock.advance(50)
    for (const key of answer.getAnswer().keys.slice(0, 4)) answer.remove(key)
    held?.()
    await world.clock.advance(1_000)
    expect(world.sends.length).toBe(6)
    expect(world.discarded.toSorted()).toEqual(['id1', 'id2', 'id3', 'id4'])
    expect(world.callsOf('discard').length).toBe(1)
  })

  test('removing the only file a call is for aborts the call in the same task', async () => {
    const world = new World()
    world.onCall = () => true
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(50)
    answer.remove(answer.getAnswer().keys[0] ?? '')
    expect(world.calls[0]?.signal.aborted).toBe(true)
  })

  test('F12: a call whose connection is cut is made again', async () => {
    const world = new World()
    world.onCall = (call) => (world.calls.length < 3 ? (call.fail(), true) : undefined)
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(10_000)
    expect(states(answer)).toEqual(['done'])
  })

  test('F13: a grant that has ended when it comes is not used; a second time it is told', async () => {
    const world = new World()
    world.onCall = (call) => {
      if (call.action !== 'presign') return undefined
      call.respond(200, { grants: (call.body.files ?? []).map((file) => ({ ...world.issue(file), expiresIn: 0 })) })
      return true
    }
    const answer = world.answer()
    answer.add([aFile()])
    await world.clock.advance(60_000)
    expect(world.sends.length).toBe(0)
    expect(world.callsOf('presign').length).toBe(2)
    expect(world.errors.map(({ code, hint }) => [code, /clock/.test(hint ?? '')])).toEqual([['url-expired', true]])
  })

  test('F15: a backend that is down for 30 s costs a few calls, and all 1,000 files are stored after', async () => {
    const world = new World()
    world.onCall = (call) => (world.clock.now() < 31_000 ? (call.respond(503, ''), true) : undefined)
    const answer = world.answer()
    answer.add(many(1_000))
    await world.clock.advance(120_000)
    expect(world.callsOf('presign').length).toBeLessThanOrEqual(60)
    expect(new Set(states(answer))).toEqual(new Set(['done']))
    expect(new Set(await answer.settled()).size).toBe(1_000)
    expect(world.errors).toEqual([])
  }, 20_000)

  test('F16: a backend without the optional actions works', async () => {
    const world = new World()
    world.onCall = (call) =>
      call.action === 'presign'
        ? undefined
        : (call.respond(400, { error: { code: 'unknown-action', message: '' } }), true)
    const answer = world.answer({ defaultValue: ['old'] })
    answer.add([aFile(), aFile('b.pdf')])
    await world.clock.advance(100)
    answer.remove(answer.getAnswer().keys[1] ?? '')
    await world.clock.advance(20_000)
    expect(states(answer)).toEqual(['restored', 'done'])
    expect(world.warnings).toEqual([])
  })

  test.each([
    [
      'throws at once',
      () => {
        throw new Error('bug')
      },
    ],
    ['rejects with a string', () => Promise.reject('no')],
    ['resolves to undefined', () => Promise.resolve(undefined)],
    ['never settles', () => new Promise(() => {})],
  ])('F17: a requestUpload that %s fails that file alone', async (_, misbehave) => {
    const world = new World()
    const answer = world.answer({
      requestUpload: ((file: File) =>
        file.name === 'bad.pdf'
          ? misbehave()
          : Promise.resolve({ id: 7, url: 'https://storage.test/bucket/7' })) as never,
      timing: { callTries: 2 },
    })
    answer.add([aFile('bad.pdf'), aFile('good.pdf')])
    await world.clock.advance(100)
    expect(states(answer)[1]).toBe('done')
    await world.clock.advance(120_000)
    expect(states(answer)).toEqual(['failed', 'done'])
    expect(answer.getIds()).toEqual(['7'])
    expect(['server', 'timeout']).toContain(world.errors[0]?.code)
  })

  test('413 batch-too-large splits the batch', async () => {
    const world = new World()
    world.onCall = (call) =>
      (call.body.files?.length ?? 0) > 5
        ? (call.respond(413, { error: { code: 'batch-too-large', message: '', limit: 5 } }), true)
        : undefined
    const answer = world.answer()
    answer.add(many(12))
    await world.clock.advance(1_000)
    expect(new Set(states(answer))).toEqual(new Set(['done']))
  })

  test('a grant near its end is renewed before use and keeps its id', async () => {
    const world = new World()
    world.onSend = (send) => (send.request.url.endsWith('id1') && world.clock.now() < 900_000 ? true : undefined)
    const answer = world.answer({ timing: { sending: 1, quietBase: 1e7, longest: 1e7 } })
    answer.add([aFile('long.pdf'), aFile('waits.pdf')])
    await world.clock.advance(880_000)
    world.sends[0]?.respond()
    await world.clock.advance(1_000)
    expect(world.callsOf('presign').map(({ body }) => body.files?.map(({ id }) => id))).toEqual([
      [undefined, undefined],
      ['id2'],
    ])
    expect(states(answer)).toEqual(['done', 'done'])
  })
})
