// Storage that fails in the middle of a call: the next call tells the truth. On the stand-in, which fails on request.
import { expect, test } from 'vitest'
import type { LogEntry } from '../../src/server.js'
import type { Fault, FaultableRequest } from '../../src/testing/storage/index.js'
import { bytes, describeOnStandIn, faultyStorage, send, serve, storageOptions } from './harness.js'

const storage = faultyStorage()

const isComplete = ({ method, query }: FaultableRequest) => method === 'POST' && query.has('uploadId')
const server = () => serve({ storage: storageOptions(storage.place), methods: ['MULTIPART'] })

async function sentInParts(serving = server()) {
  const granted = await serving.grant()
  if (!('upload' in granted)) throw new Error('not multipart')
  expect((await fetch(granted.parts[0]?.url ?? '', { method: 'PUT', body: bytes(5) })).status).toBe(200)
  const { id, upload } = granted
  return { id, complete: () => serving.call({ action: 'complete', id, upload }) }
}

/** The fault for the first `times` requests that match. */
const failing = (times: number, matches: (request: FaultableRequest) => boolean, as: Fault) => {
  let left = times
  storage.fault = (request) => (matches(request) && left-- > 0 ? as : undefined)
}

describeOnStandIn('complete', () => {
  test('whose answer from storage was lost finds the file whole', async () => {
    const { id, complete } = await sentInParts()
    failing(1, isComplete, 'lose-answer')
    expect(await complete()).toMatchObject({ status: 200, body: { id, size: 5 } })
  })

  test.each<[string, Fault]>([
    ['500', { status: 500 }],
    ['200 with an <Error>', { status: 200, body: '<?xml version="1.0"?><Error><Code>InternalError</Code></Error>' }],
    ['503 SlowDown', { status: 503, code: 'SlowDown' }],
  ])('that the storage keeps answering %s is an error of the server, and succeeds when it is over', async (_, as) => {
    const { id, complete } = await sentInParts()
    failing(3, isComplete, as)
    const first = await complete()
    expect([500, 503]).toContain(first.status)
    expect(first.body).not.toHaveProperty('id')
    expect(await complete()).toMatchObject({ status: 200, body: { id, size: 5 } })
  })

  test.each(['InvalidPart', 'NoSuchUpload', 'PreconditionFailed'])(
    'that the storage refuses with %s is not stored: the page mends it',
    async (code) => {
      const { complete } = await sentInParts()
      failing(1, isComplete, { status: code === 'InvalidPart' ? 400 : code === 'NoSuchUpload' ? 404 : 412, code })
      expect(await complete()).toMatchObject({ status: 404, body: { error: { code: 'not-stored' } } })
    },
  )

  test('of a file that nobody can look up is an error of the server, never a yes or a no', async () => {
    const serving = serve({ storage: storageOptions(storage.place), methods: ['PUT'] })
    const granted = await serving.grant()
    await send(granted, bytes(5))
    for (const status of [403, 500]) {
      failing(3, ({ method }) => method === 'HEAD', { status })
      expect((await serving.call({ action: 'complete', id: granted.id })).status).toBe(500)
      failing(3, ({ method }) => method === 'HEAD', { status })
      await expect(serving.uploads.verifyAnswer([granted.id], { subject: 'anna' })).rejects.toThrow()
    }
  })
})

describeOnStandIn('a storage that asks to slow down', () => {
  test('is told as 503 with Retry-After, and logged by its own code', async () => {
    const log: LogEntry[] = []
    const { call } = serve({
      storage: storageOptions(storage.place),
      methods: ['MULTIPART'],
      onLog: (entry) => log.push(entry),
    })
    failing(9, ({ query }) => query.has('uploads'), { status: 503, code: 'SlowDown' })
    const answer = await call({ action: 'presign', files: [{ key: 'k', name: 'a.png', size: 5, type: 'image/png' }] })
    expect([answer.status, answer.body.error.code, answer.headers.get('retry-after')]).toEqual([
      503,
      'unavailable',
      '1',
    ])
    expect(log[0]).toMatchObject({ status: 503, code: 'unavailable', error: { name: 'SlowDown', status: 503 } })
  })
})

describeOnStandIn('a caller that goes away', () => {
  test('ends the requests to storage, and is no error in the log', async () => {
    const log: LogEntry[] = []
    const { uploads, grant } = serve({
      storage: storageOptions(storage.place),
      methods: ['PUT'],
      onLog: (entry) => log.push(entry),
    })
    const { id } = await grant()
    const caller = new AbortController()
    storage.fault = () => {
      caller.abort()
      return 'hang'
    }
    const request = new Request('https://app.example/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ action: 'complete', id }),
      signal: caller.signal,
    })
    await uploads.handler(request)
    expect(log[1]).toMatchObject({ action: 'complete', status: 499, code: 'aborted' })
    expect(log[1]).not.toHaveProperty('error')
  })
})
