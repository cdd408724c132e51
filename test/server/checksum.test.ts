// SHA-256 from the page to the stored bytes: signed where the storage verifies it, else read back and compared.
import { createHash } from 'node:crypto'
import { HeadObjectCommand } from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import { createFileAnswer, type FilesNotStored } from '../../src/engine.js'
import type { GrantBody } from '../../src/protocol/index.js'
import type { StoreName, UploadsOptions } from '../../src/server.js'
import { bytes, describeOnStandIn, exists, faultyStorage, keyOf, send, serve, storageOptions } from './harness.js'

const MiB = 1024 * 1024
const partSize = 5 * MiB
const size = 2 * partSize + 1
const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('base64')
const other = (length: number) => new Uint8Array(length).fill(8)

const storage = faultyStorage()

const serveAs = (store: StoreName, options: Partial<UploadsOptions> = {}) =>
  serve({ storage: { ...storageOptions(storage.place), store }, partSize, ...options })
const codeOf = ({ status, body }: { status: number; body: { error?: { code: string } } }) => [status, body?.error?.code]
/** A grant with some of its headers or fields replaced; undefined leaves one out. */
function changed(grant: GrantBody, members: Record<string, string | undefined>): GrantBody {
  const change = (of: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(
      Object.entries({ ...of, ...members }).filter((entry): entry is [string, string] => entry[1] !== undefined),
    )
  if ('fields' in grant) return { ...grant, fields: change(grant.fields) }
  return 'url' in grant ? { ...grant, headers: change(grant.headers) } : grant
}

/** A file of three parts, of which `content` is sent; every part is announced as those of `bytes`. */
const piecesOf = (content: Uint8Array<ArrayBuffer>) =>
  [0, 1, 2].map((index) => content.slice(index * partSize, (index + 1) * partSize))
const sums = piecesOf(bytes(size)).map(sha256)
const composite = sha256(Buffer.concat(sums.map((sum) => Buffer.from(sum, 'base64'))))
async function begin(server: ReturnType<typeof serveAs>) {
  const { body } = await server.call({
    action: 'presign',
    files: [{ key: 'k', name: 'film.mp4', size, type: 'video/mp4', partChecksums: true }],
  })
  const granted = body.grants[0] as Extract<GrantBody, { method: 'MULTIPART' }>
  const { id, upload } = granted
  const sign = async (checksums?: string[]) =>
    server.call({
      action: 'presign-parts',
      id,
      upload,
      partNumbers: [1, 2, 3],
      ...(checksums === undefined ? {} : { checksums }),
    })
  const complete = (checksum?: string) =>
    server.call({ action: 'complete', id, upload, ...(checksum === undefined ? {} : { checksum }) })
  return { granted, sign, complete }
}
const sendPieces = (parts: { url: string; headers?: Record<string, string> }[], content: Uint8Array<ArrayBuffer>) =>
  Promise.all(
    piecesOf(content).map((body, index) =>
      fetch(parts[index]?.url ?? '', { method: 'PUT', body, headers: parts[index]?.headers ?? {} }),
    ),
  )

describeOnStandIn('a store that verifies SHA-256', () => {
  test.each(['PUT', 'POST'] as const)('refuses other bytes by %s, and another checksum', async (method) => {
    const granted = await serveAs('aws', { methods: [method] }).grant({ checksum: sha256(bytes(5)) })
    expect(granted.confirm).toBeUndefined()
    const wrong = await send(granted, other(5))
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('<Code>BadDigest</Code>')])
    for (const checksum of [sha256(other(5)), undefined]) {
      expect((await send(changed(granted, { 'x-amz-checksum-sha256': checksum }), other(5))).status).toBe(403)
    }
    expect(await exists(storage.place, keyOf(granted, storage.place.bucket))).toBe(false)
    expect((await send(granted, bytes(5))).ok).toBe(true)
  })

  test('takes no part but that of its checksum, and completes with those of all', async () => {
    const { granted, sign, complete } = await begin(serveAs('aws', { methods: ['MULTIPART'] }))
    expect(granted).toMatchObject({ parts: [], partChecksums: true })
    expect(codeOf(await sign())).toEqual([400, 'invalid'])
    expect(codeOf(await sign(sums.slice(1)))).toEqual([400, 'invalid'])
    const { parts } = (await sign(sums)).body
    for (const { url } of parts)
      expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;host;x-amz-checksum-sha256')
    expect((await sendPieces(parts, other(size))).map(({ status }) => status)).toEqual([400, 400, 400])
    const forged = parts.map((part: object) => ({
      ...part,
      headers: { 'x-amz-checksum-sha256': sha256(other(partSize)) },
    }))
    expect((await sendPieces(forged, other(size))).map(({ status }) => status)).toEqual([403, 403, 403])
    expect((await sendPieces(parts, bytes(size))).map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await complete(composite)).toMatchObject({ status: 200, body: { id: granted.id, size } })
    const Key = new URL(parts[0].url).pathname.replace(`/${storage.place.bucket}/`, '')
    const head = await storage.place.client.send(
      new HeadObjectCommand({ Bucket: storage.place.bucket, Key, ChecksumMode: 'ENABLED' }),
    )
    expect(head.ChecksumSHA256).toBe(`${composite}-3`)
  })

  test('F56: parts of two versions of a file are not joined', async () => {
    const { sign, complete } = await begin(serveAs('aws', { methods: ['MULTIPART'] }))
    const mixed = bytes(size)
    mixed[0] = 8
    const { parts } = (await sign(piecesOf(mixed).map(sha256))).body
    await sendPieces(parts, mixed)
    expect(codeOf(await complete(composite))).toEqual([422, 'damaged'])
    expect(codeOf(await complete())).toEqual([404, 'not-stored'])
  })

  test('gives parts as ever to a page that cannot hash', async () => {
    const granted = await serveAs('aws', { methods: ['MULTIPART'] }).grant({ size })
    expect(granted).toMatchObject({ parts: [{ partNumber: 1 }, { partNumber: 2 }, { partNumber: 3 }] })
    expect(granted).not.toHaveProperty('partChecksums')
  })
})

