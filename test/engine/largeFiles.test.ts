// Files too large to make: their size is said, and what is cut from them written down.
import { describe, expect, test } from 'vitest'
import { partRange } from '../../src/engine/multipart.js'
import { defaultTiming } from '../../src/engine/timing.js'
import { cut } from '../../src/server/multipart.js'
import { states, World } from './world.js'

const MiB = 1024 ** 2
const GiB = 1024 ** 3
const leastPart = 8 * MiB
const sizes: [string, number][] = [
  ['2 GiB − 1', 2 * GiB - 1],
  ['2 GiB', 2 * GiB],
  ['4 GiB + 1', 4 * GiB + 1],
  ['20 GB', 20e9],
  ['5 TiB', 5 * 1024 * GiB],
  ['the most that storage takes', 10_000 * 5 * GiB],
]

/** A file of this size; its slices know where they begin and end. */
class Stub {
  readonly name = 'film.mp4'
  readonly type = 'video/mp4'
  readonly lastModified = 1
  constructor(
    readonly start: number,
    readonly end: number,
    private readonly cuts: Stub[] = [],
  ) {}
  get size() {
    return this.end - this.start
  }
  slice = (start: number, end: number) => {
    const piece = new Stub(this.start + start, this.start + end)
    this.cuts.push(piece)
    return piece
  }
}

describe.each(sizes)('a file of %s', (_, size) => {
  const { partSize, partCount } = cut(size, leastPart)

  test('is cut into at most 10,000 parts of 8 MiB to 5 GiB, of whole MiB, that are the file', () => {
    expect(partCount).toBeLessThanOrEqual(10_000)
    expect(partSize % MiB).toBe(0)
    expect(partSize).toBeGreaterThanOrEqual(leastPart)
    expect(partSize).toBeLessThanOrEqual(5 * GiB)
    expect(partRange(size, partSize, 1)).toEqual([0, partSize])
    const [start, end] = partRange(size, partSize, partCount)
    expect(end).toBe(size)
    expect(end - start).toBeGreaterThan(0)
    expect(start).toBe(partRange(size, partSize, partCount - 1)[1])
    expect([start, end].every(Number.isSafeInteger)).toBe(true)
  })
})

describe.each(sizes.slice(0, 4))('a file of %s', (_, size) => {
  const { partSize, partCount } = cut(size, leastPart)

  test('is sent part by part, each cut when its turn comes, and its progress is exact', async () => {
    const cuts: Stub[] = []
    const sent: Stub[] = []
    const wrong: string[] = []
    const world = new World()
    world.method = 'MULTIPART'
    world.partSize = partSize
    world.onSend = ({ request }) => {
      sent.push(request.body as unknown as Stub)
      if (cuts.length - sent.length >= defaultTiming.connectionBudget / 2) wrong.push('cut too early')
      return undefined
    }
    const answer = world.answer()
    answer.add([new Stub(0, size, cuts) as unknown as File])
    const [key = ''] = answer.getAnswer().keys
    let progress = 0
    answer.subscribeEntry(key, () => {
      const bytes = answer.sentBytes(key) ?? progress
      if (bytes < progress || bytes > size) wrong.push(`progress from ${progress} to ${bytes}`)
      progress = bytes
    })
    for (let turn = 0; turn < 10_000 && states(answer)[0] !== 'done'; turn += 1) await world.clock.advance(10)
    expect(states(answer)).toEqual(['done'])
    expect(wrong).toEqual([])
    expect(world.stored.get('id1')).toBe(size)
    const inOrder = sent.toSorted((one, other) => one.start - other.start)
    expect(inOrder).toHaveLength(partCount)
    expect(inOrder.every(({ start }, index) => start === (inOrder[index - 1]?.end ?? 0))).toBe(true)
    expect(inOrder.at(-1)?.end).toBe(size)
  })
})
