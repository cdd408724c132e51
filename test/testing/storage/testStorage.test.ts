import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CompleteMultipartUploadCommand, DeleteObjectCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestStorage } from '../../../src/testing/storage/index.js'
import { formBody, preflight, send, sendHalf } from '../../contract/browser.js'
import {
  beginMultipart,
  completedParts,
  minutesFromNow,
  signedForm,
  signedGet,
  signedPart,
  signedPut,
} from '../../contract/grants.js'
import { aStorage, bucket, signingAs } from './standIn.js'

const MiB = 1024 ** 2
const putText = async (storage: Awaited<ReturnType<typeof aStorage>>, text: string, key?: string) => {
  const grant = await signedPut(storage.signing, text, key === undefined ? {} : { key })
  return { ...grant, answer: await send(grant.url, { method: 'PUT', headers: grant.headers, body: text }) }
}

async function aDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'storage-test-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

describe('a test storage', () => {
  it('tells what it holds', async () => {
    const storage = await aStorage()
    await putText(storage, 'two', 'b')
    await putText(storage, 'one', 'a')
    expect(storage.objects(bucket)).toEqual([
      { key: 'a', size: 3, type: 'text/plain', etag: 'f97c5d29941bfb1b2fdab0874906ab82', metadata: {}, tags: {} },
      { key: 'b', size: 3, type: 'text/plain', etag: 'b8a9f715dbb64fd5c56e7783c6820a61', metadata: {}, tags: {} },
    ])
    expect(storage.objects('no-such-bucket')).toEqual([])
  })

  it('tells which multipart uploads are under way', async () => {
    const storage = await aStorage()
    const upload = await beginMultipart(storage.signing)
    await send(await signedPart(storage.signing, { ...upload, partNumber: 2, size: 4 }), {
      method: 'PUT',
      body: 'part',
    })
    expect(storage.uploads(bucket)).toEqual([{ ...upload, parts: [{ partNumber: 2, size: 4 }] }])
  })

  it('logs every request without its query', async () => {
    const storage = await aStorage()
    const { key, url } = await putText(storage, 'text')
    await preflight(url, { method: 'PUT' })
    await send(url)
    const path = `/${bucket}/${key}`
    expect(storage.requests).toEqual([
      { method: 'PUT', path, status: 200 },
      { method: 'OPTIONS', path, status: 200 },
      { method: 'GET', path, status: 403 },
    ])
  })

  it('listens on the port it is given, and says when that is taken', async () => {
    const storage = await aStorage()
    const port = Number(new URL(storage.endpoint).port)
    await expect(createTestStorage({ port })).rejects.toThrow('EADDRINUSE')
    await storage.stop()
    const second = await createTestStorage({ port })
    expect(second.endpoint).toBe(storage.endpoint)
    await second.stop()
    await second.stop()
  })

  it('keeps objects, uploads and settings of a directory over a restart', async () => {
    const directory = await aDirectory()
    const first = await aStorage({ directory })
    await putText(first, 'kept', 'kept')
    const { client } = first.signing
    await client.send(
      new PutObjectTaggingCommand({
        Bucket: bucket,
        Key: 'kept',
        Tagging: { TagSet: [{ Key: 'state', Value: 'saved' }] },
      }),
    )
    const upload = await beginMultipart(first.signing)
    const part = await send(await signedPart(first.signing, { ...upload, partNumber: 1, size: 4 }), {
      method: 'PUT',
      body: 'part',
    })
    const objects = first.objects(bucket)
    await first.stop()

    const second = await createTestStorage({ directory })
    onTestFinished(() => second.stop())
    expect(second.objects(bucket)).toEqual(objects)
    expect(objects[0]?.tags).toEqual({ state: 'saved' })
    const signing = signingAs(second)
    expect(await send(await signedGet(signing, 'kept'))).toMatchObject({ status: 200, text: 'kept', readable: true })
    const Parts = completedParts([part.headers.etag ?? ''])
    await signing.client.send(
      new CompleteMultipartUploadCommand({
        Bucket: bucket,
        Key: upload.key,
        UploadId: upload.uploadId,
        MultipartUpload: { Parts },
      }),
    )
    expect((await send(await signedGet(signing, upload.key))).text).toBe('part')
  })

  it('leaves no bytes of refused, cut, replaced and deleted uploads', async () => {
    const directory = await aDirectory()
    const storage = await aStorage({ directory })
    const bodies = () => readdir(join(directory, 'bodies'))

    const half = await signedPut(storage.signing, 'x'.repeat(100_000))
    await sendHalf(half.url, { headers: half.headers, body: Buffer.alloc(50_000, 'x'), length: 100_000 })
    const { url, fields } = await signedForm(storage.signing, { size: 5 })
    const tooLong = formBody(fields, { content: 'x'.repeat(500_000) })
    expect(await send(url, { method: 'POST', ...tooLong })).toMatchObject({ code: 'EntityTooLarge' })
    const taken = await putText(storage, 'first')
    await send(taken.url, { method: 'PUT', headers: taken.headers, body: 'other' })
    await expect.poll(async () => (await bodies()).length).toBe(1)

    const form = await signedForm(storage.signing)
    for (const content of ['one', 'two'])
      await send(form.url, { method: 'POST', ...formBody(form.fields, { content }) })
    expect(await bodies()).toHaveLength(2)
  })

  it('removes what a process that was killed had half received', async () => {
    const directory = await aDirectory()
    const first = await aStorage({ directory })
    await putText(first, 'whole')
    await first.stop()
    await writeFile(join(directory, 'bodies', 'half'), 'ha')
    const second = await createTestStorage({ directory })
    await second.stop()
    expect(await readdir(join(directory, 'bodies'))).toHaveLength(1)
    expect(second.objects(bucket)).toHaveLength(1)
  })

  it('finishes a download of an object that is deleted meanwhile', async () => {
    const storage = await aStorage()
    const { signing } = storage
    const upload = await beginMultipart(signing)
    const contents = ['a', 'b', 'c'].map((letter) => Buffer.alloc(8 * MiB, letter))
    const etags: string[] = []
    for (const [index, body] of contents.entries()) {
      const url = await signedPart(signing, { ...upload, partNumber: index + 1, size: body.length })
      etags.push((await send(url, { method: 'PUT', body })).headers.etag ?? '')
    }
    const address = { Bucket: bucket, Key: upload.key }
    const MultipartUpload = { Parts: completedParts(etags) }
    await signing.client.send(
      new CompleteMultipartUploadCommand({ ...address, UploadId: upload.uploadId, MultipartUpload }),
    )
    const response = await fetch(await signedGet(signing, upload.key))
    await signing.client.send(new DeleteObjectCommand(address))
    expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.concat(contents))).toBe(true)
    expect(await send(await signedGet(signing, upload.key))).toMatchObject({ status: 404 })
  })

  it('answers a refused upload once its body is through: a browser may lose an earlier answer', async () => {
    const storage = await aStorage()
    const { url } = await signedPut(storage.signing, 'text')
    let answered = false
    const status = await new Promise((resolve, reject) => {
      const sending = request(url, { method: 'PUT', headers: { 'content-length': 8 } }, (response) => {
        answered = true
        resolve(response.resume().statusCode)
      })
      sending.on('error', reject)
      sending.write('half')
      setTimeout(() => {
        expect(answered).toBe(false)
        sending.end('half')
      }, 100)
    })
    expect(status).toBe(403)
  })

  it('holds a large upload on disk, not in memory', async () => {
    const storage = await aStorage()
    const size = 256 * MiB
    const chunk = Buffer.alloc(MiB, 'x')
    const { url, headers, key } = await signedPut(storage.signing, '', { input: { ContentLength: size } })
    globalThis.gc?.()
    const before = process.memoryUsage().arrayBuffers
    let peak = 0
    const status = await new Promise((resolve, reject) => {
      const sending = request(url, { method: 'PUT', headers: { ...headers, 'content-length': size } }, (response) =>
        resolve(response.resume().statusCode),
      )
      sending.on('error', reject)
      let sent = 0
      const more = () => {
        while (sent < size) {
          sent += chunk.length
          peak = Math.max(peak, process.memoryUsage().arrayBuffers)
          if (!sending.write(chunk)) return void sending.once('drain', more)
        }
        sending.end()
      }
      more()
    })
    expect(status).toBe(200)
    expect(storage.objects(bucket)).toMatchObject([{ key, size }])
    expect(peak - before).toBeLessThan(64 * MiB)
  }, 60_000)

  it('lets a page read that its signature was refused, with corsOnDenied', async () => {
    const storage = await aStorage({ corsOnDenied: true })
    const expired = await signedPut(storage.signing, 'text', { expiresIn: 60, signingDate: minutesFromNow(-5) })
    expect(await preflight(expired.url, { method: 'PUT' })).toMatchObject({ status: 200, readable: true })
    const answer = await send(expired.url, { method: 'PUT', headers: expired.headers, body: 'text' })
    expect(answer).toMatchObject({ status: 403, code: 'AccessDenied', readable: true })
    expect(answer.text).toContain('Request has expired')
  })

  it('goes by the clock it is given', async () => {
    let now = Date.parse('2030-01-01T00:00:00Z')
    const storage = await aStorage({ now: () => now })
    const grant = await signedPut(storage.signing, 'text', { signingDate: new Date(now), expiresIn: 60 })
    now += 59_999
    expect(await send(grant.url, { method: 'PUT', headers: grant.headers, body: 'text' })).toMatchObject({
      status: 200,
    })
    now += 1
    expect(await send(grant.url, { method: 'PUT', headers: grant.headers, body: 'text' })).toMatchObject({
      status: 403,
    })
  })

  it('takes small parts where a test wants them', async () => {
    const storage = await aStorage({ minimumPartSize: 1 })
    const upload = await beginMultipart(storage.signing)
    const etags: string[] = []
    for (const [index, body] of ['one', 'two'].entries()) {
      const url = await signedPart(storage.signing, { ...upload, partNumber: index + 1, size: 3 })
      etags.push((await send(url, { method: 'PUT', body })).headers.etag ?? '')
    }
    const { client } = storage.signing
    await client.send(
      new CompleteMultipartUploadCommand({
        Bucket: bucket,
        Key: upload.key,
        UploadId: upload.uploadId,
        MultipartUpload: { Parts: completedParts(etags) },
      }),
    )
    expect((await send(await signedGet(storage.signing, upload.key))).text).toBe('onetwo')
  })

  it.each(['acl', 'policy', 'versioning'])(
    'refuses what it does not know, such as ?%s, instead of storing it',
    async (subresource) => {
      const storage = await aStorage()
      const { url } = await putText(storage, 'text')
      expect(await send(`${url}&${subresource}`, { method: 'PUT', body: '<a/>' })).toMatchObject({ status: 403 })
      expect(storage.objects(bucket)).toHaveLength(1)
    },
  )

  it('does not take an ACL that a new bucket of AWS would refuse', async () => {
    const storage = await aStorage()
    const { url, headers } = await signedPut(storage.signing, 'text', { input: { ACL: 'private' } })
    const answer = await send(url, { method: 'PUT', headers: { ...headers, 'x-amz-acl': 'private' }, body: 'text' })
    expect(answer).toMatchObject({ status: 400, code: 'AccessControlListNotSupported', readable: true })
  })
})
