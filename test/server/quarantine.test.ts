// The recipe of docs/answers.md: nothing leaves the quarantine but the very bytes that a scan let through.
import { createHash } from 'node:crypto'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFileAnswer, type FilesNotStored } from '../../src/engine.js'
import type { UploadsOptions } from '../../src/server.js'
import { bytes, exists, keyOf, openStorage, type Place, send, serve, storageOptions } from './harness.js'

let place: Place
beforeAll(async () => {
  place = await openStorage()
})
afterAll(() => place.stop())

const who = { subject: 'anna' }
const infected = new Uint8Array(5).fill(66)

/** A scanner beside the server: takes what it is given, and tells in its own time. */
function scanner() {
  const verdicts = new Map<string, 'clean' | 'infected'>()
  const begun: [bucket: string, key: string, etag: string][] = []
  return {
    find: async (key: string, etag: string) => verdicts.get(`${key} ${etag}`),
    begin: async (...scan: [bucket: string, key: string, etag: string]) => void begun.push(scan),
    /** Scans what lies there now; what has changed meanwhile is not what it was asked about. */
    async run() {
      for (const [Bucket, Key, etag] of begun.splice(0)) {
        const { Body, ETag } = await place.client.send(new GetObjectCommand({ Bucket, Key }))
        const content = await Body?.transformToByteArray()
        if (ETag === etag) verdicts.set(`${Key} ${etag}`, content?.[0] === 66 ? 'infected' : 'clean')
      }
    },
  }
}

function quarantined(options: Partial<UploadsOptions> = {}) {
  const scans = scanner()
  const server = serve({
    storage: { ...storageOptions(place), prefix: 'quarantine/' },
    onStored: async (file) => {
      const verdict = await scans.find(file.key, file.etag)
      if (verdict === undefined) {
        await scans.begin(file.bucket, file.key, file.etag)
        return { status: 'checking', retryAfter: 3 }
      }
      return verdict === 'clean' ? undefined : { status: 'unsafe' }
    },
    ...options,
  })
  const arrive = async (content = bytes(5)) => {
    const granted = await server.grant()
    expect((await send(granted, content)).ok).toBe(true)
    return { granted, id: String(granted.id), key: keyOf(granted, place.bucket) }
  }
  return { ...server, scans, arrive }
}

describe('a quarantine', () => {
  test('keeps a file until the scan is through, then lets it into the answers', async () => {
    const { call, uploads, scans, arrive } = quarantined()
    const { granted, id, key } = await arrive()
    expect(granted.confirm).toBe(true)
    expect(key).toMatch(/^quarantine\//)
    const asked = await call({ action: 'complete', id })
    expect([asked.status, asked.body]).toEqual([202, { id, status: 'checking', retryAfter: 3 }])
    for (const tried of [await uploads.verifyAnswer([id], who), await uploads.claim([id], who)])
      expect(tried).toEqual({ ok: false, problems: [{ id, code: 'checking', retryAfter: 3 }] })
    await scans.run()
    expect((await call({ action: 'complete', id })).status).toBe(200)
    expect(await uploads.verifyAnswer([id], who)).toMatchObject({ ok: true })
    expect(await uploads.claim([id], who)).toMatchObject({ ok: true, files: [{ key: `answers/${key}` }] })
  })

  test('refuses what the scan refuses, whatever the page asks or leaves out', async () => {
    const { call, uploads, scans, arrive } = quarantined()
    const { id, key } = await arrive(infected)
    await call({ action: 'complete', id })
    await scans.run()
    const refused = await call({ action: 'complete', id })
    expect([refused.status, refused.body.error.code]).toEqual([422, 'unsafe'])
    for (const tried of [await uploads.verifyAnswer([id], who), await uploads.claim([id], who)])
      expect(tried).toEqual({ ok: false, problems: [{ id, code: 'unsafe' }] })
    expect(await exists(place, `answers/${key}`)).toBe(false)
  })

  test('trusts a verdict for the scanned bytes alone: a form that is sent again is scanned again', async () => {
    const { call, uploads, scans, arrive } = quarantined({ methods: ['POST'] })
    const { granted, id, key } = await arrive()
    await call({ action: 'complete', id })
    await scans.run()
    expect(await uploads.verifyAnswer([id], who)).toMatchObject({ ok: true })
    expect((await send(granted, infected)).ok).toBe(true)
    expect(await uploads.claim([id], who)).toMatchObject({ ok: false, problems: [{ id, code: 'checking' }] })
    await scans.run()
    expect(await uploads.claim([id], who)).toEqual({ ok: false, problems: [{ id, code: 'unsafe' }] })
    expect(await exists(place, `answers/${key}`)).toBe(false)
  })

  test('is what the field shows: checked, then stored or unsafe, and never in the answer before', async () => {
    const { uploads, scans } = quarantined()
    const answer = createFileAnswer({
      endpoint: {
        url: 'https://app.example/api/uploads',
        fetch: async (url, init) => {
          const response = await uploads.handler(new Request(url, init))
          if (response.status === 202) await scans.run()
          // The field waits as long as it is told; the scan is through already.
          return response.status === 202
            ? Response.json({ ...((await response.json()) as object), retryAfter: 0 }, { status: 202 })
            : response
        },
      },
      send: 'fetch',
      timing: { retryBase: 1 },
    })
    answer.add([
      new File([bytes(5)], 'good.png', { type: 'image/png' }),
      new File([infected], 'bad.png', { type: 'image/png' }),
    ])
    const failures = await answer.settled().then(
      () => [],
      (thrown: FilesNotStored) => thrown.failures.map(({ code }) => code),
    )
    expect(failures).toEqual(['unsafe'])
    const ids = answer.getIds()
    expect(ids).toHaveLength(1)
    const link = await uploads.presignDownload(ids[0] ?? '', who)
    const content = new Uint8Array(await (await fetch(link?.url ?? '')).arrayBuffer())
    expect(createHash('md5').update(content).digest('hex')).toBe(createHash('md5').update(bytes(5)).digest('hex'))
    answer.dispose()
  })
})
