// What a person and a host do while a file is in each of its states. The numbers are those of the list of faults.
import { describe, expect, test } from 'vitest'
import type { EntryState } from '../../src/answer/entry.js'
import type { FileAnswer } from '../../src/engine/fileAnswer.js'
import { aFile, states, World } from './world.js'

type Reached = Exclude<EntryState, 'rejected' | 'preparing'>

/** How a file comes to stay in a state, until `release`. */
const stays: Record<Reached, (world: World) => void> = {
  queued: (world) => world.goOnline(false),
  requesting: (world) => (world.onCall = ({ action }) => action === 'presign' || undefined),
  ready: (world) => {
    world.onCall = (call) => {
      if (call.action !== 'presign') return undefined
      world.answerCall(call)
      world.goOnline(false)
      return true
    }
  },
  uploading: (world) => (world.onSend = () => true),
  finishing: (world) => {
    world.confirm = true
    world.onCall = ({ action }) => action === 'complete' || undefined
  },
  retrying: (world) => (world.onSend = (send) => (send.respond({ status: 500 }), true)),
  paused: (world) => (world.onSend = () => true),
  failed: (world) => (world.onSend = (send) => (send.respond({ status: 400 }), true)),
  done: () => {},
  restored: () => {},
}
const all = Object.keys(stays) as Reached[]

async function inState(state: Reached, options: Parameters<World['answer']>[0] = {}) {
  const world = new World()
  stays[state](world)
  const answer = world.answer({ ...options, ...(state === 'restored' ? { defaultValue: ['old'] } : {}) })
  if (state !== 'restored') answer.add([aFile('a.pdf')])
  await world.clock.advance(30)
  const [key = ''] = answer.getAnswer().keys
  if (state === 'paused') answer.pause(key)
  expect(states(answer)).toEqual([state])
  const release = async () => {
    world.onCall = () => undefined
    world.onSend = () => undefined
    world.goOnline(true)
    for (const call of world.calls) if (!call.signal.aborted) world.answerCall(call)
    for (const send of world.sends) if (!send.request.signal.aborted) send.respond()
    await world.clock.advance(60_000)
  }
  return { world, answer, key, release }
}

const idsOf = (answer: FileAnswer) => [...answer.getIds()]

describe.each(all)('a file that is %s', (state) => {
  test('F70: removed, twice, it is gone at once; nothing begins for it, and its id is discarded once, after the undo', async () => {
    const { world, answer, key, release } = await inState(state)
    answer.remove(key)
    answer.remove(key)
    expect(states(answer)).toEqual([])
    const running = { requesting: world.calls, uploading: world.sends.map(({ request }) => request) }
    const ends: readonly { signal: AbortSignal }[] = state in running ? running[state as keyof typeof running] : []
    expect(ends.every(({ signal }) => signal.aborted)).toBe(true)
    const begun = world.callsOf('presign').length + world.sends.length
    expect(world.discarded).toEqual([])
    await release()
    expect(world.callsOf('presign').length + world.sends.length).toBe(begun)
    const granted = state !== 'queued' && state !== 'requesting' && state !== 'restored'
    expect(world.discarded).toEqual(granted ? ['id1'] : [])
    expect(idsOf(answer)).toEqual([])
  })

  test('F71: removed and undone, it is as if nothing had been', async () => {
    const { world, answer, key, release } = await inState(state)
    answer.remove(key)
    await world.clock.advance(100)
    answer.undo(key)
    await release()
    answer.start()
    if (state === 'failed') answer.retry(key)
    await world.clock.advance(60_000)
    expect(states(answer)).toEqual([state === 'restored' ? 'restored' : 'done'])
    expect(idsOf(answer)).toHaveLength(1)
    // A grant that was on its way when the file left is nobody's.
    expect(world.discarded.filter((id) => idsOf(answer).includes(id))).toEqual([])
  })

  test('F72: retry pressed many times is one attempt at most', async () => {
    const { world, answer, key, release } = await inState(state)
    const begun = world.sends.length
    for (let press = 0; press < 5; press += 1) answer.retry(key)
    await release()
    answer.start()
    await world.clock.advance(60_000)
    expect(states(answer)).toEqual([state === 'restored' ? 'restored' : 'done'])
    const isSentAgain = state !== 'uploading' && state !== 'finishing' && state !== 'done' && state !== 'restored'
    expect(world.sends.length - begun).toBe(isSentAgain ? 1 : 0)
    expect(idsOf(answer)).toHaveLength(1)
  })

  test.each<[string, (id: string) => string[], string[]]>([
    ['to nothing', () => [], []],
    ['to another', () => ['other'], ['other']],
  ])('F78: the host sets the value %s: stored files leave undiscarded, an upload goes on', async (_, value, first) => {
    const { world, answer, release } = await inState(state)
    answer.setValue(['before'])
    answer.setValue(value('id1'))
    await release()
    answer.start()
    if (state === 'failed') answer.retryAll()
    await world.clock.advance(60_000)
    const isStored = state === 'done' || state === 'restored'
    const shown = answer.getAnswer().entries.flatMap((entry) => ('id' in entry ? [entry.id] : []))
    expect(shown.toSorted()).toEqual([...first, ...(isStored ? [] : ['id1'])].toSorted())
    expect(world.discarded).toEqual([])
  })

  test('F77: a reset to nothing ends what runs and discards what is unfinished alone', async () => {
    const { world, answer, release } = await inState(state)
    await world.clock.advance(60)
    answer.reset([])
    expect(states(answer)).toEqual([])
    const begun = world.sends.length
    await release()
    expect(world.sends).toHaveLength(begun)
    const holds = state !== 'queued' && state !== 'requesting' && state !== 'restored' && state !== 'done'
    expect(world.discarded).toEqual(holds ? ['id1'] : [])
  })

  test('F79: new rules and another endpoint meanwhile are for new files', async () => {
    const { world, answer, release } = await inState(state)
    answer.configure({ endpoint: '/api/other', maxFiles: 1, accept: '.png' })
    await release()
    answer.start()
    if (state === 'failed') answer.retryAll()
    await world.clock.advance(60_000)
    answer.add([aFile('b.pdf')])
    expect(states(answer)).toEqual([state === 'restored' ? 'restored' : 'done', 'rejected'])
  })
})

