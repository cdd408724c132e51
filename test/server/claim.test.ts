// Files of a saved answer last; those that nobody handed in stay where a rule deletes them.
import { GetObjectTaggingCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { copyFile } from '../../src/server/copyFile.js'
import { settingsOf } from '../../src/server/settings.js'
import { storedObject } from '../../src/server/storage.js'
import type { Claim, GrantedFile } from '../../src/server.js'
import {
  aFile,
  anna,
  bytes,
  exists,
  head,
  keyOf,
  nowhere,
  openStorage,
  type Place,
  secret,
  send,
  serve,
  storageOptions,
} from './harness.js'

let place: Place
beforeAll(async () => {
  place = await openStorage()
})
afterAll(() => place.stop())
afterEach(() => {
  vi.useRealTimers()
})

const who = { subject: 'anna' }
const other = (length: number) => new Uint8Array(length).fill(8)
const serveHere = (options: Parameters<typeof serve>[0] = {}) => serve({ storage: storageOptions(place), ...options })
async function stored(server: ReturnType<typeof serveHere>, file: object = {}) {
  const granted = await server.grant(file)
  expect((await send(granted, bytes(5))).ok).toBe(true)
  return { granted, id: String(granted.id), key: keyOf(granted, place.bucket) }
}
function filesOf(claimed: Claim) {
  if (!claimed.ok) throw new Error(JSON.stringify(claimed.problems))
  return claimed.files
}
const problemsOf = (claimed: Claim) => (claimed.ok ? 'ok' : claimed.problems)
const download = async (server: ReturnType<typeof serveHere>, id: string) => {
  const link = await server.uploads.presignDownload(id, who)
  return new Uint8Array(await (await fetch(link?.url ?? '')).arrayBuffer())
}

describe('claim by copy', () => {
  test('gives new ids for the same files under the lasting prefix, with all that was said of them', async () => {
    const server = serveHere({ objectFor: () => ({ metadata: { owner: 'anna' }, tags: { kind: 'photo' } }) })
    const one = await stored(server, { name: '이력서.pdf', type: 'application/pdf' })
    const two = await stored(server)
    const files = filesOf(await server.uploads.claim([one.id, two.id], who))
    expect(files).toEqual([
      {
        from: one.id,
        id: expect.any(String),
        bucket: place.bucket,
        key: `answers/${one.key}`,
        name: '이력서.pdf',
        size: 5,
        type: 'application/pdf',
        etag: expect.any(String),
      },
      expect.objectContaining({ from: two.id, key: `answers/${two.key}` }),
    ])
    const [claimed] = files
    expect(claimed?.id).not.toBe(one.id)
    const { ContentType, Metadata, ContentDisposition } = await head(place, claimed?.key ?? '')
    expect([ContentType, Metadata]).toEqual(['application/pdf', { owner: 'anna' }])
    expect([undefined, 'attachment']).toContain(ContentDisposition)
    expect(await server.uploads.verifyAnswer([claimed?.id], { ...who, saved: [claimed?.id ?? ''] })).toMatchObject({
      ok: true,
    })
    expect(await download(server, claimed?.id ?? '')).toEqual(bytes(5))
  })

  test('repeated gives the same, also for claimed ids and after the upload is swept away', async () => {
    const server = serveHere()
    const { id } = await stored(server)
    const [first] = filesOf(await server.uploads.claim([id], who))
    const [again] = filesOf(await server.uploads.claim([id], who))
    expect([again?.id, again?.key]).toEqual([first?.id, first?.key])
    expect(filesOf(await server.uploads.claim([first?.id], who))[0]?.id).toBe(first?.id)
    await server.call({ action: 'discard', ids: [id] })
    expect(filesOf(await server.uploads.claim([id], who))[0]?.id).toBe(first?.id)
  })

  test('A22: a form that is sent again reaches nothing that was claimed', async () => {
    const server = serveHere({ methods: ['POST'] })
    const { granted, id } = await stored(server)
    const [claimed] = filesOf(await server.uploads.claim([id], who))
    expect((await send(granted, other(5))).ok).toBe(true)
    expect(filesOf(await server.uploads.claim([id], who))[0]?.id).toBe(claimed?.id)
    expect(await download(server, claimed?.id ?? '')).toEqual(bytes(5))
  })

  test('A21: a claimed file is neither discarded nor renewed by the page', async () => {
    const server = serveHere()
    const { id } = await stored(server)
    const [claimed] = filesOf(await server.uploads.claim([id], who))
    expect((await server.call({ action: 'discard', ids: [claimed?.id, id] })).status).toBe(200)
    expect(await exists(place, claimed?.key ?? '')).toBe(true)
    const renewed = await server.call({ action: 'presign', files: [aFile({ id: claimed?.id ?? '' })] })
    expect(renewed.body.grants[0].error.code).toBe('invalid')
  })

  test('is all or nothing: one file that is not there, and none is copied', async () => {
    const server = serveHere()
    const { id, key } = await stored(server)
    const missing = String((await server.grant()).id)
    expect(problemsOf(await server.uploads.claim([id, missing, 'forged', id], who))).toEqual([
      { id: 'forged', code: 'invalid' },
      { id, code: 'duplicate' },
      { id: missing, code: 'not-stored' },
    ])
    expect(await exists(place, `answers/${key}`)).toBe(false)
    expect(problemsOf(await server.uploads.claim([id], { subject: 'bob' }))).toEqual([{ id, code: 'invalid' }])
    expect(problemsOf(await server.uploads.claim('x', who))).toEqual([{ id: null, code: 'invalid' }])
  })

  test('does not take bytes that were swapped while it copied', async () => {
    const server = serveHere({ methods: ['POST'] })
    const { granted, id, key } = await stored(server)
    const { storage, ids } = settingsOf({ storage: storageOptions(place), secret, authorize: () => anna })
    const file = await ids.read(id, who)
    const looked = file && (await storedObject(storage, file))
    if (!file || !looked) throw new Error('not stored')
    expect((await send(granted, other(5))).ok).toBe(true)
    expect(await copyFile(storage, file, looked, `answers/${key}`)).toBe(false)
    expect(await exists(place, `answers/${key}`)).toBe(false)
  })

  test('copies a file of more than the limit in parts, and never one that changed since it was looked at', async () => {
    const server = serveHere({ methods: ['MULTIPART'], partSize: 5 * 1024 ** 2 })
    const size = 6 * 1024 ** 2
    const granted = await server.grant({ size })
    if (!('parts' in granted)) throw new Error('not multipart')
    for (const [index, { url }] of granted.parts.entries())
      await fetch(url, { method: 'PUT', body: bytes(index === 0 ? 5 * 1024 ** 2 : 1024 ** 2) })
    await server.call({ action: 'complete', id: granted.id, upload: granted.upload })
    const { storage, ids } = settingsOf({ storage: storageOptions(place), secret, authorize: () => anna })
    const file = await ids.read(granted.id, who)
    const object = file && (await storedObject(storage, file))
    if (!file || !object) throw new Error('not stored')
    expect(await copyFile(storage, file, object, 'answers/parts', { partBytes: 5 * 1024 ** 2 })).toBe(true)
    const { ContentLength, ContentType } = await head(place, 'answers/parts')
    expect([ContentLength, ContentType]).toEqual([size, 'image/png'])
    for (const partBytes of [5 * 1024 ** 2, 5 * 1024 ** 3]) {
      const changed = { ...object, etag: '"00000000000000000000000000000000"' }
      expect(await copyFile(storage, file, changed, 'answers/changed', { partBytes })).toBe(false)
    }
    expect(await exists(place, 'answers/changed')).toBe(false)
  })
})

test('files under a host’s own ids and keys are claimed and deleted too, whatever their keys hold', async () => {
  const files = new Map<string, GrantedFile>()
  const server = serveHere({
    issueId: (file) => {
      files.set(`id-${files.size}`, file)
      return `id-${files.size - 1}`
    },
    readId: (id) => files.get(id) ?? null,
  })
  const key = 'my files/ä+b c.png'
  files.set('id-0', { bucket: place.bucket, key, name: 'a.png', size: 5, type: 'image/png', issuedAt: 0 })
  const object = { Bucket: place.bucket, Key: key, Body: bytes(5), ContentType: 'image/png' }
  await place.client.send(new PutObjectCommand(object))
  const [claimed] = filesOf(await server.uploads.claim(['id-0'], who))
  expect(claimed).toMatchObject({ from: 'id-0', id: 'id-1', key: `answers/${key}` })
  expect(await exists(place, `answers/${key}`)).toBe(true)
  expect(await server.uploads.deleteAnswer(['id-1'], who)).toMatchObject([{ status: 'deleted', objects: 2 }])
})

test('a verdict is not asked for again for files that were saved before', async () => {
  const server = serveHere({ claimBy: 'tag', onStored: () => ({ status: 'unsafe' }) })
  const { id } = await stored(server)
  expect(problemsOf(await server.uploads.claim([id], who))).toEqual([{ id, code: 'unsafe' }])
  expect(problemsOf(await server.uploads.claim([id], who, { saved: [id] }))).toBe('ok')
})

describe('keep', () => {
  test('moves files to the drafts, where their age begins anew; claim takes them from there', async () => {
    const server = serveHere()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 30 * 3600 * 1000 })
    const granted = await server.grant()
    vi.useRealTimers()
    const [id, key] = [String(granted.id), keyOf(granted, place.bucket)]
    const object = { Bucket: place.bucket, Key: key, Body: bytes(5), ContentType: 'image/png' }
    await place.client.send(new PutObjectCommand(object))
    expect(await server.uploads.verifyAnswer([id], who)).toMatchObject({ ok: false, problems: [{ code: 'expired' }] })
    const [kept] = filesOf(await server.uploads.keep([id], who))
    expect(kept).toMatchObject({ from: id, key: `drafts/${key}` })
    expect(await server.uploads.verifyAnswer([kept?.id], who)).toMatchObject({ ok: true })
    const [claimed] = filesOf(await server.uploads.claim([kept?.id], who))
    expect(claimed?.key).toBe(`answers/${key}`)
    expect(filesOf(await server.uploads.keep([claimed?.id], who))[0]?.key).toBe(`answers/${key}`)
    await server.call({ action: 'discard', ids: [kept?.id] })
    expect(await exists(place, `drafts/${key}`)).toBe(true)
  })
})

