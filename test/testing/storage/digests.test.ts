import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { compositeChecksum, declaredChecksums, digesting } from '../../../src/testing/storage/digests.js'
import { formBody, send } from '../../contract/browser.js'
import { refused, signedForm } from '../../contract/grants.js'
import { aStorage, bucket } from './standIn.js'

const sha256 = (content: string) => createHash('sha256').update(content).digest('base64')

describe('digests', () => {
  it('are those of the whole, however it is cut', () => {
    const digests = digesting({ checksums: ['crc32', 'sha1', 'sha256'], payloadSha256: true })
    for (const piece of ['1234', '', '56789']) digests.update(Buffer.from(piece))
    expect(digests.end()).toEqual({
      size: 9,
      md5: '25f9e794323b453885f5181f1b624d0b',
      // The check value of CRC-32: cbf43926.
      checksums: {
        crc32: 'y/Q5Jg==',
        sha1: '98O8HYCOBHMq32eZZczDTKeuNEE=',
        sha256: 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=',
      },
      payloadSha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
    })
  })

  it.each([
    ['that is not its length', 'x-amz-checksum-sha256', 'AAAA', 'InvalidRequest'],
    ['that is no Base64', 'x-amz-checksum-crc32', '????', 'InvalidRequest'],
    ['of an algorithm not computed here', 'x-amz-checksum-crc64nvme', 'AAAAAAAAAAA=', 'NotImplemented'],
  ])('refuse a checksum %s', (_, name, value, code) => {
    expect(() => declaredChecksums([[name, value]])).toThrow(expect.objectContaining({ code }) as Error)
  })
})

/** The SDK as it comes: it sends checksums wherever it can. */
async function aDefaultClient() {
  const storage = await aStorage({ minimumPartSize: 1 })
  const { endpoint, region } = storage
  const client = new S3Client({ endpoint, region, credentials: storage, forcePathStyle: true, maxAttempts: 1 })
  return { storage, client }
}

describe('checksums', () => {
  it('of a body and of a stream are kept and given back', async () => {
    const { client } = await aDefaultClient()
    const stream = Readable.from([Buffer.from('te'), Buffer.from('xt')])
    for (const [Key, Body] of [
      ['whole', 'text'],
      ['stream', stream],
    ] as const) {
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key, Body, ContentLength: 4, ChecksumAlgorithm: 'SHA256' }),
      )
      const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key, ChecksumMode: 'ENABLED' }))
      expect(head.ChecksumSHA256).toBe(sha256('text'))
      const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }))
      expect(await body?.transformToString()).toBe('text')
    }
  })

  it('are not told unless asked for', async () => {
    const { storage, client } = await aDefaultClient()
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'text', ChecksumAlgorithm: 'SHA256' }))
    const head = await storage.signing.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'a' }))
    expect(head.ChecksumSHA256).toBeUndefined()
  })

  it('of another body are refused', async () => {
    const { storage, client } = await aDefaultClient()
    const put = client.send(
      new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'text', ChecksumSHA256: sha256('other') }),
    )
    expect(await refused(put)).toEqual({ status: 400, code: 'BadDigest' })
    expect(storage.objects(bucket)).toEqual([])
  })

  it('in a form are compared like those of a PUT', async () => {
    const { storage } = await aDefaultClient()
    const grant = await signedForm(storage.signing, { Fields: { 'x-amz-checksum-sha256': sha256('text') } })
    const post = (content: string) => send(grant.url, { method: 'POST', ...formBody(grant.fields, { content }) })
    expect(await post('tent')).toMatchObject({ status: 400, code: 'BadDigest', readable: true })
    expect(await post('text')).toMatchObject({ status: 204 })
  })

  it('of parts are listed, compared at the end, and become one of the whole', async () => {
    const { client } = await aDefaultClient()
    const address = { Bucket: bucket, Key: 'parts' }
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ ...address, ChecksumAlgorithm: 'SHA256' }),
    )
    const bare = new UploadPartCommand({ ...address, UploadId, PartNumber: 1, Body: 'one' })
    expect(await refused(client.send(bare))).toEqual({ status: 400, code: 'InvalidRequest' })
    for (const [index, Body] of ['one', 'two'].entries()) {
      await client.send(
        new UploadPartCommand({ ...address, UploadId, PartNumber: index + 1, Body, ChecksumAlgorithm: 'SHA256' }),
      )
    }
    const { Parts = [] } = await client.send(new ListPartsCommand({ ...address, UploadId }))
    expect(Parts.map(({ ChecksumSHA256 }) => ChecksumSHA256)).toEqual([sha256('one'), sha256('two')])
    const complete = (sums: readonly string[]) =>
      client.send(
        new CompleteMultipartUploadCommand({
          ...address,
          UploadId,
          MultipartUpload: {
            Parts: Parts.map(({ ETag, PartNumber }, index) => ({ ETag, PartNumber, ChecksumSHA256: sums[index] })),
          },
        }),
      )
    expect(await refused(complete([]))).toEqual({ status: 400, code: 'InvalidRequest' })
    expect(await refused(complete([sha256('one'), sha256('one')]))).toEqual({ status: 400, code: 'InvalidPart' })
    const { ChecksumSHA256 } = await complete([sha256('one'), sha256('two')])
    expect(ChecksumSHA256).toBe(compositeChecksum('sha256', [sha256('one'), sha256('two')]))
    expect(ChecksumSHA256).toMatch(/=-2$/)
  })
})