test('F77: a reset keeps what the newest default holds as it is', async () => {
  const world = new World()
  const field = world.answer({ defaultValue: ['kept', 'left'] })
  field.add([aFile('a.pdf')])
  await world.clock.advance(100)
  const [kept] = field.getAnswer().entries
  field.reset(['kept', 'new'])
  expect(field.getAnswer().entries[0]).toBe(kept)
  expect(idsOf(field)).toEqual(['kept', 'new'])
  await world.clock.advance(20_000)
  expect(world.discarded).toEqual([])
})

describe('F73: the order shown', () => {
  test('is the answer’s, whatever is moved or replaced while files are sent', async () => {
    const world = new World()
    world.onSend = () => true
    const answer = world.answer()
    answer.add(['a', 'b', 'c'].map((name) => aFile(`${name}.pdf`)))
    await world.clock.advance(30)
    const [a = '', b = ''] = answer.getAnswer().keys
    answer.move(a, 2)
    world.sends[0]?.respond()
    answer.remove(b)
    answer.add([aFile('d.pdf')])
    answer.move(answer.getAnswer().keys.at(-1) ?? '', 0)
    world.onSend = () => undefined
    for (const send of world.sends) if (!send.request.signal.aborted) send.respond()
    await world.clock.advance(20_000)
    // b's id2 is gone; d came last and stands first.
    expect(idsOf(answer)).toEqual(['id4', 'id3', 'id1'])
    expect(world.changes.at(-1)).toEqual(['id4', 'id3', 'id1'])
    expect(world.discarded).toEqual(['id2'])
  })

  test('of a field of one file: a successor chosen while it is sent takes its place, and its id is gone', async () => {
    const world = new World()
    world.onSend = () => true
    const answer = world.answer({ maxFiles: 1 })
    answer.add([aFile('a.pdf')])
    await world.clock.advance(30)
    answer.add([aFile('b.pdf')])
    expect(world.sends[0]?.request.signal.aborted).toBe(true)
    await world.clock.advance(30)
    world.sends[1]?.respond()
    await world.clock.advance(20_000)
    expect(idsOf(answer)).toEqual(['id2'])
    expect(world.discarded).toEqual(['id1'])
  })
})

test('F74: the same file twice in a drop, and again later, is as many entries and ids', async () => {
  const world = new World()
  const answer = world.answer()
  const file = aFile('a.pdf')
  answer.add([file, file])
  await world.clock.advance(100)
  answer.add([file])
  await world.clock.advance(100)
  expect(idsOf(answer)).toEqual(['id1', 'id2', 'id3'])
  const refusing = world.answer({ duplicates: 'refuse' })
  refusing.add([file, file])
  await world.clock.advance(100)
  expect(states(refusing)).toEqual(['done', 'rejected'])
})

test('F75: of 30 dropped where 5 of 10 are there, 5 are asked for and 25 told', async () => {
  const world = new World()
  const answer = world.answer({ maxFiles: 10 })
  const some = (count: number) => Array.from({ length: count }, (_, index) => aFile(`${index}.pdf`))
  answer.add(some(5))
  answer.add(some(30))
  await world.clock.advance(1_000)
  expect(idsOf(answer)).toHaveLength(10)
  expect(world.callsOf('presign').flatMap(({ body }) => body.files ?? [])).toHaveLength(10)
  expect(world.errors.map(({ code }) => code)).toEqual(Array.from({ length: 25 }, () => 'too-many'))
})

test('F76, F81: a file that waits for its start is pending; who waits for all starts it, once', async () => {
  const world = new World()
  const answer = world.answer({ start: 'submit' })
  answer.add([aFile('a.pdf')])
  await world.clock.advance(60_000)
  expect(world.calls).toEqual([])
  expect(world.statuses.at(-1)).toMatchObject({ pending: 1, settled: false })
  const twice = [answer.settled(), answer.settled()]
  await world.clock.advance(2_000)
  expect(await Promise.all(twice)).toEqual([['id1'], ['id1']])
  expect(world.sends).toHaveLength(1)
})

test.each([-86_400_000, 86_400_000])(
  'F63: the page’s clock %s ms wrong makes no storm and no false expiry',
  async (wrong) => {
    const world = new World()
    world.clock.until = (date) => Date.parse(date) - Date.UTC(2026, 0, 1) + wrong
    let refusals = 1
    world.onSend = (send) => {
      if (refusals-- <= 0) return undefined
      send.respond({ status: 503, headers: { 'retry-after': 'Thu, 01 Jan 2026 00:00:05 GMT' } })
      return true
    }
    const answer = world.answer()
    answer.add([aFile('a.pdf')])
    // Retry-After as a date goes by the page's clock, so that it may be none, or the cap; lifetimes don't.
    await world.clock.advance(61_000)
    expect(states(answer)).toEqual(['done'])
    expect(world.sends).toHaveLength(2)
    expect(world.callsOf('presign')).toHaveLength(1)
  },
)
