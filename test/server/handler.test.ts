// What a call must be to be answered at all, and what an answer must not tell.
import { describe, expect, test } from 'vitest'
import { createUploadHandler, Refusal } from '../../src/server.js'
import type { LogEntry } from '../../src/server.js'
import { aCall, aFile, anna, nowhere, secret, serve } from './harness.js'

const rules = { action: 'rules' }
const codeOf = ({ status, body }: { status: number; body: { error?: { code: string } } }) => [status, body?.error?.code]

describe('a call', () => {
  test.each([
    ['not JSON', '{', 400, 'invalid'],
    ['empty', '', 400, 'invalid'],
    ['null', 'null', 400, 'invalid'],
    ['a list', '[]', 400, 'invalid'],
    ['without an action', '{}', 400, 'invalid'],
    ['with an inherited action', '{"__proto__":{"action":"rules"}}', 400, 'invalid'],
    ['with a numeric action', '{"action":1}', 400, 'invalid'],
    ['of an unknown action', '{"action":"rename"}', 400, 'unknown-action'],
    ['of an action named like an object’s own', '{"action":"constructor"}', 400, 'unknown-action'],
    ['without files', '{"action":"presign"}', 400, 'invalid'],
    ['with no file', '{"action":"presign","files":[]}', 400, 'invalid'],
    ['with ids that are no strings', '{"action":"describe","ids":[1]}', 400, 'invalid'],
    ['with a nested field', '{"action":"rules","field":{}}', 400, 'invalid'],
    ['with numbers in the context', '{"action":"rules","context":{"a":1}}', 400, 'invalid'],
    ['deeply nested', `{"action":"rules","context":${'['.repeat(5000)}${']'.repeat(5000)}}`, 400, 'invalid'],
  ])('%s is refused', async (_, body, status, code) => {
    expect(codeOf(await serve().call(body))).toEqual([status, code])
  })

  test.each(['"5"', '-1', '-0', '1.5', '1e400', '9007199254740993', 'null', 'NaN', '[5]'])(
    'with a size of %s is refused',
    async (size) => {
      const body = `{"action":"presign","files":[{"key":"k","name":"a.png","type":"image/png","size":${size}}]}`
      expect(codeOf(await serve().call(body))).toEqual([400, 'invalid'])
    },
  )

  test.each([
    ['type', 'image/png\r\nx-amz-acl: public-read'],
    ['type', 'x'.repeat(10_000)],
    ['name', 'x'.repeat(2000)],
    ['key', ''],
    ['key', 'x'.repeat(1000)],
    ['checksum', 'not base64'],
  ])('with a %s of %j is refused', async (member, value) => {
    const { call } = serve()
    expect(codeOf(await call({ action: 'presign', files: [{ ...aFile(), [member]: value }] }))).toEqual([
      400,
      'invalid',
    ])
  })

  test('with strange members is answered, and nothing is inherited from them', async () => {
    const body =
      '{"action":"rules","context":{"a":"b","__proto__":"x","constructor":"y"},"__proto__":{"field":"x"},"more":1}'
    const seen: unknown[] = []
    const { call } = serve({
      authorize: ({ field, context }) => {
        seen.push(field, Object.keys(context))
        return anna
      },
    })
    expect((await call(body)).status).toBe(200)
    expect(seen).toEqual([undefined, ['a']])
    expect(({} as Record<string, unknown>).field).toBeUndefined()
  })

  test('of more than 200 files, ids or parts is refused with the limit', async () => {
    const { call } = serve()
    for (const body of [
      { action: 'presign', files: Array.from({ length: 201 }, () => aFile()) },
      { action: 'describe', ids: Array.from({ length: 201 }, () => 'x') },
      { action: 'discard', ids: Array.from({ length: 201 }, () => 'x') },
      { action: 'presign-parts', id: 'x', upload: 'x', partNumbers: Array.from({ length: 201 }, (_, at) => at + 1) },
    ]) {
      const { status, body: answer } = await call(body)
      expect([status, answer.error.code, answer.error.limit]).toEqual([413, 'batch-too-large', 200])
    }
  })

  test('of more than 256 kB is refused with a limit, whether or not it says its length', async () => {
    const long = JSON.stringify({ action: 'rules', field: 'x'.repeat(300_000) })
    const told = await serve().call(long, { 'content-length': String(long.length) })
    expect([told.status, told.body.error]).toEqual([
      413,
      expect.objectContaining({ code: 'batch-too-large', limit: 25 }),
    ])
    expect(codeOf(await serve().call(long))).toEqual([413, 'batch-too-large'])
  })

  test('that is not a POST is answered 405', async () => {
    const { uploads } = serve()
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await uploads.handler(new Request('https://app.example/api/uploads', { method }))
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    }
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
    'of type %j is answered 415: a foreign page could send it unasked',
    async (type) => {
      expect(codeOf(await serve().call(rules, { 'content-type': type }))).toEqual([415, 'content-type'])
    },
  )

  test('of an action that is not allowed here is unknown', async () => {
    const { call } = serve({ actions: ['presign', 'rules'] })
    expect(codeOf(await call({ action: 'discard', ids: [] }))).toEqual([400, 'unknown-action'])
    expect((await call(rules)).status).toBe(200)
  })
})

