// What a long upload outlives: its URLs, the person's login, a backend that falls silent, a line that breaks often.
import { describe, expect, test } from 'vitest'
import { FakePage } from './fakePage.js'
import { aFile, keyAt, type Send, states, World } from './world.js'

const partOf = ({ request }: Send) => Number(new URL(request.url).searchParams.get('partNumber'))

function inParts(): World {
  const world = new World()
  world.method = 'MULTIPART'
  return world
}

describe('a long upload', () => {
  test('S74: outlives its login: after signing in, a retry sends what is missing and no more', async () => {
    const world = inParts()
    let isSignedIn = true
    world.onCall = (call) =>
      call.action === 'presign-parts' && !isSignedIn
        ? (call.respond(401, { error: { code: 'denied', message: '' } }), true)
        : undefined
    world.onSend = (send) => {
      if (partOf(send) === 20) isSignedIn = false
      return undefined
    }
    const answer = world.answer()
    answer.add([aFile('film.bin', 5_000)])
    await world.clock.advance(60_000)
    expect([states(answer), world.errors.map(({ code }) => code)]).toEqual([['failed'], ['denied']])
    expect(world.callsOf('presign-parts').at(-1)?.at).toBeLessThan(30_000)
    const before = world.sends.length
    const stored = new Set(world.parts.get('id1')?.keys())
    isSignedIn = true
    world.onSend = () => undefined
    answer.retry(keyAt(answer))
    await world.clock.advance(10_000)
    expect(answer.getIds()).toEqual(['id1'])
    const again = world.partsSent.slice(before)
    expect(again.filter((part) => stored.has(part))).toEqual([])
    expect(again.length + stored.size).toBe(50)
  })

  test('S68: outlives its URLs: whoever comes back long after asks for new ones before a byte goes', async () => {
    const world = inParts()
    const issue = world.issue.bind(world)
    world.issue = (file) => ({ ...issue(file), expiresIn: 60 })
    const page = new FakePage()
    world.onSend = (send) => (partOf(send) > 1 ? true : undefined)
    const answer = world.answer({ environment: { ...world.environment, page } })
    answer.add([aFile('film.bin', 500)])
    await world.clock.advance(1_000)
    world.clock.sleep(5 * 60_000)
    page.comeBack()
    const sends = world.sends.length
    const calls = world.calls.length
    for (const send of world.sends) send.respond({ status: 0, sentAll: false })
    world.onSend = (send) => {
      expect(world.calls.slice(calls).some(({ action }) => action === 'presign-parts')).toBe(true)
      expect(partOf(send)).toBeGreaterThan(1)
      return undefined
    }
    await world.clock.advance(5_000)
    expect([states(answer), world.errors]).toEqual([['done'], []])
    expect(new Set(world.partsSent.slice(sends))).toEqual(new Set([2, 3, 4, 5]))
  })

  test('S69: whose `complete` never answers is told after its tries; a retry has it once', async () => {
    const world = inParts()
    world.onCall = (call) => (call.action === 'complete' && world.clock.now() < 600_000 ? true : undefined)
    const answer = world.answer()
    answer.add([aFile('film.bin', 300)])
    await world.clock.advance(600_000)
    expect([states(answer), world.errors.map(({ code }) => code)]).toEqual([['failed'], ['timeout']])
    expect(world.callsOf('complete').length).toBe(5)
    const before = world.sends.length
    answer.retry(keyAt(answer))
    await world.clock.advance(10_000)
    expect(world.changes.at(-1)).toEqual(['id1'])
    expect([answer.getIds(), world.sends.length]).toEqual([['id1'], before])
  })

  test('S70: whose line breaks again and again never tells more bytes than it has, nor a broken number', async () => {
    const world = inParts()
    const told: number[] = []
    let breaks = 3
    world.onSend = (send) => {
      if (partOf(send) !== 2 || breaks-- <= 0) return undefined
      send.request.onProgress?.(90)
      send.respond({ status: 0, sentAll: false })
      return true
    }
    const answer = world.answer()
    answer.add([aFile('film.bin', 500)])
    for (let turn = 0; turn < 400; turn += 1) {
      await world.clock.advance(10)
      if (states(answer)[0] === 'uploading') told.push(answer.sentBytes(keyAt(answer)) ?? 0)
    }
    expect(states(answer)).toEqual(['done'])
    expect(told.length).toBeGreaterThan(10)
    expect(told.filter((bytes) => !(bytes >= 0 && bytes <= 500))).toEqual([])
    expect(world.partsSent.filter((part) => part === 2).length).toBe(4)
  })

  test.each(['PUT', 'MULTIPART', 'POST'] as const)(
    'S48: by %s, a file without a type is asked for and sent as one of bytes',
    async (method) => {
      const world = new World()
      world.method = method
      const answer = world.answer()
      answer.add([aFile('README', 250, '')])
      await world.clock.advance(1_000)
      expect(world.callsOf('presign')[0]?.body.files?.[0]?.type).toBe('application/octet-stream')
      if (method === 'PUT')
        expect(world.sends[0]?.request.headers).toEqual({ 'content-type': 'application/octet-stream' })
      expect(states(answer)).toEqual(['done'])
    },
  )
})