describe('a store that does not', () => {
  const readBack = 64 * MiB

  test.each(['PUT', 'POST'] as const)('is read back after a %s: other bytes are damaged', async (method) => {
    const server = serveAs('ceph', { methods: [method], readBack })
    const grant = () => server.grant({ checksum: sha256(bytes(5)) })
    const look = async ({ id }: GrantBody) => [
      codeOf(await server.call({ action: 'complete', id })),
      await server.uploads.verifyAnswer([id], { subject: 'anna' }),
    ]
    const granted = await grant()
    expect(granted.confirm).toBe(true)
    const claims = changed(granted, { 'x-amz-meta-checksum-sha256': sha256(other(5)) })
    expect((await send(claims, other(5))).status).toBe(403)
    expect((await send(granted, other(5))).ok).toBe(true)
    expect(await look(granted)).toEqual([
      [422, 'damaged'],
      { ok: false, problems: [{ id: granted.id, code: 'damaged' }] },
    ])
    const whole = await grant()
    expect((await send(whole, bytes(5))).ok).toBe(true)
    expect(await look(whole)).toEqual([
      [200, undefined],
      { ok: true, files: [expect.objectContaining({ id: whole.id })] },
    ])
  })

  test('is read back after a multipart upload, part by part', async () => {
    const { granted, complete } = await begin(serveAs('ceph', { methods: ['MULTIPART'], readBack }))
    expect(granted).toMatchObject({ partChecksums: true })
    const sent = bytes(size)
    sent[size - 1] = 8
    for (const { status } of await sendPieces([...granted.parts], sent)) expect(status).toBe(200)
    expect(codeOf(await complete(composite))).toEqual([422, 'damaged'])
    const actual = sha256(Buffer.concat(piecesOf(sent).map((piece) => Buffer.from(sha256(piece), 'base64'))))
    expect(codeOf(await complete(actual))).toEqual([200, undefined])
  })

  test.each([
    ['without `readBack`', 0],
    ['above it', 4],
  ])('%s nothing is signed, asked or compared', async (_, limit) => {
    const server = serveAs('ceph', { methods: ['PUT'], readBack: limit })
    const granted = await server.grant({ checksum: sha256(bytes(5)) })
    expect(granted.confirm).toBeUndefined()
    expect(JSON.stringify(granted)).not.toMatch(/checksum/i)
    await send(granted, other(5))
    expect(codeOf(await server.call({ action: 'complete', id: granted.id }))).toEqual([200, undefined])
  })
})

describeOnStandIn('F36: a bit that flips on the way, over http', () => {
  test.each([
    ['PUT', 'aws', 5, 1],
    ['POST', 'aws', 200_000, 1],
    ['MULTIPART', 'aws', size, 1],
    ['PUT', 'ceph', 5, 1],
    ['MULTIPART', 'ceph', size, 1],
    ['PUT', 'aws', 5, 2],
    ['MULTIPART', 'aws', size, 2],
    ['PUT', 'ceph', 5, 2],
  ] as const)('%s to a store like %s, %i bytes, %i times', async (method, store, length, times) => {
    const { uploads } = serveAs(store, { methods: [method], readBack: 64 * MiB })
    let left: number = times
    const keys = new Set<string>()
    storage.fault = ({ method: sent, key, query }) => {
      // Of parts it is always the first, whichever upload it belongs to.
      const carriesBytes = sent === (method === 'POST' ? 'POST' : 'PUT') && Number(query.get('partNumber') ?? 1) === 1
      if (!carriesBytes) return undefined
      if (key !== '') keys.add(key)
      return left-- > 0 ? { flipAtByte: method === 'POST' ? 100_000 : 2 } : undefined
    }
    const answer = createFileAnswer({
      endpoint: {
        url: 'https://app.example/api/uploads',
        fetch: (url, init) => uploads.handler(new Request(url, init)),
      },
      send: 'fetch',
      checksum: 'sha-256',
      timing: { retryBase: 1 },
    })
    answer.add([new File([bytes(length)], 'photo.png', { type: 'image/png' })])
    const file = await answer.settled().then(
      ([id = '']) => uploads.presignDownload(id, { subject: 'anna' }),
      ({ failures }: FilesNotStored) => failures[0]?.code ?? '',
    )
    if (times === 2) expect(file).toBe('damaged')
    else {
      if (file === null || typeof file === 'string') throw new Error('not stored')
      expect(sha256(new Uint8Array(await (await fetch(file.url)).arrayBuffer()))).toBe(sha256(bytes(length)))
    }
    // What was stored damaged keeps its key; what the storage refused would have been free, but for whole files too a
    // second attempt has its own. A part is sent again to the same upload.
    expect([left < 1, method === 'POST' ? 2 : keys.size]).toEqual([
      true,
      method === 'MULTIPART' && store === 'aws' ? 1 : 2,
    ])
    answer.dispose()
  })
})