describe('claim by tag', () => {
  const tagged = (options: Parameters<typeof serve>[0] = {}) => serveHere({ claimBy: 'tag', ...options })
  const tags = async (key: string) => {
    const { TagSet = [] } = await place.client.send(new GetObjectTaggingCommand({ Bucket: place.bucket, Key: key }))
    return Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value]))
  }

  test.each(['PUT', 'POST', 'MULTIPART'] as const)(
    'every %s is pending until then, and the id stays',
    async (method) => {
      const server = tagged({ methods: [method], objectFor: () => ({ tags: { kind: 'photo' } }) })
      const granted = await server.grant()
      if ('parts' in granted) {
        await fetch(granted.parts[0]?.url ?? '', { method: 'PUT', body: bytes(5) })
        await server.call({ action: 'complete', id: granted.id, upload: granted.upload })
      } else expect((await send(granted, bytes(5))).ok).toBe(true)
      const id = String(granted.id)
      const key = keyOf(granted, place.bucket)
      expect(await tags(key)).toEqual({ kind: 'photo', pending: 'upload' })
      const [kept] = filesOf(await server.uploads.keep([id], who))
      expect(kept?.key).toBe(key)
      expect(await tags(key)).toEqual({ kind: 'photo', pending: 'draft' })
      for (let times = 0; times < 2; times++) {
        expect(filesOf(await server.uploads.claim([id], who))).toMatchObject([{ id, from: id, key }])
        expect(await tags(key)).toEqual({ kind: 'photo' })
      }
      await server.uploads.keep([id], who)
      expect(await tags(key)).toEqual({ kind: 'photo' })
      await server.call({ action: 'discard', ids: [id] })
      expect(await exists(place, key)).toBe(true)
    },
  )

  test('a pending file is discarded; nobody strips the tag from a grant', async () => {
    const server = tagged({ methods: ['PUT'] })
    const granted = await server.grant()
    if (!('headers' in granted)) throw new Error('not a PUT')
    const { 'x-amz-tagging': _, ...stripped } = granted.headers ?? {}
    expect((await send({ ...granted, headers: stripped }, bytes(5))).status).toBe(403)
    expect((await send(granted, bytes(5))).status).toBe(200)
    await server.call({ action: 'discard', ids: [granted.id] })
    expect(await exists(place, keyOf(granted, place.bucket))).toBe(false)
    expect(problemsOf(await server.uploads.claim([granted.id], who))).toEqual([{ id: granted.id, code: 'not-stored' }])
  })

  test('is refused at the start where the store keeps no tags', () => {
    expect(() => serve({ storage: { ...nowhere, store: 'r2' } as never, claimBy: 'tag' })).toThrow(/claimBy/)
  })
})

test.each([
  [{ claimedPrefix: 'uploads/' }, /storage.prefix/],
  [{ claimedPrefix: 'x/', draftsPrefix: 'x/y/' }, /one lies in the other/],
  [{ claimedPrefix: 'x' }, /claimedPrefix/],
  [{ claimedPrefix: '../' }, /claimedPrefix/],
])('prefixes that would not tell files apart refuse to start: %j', (options, reason) => {
  expect(() => serve(options)).toThrow(reason)
})

test('a host cannot let uploads count as claimed by mistake', async () => {
  const { call } = serve({ objectFor: () => ({ prefix: 'answers/7/' }) })
  expect((await call({ action: 'presign', files: [aFile()] })).status).toBe(500)
})
