// What developers are told: hints, the trace, the reference, the console; and what they never are.
import { describe, expect, test } from 'vitest'
import { adviceOn } from '../../src/engine/advice.js'
import type { FileAnswerEvent } from '../../src/engine/trace.js'
import { aFile, states, World } from './world.js'

const signed = 'https://s3.example.test/bucket/uploads/abc?X-Amz-Signature=secret&X-Amz-SignedHeaders='

describe('advice', () => {
  const silent = { status: 0, sentBytes: 0, sentAll: false }
  const sent = (more: object = {}) => ({
    url: `${signed}host%3Bcontent-type`,
    headers: ['content-type'],
    isBlocked: false,
    ...more,
  })
  test.each([
    ['CORS', silent, undefined, {}, /CORS rule .* \(content-type\)/],
    ['CSP', silent, undefined, { isBlocked: true }, /Content-Security-Policy lacks https:\/\/s3\.example\.test/],
    [
      'a checksum of nothing',
      silent,
      undefined,
      { url: `${signed}host&x-amz-checksum-crc32=AAAAAA%3D%3D` },
      /WHEN_REQUIRED/,
    ],
    ['an inner name', silent, undefined, { url: 'http://minio:9000/b/k?X-Amz-Signature=secret' }, /names minio, which/],
    ['an inner address', silent, undefined, { url: 'http://10.0.3.4/b/k' }, /public endpoint/],
    ['a break', { status: 0, sentBytes: 9, sentAll: false }, undefined, {}, /broke while sending/],
    ['silence after all', { status: 0, sentBytes: 9, sentAll: true }, undefined, {}, /without CORS headers/],
    [
      'a header left out',
      { status: 0, sentBytes: 9, sentAll: true },
      undefined,
      { headers: [] },
      /not sent: content-type/,
    ],
    [
      'the same, readable',
      { status: 403, sentBytes: 9, sentAll: true },
      'SignatureDoesNotMatch',
      { headers: [] },
      /not sent: content-type/,
    ],
    [
      'another signature',
      { status: 403, sentBytes: 9, sentAll: true },
      'SignatureDoesNotMatch',
      {},
      /content type, the length/,
    ],
    ['the clock', { status: 403, sentBytes: 9, sentAll: true }, 'RequestTimeTooSkewed', {}, /clock/],
    ['the region', { status: 400, sentBytes: 9, sentAll: true }, 'AuthorizationQueryParametersError', {}, /region/],
  ])('on %s', (_, outcome, code, more, words) => {
    const advice = adviceOn(outcome, code, sent(more))
    expect(advice).toMatch(words)
    expect(advice).not.toMatch(/=secret|X-Amz|\?/)
  })

  test('there is none where nothing is known', () => {
    expect(adviceOn({ status: 500, sentBytes: 9, sentAll: true }, undefined, sent())).toBeUndefined()
  })
})

describe('the trace', () => {
  test('tells of states, calls, requests and rests, without a URL, a name, an id or a message', async () => {
    const world = new World()
    const events: FileAnswerEvent[] = []
    const refusals = ['<Error><Code>SlowDown</Code><Message>secret</Message></Error>']
    world.onSend = (send) => {
      const body = refusals.pop()
      return body === undefined ? undefined : (send.respond({ status: 503, body }), true)
    }
    const answer = world.answer({
      onEvent: (event) => (event.type === 'call' && event.action === 'rules' ? 0 : events.push(event)),
    })
    answer.add([aFile('my salary.pdf')])
    await world.clock.advance(20_000)
    const kinds = events.map((event) => (event.type === 'state' ? `${event.from} → ${event.to}` : event.type))
    expect(kinds).toEqual([
      'queued → requesting',
      'call',
      'requesting → ready',
      'ready → uploading',
      'send',
      'uploading → retrying',
      'retrying → ready',
      'ready → uploading',
      'send',
      'uploading → done',
    ])
    expect(events[4]).toMatchObject({
      method: 'PUT',
      bytes: 5,
      outcome: { code: 'rate-limited', status: 503, storageCode: 'SlowDown' },
    })
    const report = JSON.stringify([events, answer.diagnostics()])
    expect(report).not.toMatch(/salary|storage\.test|id1|secret/)
    expect(answer.diagnostics()).toMatchObject({
      isOnline: true,
      restsFor: null,
      files: [{ reference: 'KEY1', state: 'done', size: 5, type: 'application/pdf' }],
    })
    expect(answer.diagnostics().events).toEqual(expect.arrayContaining(events))
    // Plain JSON, as a bug report needs it.
    expect(JSON.parse(report)[1]).toEqual(answer.diagnostics())
  })

  test('keeps the newest two hundred', async () => {
    const world = new World()
    const answer = world.answer()
    answer.add(Array.from({ length: 100 }, (_, index) => aFile(`${index}.pdf`)))
    await world.clock.advance(60_000)
    const { events } = answer.diagnostics()
    expect(events.length).toBe(200)
    expect(events.at(-1)).toMatchObject({ type: 'state', to: 'done' })
  })

  test('a queue that rests says for what, and when it goes on', async () => {
    const world = new World()
    let isDown = true
    world.onSend = (send) => (isDown ? (send.respond({ status: 500 }), true) : undefined)
    const answer = world.answer()
    answer.add(Array.from({ length: 8 }, (_, index) => aFile(`${index}.pdf`)))
    await world.clock.advance(5_000)
    expect(answer.restsFor()).toMatchObject({ code: 'server', status: 500 })
    isDown = false
    await world.clock.advance(60_000)
    expect([answer.restsFor(), new Set(states(answer))]).toEqual([null, new Set(['done'])])
    const told = world.news.filter(({ type }) => type === 'resting' || type === 'going-on').map(({ type }) => type)
    expect([told[0], told.at(-1)]).toEqual(['resting', 'going-on'])
  })
})

