// All that `objectFor` asks for is signed, whichever way the bytes are sent.
import { CreateBucketCommand, GetObjectTaggingCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GrantBody } from '../../src/protocol/index.js'
import type { Method, ObjectPlan, StorageOptions } from '../../src/server.js'
import {
  bytes,
  describeOnStandIn,
  exists,
  faultyStorage,
  head,
  keyOf,
  nowhere,
  onCeph,
  openStorage,
  type Place,
  send,
  serve,
  storageOptions,
} from './harness.js'

let place: Place
let other: Place
beforeAll(async () => {
  place = await openStorage()
  other = { ...place, bucket: `${place.bucket}-other` }
  await place.client.send(new CreateBucketCommand({ Bucket: other.bucket }))
})
afterAll(() => place.stop())

const methods: readonly Method[] = ['PUT', 'POST', 'MULTIPART']
const plan = (): ObjectPlan => ({
  bucket: other.bucket,
  prefix: 'tenant-7/',
  metadata: { owner: 'anna' },
  tags: { state: 'new', note: 'a b&<c>' },
  cacheControl: 'private',
})
const serveAs = (method: Method, options: Parameters<typeof serve>[0] = {}) =>
  serve({ storage: storageOptions(place), methods: [method], objectFor: plan, ...options })

async function sendBy(server: ReturnType<typeof serveAs>, granted: GrantBody) {
  if (!('parts' in granted)) return (await send(granted, bytes(5))).status
  const { status } = await fetch(granted.parts[0]?.url ?? '', { method: 'PUT', body: bytes(5) })
  await server.call({ action: 'complete', id: granted.id, upload: granted.upload })
  return status
}

describe.each(methods)('by %s', (method) => {
  test('bucket, prefix, metadata, tags and cache-control are stored', async () => {
    const server = serveAs(method)
    const granted = await server.grant()
    expect([200, 204]).toContain(await sendBy(server, granted))
    const key = keyOf(granted, other.bucket)
    expect(key).toMatch(/^tenant-7\/[0-9a-f]{32}$/)
    const { Metadata, ContentType, CacheControl } = await head(other, key)
    // Ceph 16.2 takes a form's Cache-Control and does not keep it.
    const kept = onCeph && method === 'POST' ? undefined : 'private'
    expect([Metadata, ContentType, CacheControl]).toEqual([{ owner: 'anna' }, 'image/png', kept])
    const { TagSet = [] } = await place.client.send(new GetObjectTaggingCommand({ Bucket: other.bucket, Key: key }))
    expect(Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value]))).toEqual(plan().tags)
    const { body } = await server.call({ action: 'describe', ids: [granted.id] })
    expect((await fetch(body.files[0].url)).headers.get('cache-control')).toBe('private, no-cache')
    expect(await server.uploads.verifyAnswer([granted.id], { subject: 'anna' })).toMatchObject({
      ok: true,
      files: [{ bucket: other.bucket, key }],
    })
  })
})

const changed = (record: Readonly<Record<string, string>>, name: string, value: string | undefined) => {
  const { [name]: _, ...rest } = record
  return value === undefined ? rest : { ...rest, [name]: value }
}

test.each(['cache-control', 'x-amz-meta-owner', 'x-amz-tagging'])(
  'a PUT that leaves out or changes %s is refused',
  async (name) => {
    const server = serveAs('PUT')
    for (const value of [undefined, 'other']) {
      const granted = await server.grant()
      if (!('headers' in granted)) throw new Error('not a PUT')
      const response = await send({ ...granted, headers: changed(granted.headers ?? {}, name, value) }, bytes(5))
      expect(response.status).toBe(403)
      expect(await exists(other, keyOf(granted, other.bucket))).toBe(false)
    }
  },
)

test.each(['Cache-Control', 'x-amz-meta-owner', 'tagging'])(
  'a POST that leaves out or changes %s is refused',
  async (name) => {
    const server = serveAs('POST')
    for (const value of [undefined, 'other']) {
      const granted = await server.grant()
      if (!('fields' in granted)) throw new Error('not a POST')
      const response = await send({ ...granted, fields: changed(granted.fields, name, value) }, bytes(5))
      expect(response.status).toBe(403)
      expect(await exists(other, keyOf(granted, other.bucket))).toBe(false)
    }
  },
)

const objectFor = (): ObjectPlan => ({
  storageClass: 'STANDARD_IA',
  encryption: { algorithm: 'aws:kms', keyId: 'alias/answers' },
})
const expected = {
  'x-amz-storage-class': 'STANDARD_IA',
  'x-amz-server-side-encryption': 'aws:kms',
  'x-amz-server-side-encryption-aws-kms-key-id': 'alias/answers',
}

test('storage class and KMS encryption are in what is signed', async () => {
  const storage = nowhere as StorageOptions
  const put = await serve({ storage, methods: ['PUT'], objectFor }).grant()
  if (!('headers' in put)) throw new Error('not a PUT')
  expect(put.headers).toMatchObject(expected)
  const signed = new URL(put.url).searchParams.get('X-Amz-SignedHeaders')?.split(';')
  expect(signed).toEqual(expect.arrayContaining(Object.keys(expected)))
  const post = await serve({ storage, methods: ['POST'], objectFor }).grant()
  if (!('fields' in post)) throw new Error('not a POST')
  expect(post.fields).toMatchObject(expected)
  const conditions = JSON.parse(atob(post.fields.Policy ?? '')).conditions as unknown[]
  for (const [name, value] of Object.entries(expected)) expect(conditions).toContainEqual({ [name]: value })
})

describeOnStandIn('a file in parts', () => {
  const faulty = faultyStorage()

  test('is begun with its storage class and KMS encryption', async () => {
    const begun: unknown[] = []
    faulty.fault = ({ method, query, headers }) => {
      if (method === 'POST' && query.has('uploads')) begun.push(headers)
      return undefined
    }
    await serve({ storage: storageOptions(faulty.place), methods: ['MULTIPART'], objectFor }).grant()
    expect(begun).toEqual([expect.objectContaining(expected)])
  })
})
