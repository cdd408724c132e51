// `conformance` finds nothing wrong with our own handler, and each fault that is seeded into it.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { toNodeListener } from '../../src/server/node.js'
import { createUploads } from '../../src/server.js'
import { anna, openStorage, type Place, secret, storageOptions } from '../server/harness.js'
import { rowsOf, runInTerminal } from './terminal.js'

// oxlint-disable-next-line typescript/no-explicit-any
type Json = any
type Forward = (body?: Json) => Promise<{ status: number; json: Json }>
/** What a faulty backend does with a call; undefined lets it pass. */
type Fault = (body: Json, forward: Forward, request: Request) => Promise<{ status: number; json: Json } | undefined>

let place: Place
let server: Server
let url = ''
let fault: Fault | undefined
const plain = {}
let options: object = plain
const handlers = new Map<object, (request: Request) => Promise<Response>>()

const login = 'cookie: session=anna'
const large = String(5 * 1024 * 1024 + 1000)

async function answer(request: Request): Promise<Response> {
  const text = await request.text()
  const forward: Forward = async (changed) => {
    const handler =
      handlers.get(options) ??
      createUploads({
        storage: storageOptions(place),
        secret,
        authorize: ({ request: asked, field }) =>
          asked.headers.get('cookie') === 'session=anna' && field === 'documents' ? anna : null,
        rules: { accept: '.pdf,image/*', maxSize: 100 * 1024 * 1024 },
        multipartThreshold: 1024 * 1024,
        partSize: 5 * 1024 * 1024,
        maxMembers: 10,
        ...options,
      }).handler
    handlers.set(options, handler)
    const { url: at, headers } = request
    const response = await handler(
      new Request(at, { method: 'POST', headers, body: changed === undefined ? text : JSON.stringify(changed) }),
    )
    return { status: response.status, json: await response.json() }
  }
  let body: Json
  try {
    body = JSON.parse(text)
  } catch {
    body = undefined
  }
  const { status, json } = (await fault?.(body ?? {}, forward, request)) ?? (await forward())
  return Response.json(json, { status })
}

