import { describe, expect, test } from 'vitest'
import { aFile, type Call, many, type Send, states, World } from './world.js'

const partMs = 1_000
const callMs = 60

/** A line that carries a part in a second and a call in 60 ms, and breaks whatever is on its way when it is cut. */
class Line {
  readonly world = new World()
  /** Of the parts that a cut breaks so many have left whole, and were they stored. */
  silent = 0
  silentAreStored = false
  private isCut = false
  private readonly breaks = new Set<() => void>()

  constructor() {
    const { world } = this
    world.method = 'MULTIPART'
    world.onCall = (call) => (this.carryCall(call), true)
    world.onSend = (send) => (this.carryPart(send), true)
    let chance = 7
    Object.assign(world.environment, { random: () => (chance = (chance * 29) % 101) / 101 })
  }

  private carryCall(call: Call): void {
    this.carry(
      callMs,
      () => this.world.answerCall(call),
      () => call.fail(),
    )
  }

  private carryPart(send: Send): void {
    const { request } = send
    const breakOff = (wasOnItsWay: boolean) => {
      const isSilent = wasOnItsWay && this.silent-- > 0
      if (isSilent && this.silentAreStored) this.world.store(request)
      send.respond({ status: 0, sentAll: isSilent })
    }
    this.carry(partMs, () => send.respond(), breakOff)
    request.onProgress?.(request.body.size / 2)
  }

  private carry(ms: number, arrive: () => void, breakOff: (wasOnItsWay: boolean) => void): void {
    const { clock } = this.world
    if (this.isCut) return void clock.after(5, () => breakOff(false))
    const end = clock.after(ms, () => {
      this.breaks.delete(broken)
      arrive()
    })
    const broken = () => {
      end()
      breakOff(true)
    }
    this.breaks.add(broken)
  }

  async cutFor(ms: number): Promise<void> {
    this.isCut = true
    for (const broken of this.breaks) broken()
    this.breaks.clear()
    await this.world.clock.advance(ms)
    this.isCut = false
  }
}

/** A file of 24 parts, twelve of which are stored, in the middle of the next six. */
async function inTheMiddle(line: Line) {
  const answer = line.world.answer()
  answer.add([aFile('film.bin', 2_400)])
  await line.world.clock.advance(2_600)
  expect(new Set(line.world.partsSent.slice(12))).toEqual(new Set([13, 14, 15, 16, 17, 18]))
  return answer
}

