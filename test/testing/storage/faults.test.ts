import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Fault, FaultableRequest } from '../../../src/testing/storage/index.js'
import { preflight, send } from '../../contract/browser.js'
import { signedPut } from '../../contract/grants.js'
import { aStorage, bucket } from './standIn.js'

/** What the stand-in has waited for, in ms: it asks for it and goes on at once. */
const waited: number[] = []
vi.mock('node:timers/promises', async (original) => ({
  ...(await original<typeof import('node:timers/promises')>()),
  setTimeout: async (ms: number) => void waited.push(ms),
}))
afterEach(() => {
  waited.length = 0
})

/** A storage that meets the first PUT with this fault, and a grant for it. */
async function withFault(fault: Fault | (() => Promise<Fault | undefined>), content = 'text') {
  let met = false
  const storage = await aStorage({
    fault: ({ method }) => {
      if (met || method !== 'PUT') return undefined
      met = true
      return typeof fault === 'function' ? fault() : fault
    },
  })
  const { url, headers } = await signedPut(storage.signing, content)
  const put = () => send(url, { method: 'PUT', headers, body: content })
  return { storage, url, put }
}

describe('a fault', () => {
  it('sees what is asked for, preflights too', async () => {
    const seen: FaultableRequest[] = []
    const storage = await aStorage({ fault: (request) => void seen.push(request) })
    const { url, headers, key } = await signedPut(storage.signing, 'text')
    await preflight(url, { method: 'PUT' })
    await send(url, { method: 'PUT', headers, body: 'text' })
    expect(seen).toMatchObject([
      { method: 'OPTIONS', bucket, key },
      { method: 'PUT', bucket, key, headers: { 'content-type': 'text/plain' } },
    ])
    expect(seen[1]?.query.get('X-Amz-Expires')).toBe('900')
  })

  it("'reset' cuts the connection before anything is stored", async () => {
    const { storage, put } = await withFault('reset')
    await expect(put()).rejects.toThrow(/ECONNRESET|socket hang up/)
    expect(storage.objects(bucket)).toEqual([])
    expect(storage.requests).toMatchObject([{ method: 'PUT', status: 0 }])
  })

  it("'lose-answer' stores the file, and a second try meets 412", async () => {
    const { storage, put } = await withFault('lose-answer')
    await expect(put()).rejects.toThrow(/ECONNRESET|socket hang up/)
    expect(storage.objects(bucket)).toHaveLength(1)
    expect(await put()).toMatchObject({ status: 412 })
    expect(storage.requests.map(({ status }) => status)).toEqual([0, 412])
  })

  it("'hang' never answers, until the storage stops", async () => {
    const { storage, put } = await withFault('hang')
    let first = 'waiting'
    const ended = put().then(
      () => (first = 'answered'),
      () => (first = 'cut'),
    )
    await expect.poll(() => storage.requests.length).toBe(1)
    // One that comes later is through, and the first is where it was.
    expect(await put()).toMatchObject({ status: 200 })
    expect(first).toBe('waiting')
    await storage.stop()
    await ended
    expect(first).toBe('cut')
  })

  it('answers in the place of the storage, readable, once the body is through', async () => {
    const { storage, put } = await withFault(
      { status: 503, code: 'SlowDown', headers: { 'retry-after': '1' } },
      'x'.repeat(300_000),
    )
    const answer = await put()
    expect(answer).toMatchObject({ status: 503, code: 'SlowDown', readable: true })
    expect(answer.headers['retry-after']).toBe('1')
    expect(storage.objects(bucket)).toEqual([])
    expect(await put()).toMatchObject({ status: 200 })
  })

  it('may answer so that no page can read it, and with a body of its own', async () => {
    const { put } = await withFault({
      status: 502,
      cors: false,
      body: '<html>Bad gateway</html>',
      headers: { 'content-type': 'text/html' },
    })
    const answer = await put()
    expect(answer).toMatchObject({ status: 502, readable: false, text: '<html>Bad gateway</html>' })
    expect(answer.headers['content-type']).toBe('text/html')
  })

  it('delays', async () => {
    const { put } = await withFault({ delayMs: 80_000 })
    expect(await put()).toMatchObject({ status: 200 })
    expect(waited).toEqual([80_000])
  })

  it('slows a body down', async () => {
    const { put } = await withFault({ bytesPerSecond: 1_000 }, 'x'.repeat(100_000))
    expect(await put()).toMatchObject({ status: 200 })
    expect(waited.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(100_000)
  })

  it('cuts a body half-way, and lets a shorter one through', async () => {
    const long = await withFault({ resetAfterBytes: 50_000 }, 'x'.repeat(100_000))
    await expect(long.put()).rejects.toThrow(/ECONNRESET|EPIPE|socket hang up/)
    expect(long.storage.objects(bucket)).toEqual([])
    const short = await withFault({ resetAfterBytes: 50_000 }, 'x'.repeat(50_000))
    expect(await short.put()).toMatchObject({ status: 200 })
  })

  it('may hold a request back until a test is ready', async () => {
    let release: (fault: undefined) => void = () => {}
    const held = new Promise<undefined>((resolve) => (release = resolve))
    const { storage, put } = await withFault(() => held)
    const answer = put()
    await expect.poll(() => storage.requests.length).toBe(1)
    expect(storage.objects(bucket)).toEqual([])
    release(undefined)
    expect(await answer).toMatchObject({ status: 200 })
  })

  it('flips a bit of the body, which a checksum notices', async () => {
    const { storage, put } = await withFault({ flipAtByte: 70_000 }, 'x'.repeat(100_000))
    expect(await put()).toMatchObject({ status: 200 })
    const [object] = storage.objects(bucket)
    const flipped = `${'x'.repeat(70_000)}y${'x'.repeat(29_999)}`
    expect([object?.size, object?.etag]).toEqual([100_000, createHash('md5').update(flipped).digest('hex')])
  })

  it('that throws is answered 500 with what it said', async () => {
    const { put } = await withFault(() => Promise.reject(new Error('a mistake in the test')))
    const answer = await put()
    expect(answer).toMatchObject({ status: 500, code: 'InternalError' })
    expect(answer.text).toContain('a mistake in the test')
  })
})