beforeAll(async () => {
  place = await openStorage()
  server = createServer(toNodeListener(answer))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/uploads`
})
afterEach(() => {
  fault = undefined
  options = plain
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await place.stop()
})

const conformance = (...more: string[]) =>
  runInTerminal(['conformance', url, '--field', 'documents', '--header', login, '--large', large, ...more])

test('our own handler passes, and what was stored is gone afterwards', async () => {
  const ran = await conformance('--json')
  const rows = rowsOf(ran)
  expect(rows.filter(({ state }) => state === 'fails' || state === 'warning')).toEqual([])
  expect(rows.filter(({ state }) => state === 'left out').map(({ name }) => name)).toEqual([
    // A form POST can be sent again; no checksums without `readBack`; no scanner.
    'a stored file is not replaced by sending again',
    'a checksum of other bytes is noticed',
    'an unsafe file is refused for good',
  ])
  expect(ran.status).toBe(0)
})

test('our own handler passes by PUT, with checksums that are read back and a scanner', async () => {
  const scanned = new Set<string>()
  options = {
    methods: ['PUT', 'MULTIPART'],
    readBack: 1024 * 1024,
    onStored: ({ id, size }: { id: string; size: number }) => {
      if (size === 68) return { status: 'unsafe' }
      if (scanned.has(id)) return
      scanned.add(id)
      return { status: 'checking', retryAfter: 0.01 }
    },
  }
  const rows = rowsOf(await conformance('--json', '--eicar'))
  expect(rows.filter(({ state }) => state !== 'works')).toEqual([])
})

const isOf = (action: string, change: (json: Json, body: Json) => Json, status = 200): Fault => {
  return async (body, forward) => {
    if (body.action !== action) return undefined
    const right = await forward()
    return right.status === status ? { status: 200, json: change(right.json, body) ?? right.json } : undefined
  }
}
const grantsChanged = (change: (grant: Json, file: Json) => Json): Fault =>
  isOf('presign', ({ grants }, { files }) => ({
    grants: grants.map((grant: Json, at: number) => change(grant, files[at])),
  }))

const without =
  (member: string) =>
  (of: Json): Json =>
    Object.fromEntries(Object.entries(of).filter(([name]) => name !== member))

/** One fault, the row that must find it, and a word that its finding must hold. */
const faults: readonly [what: string, row: string, found: RegExp, fault: Fault, options?: object][] = [
  [
    'redirects to a login',
    'presign answers',
    /403 denied|redirects/,
    async () => ({ status: 403, json: { error: { code: 'denied' } } }),
  ],
  [
    'says 404 to an unknown action',
    'an unknown action',
    /404/,
    async ({ action }) => (action === 'conformance-unknown' ? { status: 404, json: {} } : undefined),
  ],
  [
    'breaks on a malformed call',
    'a malformed call',
    /500/,
    async ({ files }) =>
      Array.isArray(files) && files.includes(null) ? { status: 500, json: { error: { code: 'server' } } } : undefined,
  ],
  [
    'refuses unknown members',
    'unknown members',
    /400/,
    async ({ ofALaterVersion }) =>
      ofALaterVersion ? { status: 400, json: { error: { code: 'invalid' } } } : undefined,
  ],
  [
    'says no limit',
    'more members',
    /limit/,
    async ({ files }) =>
      files?.length > 200 ? { status: 413, json: { error: { code: 'batch-too-large' } } } : undefined,
  ],
  [
    'grants to strangers',
    'a call of a stranger',
    /200/,
    async (body, forward, request) => {
      request.headers.set('cookie', 'session=anna')
      return forward(body)
    },
  ],
  [
    'takes text/plain',
    'another site',
    /text\/plain/,
    async (body, forward, request) => {
      request.headers.set('content-type', 'application/json')
      return forward(body)
    },
  ],
  [
    'gives one id to two files',
    'a grant of its own',
    /same id/,
    isOf('presign', ({ grants }) => ({ grants: grants.map((grant: Json) => ({ ...grant, id: grants[0].id })) })),
  ],
  ['mixes up keys', 'a grant of its own', /key/, grantsChanged((grant) => ({ ...grant, key: 'another' }))],
  [
    'forgets a file',
    'a grant of its own',
    /2 grants for 3/,
    isOf('presign', ({ grants }) => ({
      grants: (grants.length > 1 ? grants.slice(1) : grants).map(without('key')),
    })),
  ],
  ['does not say when a grant ends', 'how long it lives', /expiresIn/, grantsChanged(without('expiresIn'))],
  [
    'does not list a signed header',
    'bytes sent as granted',
    /403 SignatureDoesNotMatch/,
    grantsChanged((grant) => ({ ...grant, headers: { ...grant.headers, 'content-type': 'text/plain' } })),
    { methods: ['PUT'] },
  ],
  [
    'grants another length',
    'bytes of another length',
    /one byte more/,
    async (body, forward) =>
      body.action === 'presign'
        ? forward({ ...body, files: body.files.map((file: Json) => ({ ...file, size: file.size + 1 })) })
        : undefined,
  ],
  [
    'renews with a new id',
    'a renewed grant',
    /another id/,
    async (body, forward) =>
      body.files?.[0]?.id ? forward({ ...body, files: body.files.map(without('id')) }) : undefined,
  ],
  [
    'renews whatever is asked',
    'an id is renewed only',
    /forged/,
    async (body, forward) => {
      if (!body.files?.[0]?.id) return undefined
      const { json } = await forward({ ...body, files: body.files.map(without('id')) })
      return { status: 200, json }
    },
  ],
  [
    'believes the page',
    'never sent',
    /200/,
    async ({ action, id }) => (action === 'complete' ? { status: 200, json: { id, size: 1024 } } : undefined),
  ],
  [
    'says 404 in other words',
    'never sent',
    /404 missing/,
    async ({ action }, forward) => {
      if (action !== 'complete') return undefined
      const right = await forward()
      return right.status === 404 ? { status: 404, json: { error: { code: 'missing' } } } : right
    },
  ],
  ['tells sizes as text', 'rules are told', /maxSize/, isOf('rules', () => ({ rules: { maxSize: '10MB' } }))],
  [
    'completes once only',
    'complete tells',
    /asked again/,
    (() => {
      const seen = new Set<string>()
      return async ({ action, id }: Json) => {
        if (action !== 'complete') return undefined
        if (seen.has(id)) return { status: 409, json: { error: { code: 'done' } } }
        seen.add(id)
        return undefined
      }
    })(),
  ],
  [
    'checks without a time',
    'complete tells',
    /retryAfter/,
    async ({ action, id }) => (action === 'complete' ? { status: 202, json: { id, status: 'checking' } } : undefined),
  ],
  [
    'takes forged ids',
    'a forged id',
    /200/,
    async ({ action, id }) => (action === 'complete' ? { status: 200, json: { id, size: 1024 } } : undefined),
  ],
  [
    'leaves unknown ids out',
    'describe tells',
    /one member/,
    isOf('describe', ({ files }) => ({ files: files.filter(({ error }: Json) => !error) })),
  ],
  [
    'describes another size',
    'describe tells',
    /size/,
    isOf('describe', ({ files }) => ({ files: files.map((file: Json) => ({ ...file, size: 1 })) })),
  ],
  [
    'deletes on abort',
    'abort leaves',
    /404/,
    async (body, forward) =>
      body.action === 'abort' ? forward({ action: 'discard', field: 'documents', ids: [body.id] }) : undefined,
  ],
  [
    'keeps what is discarded',
    'discard takes',
    /200/,
    async ({ action }) => (action === 'discard' ? { status: 200, json: {} } : undefined),
  ],
  [
    'tells whose ids are whose',
    'discard takes',
    /404/,
    (() => {
      const seen = new Set<string>()
      return async ({ action, ids }: Json) => {
        if (action !== 'discard') return undefined
        if (ids.some((id: string) => seen.has(id))) return { status: 404, json: { error: { code: 'gone' } } }
        for (const id of ids) seen.add(id)
        return undefined
      }
    })(),
  ],
  ['tells another size', 'a large file', /size/, isOf('complete', (json) => ({ ...json, size: json.size - 1 }))],
  [
    'signs any part',
    'URLs of parts',
    /beyond/,
    async ({ action, partNumbers }) =>
      action === 'presign-parts' && partNumbers[0] > 2 ? { status: 200, json: { parts: [] } } : undefined,
  ],
  ['lists nothing', 'have arrived', /part 1/, isOf('list-parts', () => ({ parts: [] }))],
  [
    'completes too early',
    'have arrived',
    /200/,
    async ({ action, id, upload }) =>
      action === 'complete' && upload ? { status: 200, json: { id, size: Number(large) } } : undefined,
  ],
  [
    'does not abort',
    'given up by abort',
    /list-parts|listed/,
    async ({ action }) => (action === 'abort' ? { status: 200, json: {} } : undefined),
  ],
]

describe('a backend that', () => {
  test.each(faults)('$0 is told so', async (...row) => {
    const [, name, found, seeded, more = plain] = row
    fault = seeded
    options = more
    const ran = await conformance('--json', '--only', name)
    const [first, ...others] = rowsOf(ran)
    expect(others).toEqual([])
    expect(first?.state).toMatch(/^(fails|warning)$/)
    expect(first?.found).toMatch(found)
    expect(first?.remedy?.text).not.toBe('')
    expect(ran.status).toBe(first?.state === 'fails' ? 1 : 0)
  })

  test('has only presign and PUT is a backend', async () => {
    options = { actions: ['presign'], methods: ['PUT'] }
    const rows = rowsOf(await conformance('--json'))
    expect(rows.filter(({ state }) => state === 'fails' || state === 'warning')).toEqual([])
    expect(rows.some(({ state }) => state === 'left out')).toBe(true)
  })
})

test('what is printed for people has the finding, the remedy and its document, and no signed URL or id', async () => {
  fault = async ({ action, id }) => (action === 'complete' ? { status: 200, json: { id, size: 1 } } : undefined)
  const { printed, status } = await conformance('--only', 'complete')
  expect(status).toBe(1)
  expect(printed).toContain('✗ complete tells that a file is stored')
  expect(printed).toContain('"size": 1024')
  expect(printed).toMatch(/\d+ work, \d+ fail/)
  expect(printed).not.toMatch(/X-Amz-|Signature|session=anna/)
})

test.each([
  [[], 'Give the URL'],
  [['ftp://x.example'], 'Give the URL'],
  [['http://x.example', '--header', 'nonsense'], '--header takes'],
  [['http://x.example', '--unknown'], '--unknown'],
  [['http://127.0.0.1:1/api'], 'could not go on'],
])('conformance %j ends with 2 and says why', async (args, why) => {
  const { status, complained } = await runInTerminal(['conformance', ...args])
  expect(status).toBe(2)
  expect(complained).toContain(why)
})