describe('a line that is cut while the browser says nothing of it', () => {
  test.each([100, 1_000])('for %s ms: a file in parts goes on within 600 ms', async (ms) => {
    const line = new Line()
    const { world } = line
    await inTheMiddle(line)
    await line.cutFor(ms)
    const sends = world.sends.length
    await world.clock.advance(600)
    expect(new Set(world.partsSent.slice(sends))).toEqual(new Set([13, 14, 15, 16, 17, 18]))
  })

  test.each([2_000, 4_000, 9_000])(
    'for %s ms: a file in parts goes on within 300 ms, without a question and with the URLs it has',
    async (ms) => {
      const line = new Line()
      const { world } = line
      const answer = await inTheMiddle(line)
      await line.cutFor(ms)
      const [sends, calls] = [world.sends.length, world.calls.length]
      await world.clock.advance(300)
      expect(world.calls.slice(calls).map(({ action }) => action)).toEqual([])
      expect(new Set(world.partsSent.slice(sends))).toEqual(new Set([13, 14, 15, 16, 17, 18]))
      const at = world.sends.length - 6
      await world.clock.advance(60_000)
      expect([states(answer), world.errors]).toEqual([['done'], []])
      expect(world.partsSent.slice(at).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 12 }, (_, index) => index + 13),
      )
    },
  )

  test.each([
    ['has', true, []],
    ['has not', false, [13, 14, 15]],
  ])('parts whose answer went with it: those that storage %s; the others go on meanwhile', async (_, stored, again) => {
    const line = new Line()
    const { world } = line
    line.silent = 3
    line.silentAreStored = stored
    const answer = await inTheMiddle(line)
    await line.cutFor(2_000)
    const sends = world.sends.length
    await world.clock.advance(200)
    expect(world.sends.length - sends).toBeGreaterThanOrEqual(6)
    await world.clock.advance(60_000)
    expect([states(answer), world.errors]).toEqual([['done'], []])
    const sent = world.partsSent.slice(sends)
    expect([13, 14, 15].filter((part) => sent.includes(part))).toEqual(again)
  })

  test('what the page knows ends with it: an upload that was completed with parts missing asks storage', async () => {
    const line = new Line()
    const { world } = line
    const answer = await inTheMiddle(line)
    await line.cutFor(2_000)
    world.parts.get('id1')?.delete(3)
    world.onCall = (call) => {
      if (call.action !== 'complete' || world.callsOf('complete').length > 1) return undefined
      return (call.respond(404, { error: { code: 'not-stored', message: '' } }), true)
    }
    await world.clock.advance(60_000)
    expect(states(answer)).toEqual(['done'])
    expect(world.partsSent.filter((part) => part === 3).length).toBe(2)
  })

  test('files added meanwhile go on as soon as the backend answers, not when the long file is through', async () => {
    const line = new Line()
    const { world } = line
    const answer = await inTheMiddle(line)
    await line.cutFor(1_500)
    answer.add(many(3))
    await world.clock.advance(3_000)
    expect(states(answer).slice(1)).toEqual(['done', 'done', 'done'])
  })

  test('the field says that it waits no longer than until the first part is stored', async () => {
    const line = new Line()
    const { world } = line
    const answer = await inTheMiddle(line)
    await line.cutFor(4_000)
    expect(answer.diagnostics().restsFor).toMatchObject({ code: 'network' })
    await world.clock.advance(1_400)
    expect([states(answer), answer.diagnostics().restsFor]).toEqual([['uploading'], null])
  })

  test('while storage rests, the smallest of the files that wait is sent, as it tells soonest', async () => {
    const world = new World()
    world.onSend = (send) => (send.respond({ status: 500 }), true)
    const answer = world.answer()
    answer.add([...many(7, 5_000), aFile('small.pdf', 10), aFile('large.pdf', 9_000)])
    await world.clock.advance(20_000)
    expect(answer.diagnostics().restsFor).toMatchObject({ code: 'server' })
    const before = world.sends.length
    await world.clock.advance(120_000)
    const sizes = world.sends.slice(before).map(({ request }) => request.body.size)
    expect(sizes.length).toBeGreaterThan(3)
    expect(new Set(sizes)).toEqual(new Set([10]))
  })

  test('a slice is cut once, however often its part is tried', async () => {
    const line = new Line()
    const { world } = line
    await inTheMiddle(line)
    await line.cutFor(4_000)
    await world.clock.advance(60_000)
    const bodies = world.sends.filter(({ request }) => request.url.endsWith('=13')).map(({ request }) => request.body)
    expect(bodies.length).toBeGreaterThan(5)
    expect(new Set(bodies).size).toBe(1)
  })

  test('a slice that the browser has no room for is cut anew, and the file is not given up for it', async () => {
    const line = new Line()
    const { world } = line
    const answer = await inTheMiddle(line)
    const unreadable = Object.assign(new Blob(['x']), {
      slice: () => ({ size: 1, arrayBuffer: () => Promise.reject(new DOMException('', 'NotReadableError')) }),
    })
    const broken = world.sends.find(({ request }) => request.url.endsWith('=13'))?.request.body
    if (broken !== undefined) broken.slice = unreadable.slice as unknown as Blob['slice']
    await line.cutFor(2_000)
    await world.clock.advance(60_000)
    expect([states(answer), world.errors]).toEqual([['done'], []])
    const last = world.sends.findLast(({ request }) => request.url.endsWith('=13'))?.request.body
    expect(last).not.toBe(broken)
  })
})

describe('a line that the browser says is back', () => {
  test.each([
    [400, 200],
    [60_000, 2_000],
  ])('after %s ms: work goes on within %s ms, spread over that time', async (ms, most) => {
    const starts = [0, 0.999].map(async (chance) => {
      const world = new World()
      world.chance = chance
      world.answer().add(many(1))
      world.goOnline(false)
      await world.clock.advance(ms)
      const before = world.clock.now()
      world.goOnline(true)
      await world.clock.advance(5_000)
      return (world.sends[0]?.at ?? Number.NaN) - before
    })
    const [first = Number.NaN, last = Number.NaN] = await Promise.all(starts)
    expect(first).toBeLessThan(50)
    expect(last).toBeGreaterThan(most * 0.9)
    expect(last).toBeLessThan(most + 50)
  })
})