describe('a failure', () => {
  test.each([
    [
      'request',
      (world: World) => void (world.onCall = (call) => (call.respond(422, { error: { code: 'closed' } }), true)),
    ],
    ['send', (world: World) => void (world.onSend = (send) => (send.respond({ status: 400 }), true))],
    [
      'finish',
      (world: World) => {
        world.confirm = true
        world.onCall = (call) =>
          call.action === 'complete' ? (call.respond(422, { error: { code: 'unsafe' } }), true) : undefined
      },
    ],
  ])('in the stage "%s" is told with it, and with the reference of its row', async (stage, arrange) => {
    const world = new World()
    arrange(world)
    const answer = world.answer()
    answer.add([aFile()])
    const settled = answer.settled().catch((thrown: unknown) => thrown)
    await world.clock.advance(60_000)
    expect(world.errors).toMatchObject([{ stage, reference: 'KEY1' }])
    expect(await settled).toMatchObject({ failures: [{ stage, reference: 'KEY1' }] })
    // The backend can find it: it was sent the key.
    expect(world.callsOf('presign')[0]?.body.files?.[0]?.key).toBe('key1')
  })

  test('F38: two files that meet silence, and no success: the likely rule is named once in the console', async () => {
    const world = new World()
    world.onSend = (send) => (send.respond({ status: 0, sentBytes: 0, sentAll: false }), true)
    const answer = world.answer()
    answer.add(Array.from({ length: 20 }, (_, index) => aFile(`${index}.pdf`)))
    await world.clock.advance(20)
    expect(world.sends.length).toBeLessThanOrEqual(12)
    await world.clock.advance(60_000)
    expect(world.warnings.filter((warning) => warning.includes('CORS'))).toEqual([
      "Two files could not be sent and none was stored yet. Nothing was sent: the bucket has no CORS rule for this page's origin, method or headers (content-type), the grant had ended, or https://storage.test can't be reached. `npx file-answer-field doctor` tries the bucket and says what mends it.",
    ])
  })

  test("S66: what the page's own policy forbids is told at once, and not tried again", async () => {
    const world = new World()
    world.forbidden = true
    world.onSend = (send) => (send.respond({ status: 0, sentBytes: 0, sentAll: false }), true)
    const answer = world.answer()
    answer.add(Array.from({ length: 3 }, (_, index) => aFile(`${index}.pdf`)))
    await world.clock.advance(60_000)
    expect([new Set(states(answer)), world.sends.length]).toEqual([new Set(['failed']), 3])
    expect(world.errors[0]).toMatchObject({ code: 'storage-rejected', hint: expect.stringContaining('connect-src') })
    expect(world.warnings.filter((warning) => warning.includes('connect-src')).length).toBe(1)
  })

  test("S66: so is a backend that the page's policy forbids to ask", async () => {
    const world = new World()
    world.forbidden = true
    world.onCall = () => {
      throw new TypeError('Failed to fetch')
    }
    const answer = world.answer()
    answer.add([aFile('a.pdf'), aFile('b.pdf')])
    await world.clock.advance(60_000)
    expect(states(answer)).toEqual(['failed', 'failed'])
    expect(world.calls.filter(({ action }) => action === 'presign').length).toBeLessThanOrEqual(2)
    expect(world.warnings.filter((warning) => warning.includes('connect-src')).length).toBe(1)
  })

  test('S76: the checksum of nothing in a URL is told before any byte', async () => {
    const world = new World()
    world.onCall = (call) => {
      if (call.action !== 'presign') return undefined
      const grants = (call.body.files ?? []).map((file) => ({
        ...world.issue(file),
        url: 'https://storage.test/bucket/id1?x-amz-checksum-crc32=AAAAAA%3D%3D',
      }))
      return (call.respond(200, { grants }), true)
    }
    world.onSend = () => true
    world.answer().add([aFile()])
    await world.clock.advance(100)
    expect(world.warnings).toEqual([expect.stringContaining('WHEN_REQUIRED')])
  })
})
