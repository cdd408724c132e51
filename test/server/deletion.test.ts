// The host's deletion leaves nothing, and says what became of each id.
import { ListMultipartUploadsCommand, ListObjectVersionsCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  bytes,
  describeOnCeph,
  exists,
  keyOf,
  onCeph,
  openStorage,
  type Place,
  send,
  serve,
  storageOptions,
} from './harness.js'

let place: Place
beforeAll(async () => {
  place = await openStorage()
})
afterAll(() => place.stop())

const who = { subject: 'anna' }
const serveHere = (options: Parameters<typeof serve>[0] = {}) =>
  serve({ storage: storageOptions(place), methods: ['PUT', 'MULTIPART'], ...options })
async function stored(server: ReturnType<typeof serveHere>) {
  const granted = await server.grant()
  expect((await send(granted, bytes(5))).ok).toBe(true)
  return { granted, id: String(granted.id), key: keyOf(granted, place.bucket) }
}
const openUploads = async (prefix: string) => {
  const { Uploads = [] } = await place.client.send(
    new ListMultipartUploadsCommand({ Bucket: place.bucket, Prefix: prefix }),
  )
  return Uploads.length
}

describe('deleteAnswer', () => {
  test('deletes this person’s files, passes over the rest, and may be repeated', async () => {
    const server = serveHere()
    const { id, key } = await stored(server)
    expect(await server.uploads.deleteAnswer([id], { subject: 'bob' })).toEqual([{ id, status: 'invalid' }])
    expect(await exists(place, key)).toBe(true)
    expect(await server.uploads.deleteAnswer([id, 'forged', 7], who)).toEqual([
      { id, status: 'deleted', objects: 1, uploads: 0 },
      { id: 'forged', status: 'invalid' },
      { id: 7, status: 'invalid' },
    ])
    expect(await exists(place, key)).toBe(false)
    expect(await server.uploads.deleteAnswer([id], who)).toEqual([{ id, status: 'absent' }])
  })

  test('takes the upload, the draft and the claimed file, by any of their ids', async () => {
    const server = serveHere()
    const { id, key } = await stored(server)
    await server.uploads.keep([id], who)
    const claimed = await server.uploads.claim([id], who)
    const saved = claimed.ok ? (claimed.files[0]?.id ?? '') : ''
    expect(await server.uploads.deleteAnswer([saved], who)).toEqual([
      { id: saved, status: 'deleted', objects: 3, uploads: 0 },
    ])
    for (const each of [key, `drafts/${key}`, `answers/${key}`]) expect(await exists(place, each)).toBe(false)
  })

  test('ends the uploads that are open for a file', async () => {
    const server = serveHere({ methods: ['MULTIPART'] })
    const granted = await server.grant()
    await server.grant({ id: String(granted.id) })
    expect(await openUploads(keyOf(granted, place.bucket))).toBe(2)
    expect(await server.uploads.deleteAnswer([granted.id], who)).toEqual([
      { id: granted.id, status: 'deleted', objects: 0, uploads: 2 },
    ])
    expect(await openUploads(keyOf(granted, place.bucket))).toBe(0)
  })

  test('works where a store lists no versions', async () => {
    const server = serveHere({ storage: { ...storageOptions(place), store: { versions: false } } })
    const { id, key } = await stored(server)
    expect(await server.uploads.deleteAnswer([id], who)).toEqual([{ id, status: 'deleted', objects: 1, uploads: 0 }])
    expect(await exists(place, key)).toBe(false)
    expect(await server.uploads.deleteAnswer([id], who)).toEqual([{ id, status: 'absent' }])
  })

  test('tells what failed, without a URL, and goes on with the others', async () => {
    const [away, here] = [serve({ methods: ['PUT'] }), serveHere()]
    const { id } = await away.grant()
    const [receipt, invalid] = await away.uploads.deleteAnswer([id, 'forged'], who)
    expect(receipt).toMatchObject({ id, status: 'failed', error: { name: expect.any(String) } })
    expect(JSON.stringify(receipt)).not.toMatch(/X-Amz|Signature=/)
    expect(invalid).toEqual({ id: 'forged', status: 'invalid' })
    expect(here).toBeDefined()
  })
})

describeOnCeph('deleteAnswer in a bucket with versions', () => {
  test('leaves no version and no mark of a deletion', async () => {
    const versioned = await openStorage()
    const VersioningConfiguration = { Status: 'Enabled' as const }
    await versioned.client.send(new PutBucketVersioningCommand({ Bucket: versioned.bucket, VersioningConfiguration }))
    const server = serve({ storage: storageOptions(versioned), methods: ['POST'] })
    const granted = await server.grant()
    for (let times = 0; times < 2; times++) expect((await send(granted, bytes(5))).ok).toBe(true)
    await server.call({ action: 'discard', ids: [granted.id] })
    const versions = () => versioned.client.send(new ListObjectVersionsCommand({ Bucket: versioned.bucket }))
    expect((await versions()).Versions).toHaveLength(2)
    expect((await versions()).DeleteMarkers).toHaveLength(1)
    expect(await server.uploads.deleteAnswer([granted.id], who)).toEqual([
      { id: granted.id, status: 'deleted', objects: 2, uploads: 0 },
    ])
    const { Versions = [], DeleteMarkers = [] } = await versions()
    expect([...Versions, ...DeleteMarkers]).toEqual([])
  })
})

describe('sweep', () => {
  test('ends what was begun long ago, under the prefix, and leaves the rest', async () => {
    const server = serveHere({ methods: ['MULTIPART'] })
    const elsewhere = serveHere({ methods: ['MULTIPART'], objectFor: () => ({ prefix: 'elsewhere/' }) })
    const granted = await server.grant()
    await server.grant()
    await elsewhere.grant()
    expect(await server.uploads.sweep()).toEqual({ aborted: 0, open: 2 })
    // Initiated just now: with an age of none at all, all of them are old.
    const olderThan = onCeph ? -5 : -1
    expect(await server.uploads.sweep({ olderThan })).toEqual({ aborted: 2, open: 0 })
    expect(await openUploads(keyOf(granted, place.bucket))).toBe(0)
    expect(await openUploads('elsewhere/')).toBe(1)
    expect(await server.uploads.sweep({ olderThan, prefix: 'elsewhere/' })).toEqual({ aborted: 1, open: 0 })
  })
})
