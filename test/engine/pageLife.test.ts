/** What the browser does to the page while files go: frozen, asleep, out of sight, left. */
import { beforeEach, describe, expect, test } from 'vitest'
import { FakePage } from './fakePage.js'
import { aFile, states, World } from './world.js'

let world: World
let page: FakePage
beforeEach(() => {
  page = new FakePage()
  world = new World()
  Object.assign(world.environment, { page })
})

/** An answer whose requests stay open for the test. */
function withOpenSends(options: Parameters<World['answer']>[0] = {}) {
  world.onSend = () => true
  return world.answer(options)
}
const dead = { status: 0, sentAll: false } as const
const sizes = () => world.sends.map(({ request }) => request.body.size)

describe('the screen stays on', () => {
  test('while bytes are on their way, a moment longer, and no longer than anything is pending', async () => {
    const answer = withOpenSends()
    answer.add([aFile()])
    expect(page.awake).toBe(0)
    await world.clock.advance(100)
    expect(page.awake).toBe(1)
    world.sends[0]?.respond({ status: 503 })
    await world.clock.advance(100)
    expect(page.awake).toBe(1)
    world.sends[1]?.respond()
    await world.clock.advance(1_000)
    world.sends.at(-1)?.respond()
    await world.clock.advance(100)
    expect([states(answer), page.awake]).toEqual([['done'], 0])
  })

  test('not while a file waits for its next try longer than that', async () => {
    const answer = withOpenSends()
    world.chance = 0.99
    answer.add([aFile()])
    await world.clock.advance(100)
    world.sends[0]?.respond({ status: 503, headers: { 'retry-after': '30' } })
    await world.clock.advance(1_000)
    expect(page.awake).toBe(1)
    await world.clock.advance(1_500)
    expect(page.awake).toBe(0)
    await world.clock.advance(30_000)
    expect(page.awake).toBe(1)
    answer.remove(answer.getAnswer().keys[0] ?? '')
    expect(page.awake).toBe(0)
  })

  test('not offline, and not after the answer is disposed of', async () => {
    const answer = withOpenSends()
    answer.add([aFile()])
    await world.clock.advance(100)
    world.goOnline(false)
    expect(page.awake).toBe(0)
    world.goOnline(true)
    expect(page.awake).toBe(1)
    answer.dispose()
    expect([page.awake, page.guards]).toEqual([0, 0])
  })

  test('not where the host says so, from the moment it says it', async () => {
    const answer = withOpenSends()
    answer.add([aFile()])
    await world.clock.advance(100)
    answer.configure({ endpoint: '/api/uploads', wakeLock: false })
    expect([page.awake, page.guards]).toEqual([0, 1])
  })
})

describe('leaving the page is asked about', () => {
  test('F54: while anything is unsettled, and no more when the host hears that all is stored', async () => {
    const answer = withOpenSends({ defaultValue: ['old'] })
    expect(page.guards).toBe(0)
    answer.add([aFile()])
    await world.clock.advance(0)
    expect(page.guards).toBe(1)
    let guardsWhenTold: number | null = null
    answer.listen({ onChange: () => (guardsWhenTold = page.guards) })
    await world.clock.advance(100)
    world.sends[0]?.respond()
    await world.clock.advance(100)
    expect(guardsWhenTold).toBe(0)
  })

  test('also for files that wait for the submit; not for those that failed, and not where the host says so', async () => {
    const answer = world.answer({ start: 'submit' })
    world.onSend = (send) => (send.respond({ status: 400 }), true)
    answer.add([aFile()])
    await world.clock.advance(0)
    expect(page.guards).toBe(1)
    answer.start()
    await world.clock.advance(1_000)
    expect([states(answer), page.guards]).toEqual([['failed'], 0])
    world.answer({ warnBeforeLeaving: false, start: 'manual' }).add([aFile()])
    expect(page.guards).toBe(0)
  })
})

