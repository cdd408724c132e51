// Faults of storage and backend over real HTTP; the numbers are those of the project's list of faults.
import { AbortMultipartUploadCommand } from '@aws-sdk/client-s3'
import { describe, expect, test, vi } from 'vitest'
import type { Method } from '../../src/server/options.js'
import type { Fault, FaultAnswer } from '../../src/testing/storage/index.js'
import { aFile, HttpWorld, type Kind, partSize, soon, timing } from './httpWorld.js'

vi.setConfig({ testTimeout: 20_000 })

const slowDown: FaultAnswer = { status: 503, code: 'SlowDown', headers: { 'retry-after': '1' } }
const status = (code: number, name?: string): FaultAnswer => ({
  status: code,
  ...(name === undefined ? {} : { code: name }),
})
const html: FaultAnswer = { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad gateway</html>' }
const transports = { PUT: ['PUT'], POST: ['POST'], part: ['MULTIPART'] } as const satisfies Record<
  string,
  readonly Method[]
>
type Transport = keyof typeof transports

const open = (transport: Transport) => HttpWorld.open({ methods: transports[transport] })

describe.each(Object.keys(transports) as Transport[])('one file by %s', (transport) => {
  test.each<[string, readonly Fault[]]>([
    ['F25 503 SlowDown with Retry-After, three times', [slowDown, slowDown, slowDown]],
    ['F25 500, 502 with HTML, 504, 429', [status(500), html, status(504), status(429)]],
    ['F26 400 RequestTimeout, then IncompleteBody', [status(400, 'RequestTimeout'), status(400, 'IncompleteBody')]],
    ['F27 a connection reset, and again', ['reset', 'reset']],
    ['F27 a connection cut in the middle', [{ resetAfterBytes: 50_000 }]],
    ['F32 409 ConditionalRequestConflict', [status(409, 'ConditionalRequestConflict')]],
    ['F36 BadDigest', [status(400, 'BadDigest')]],
  ])('%s: sent again, stored once', async (name, faults) => {
    const world = await open(transport)
    world.meets({ [transport]: faults })
    const answer = world.answer()
    const file = aFile('report.pdf', 200_000)
    answer.add([file])
    await world.isExact(answer, [file])
    expect(world.sends).toHaveLength(faults.length + 1)
    // Silence may be a refusal that a page can't read, and damaged bytes begin anew: a grant may be asked for again.
    const asksAgain = /reset|lost|BadDigest/.test(name)
    expect(world.of('presign').length).toBeLessThanOrEqual(asksAgain ? 2 : 1)
  })

  test('F34 silence: given up, sent again, stored once', async () => {
    const world = await open(transport)
    world.meets({ [transport]: ['hang'] })
    const answer = world.answer({ quietBase: 600, longest: 600 })
    const file = aFile('report.pdf', 200_000)
    answer.add([file])
    await world.isExact(answer, [file])
    expect(world.sends.length).toBeGreaterThan(1)
  })

  test('F28, F30 an answer lost: stored once, no error', async () => {
    const world = await open(transport)
    world.meets({ [transport]: ['lose-answer'] })
    const answer = world.answer()
    const file = aFile('report.pdf', 200_000)
    answer.add([file])
    await world.isExact(answer, [file])
    expect(world.sends).toHaveLength(2)
  })

  test('F24 a refusal that stays: one renewal, then told with the code of storage', async () => {
    const world = await open(transport)
    world.faults = ({ kind }) => (kind === transport ? status(403, 'SignatureDoesNotMatch') : undefined)
    const answer = world.answer()
    answer.add([aFile('report.pdf', 1_000)])
    expect(await world.isTold(answer)).toMatchObject({ code: 'storage-rejected', storageCode: 'SignatureDoesNotMatch' })
    expect(world.sends).toHaveLength(2)
  })

  test.each<[string, Fault]>([
    ['F37 EntityTooLarge', status(400, 'EntityTooLarge')],
    ['F39 NoSuchBucket', status(404, 'NoSuchBucket')],
  ])('%s is told at once, and the other files go on', async (_, fault) => {
    const world = await open(transport)
    world.meets({ [transport]: [fault] })
    const answer = world.answer()
    const [bad, good] = [aFile('bad.pdf', 1_000), aFile('good.pdf', 1_000)]
    answer.add([bad])
    expect(await world.isTold(answer)).toMatchObject({ code: 'storage-rejected' })
    expect(world.sends).toHaveLength(1)
    answer.add([good])
    await expect.poll(() => answer.getIds(), soon).toHaveLength(1)
    answer.remove(answer.getAnswer().keys[0] ?? '')
    await world.isExact(answer, [good])
  })
})

describe('the field as a whole', () => {
  test('F25 a Retry-After holds back every file, and then all go on', async () => {
    const world = await open('PUT')
    const refused: number[] = []
    world.faults = ({ kind }) => {
      if (kind !== 'PUT' || refused.length > 0) return undefined
      refused.push(performance.now())
      return slowDown
    }
    const files = Array.from({ length: 40 }, (_, index) => aFile(`${index}.pdf`, 2_000))
    // One at a time, so that no other request is on its way when storage asks for time.
    const answer = world.answer({ sending: 1 })
    answer.add(files)
    await world.isExact(answer, files)
    const after = world.sends.filter(({ at }) => at > (refused[0] ?? 0))
    // Timers may come a millisecond early.
    expect((after[0]?.at ?? 0) - (refused[0] ?? 0)).toBeGreaterThan(timing.retryAfterCap - 2)
    expect(world.sends).toHaveLength(files.length + 1)
  })

  test.each<[string, readonly Fault[]]>([
    ['F5 429 with Retry-After', [{ status: 429, headers: { 'retry-after': '1' } }]],
    ['F6 500, 502, 504', [status(500), html, status(504)]],
    ['F12 the connection cut before and after the grants were issued', ['reset', 'lose-answer']],
  ])('%s for a batch: asked again as one, all stored once', async (_, faults) => {
    const world = await open('POST')
    world.meets({ presign: faults })
    const files = Array.from({ length: 30 }, (__, index) => aFile(`${index}.pdf`, 1_000))
    const answer = world.answer()
    answer.add(files)
    await world.isExact(answer, files)
    expect(world.sends).toHaveLength(files.length)
    expect(world.of('presign').length).toBeLessThanOrEqual(faults.length + 2)
  })

  test('F31 something else stands at the key: a new grant with another key', async () => {
    const world = await open('PUT')
    let taken = false
    world.faults = async ({ kind, what }) => {
      if (kind !== 'PUT' || taken) return undefined
      taken = true
      const { PutObjectCommand } = await import('@aws-sdk/client-s3')
      await world.client.send(new PutObjectCommand({ Bucket: 'answers', Key: what, Body: 'another' }))
      return undefined
    }
    const file = aFile('report.pdf', 1_000)
    const answer = world.answer()
    answer.add([file])
    await world.isExact(answer, [file])
    expect(new Set(world.of('presign').map(({ what }) => what)).size).toBe(1)
  })
})

describe('a file in parts', () => {
  const size = 2 * partSize + 1_000
  const once = { 1: 1, 2: 1, 3: 1 }
  const twice = { 1: 2, 2: 2, 3: 2 }
  /** Answered as if stored. */
  const swallowed = status(200)

  interface Row {
    readonly name: string
    readonly size?: number
    readonly meets: Partial<Record<Kind, readonly (Fault | undefined)[]>>
    readonly part?: number
    readonly sent: Record<number, number>
    readonly completes?: number
  }

  test.each<Row>([
    {
      name: 'F40 part 3 of 5 fails three times: only that part again',
      size: 4 * partSize + 1_000,
      meets: { part: [status(500), slowDown, 'reset'] },
      part: 3,
      sent: { ...once, 3: 4, 4: 1, 5: 1 },
    },
    { name: 'F40 the answer for part 3 is lost', meets: { part: ['lose-answer'] }, part: 3, sent: { ...once, 3: 2 } },
    {
      name: 'F41 part 2 is missing at the end: listed, sent again',
      meets: { part: [swallowed] },
      part: 2,
      sent: { ...once, 2: 2 },
      completes: 2,
    },
    {
      name: 'F41 InvalidPart',
      meets: { 'storage-complete': [status(400, 'InvalidPart')] },
      sent: once,
      completes: 2,
    },
    {
      name: 'F41 InvalidPartOrder',
      meets: { 'storage-complete': [status(400, 'InvalidPartOrder')] },
      sent: once,
      completes: 2,
    },
    {
      name: 'F32 409 at complete, twice: a new upload',
      meets: {
        'storage-complete': [status(409, 'ConditionalRequestConflict'), status(409, 'ConditionalRequestConflict')],
      },
      sent: twice,
      completes: 3,
    },
    {
      name: 'F42 completed already, and nobody heard it, twice',
      meets: { complete: ['lose-answer', 'lose-answer'] },
      sent: once,
      completes: 3,
    },
    { name: 'F43 complete answered 500', meets: { 'storage-complete': [status(500)] }, sent: once, completes: 2 },
    {
      name: 'F43 the answer of storage lost',
      meets: { 'storage-complete': ['lose-answer'] },
      sent: once,
      completes: 1,
    },
    {
      name: 'F43 complete cut before and after it was done',
      meets: { complete: ['reset', 'lose-answer'] },
      sent: once,
      completes: 3,
    },
    {
      name: 'F44 200 with an error in its body',
      meets: { 'storage-complete': [status(200)] },
      sent: once,
      completes: 2,
    },
    {
      name: 'calls for URLs and lists fail',
      meets: { 'presign-parts': [status(503)], 'list-parts': [status(500)], part: [swallowed] },
      part: 2,
      sent: { ...once, 2: 2 },
      completes: 2,
    },
  ])('$name', async ({ meets, part, sent, completes = 1, ...row }) => {
    const world = await open('part')
    world.meets(meets, part)
    const file = aFile('film.mp4', row.size ?? size)
    const answer = world.answer()
    answer.add([file])
    await world.isExact(answer, [file])
    expect(world.partsSent).toEqual(sent)
    expect(world.of('complete')).toHaveLength(completes)
    expect(world.completesAtOnce).toBe(1)
    expect(world.unfinished).toEqual([])
  })

  test('F44 200 with an error in its body, each time: told', async () => {
    const world = await open('part')
    world.faults = ({ kind }) => (kind === 'storage-complete' ? status(200) : undefined)
    const answer = world.answer()
    answer.add([aFile('film.mp4', partSize + 1)])
    expect(await world.isTold(answer)).toMatchObject({ code: 'server' })
    expect(world.of('complete')).toHaveLength(5)
  })

  test.each<[string, 'part' | 'complete']>([
    ['F42, F45 a part', 'part'],
    ['F42 complete', 'complete'],
  ])('%s meets an upload that was swept: the file starts again, once', async (_, at) => {
    const world = await open('part')
    let swept = false
    world.faults = async (asked) => {
      if (asked.kind !== at || swept || (at === 'part' && asked.partNumber !== 3)) return undefined
      swept = true
      for (const { key, uploadId } of world.unfinished)
        await world.client.send(new AbortMultipartUploadCommand({ Bucket: 'answers', Key: key, UploadId: uploadId }))
      return undefined
    }
    const file = aFile('film.mp4', size)
    const answer = world.answer()
    answer.add([file])
    await world.isExact(answer, [file])
    expect(world.of('presign')).toHaveLength(2)
    expect(world.unfinished).toEqual([])
  })

  test('removed while its parts are on their way: aborted, nothing stored', async () => {
    const world = await open('part')
    world.faults = ({ kind, partNumber }) => (kind === 'part' && partNumber > 1 ? 'hang' : undefined)
    const answer = world.answer()
    answer.add([aFile('film.mp4', size)])
    await expect.poll(() => world.unfinished[0]?.parts.length, soon).toBe(1)
    answer.remove(answer.getAnswer().keys[0] ?? '')
    const asked = world.sends.length
    await expect.poll(() => world.unfinished, soon).toEqual([])
    expect(world.sends).toHaveLength(asked)
    expect(await answer.settled()).toEqual([])
  })
})
