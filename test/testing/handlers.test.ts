import { describe, expect, test } from 'vitest'
import { createConnections } from '../../src/engine/connections.js'
import { browserEnvironment } from '../../src/engine/environment.js'
import { createFileAnswer } from '../../src/engine/createFileAnswer.js'
import { createFetchMock, createMemoryBackend, makeFile, type MemoryBackendOptions } from '../../src/testing.js'

/** A field whose page has this `fetch` and nothing else. */
function fieldWith(fetch: typeof globalThis.fetch, defaultValue: string[] = []) {
  const page = browserEnvironment({ send: 'fetch' })
  const network = {
    ...page.network,
    fetch: (url: string, init: RequestInit) => fetch(url, init),
    send: async (request: Parameters<typeof page.network.send>[0]) => {
      const real = globalThis.fetch
      globalThis.fetch = fetch
      try {
        return await page.network.send(request)
      } finally {
        globalThis.fetch = real
      }
    },
  }
  return createFileAnswer({
    endpoint: '/api/uploads',
    field: 'documents',
    defaultValue,
    environment: { ...page, network, random: () => 0 },
    connections: createConnections(12),
    timing: { retryBase: 1 },
  })
}

describe('createFetchMock', () => {
  test.each<MemoryBackendOptions>([
    { method: 'PUT' },
    { method: 'POST' },
    { method: 'MULTIPART', partSize: 3 },
    { method: 'PUT', confirm: true },
  ])('answers the protocol and takes the bytes: %o', async (options) => {
    const backend = createMemoryBackend(options)
    const answer = fieldWith(createFetchMock(backend))
    answer.add([makeFile('a.txt', 'first file'), makeFile('b.txt', 'second')])
    expect(await answer.settled()).toEqual(['file-1', 'file-2'])
    expect(await backend.stored.get('file-1')?.text()).toBe('first file')
    expect(backend.calls[0]).toMatchObject({ step: 'presign', names: ['a.txt', 'b.txt'], field: 'documents' })
  })

  test('failures set on the backend come as statuses of the protocol and of storage', async () => {
    const backend = createMemoryBackend()
    backend.fail('send', 'rate-limited', { times: 1 })
    backend.fail('presign', 'closed', { name: 'late.txt' })
    const answer = fieldWith(createFetchMock(backend))
    answer.add([makeFile('a.txt'), makeFile('late.txt')])
    await expect(answer.settled()).rejects.toMatchObject({ failures: [{ code: 'closed' }] })
    expect(backend.stored.size).toBe(1)
  })

  test.each([
    ['denied', 403],
    ['rate-limited', 429],
    ['server', 500],
  ])('a whole call that fails as %s answers %i', async (code, status) => {
    const backend = createMemoryBackend()
    backend.fail('presign', code)
    const body = JSON.stringify({ action: 'presign', files: [{ key: 'k', name: 'a', size: 1, type: 'text/plain' }] })
    const response = await createFetchMock(backend)('https://site.test/api/uploads', { method: 'POST', body })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { code } })
  })

  test('takes a Request, as a mock server hands it on', async () => {
    const backend = createMemoryBackend({ files: [{ id: 'x', name: 'x.pdf', size: 1, type: 'application/pdf' }] })
    const body = JSON.stringify({ action: 'describe', ids: ['x', 'y'] })
    const request = new Request('https://site.test/api/uploads', { method: 'POST', body })
    expect(await (await createFetchMock(backend)(request)).json()).toMatchObject({
      files: [
        { id: 'x', name: 'x.pdf' },
        { id: 'y', error: { code: 'gone' } },
      ],
    })
  })

  test('an unknown action answers 400, and a request nobody mocked is an error that names it', async () => {
    const mock = createFetchMock()
    const unknown = await mock('/api/uploads', { method: 'POST', body: '{"action":"fly"}' })
    expect([unknown.status, await unknown.json()]).toMatchObject([400, { error: { code: 'unknown-action' } }])
    await expect(mock('https://elsewhere.test/a?secret=1')).rejects.toThrow(
      'nothing answers GET https://elsewhere.test/a',
    )
  })
})
