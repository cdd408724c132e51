// Any number of copies behind a balancer, with one secret and nothing else in common; and secrets that change in flight.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFileAnswer } from '../../src/engine.js'
import { bytes, head, openStorage, type Place, secret, send, serve, storageOptions } from './harness.js'
import type { GrantBody } from '../../src/protocol/index.js'

const MiB = 1024 * 1024
const partSize = 5 * MiB
const newer = 'a newer secret of more than thirty-two bytes'

let place: Place
beforeAll(async () => {
  place = await openStorage()
})
afterAll(() => place.stop())

const copy = (options: Parameters<typeof serve>[0] = {}) =>
  serve({ storage: storageOptions(place), partSize, ...options })
type Copy = ReturnType<typeof copy>

const sendAll = async (granted: GrantBody, size: number) => {
  if (!('parts' in granted)) return void expect((await send(granted, bytes(size))).ok).toBe(true)
  for (const { url, partNumber } of granted.parts) {
    const length = Math.min(partSize, size - (partNumber - 1) * partSize)
    expect((await fetch(url, { method: 'PUT', body: bytes(length) })).status).toBe(200)
  }
}

describe.each(['PUT', 'POST', 'MULTIPART'] as const)('a file by %s', (method) => {
  const size = method === 'MULTIPART' ? partSize + 1 : 5
  const file = { key: 'k', name: 'film.mp4', size, type: 'video/mp4' }

  /** Each step by the next of the copies. */
  async function through(copies: readonly [Copy, Copy, Copy]): Promise<void> {
    const [first, second, third] = copies
    const granted = await first.grant(file)
    const renewed = await second.grant({ ...file, id: String(granted.id) })
    expect(renewed.id).toBe(granted.id)
    await sendAll(renewed, size)
    const { id } = renewed
    const upload = 'upload' in renewed ? renewed.upload : undefined
    if (upload !== undefined) {
      const more = await third.call({ action: 'presign-parts', id, upload, partNumbers: [2] })
      expect(more.status).toBe(200)
      const listed = await first.call({ action: 'list-parts', id, upload })
      expect(listed.body.parts).toHaveLength(2)
    }
    expect((await third.call({ action: 'complete', id, upload })).body).toEqual({ id, size })
    expect((await first.uploads.verifyAnswer([id], { subject: 'anna' })).ok).toBe(true)
    const download = await second.uploads.presignDownload(String(id), { subject: 'anna' })
    expect((await fetch(download?.url ?? '')).status).toBe(200)
    expect((await third.call({ action: 'discard', ids: [id] })).status).toBe(200)
  }

  test('is begun by one copy, renewed by the next, completed and verified by others', () =>
    through([copy({ methods: [method] }), copy({ methods: [method] }), copy({ methods: [method] })]))

  test('goes on while a new secret comes in, copy by copy', async () => {
    const old = copy({ methods: [method] })
    // The new one is known everywhere before anybody signs with it.
    const knowing = copy({ methods: [method], secret: [secret, newer] })
    const signing = copy({ methods: [method], secret: [newer, secret] })
    await through([old, knowing, signing])
    await through([signing, knowing, signing])
  })

  test('is nobody’s any more once its secret is retired', async () => {
    const granted = await copy({ methods: [method] }).grant(file)
    await sendAll(granted, size)
    const { id } = granted
    const upload = 'upload' in granted ? granted.upload : undefined
    const retired = copy({ methods: [method], secret: newer })
    const completed = await retired.call({ action: 'complete', id, upload })
    expect([completed.status, completed.body.error.code]).toEqual([400, 'invalid'])
    expect(await retired.uploads.presignDownload(String(id), { subject: 'anna' })).toBeNull()
  })
})

test('a page whose every call goes to another copy ends with each file stored once', async () => {
  const copies = [copy({ multipartThreshold: partSize }), copy({ multipartThreshold: partSize })]
  const calls = [0, 0]
  let turn = 0
  const roundRobin = async (_: unknown, init?: RequestInit) => {
    turn = (turn + 1) % 2
    calls[turn] = (calls[turn] ?? 0) + 1
    return (copies[turn] as Copy).uploads.handler(
      new Request('https://app.example/api/uploads', { ...init, signal: null, credentials: 'omit' } as RequestInit),
    )
  }
  const answer = createFileAnswer({
    endpoint: { url: 'https://app.example/api/uploads', fetch: roundRobin as typeof fetch },
    send: 'fetch',
  })
  const sizes = [5, 70_000, partSize + 7, 5]
  answer.add(sizes.map((size, at) => new File([bytes(size)], `${at}.bin`)))
  const ids = await answer.settled()
  answer.dispose()
  expect(new Set(ids).size).toBe(sizes.length)
  expect(Math.min(...calls)).toBeGreaterThan(0)
  const verification = await (copies[0] as Copy).uploads.verifyAnswer(ids, { subject: 'anna' })
  if (!verification.ok) throw new Error(JSON.stringify(verification.problems))
  expect(verification.files.map(({ size }) => size)).toEqual(sizes)
  for (const { key, size } of verification.files) expect((await head(place, key)).ContentLength).toBe(size)
})
