// docs/protocol.md is real: each of its requests is sent to our own handler, in the page's order, and the answer is
// compared with the page's. A text with "…" stands for one value all over the page.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GrantBody } from '../../src/protocol/index.js'
import { type Method, Refusal } from '../../src/server.js'
import { bytes, openStorage, type Place, send, serve, storageOptions } from '../server/harness.js'

// oxlint-disable-next-line typescript/no-explicit-any
type Json = any
type Block = { readonly line: number; readonly kind: string; readonly text: string }

const page = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8')
const blocks: Block[] = [...page.matchAll(/^```(json|http) (\w+)\n([\s\S]*?)\n```$/gm)].map(
  ({ 1: language, 2: what, 3: text = '', index }) => ({
    line: page.slice(0, index).split('\n').length,
    kind: language === 'http' ? `http ${what}` : String(what),
    text,
  }),
)

let place: Place
beforeAll(async () => {
  place = await openStorage()
})
afterAll(() => place.stop())

/** What the page's placeholders stand for, as first seen. */
const meant = new Map<string, unknown>()

/** A request of the page with real ids in place of its own. */
const real = (value: Json): Json =>
  typeof value === 'string'
    ? (meant.get(value) ?? value)
    : Array.isArray(value)
      ? value.map(real)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, real(member)]))
        : value

/** The parts of a pattern without its placeholders must stand in the text, in their order. */
const fits = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  ).test(text)

const isName = (pattern: string) => /^(AQ|WyIy)…/.test(pattern)

/** The answer with the page's own text wherever that stands for what came. */
function asThePageHasIt(expected: Json, found: Json): Json {
  if (typeof expected === 'string' && expected.includes('…') && typeof found === 'string') {
    // Names of files and uploads have a word after "…" which is the page's alone.
    if (isName(expected)) {
      if (!meant.has(expected)) meant.set(expected, found)
      return meant.get(expected) === found ? expected : found
    }
    return fits(expected.replace(/[0-9a-f]{4}…/g, '…'), found) ? expected : found
  }
  if (Array.isArray(expected) && Array.isArray(found))
    return found.map((member, at) => asThePageHasIt(expected[at], member))
  if (typeof expected === 'object' && expected !== null && typeof found === 'object' && found !== null)
    return Object.fromEntries(
      Object.entries(found).map(([name, member]) => [name, asThePageHasIt(expected[name], member)]),
    )
  return found
}

const handlerFor = (expected: Json, status: number) => {
  const isForm = JSON.stringify(expected).includes('"POST"')
  const methods: Method[] = isForm ? ['POST', 'MULTIPART', 'PUT'] : ['PUT', 'MULTIPART']
  const verdict =
    status === 202
      ? ({ status: 'checking', retryAfter: 3 } as const)
      : expected.error?.code === 'unsafe'
        ? ({ status: 'unsafe' } as const)
        : undefined
  return serve({
    storage: storageOptions(place),
    methods,
    multipartThreshold: 8 * 1024 * 1024,
    rules: {
      accept: '.pdf,image/*,video/*',
      minFiles: 1,
      maxFiles: 5,
      minSize: 1,
      maxSize: 104_857_600,
      maxTotalSize: 209_715_200,
    },
    confirm: false,
    onStored: () => verdict,
  })
}

/** Sends what was granted last, as the page shows it. */
async function upload(grant: GrantBody, size: number, text: string): Promise<void> {
  expect(text.split(' ')[0]).toBe('fields' in grant ? 'POST' : 'PUT')
  if (grant.method === 'MULTIPART') {
    for (const { partNumber, url } of grant.parts) {
      const part = bytes(Math.min(grant.partSize, size - (partNumber - 1) * grant.partSize))
      expect((await fetch(url, { method: 'PUT', body: part })).status).toBe(200)
    }
    return
  }
  if (!('fields' in grant)) {
    const [, ...headers] = text.split('\n').map((line) => line.split(':')[0])
    expect(headers.toSorted()).toEqual(['host', 'content-length', ...Object.keys(grant.headers ?? {})].toSorted())
  }
  expect((await send(grant, bytes(size))).ok).toBe(true)
}

test('every request of the page is answered as the page says', async () => {
  const actions = new Set<string>()
  const granted = new Map<string, { grant: GrantBody; size: number }>()
  for (const [at, { kind, text, line }] of blocks.entries()) {
    if (kind === 'http upload') {
      const last = granted.get(text.includes('partNumber=') ? 'MULTIPART' : (text.split(' ')[0] ?? ''))
      if (last === undefined) throw new Error(`docs/protocol.md:${line} uploads without a grant.`)
      await upload(last.grant, last.size, text)
    }
    if (kind !== 'request') continue
    const answer = blocks[at + 1]
    if (answer === undefined || !/^\d{3}$/.test(answer.kind)) throw new Error(`docs/protocol.md:${line} has no answer.`)
    const request = JSON.parse(text)
    const expected = JSON.parse(answer.text)
    const found = await handlerFor(expected, Number(answer.kind)).call(real(request))
    const where = `docs/protocol.md:${answer.line}`
    expect({ where, status: found.status, body: asThePageHasIt(expected, found.body) }).toEqual({
      where,
      status: Number(answer.kind),
      body: expected,
    })
    actions.add(request.action)
    if (request.action === 'presign') {
      const [grant] = found.body.grants
      granted.set(grant.method, { grant, size: request.files[0].size })
    }
  }
  expect([...actions].toSorted()).toEqual(
    [
      'presign',
      'presign-parts',
      'list-parts',
      'complete',
      'abort',
      'describe',
      'discard',
      'rules',
      'make-coffee',
    ].toSorted(),
  )
})

const statuses = [...page.matchAll(/^\| ([\d, ]+) \| ((?:`[a-z-]+`(?:, )?)+)/gm)].flatMap(
  ([, status = '', codes = '']) =>
    [...codes.matchAll(/`([a-z-]+)`/g)].map(([, code = '']) => [code, status.split(', ').map(Number)] as const),
)

test.each(statuses)('our server answers %s with a status of the page', (code, [...allowed]) => {
  expect(allowed).toContain(new Refusal(code).status)
})

test('the page has every code that our server gives a status of its own, but for 405', () => {
  const source = readFileSync(new URL('../../src/server/refusal.ts', import.meta.url), 'utf8')
  const known = [...source.matchAll(/^ {2}'?([a-z-]+)'?: \d{3},$/gm)].map(([, code]) => code)
  expect(known.length).toBeGreaterThan(10)
  expect(known.filter((code) => !statuses.some(([listed]) => listed === code))).toEqual(['method-not-allowed'])
})