describe('the page that calls', () => {
  const own = { host: 'app.example' }

  test.each<[string, Record<string, string>]>([
    ['says nothing of itself', {}],
    ['is same-origin', { 'sec-fetch-site': 'same-origin', origin: 'https://app.example' }],
    ['is typed by a person', { 'sec-fetch-site': 'none' }],
    ['has the origin of the Host', { ...own, origin: 'https://app.example' }],
    [
      'has the origin that a proxy forwards',
      { host: 'inner:3000', 'x-forwarded-host': 'a.example', origin: 'https://a.example' },
    ],
  ])('is answered when it %s', async (_, headers) => {
    expect((await serve().call(rules, headers)).status).toBe(200)
  })

  test.each<[string, Record<string, string>]>([
    ['is cross-site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['is same-site only', { 'sec-fetch-site': 'same-site', origin: 'https://other.app.example' }],
    ['has another origin', { ...own, origin: 'https://evil.example' }],
    ['hides its origin', { ...own, origin: 'null' }],
    ['sends nonsense for an origin', { ...own, origin: '%%%' }],
  ])('is refused when it %s, without CORS headers', async (_, headers) => {
    const answer = await serve().call(rules, headers)
    expect(codeOf(answer)).toEqual([403, 'denied'])
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('of a listed origin is answered with CORS headers, after its preflight', async () => {
    const { call, uploads } = serve({ allowedOrigins: ['https://forms.example'] })
    const headers = { origin: 'https://forms.example', 'sec-fetch-site': 'cross-site' }
    const answer = await call(rules, headers)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://forms.example')
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true')
    expect(answer.headers.get('vary')).toBe('origin')
    const ask = (origin: string) =>
      uploads.handler(
        new Request('https://app.example/api/uploads', {
          method: 'OPTIONS',
          headers: {
            origin,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'content-type',
          },
        }),
      )
    const allowed = await ask('https://forms.example')
    expect([allowed.status, allowed.headers.get('access-control-allow-headers')]).toEqual([204, 'content-type'])
    const refused = await ask('https://evil.example')
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null])
    expect(codeOf(await call(rules, { ...headers, origin: 'https://evil.example' }))).toEqual([403, 'denied'])
  })

  test('hears of an error too when its origin is listed', async () => {
    const { call } = serve({ allowedOrigins: ['https://forms.example'], authorize: () => null })
    const answer = await call(rules, { origin: 'https://forms.example' })
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, 'https://forms.example'])
  })
})

