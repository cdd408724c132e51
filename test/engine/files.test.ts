/** Files that change, vanish, can be read once, are none, or are as large or small as can be. */
import { beforeEach, describe, expect, test } from 'vitest'
import { FakePage } from './fakePage.js'
import { aFile, states, World } from './world.js'

let world: World
beforeEach(() => {
  world = new World()
})

/** A file on disk: reads fail once it was changed or taken away, and its slices' too. */
function onDisk(name: string, size = 5, type = 'application/pdf') {
  let fault: string | null = null
  let reads = 0
  const guard = <Part extends Blob>(part: Part): Part =>
    Object.assign(part, {
      slice: (start?: number, end?: number) => guard(Blob.prototype.slice.call(part, start, end)),
      arrayBuffer: () => {
        reads += 1
        return fault === null ? Blob.prototype.arrayBuffer.call(part) : Promise.reject(new DOMException('', fault))
      },
    })
  return {
    file: guard(new File([new Uint8Array(size)], name, { type, lastModified: 1 })),
    change: () => (fault = 'NotReadableError'),
    takeAway: () => (fault = 'NotFoundError'),
    bringBack: () => (fault = null),
    reads: () => reads,
  }
}
const codes = () => world.errors.map(({ code }) => code)
const big = 300 * 1024

describe('S59, F55: a file that is rewritten', () => {
  test('while it waits is told, and nothing more is asked for it, by itself or by "Try again"', async () => {
    const { file, change } = onDisk('a.xlsx')
    world.onSend = (send) => (send.respond({ status: 0, sentAll: false }), true)
    const answer = world.answer()
    answer.add([file])
    change()
    await world.clock.advance(600_000)
    expect([states(answer), codes(), world.sends.length]).toEqual([['failed'], ['unreadable'], 1])
    answer.retryAll()
    await world.clock.advance(600_000)
    expect([states(answer), world.sends.length, world.callsOf('presign').length]).toEqual([['failed'], 1, 1])
    expect(world.discarded).toEqual(['id1'])
  })

  test.each([
    ['PUT', 1],
    ['MULTIPART', 3],
  ] as const)('by %s while its bytes leave is not stored, although storage took them', async (method, requests) => {
    world.method = method
    world.partSize = 100 * 1024
    const { file, change } = onDisk('a.xlsx', big)
    world.onSend = () => true
    const answer = world.answer()
    answer.add([file])
    await world.clock.advance(100)
    change()
    for (let index = 0; index < requests; index += 1) {
      world.sends[index]?.respond()
      await world.clock.advance(100)
    }
    await world.clock.advance(60_000)
    expect([states(answer), codes(), answer.getIds()]).toEqual([['failed'], ['unreadable'], []])
    expect([world.discarded, world.callsOf('complete').length, world.sends.length]).toEqual([['id1'], 0, requests])
  })

  test('whose size or date says so is not sent, in no part', async () => {
    world.method = 'MULTIPART'
    const dated = aFile('a.pdf', 1_000)
    const longer = aFile('b.pdf')
    world.onSend = () => true
    const answer = world.answer()
    answer.add([dated, longer])
    Object.defineProperty(longer, 'size', { value: 6 })
    await world.clock.advance(100)
    const begun = world.sends.length
    Object.defineProperty(dated, 'lastModified', { value: 2 })
    world.sends[0]?.respond()
    await world.clock.advance(60_000)
    expect([states(answer), codes()]).toEqual([
      ['failed', 'failed'],
      ['unreadable', 'unreadable'],
    ])
    expect(world.sends.length).toBe(begun)
  })
})

