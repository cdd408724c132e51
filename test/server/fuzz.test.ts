// Whatever a page sends: an answer with a code, never a 500, and nothing that throws.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type LogEntry, createUploads } from '../../src/server.js'
import { aCall, aFile, nowhere, secret, serve } from './harness.js'

/** The same ones every time, twice as many new ones with FAF_FULL. */
const runs = (numRuns: number) => (process.env.FAF_FULL ? { numRuns: 2 * numRuns } : { numRuns, seed: 20_261 })

const entries: LogEntry[] = []
/** The storage is away: what gets as far as a request to it is answered 503, and nothing else may be. */
const { uploads, grant } = serve({ onLog: (entry) => void entries.push(entry), methods: ['PUT', 'POST'] })
const good = String((await grant()).id)

const key = fc.oneof(
  fc.constantFrom('action', 'files', 'ids', 'id', 'upload', 'partNumbers', 'field', 'context', 'key', 'name', 'size'),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'type', 'path', 'checksum', 'checksums', 'length'),
  fc.string(),
)
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 60 }),
  fc.constantFrom(
    good,
    `${good}A`,
    '',
    '../',
    'image/png',
    'text/html\r\n',
    '\ud800',
    'x'.repeat(5_000),
    '%00',
    '{{7*7}}',
  ),
)
const leaf = fc.oneof(text, fc.double(), fc.integer(), fc.boolean(), fc.constant(null))
const anything = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('any'), { maxLength: 6 }),
    fc.array(fc.tuple(key, tie('any')), { maxLength: 6 }).map((members) => Object.fromEntries(members)),
  ),
})).any
const actions = ['presign', 'presign-parts', 'list-parts', 'complete', 'abort', 'describe', 'discard', 'rules']
/** A good call, one of whose members is anything at all. */
const nearly = fc
  .tuple(fc.constantFrom(...actions), key, anything, fc.boolean())
  .map(([action, member, value, isInFile]) => {
    const file = { ...aFile(), key: 'k', ...(isInFile ? { [member]: value } : {}) }
    const call = { action, files: [file], ids: [good], id: good, upload: 'x', partNumbers: [1] }
    return isInFile ? call : { ...call, [member]: value }
  })

const isAnswered = async (body: string, headers: Record<string, string> = {}) => {
  const response = await uploads.handler(aCall(body, headers))
  const answer = await response.text()
  expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  const { error } = JSON.parse(answer) as { error?: { code: string; message: string } }
  expect([200, 400, 403, 404, 410, 413, 415, 422, 503]).toContain(response.status)
  if (response.status !== 200)
    expect(error).toEqual(expect.objectContaining({ code: expect.stringMatching(/^[a-z-]+$/) }))
  if (response.status !== 200)
    for (const inner of ['    at ', 'node_modules', '127.0.0.1', secret, 'Error:']) expect(answer).not.toContain(inner)
}

test('any JSON at all is answered with a code', () =>
  fc.assert(
    fc.asyncProperty(anything, (body) => isAnswered(JSON.stringify(body) ?? 'undefined')),
    runs(400),
  ))

test('a good call with one odd member is answered with a code', () =>
  fc.assert(
    fc.asyncProperty(nearly, (body) => isAnswered(JSON.stringify(body))),
    runs(1_500),
  ))

test('bodies that are cut, doubled or no JSON are answered with a code', () => {
  const broken = fc.oneof(
    fc.tuple(nearly, fc.nat(200)).map(([body, at]) => JSON.stringify(body).slice(0, at)),
    nearly.map((body) => JSON.stringify(body).repeat(2)),
    fc.string({ unit: 'binary' }),
    fc.constant('\ufeff{"action":"rules"}'),
  )
  return fc.assert(
    fc.asyncProperty(broken, (body) => isAnswered(body)),
    runs(400),
  )
})

test('headers of any kind are answered with a code', () => {
  const value = fc.string().filter((one) => {
    try {
      return new Headers({ x: one }).has('x')
    } catch {
      return false
    }
  })
  const name = fc.constantFrom('content-type', 'origin', 'sec-fetch-site', 'host', 'x-forwarded-host', 'content-length')
  return fc.assert(
    fc.asyncProperty(fc.dictionary(name, value), (headers) => isAnswered('{"action":"rules"}', headers)),
    runs(300),
  )
})

test('the log of it all holds no secret and no signature', () => {
  expect(entries.length).toBeGreaterThan(1_000)
  const told = JSON.stringify(entries)
  for (const kept of [secret, 'X-Amz-Signature']) expect(told).not.toContain(kept)
})

test('a storage that nobody reaches is 503, which a page tries again', async () => {
  const away = createUploads({
    storage: nowhere,
    secret,
    authorize: () => ({ subject: 'anna' }),
    methods: ['MULTIPART'],
  })
  expect((await away.handler(aCall({ action: 'presign', files: [aFile()] }))).status).toBe(503)
})
