// A signed URL can do what its signer may do. The policies are read from docs/security.md, so that what is documented
// is what is tried.
import { readFileSync } from 'node:fs'
import { PutBucketPolicyCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GrantBody } from '../../src/protocol/index.js'
import type { StorageOptions } from '../../src/server.js'
import {
  bytes,
  exists,
  keyOf,
  describeOnStandIn,
  describeOnCeph,
  openStorage,
  type Place,
  send,
  serve,
  storageOptions,
} from './harness.js'

interface Statement {
  Effect: string
  Action: string | string[]
  Resource: string | string[]
}
const blocks = [
  ...readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8').matchAll(/```json\n([\s\S]*?)```/g),
].map(([, json]) => JSON.parse(json ?? '') as { Statement?: Statement[] })
const [bucketPolicy, leastPrivilege] = blocks.flatMap(({ Statement }) => (Statement === undefined ? [] : [Statement]))

/** Whether the documented policy allows an action. */
function documented(action: string, key: string): boolean {
  return (leastPrivilege ?? []).some(
    ({ Action, Resource }) =>
      Action.includes(action) && (String(Resource).endsWith('/uploads/*') ? key.startsWith('uploads/') : key === ''),
  )
}

const only =
  (...actions: string[]) =>
  (action: string) =>
    actions.includes(action)

const signers = {
  least: documented,
  reader: only('s3:GetObject', 's3:ListBucket'),
  writer: only('s3:PutObject', 's3:ListBucket'),
}

let place: Place
beforeAll(async () => {
  const users = Object.entries(signers).map(([name, allow]) => ({ accessKeyId: name, secretAccessKey: 'x', allow }))
  place = await openStorage({ users })
})
afterAll(() => place.stop())

const as = (signer: keyof typeof signers, options: Parameters<typeof serve>[0] = {}) =>
  serve({
    storage: { ...storageOptions(place), credentials: { accessKeyId: signer, secretAccessKey: 'x' } } as StorageOptions,
    ...options,
  })

describeOnStandIn('a signer', () => {
  test.each(['PUT', 'POST', 'MULTIPART'] as const)(
    'with the documented policy serves every action by %s',
    async (method) => {
      const server = as('least', { methods: [method] })
      const granted = await server.grant()
      const { id } = granted
      const upload = 'upload' in granted ? granted.upload : undefined
      expect((await server.call({ action: 'complete', id, upload })).status).toBe(404)
      if ('parts' in granted) await fetch(granted.parts[0]?.url ?? '', { method: 'PUT', body: bytes(5) })
      else expect((await send(granted, bytes(5))).ok).toBe(true)
      expect((await server.call({ action: 'complete', id, upload })).body).toEqual({ id, size: 5 })
      const { body } = await server.call({ action: 'describe', ids: [id] })
      expect((await fetch(body.files[0].url)).status).toBe(200)
      expect((await server.uploads.verifyAnswer([id], { subject: 'anna' })).ok).toBe(true)
      expect((await server.call({ action: 'abort', id, upload })).status).toBe(200)
      expect((await server.call({ action: 'discard', ids: [id] })).status).toBe(200)
      expect(await exists(place, keyOf(granted, place.bucket))).toBe(false)
    },
  )

  test.each(['PUT', 'POST'] as const)('that may only read grants a %s that the storage refuses', async (method) => {
    const granted = await as('reader', { methods: [method] }).grant()
    expect((await send(granted, bytes(5))).status).toBe(403)
    expect(await exists(place, keyOf(granted, place.bucket))).toBe(false)
  })

  test('that may only read cannot begin a multipart upload, and the page is told no more than that', async () => {
    const { call } = as('reader', { methods: ['MULTIPART'] })
    const answer = await call({ action: 'presign', files: [{ key: 'k', name: 'a.png', size: 5, type: 'image/png' }] })
    expect([answer.status, answer.body]).toEqual([500, { error: { code: 'server', message: 'Something went wrong.' } }])
  })

  test('that may only write grants links that the storage refuses', async () => {
    const { grant, call } = as('writer', { methods: ['PUT'] })
    const granted = await grant()
    expect((await send(granted, bytes(5))).status).toBe(200)
    const { body } = await call({ action: 'describe', ids: [granted.id] })
    expect((await fetch(body.files[0].url)).status).toBe(403)
  })
})

describeOnCeph('the documented bucket policy on Ceph', () => {
  const copying = async (): Promise<{ grant: GrantBody; copied: Response }> => {
    const { grant } = serve({ storage: storageOptions(place), methods: ['PUT'] })
    const victim = await grant()
    await send(victim, bytes(5))
    const granted = await grant()
    if (!('headers' in granted)) throw new Error('not a PUT')
    const source = { 'x-amz-copy-source': `/${place.bucket}/${keyOf(victim, place.bucket)}` }
    return {
      grant: granted,
      copied: await send({ ...granted, headers: { ...granted.headers, ...source } } as GrantBody, bytes(5)),
    }
  }

  test('closes the copy through a grant, and lets plain uploads through', async () => {
    const Statement = (bucketPolicy ?? [])
      .slice(0, 1)
      .map((statement) => JSON.parse(JSON.stringify(statement).replaceAll('BUCKET', place.bucket)))
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
    await place.client.send(new PutBucketPolicyCommand({ Bucket: place.bucket, Policy }))
    const { grant, copied } = await copying()
    expect(copied.status).toBe(403)
    expect(await exists(place, keyOf(grant, place.bucket))).toBe(false)
    expect((await send(grant, bytes(5))).status).toBe(200)
  })
})