describe('a file that is away', () => {
  test('goes on where it was when its drive is back and a person tries again', async () => {
    world.method = 'MULTIPART'
    const { file, takeAway, bringBack } = onDisk('a.mov', 300)
    world.onSend = () => true
    const answer = world.answer()
    answer.add([file])
    await world.clock.advance(100)
    world.sends[0]?.respond()
    await world.clock.advance(10)
    takeAway()
    for (const send of world.sends.slice(1)) send.respond({ status: 0, sentAll: false })
    await world.clock.advance(60_000)
    expect([states(answer), codes()]).toEqual([['failed'], ['unreadable']])
    bringBack()
    world.onSend = () => undefined
    answer.retryAll()
    await world.clock.advance(1_000)
    expect([await answer.settled(), world.partsSent.slice(3)]).toEqual([['id1'], [2, 3]])
  })

  test('after its last byte is stored all the same', async () => {
    const { file, takeAway } = onDisk('a.mov', big)
    world.onSend = () => true
    const answer = world.answer()
    answer.add([file])
    await world.clock.advance(100)
    takeAway()
    world.sends[0]?.respond()
    await world.clock.advance(100)
    expect(states(answer)).toEqual(['done'])
  })
})

test('a small file costs no look at it', async () => {
  const { file, reads } = onDisk('a.pdf', 1_000)
  const answer = world.answer()
  answer.add([file])
  await world.clock.advance(100)
  expect([states(answer), reads()]).toEqual([['done'], 0])
})

describe('F57: a folder that is taken for a file', () => {
  test.each([
    ['Linux', 4096],
    ['macOS', 96],
    ['Windows', 0],
  ])('is told before anything is asked, as %s gives it', async (_, size) => {
    const { file, takeAway } = onDisk('Documents', size, '')
    takeAway()
    const answer = world.answer({ minSize: 0 })
    answer.add([file])
    await world.clock.advance(1_000)
    expect([states(answer), codes(), world.callsOf('presign').length]).toEqual([['rejected'], ['folder'], 0])
  })

  test('a file without a type is none', async () => {
    const answer = world.answer({ minSize: 0 })
    answer.add([aFile('LICENSE', 64, ''), aFile('empty', '', '')])
    await world.clock.advance(1_000)
    expect(states(answer)).toEqual(['done', 'done'])
  })
})

describe('S43: what systems leave beside files', () => {
  const names = (answer: ReturnType<World['answer']>) =>
    answer.getAnswer().entries.flatMap((entry) => ('name' in entry ? [entry.name] : []))

  test('is left out', () => {
    const answer = world.answer()
    answer.add(
      ['a.pdf', '.DS_Store', 'Thumbs.db', 'desktop.ini', '~$a.docx', '._a.pdf', 'b.pdf'].map((name) => aFile(name)),
    )
    expect(names(answer)).toEqual(['a.pdf', 'b.pdf'])
  })

  test('is taken when a person chose nothing else', () => {
    const answer = world.answer()
    answer.add([aFile('desktop.ini')])
    expect(names(answer)).toEqual(['desktop.ini'])
  })
})