describe('authorize', () => {
  test('that says undefined of a limit lifts none', async () => {
    const { call } = serve({
      rules: { maxSize: 4 },
      authorize: () => ({ subject: 'bob', rules: { maxSize: undefined } as never }),
    })
    const answer = await call({ action: 'rules' })
    expect(answer.body).toMatchObject({ rules: { maxSize: 4 } })
  })

  const presign = () => ({
    action: 'presign',
    field: 'documents',
    context: { form: '7' },
    files: [aFile({ name: '../a.png' })],
  })

  test('is asked before anything is issued, with what it needs to decide', async () => {
    const seen: object[] = []
    const { call } = serve({
      authorize: (input) => {
        seen.push(input)
        return anna
      },
    })
    await call(presign(), { cookie: 'session=1' })
    await call({ action: 'describe', ids: ['x', 'y'] })
    expect(seen).toMatchObject([
      {
        action: 'presign',
        field: 'documents',
        context: { form: '7' },
        files: [{ name: '.._a.png', size: 5, type: 'image/png' }],
        ids: [],
      },
      { action: 'describe', field: undefined, context: {}, files: [], ids: ['x', 'y'] },
    ])
    expect((seen[0] as { request: Request }).request.headers.get('cookie')).toBe('session=1')
  })

  test.each<[string, () => never]>([
    ['null', () => null as never],
    ['undefined', () => undefined as never],
    ['a promise of null', () => Promise.resolve(null) as never],
  ])('that answers %s refuses with 403', async (_, authorize) => {
    const answer = await serve({ authorize }).call(presign())
    expect(codeOf(answer)).toEqual([403, 'denied'])
    expect(answer.body).not.toHaveProperty('grants')
  })

  test.each<[string, () => never]>([
    [
      'throws',
      () => {
        throw new Error('password of the database: hunter2')
      },
    ],
    ['rejects', () => Promise.reject('hunter2') as never],
    ['names no subject', () => ({}) as never],
    ['names a number', () => ({ subject: 7 }) as never],
    ['names nobody', () => ({ subject: '' }) as never],
  ])('that %s issues nothing and tells nothing', async (_, authorize) => {
    const answer = await serve({ authorize }).call(presign())
    expect(codeOf(answer)).toEqual([500, 'server'])
    expect(JSON.stringify(answer.body)).not.toMatch(/hunter2|subject/)
  })

  test('may throw a Refusal that gives the reason', async () => {
    const limited = serve({
      authorize: () => {
        throw new Refusal('rate-limited', { retryAfter: 5 })
      },
    })
    const answer = await limited.call(presign())
    expect(codeOf(answer)).toEqual([429, 'rate-limited'])
    expect(answer.headers.get('retry-after')).toBe('5')
    const closed = serve({ authorize: () => Promise.reject(new Refusal('closed')) })
    expect(codeOf(await closed.call(presign()))).toEqual([403, 'closed'])
  })

  test('may give rules of its own, over the endpoint’s', async () => {
    const { call, uploads } = serve({
      rules: ({ field }) => ({ maxFiles: field === 'documents' ? 5 : 1, accept: '.pdf' }),
      authorize: () => ({ subject: 'anna', rules: { accept: '.png' } }),
    })
    expect((await call({ action: 'rules', field: 'documents' })).body).toEqual({
      rules: { maxFiles: 5, accept: '.png' },
    })
    expect(await uploads.rulesFor({ subject: 'anna', field: 'other' })).toEqual({ maxFiles: 1, accept: '.pdf' })
  })
})

describe('an answer', () => {
  test('is JSON that nobody keeps or sniffs', async () => {
    const { headers } = await serve().call(rules)
    expect(headers.get('content-type')).toBe('application/json')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('of a storage that is away tells nothing of it; the log does, without URLs, keys and secrets', async () => {
    const log: LogEntry[] = []
    const { call, grant } = serve({ onLog: (entry) => log.push(entry), methods: ['PUT'] })
    const { id } = await grant({}, { field: 'documents' })
    const { status, body } = await call({ action: 'complete', id, field: 'documents' })
    expect([status, body.error.code]).toEqual([503, 'unavailable'])
    expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|ECONN|bucket|uploads\//)
    expect(log).toMatchObject([
      { action: 'presign', status: 200, subject: 'anna', field: 'documents', members: 1 },
      { action: 'complete', status, subject: 'anna', field: 'documents', error: { name: expect.any(String) } },
    ])
    expect(JSON.stringify(log)).not.toMatch(/X-Amz|Signature|secret/i)
  })

  test('comes although the host’s log throws', async () => {
    const { call } = serve({
      onLog: () => {
        throw new Error('disk full')
      },
    })
    expect((await call(rules)).status).toBe(200)
  })
})

test('the handler is a route handler as it is', async () => {
  const POST = createUploadHandler({ storage: nowhere, secret, authorize: () => anna })
  const response = await POST(aCall({ action: 'presign', files: [aFile()] }))
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ grants: [{ method: 'POST', fields: { 'Content-Type': 'image/png' } }] })
})