describe('F51, F53: a page that comes back', () => {
  test('sends at once again what died meanwhile, without using up a try', async () => {
    const answer = withOpenSends({ timing: { sendTries: 1, callTries: 1 } })
    world.onCall = () => (world.calls.length === 2 ? true : undefined)
    answer.add([aFile()])
    await world.clock.advance(100)
    answer.add([aFile('b.pdf')])
    await world.clock.advance(100)
    page.comeBack()
    world.sends[0]?.respond(dead)
    world.calls[1]?.fail()
    await world.clock.advance(20)
    expect([sizes(), world.callsOf('presign').length]).toEqual([[5, 5, 5], 3])
    world.sends[1]?.respond(dead)
    world.sends[2]?.respond()
    await world.clock.advance(1_000)
    // What began after the return counts.
    expect(states(answer)).toEqual(['failed', 'done'])
  })

  test('sends nothing again that goes on or was answered meanwhile', async () => {
    const answer = withOpenSends()
    answer.add([aFile(), aFile('b.pdf')])
    await world.clock.advance(100)
    world.clock.sleep(5 * 60_000)
    page.comeBack()
    world.sends[0]?.respond()
    await world.clock.advance(100)
    expect(states(answer)).toEqual(['done', 'uploading'])
    world.sends[1]?.respond()
    await world.clock.advance(100)
    expect([await answer.settled(), world.sends.length]).toEqual([['id1', 'id2'], 2])
  })

  test('after an hour asleep asks for fresh grants with the same ids before anything is sent', async () => {
    const answer = withOpenSends({ timing: { sending: 1 } })
    answer.add([aFile(), aFile('b.pdf')])
    await world.clock.advance(100)
    world.clock.sleep(60 * 60_000)
    page.comeBack()
    world.sends[0]?.respond(dead)
    world.onSend = () => undefined
    await world.clock.advance(5_000)
    expect(await answer.settled()).toEqual(['id1', 'id2'])
    const asked = world.callsOf('presign').map(({ body }) => body.files?.map(({ id }) => id))
    expect(asked.slice(1).flat().sort()).toEqual(['id1', 'id2'])
    expect(world.sends.length).toBe(3)
  })

  test('in the middle of a multipart upload sends only the missing parts, at once', async () => {
    world.method = 'MULTIPART'
    const answer = withOpenSends()
    answer.add([aFile('a.pdf', 300)])
    await world.clock.advance(100)
    world.sends[0]?.respond()
    await world.clock.advance(10)
    page.comeBack()
    for (const send of world.sends.slice(1)) send.respond(dead)
    world.onSend = () => undefined
    await world.clock.advance(100)
    expect([await answer.settled(), world.partsSent]).toEqual([['id1'], [1, 2, 3, 2, 3]])
  })

  test('does not give up what slept with it: a call and a request have their whole time once more', async () => {
    const answer = withOpenSends()
    world.onCall = () => true
    answer.add([aFile()])
    await world.clock.advance(100)
    world.clock.sleep(60 * 60_000)
    await world.clock.advance(20_000)
    expect(world.calls[0]?.signal.aborted).toBe(false)
    if (world.calls[0] !== undefined) world.answerCall(world.calls[0])
    world.onCall = () => undefined
    await world.clock.advance(1_000)
    world.clock.sleep(60 * 60_000)
    await world.clock.advance(10_000)
    world.sends[0]?.respond()
    await world.clock.advance(100)
    expect([states(answer), world.sends.length]).toEqual([['done'], 1])
  })

  test.each([
    ['and says so', () => page.comeBack()],
    ['of which nobody tells', () => {}],
  ])('a queue that rests tries anew after an hour of sleep, %s', async (_, wake) => {
    let isAway = true
    world.onSend = (send) => (isAway ? (send.respond({ status: 503 }), true) : undefined)
    const answer = world.answer()
    answer.add(Array.from({ length: 20 }, (_, index) => aFile(`${index}.pdf`)))
    await world.clock.advance(30_000)
    isAway = false
    world.clock.sleep(60 * 60_000)
    wake()
    await world.clock.advance(5_000)
    expect([new Set(states(answer)), world.errors]).toEqual([new Set(['done']), []])
  })

  test('offline waits for the network, and nothing is counted', async () => {
    const answer = withOpenSends({ timing: { sendTries: 1 } })
    answer.add([aFile()])
    await world.clock.advance(100)
    world.goOnline(false)
    page.comeBack()
    world.sends[0]?.respond(dead)
    await world.clock.advance(60_000)
    expect([states(answer), world.sends.length]).toEqual([['retrying'], 1])
    world.onSend = () => undefined
    world.goOnline(true)
    await world.clock.advance(5_000)
    expect(states(answer)).toEqual(['done'])
  })
})