describe('files that can be read only once', () => {
  /** Its bytes come once; whoever sends it from where it is has nothing. */
  function once(name: string, size: number) {
    let reads = 0
    const file = aFile(name, size)
    const read = () => {
      reads += 1
      return reads === 1
        ? Blob.prototype.arrayBuffer.call(file)
        : Promise.reject(new DOMException('', 'NotReadableError'))
    }
    return { file: Object.assign(file, { arrayBuffer: read }), reads: () => reads }
  }
  beforeEach(() => {
    const page = new FakePage()
    page.readsOnce = true
    Object.assign(world.environment, { page })
  })
  const isCopy = (file: File) =>
    world.sends.find(({ request }) => request.body.size === file.size)?.request.body !== file

  test('are copied when their turn comes, and sent from there, as often as it takes', async () => {
    const { file, reads } = once('a.jpg', 1_000)
    world.onSend = (send) => (world.sends.length < 3 ? (send.respond({ status: 503 }), true) : undefined)
    const answer = world.answer()
    answer.add([file])
    expect(reads()).toBe(0)
    await world.clock.advance(60_000)
    expect([states(answer), reads(), world.stored.get('id1'), isCopy(file)]).toEqual([['done'], 1, 1_000, true])
  })

  test('go from where they are when they are too large, or together too many for memory', async () => {
    world.onSend = () => true
    const answer = world.answer({ timing: { copyMost: 1_000, copyTotal: 1_500 } })
    const files = [aFile('big.mov', 1_001), aFile('a.jpg', 1_000), aFile('b.jpg', 501), aFile('c.jpg', 500)]
    answer.add(files)
    await world.clock.advance(100)
    expect(files.map(isCopy)).toEqual([false, true, false, true])
    world.sends.find(({ request }) => request.body.size === 1_000)?.respond()
    await world.clock.advance(100)
    const next = aFile('d.jpg', 999)
    answer.add([next])
    await world.clock.advance(100)
    expect(isCopy(next)).toBe(true)
  })

  test.each([
    ['can not be read', () => Promise.reject(new DOMException('', 'NotReadableError'))],
    ['is shorter than it says', () => Promise.resolve(new ArrayBuffer(4))],
  ])('one that %s is told, and no byte is sent', async (_, arrayBuffer) => {
    const answer = world.answer()
    answer.add([Object.assign(aFile(), { arrayBuffer })])
    await world.clock.advance(60_000)
    expect([states(answer), codes(), world.sends.length]).toEqual([['failed'], ['unreadable'], 0])
  })
})

describe('F58, S62: sizes', () => {
  test.each(['PUT', 'POST', 'MULTIPART'] as const)('zero bytes by %s are stored', async (method) => {
    world.method = method
    const answer = world.answer({ minSize: 0 })
    answer.add([aFile('empty.txt', '', 'text/plain')])
    await world.clock.advance(1_000)
    expect([await answer.settled(), world.stored.get('id1'), world.sends.length]).toEqual([['id1'], 0, 1])
  })

  const ofSize = (size: number) => Object.defineProperty(aFile('a.mov'), 'size', { value: size })

  test('what no storage takes is told before anything is asked', async () => {
    const answer = world.answer()
    answer.add([ofSize(50_000 * 1024 ** 3 + 1)])
    await world.clock.advance(1_000)
    expect([states(answer), codes(), world.callsOf('presign').length]).toEqual([['rejected'], ['file-too-large'], 0])
  })

  test('parts that would be too many are told before any is sent', async () => {
    world.method = 'MULTIPART'
    const answer = world.answer()
    answer.add([ofSize(100 * 10_000), ofSize(100 * 10_000 + 1)])
    world.onSend = () => true
    await world.clock.advance(1_000)
    expect(states(answer)).toEqual(['uploading', 'failed'])
    expect(world.errors[0]?.hint).toContain('10001 parts')
  })

  test('S63: bytes that are more than was promised are refused, and that is told', async () => {
    world.onSend = (send) => {
      send.respond({ status: 403, body: '<Error><Code>SignatureDoesNotMatch</Code></Error>' })
      return true
    }
    const answer = world.answer()
    answer.add([aFile('a.mov', big)])
    await world.clock.advance(60_000)
    expect([states(answer), codes()]).toEqual([['failed'], ['storage-rejected']])
  })
})

test('F60: thousands of files at once are asked for in batches, stored once, and told of in batches', {
  timeout: 60_000,
}, async () => {
  const answer = world.answer()
  let told = 0
  answer.subscribe(() => (told += 1))
  answer.add(Array.from({ length: 3_000 }, (_, index) => aFile(`${index}.pdf`, 1)))
  await world.clock.advance(20_000)
  const ids = await answer.settled()
  expect([new Set(ids).size, world.sends.length, world.stored.size]).toEqual([3_000, 3_000, 3_000])
  expect(world.callsOf('presign').length).toBeLessThan(40)
  expect(told).toBeLessThan(400)
})
