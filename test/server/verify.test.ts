// A submitted answer: nothing the page says is believed unproved.
import { createHash } from 'node:crypto'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { bytes, keyOf, onCeph, openStorage, type Place, send, serve, storageOptions } from './harness.js'

let place: Place
beforeAll(async () => {
  place = await openStorage()
})
afterAll(() => place.stop())
afterEach(() => {
  vi.useRealTimers()
})

const who = { subject: 'anna', field: 'documents', context: { form: '7' } }
const rest = { field: 'documents', context: { form: '7' } }
const serveHere = (options: Parameters<typeof serve>[0] = {}) =>
  serve({ storage: storageOptions(place), methods: ['PUT'], ...options })
const store = async (server: ReturnType<typeof serveHere>, file: object = {}) => {
  const granted = await server.grant(file, rest)
  expect((await send(granted, bytes(5))).status).toBe(200)
  return String(granted.id)
}
const problems = async (server: ReturnType<typeof serveHere>, ids: unknown, options: object = {}) => {
  const verification = await server.uploads.verifyAnswer(ids, { ...who, ...options })
  return verification.ok ? 'ok' : verification.problems
}

describe('verifyAnswer', () => {
  test('gives the files in the order of the ids', async () => {
    const server = serveHere()
    const ids = [await store(server), await store(server, { name: 'a.pdf', type: 'application/pdf' })]
    const verification = await server.uploads.verifyAnswer(ids, who)
    const etag = expect.stringMatching(/[0-9a-f]{32}/)
    expect(verification).toEqual({
      ok: true,
      files: [
        {
          id: ids[0],
          bucket: place.bucket,
          key: expect.any(String),
          name: 'photo.png',
          size: 5,
          type: 'image/png',
          etag,
        },
        {
          id: ids[1],
          bucket: place.bucket,
          key: expect.any(String),
          name: 'a.pdf',
          size: 5,
          type: 'application/pdf',
          etag,
        },
      ],
    })
    expect(await problems(server, [])).toBe('ok')
  })

  test('refuses what is no list of this person’s ids for this question', async () => {
    const server = serveHere()
    const id = await store(server)
    for (const junk of [undefined, null, 'x', {}, 7]) {
      expect(await problems(server, junk)).toEqual([{ id: null, code: 'invalid' }])
    }
    expect(await problems(server, [id, 'forged', 7])).toEqual([
      { id: 'forged', code: 'invalid' },
      { id: null, code: 'invalid' },
    ])
    for (const other of [{ subject: 'bob' }, { field: 'other' }, { context: { form: '8' } }]) {
      expect(await problems(server, [id], other)).toEqual([{ id, code: 'invalid' }])
    }
  })

  test('refuses an id twice', async () => {
    const server = serveHere()
    const id = await store(server)
    expect(await problems(server, [id, id])).toEqual([{ id, code: 'duplicate' }])
  })

  test('refuses what was never stored, was deleted, or was replaced', async () => {
    const server = serveHere()
    const granted = await server.grant({}, rest)
    const id = String(granted.id)
    expect(await problems(server, [id])).toEqual([{ id, code: 'not-stored' }])
    await send(granted, bytes(5))
    expect(await problems(server, [id])).toBe('ok')
    const Key = keyOf(granted, place.bucket)
    await place.client.send(
      new PutObjectCommand({ Bucket: place.bucket, Key, Body: bytes(6), ContentType: 'image/png' }),
    )
    expect(await problems(server, [id])).toEqual([{ id, code: 'not-stored' }])
    await server.call({ action: 'discard', ids: [id], ...rest })
    expect(await problems(server, [id])).toEqual([{ id, code: 'not-stored' }])
  })

  test('holds the answer to the rules, the endpoint’s and the call’s', async () => {
    const granting = serveHere()
    const server = serveHere({ rules: { maxFiles: 2, accept: '.png' } })
    const [one, two, pdf] = [
      await store(granting),
      await store(granting),
      await store(granting, { name: 'a.pdf', type: 'application/pdf' }),
    ]
    expect(await problems(server, [one, two])).toBe('ok')
    expect(await problems(server, [one, two, pdf])).toEqual([
      { id: pdf, code: 'file-type' },
      { id: null, code: 'too-many' },
    ])
    expect(await problems(server, [one], { rules: { minFiles: 2 } })).toEqual([{ id: null, code: 'too-few' }])
    expect(await problems(server, [one], { rules: { maxSize: 4 } })).toEqual([{ id: one, code: 'file-too-large' }])
    expect(await problems(server, [one, two], { rules: { maxTotalSize: 9 } })).toEqual([
      { id: null, code: 'total-too-large' },
    ])
  })

  test('refuses an id of more than a day, unless the answer was saved with it', async () => {
    const server = serveHere()
    const id = await store(server)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 25 * 3600 * 1000 })
    expect(await problems(server, [id])).toEqual([{ id, code: 'expired' }])
    vi.useRealTimers()
    expect(await problems(server, [id], { maxAge: 0 - 1 })).toEqual([{ id, code: 'expired' }])
    expect(await problems(server, [id], { maxAge: -1, saved: [id] })).toBe('ok')
  })

  test('compares the bytes with checksums that the host knows, by the store’s own sum or by reading them', async () => {
    const checksum = createHash('sha256').update(bytes(5)).digest('base64')
    for (const store of onCeph ? (['ceph'] as const) : (['ceph', 'aws'] as const)) {
      const server = serveHere({ storage: { ...storageOptions(place), store } })
      const granted = await server.grant(store === 'aws' ? { checksum } : {}, rest)
      await send(granted, bytes(5))
      const id = String(granted.id)
      expect(await problems(server, [id], { checksums: { [id]: checksum } })).toBe('ok')
      const other = createHash('sha256').update('other').digest('base64')
      expect(await problems(server, [id], { checksums: { [id]: other } })).toEqual([{ id, code: 'damaged' }])
    }
  })

  test('tells of a program that calls itself a picture, where it is asked to look', async () => {
    const server = serveHere()
    const program = new Uint8Array([0x4d, 0x5a, 0x90, 0, 3])
    const granted = await server.grant({}, rest)
    await send(granted, program)
    const id = String(granted.id)
    expect(await problems(server, [id])).toBe('ok')
    expect(await problems(server, [id], { firstBytes: true })).toEqual([
      { id, code: 'content-differs', looksLike: 'application/x-msdownload' },
    ])
    const text = await server.grant({ name: 'a.txt', type: 'text/plain' }, rest)
    await send(text, new TextEncoder().encode('hello'))
    expect(await problems(server, [text.id], { firstBytes: true })).toBe('ok')
  })

  test('asks onStored about files that were not saved before, so that leaving `complete` out avoids no scan', async () => {
    let verdict: { status: 'checking'; retryAfter: number } | { status: 'unsafe' } | undefined = { status: 'unsafe' }
    const server = serveHere({ onStored: () => verdict })
    const id = await store(server)
    expect(await problems(server, [id])).toEqual([{ id, code: 'unsafe' }])
    expect(await problems(server, [id], { saved: [id] })).toBe('ok')
    verdict = { status: 'checking', retryAfter: 3 }
    expect(await problems(server, [id])).toEqual([{ id, code: 'checking', retryAfter: 3 }])
    verdict = undefined
    expect(await problems(server, [id])).toBe('ok')
  })

  test('looks at two hundred files without waiting for each', async () => {
    const server = serveHere()
    const id = await store(server)
    const ids = [
      id,
      ...(await Promise.all(Array.from({ length: 40 }, async () => String((await server.grant({}, rest)).id)))),
    ]
    const found = await problems(server, ids)
    expect(found).toHaveLength(40)
  })
})

test('ids of a host’s own database serve every action', async () => {
  const rows = new Map<string, { owner: string; file: never }>()
  const server = serveHere({
    issueId: (file, { subject }) => {
      rows.set(String(rows.size + 1), { owner: subject, file: file as never })
      return rows.size
    },
    readId: (id, { subject }) => (rows.get(id)?.owner === subject ? (rows.get(id)?.file ?? null) : null),
  })
  const granted = await server.grant({}, rest)
  expect(granted.id).toBe('1')
  await send(granted, bytes(5))
  expect((await server.call({ action: 'complete', id: '1', ...rest })).body).toEqual({ id: '1', size: 5 })
  const { body } = await server.call({ action: 'describe', ids: ['1', '2'], ...rest })
  expect(body.files).toMatchObject([
    { id: '1', name: 'photo.png' },
    { id: '2', error: { code: 'invalid' } },
  ])
  expect(await problems(server, ['1'])).toBe('ok')
  expect(await problems(server, ['1'], { subject: 'bob' })).toEqual([{ id: '1', code: 'invalid' }])
})
