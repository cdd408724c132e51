/** F33, F36–F39, S66, S71, S72: storage, the page or a firewall says no. */
import { createHash } from 'node:crypto'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { expect } from 'vitest'
import { contentOf } from '../content.js'
import type { Api, Row } from '../row.js'
import type { Storage } from '../storage.js'
import { answer, flip, on, redirect, s3Error, unreadable, withoutEtag } from '../wire.js'

const MiB = 1024 * 1024

/** A host's own signing, with the MD5 of the file signed: what Ceph enforces. */
const md5Signed = ({
  storage,
  prefix,
  publicEndpoint,
}: {
  storage: Storage
  prefix: string
  publicEndpoint: string
}): Api => {
  const { region, credentials, bucket } = storage
  const client = new S3Client({
    endpoint: publicEndpoint,
    region,
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
  return async ({ name, size, type, renew }) => {
    const ContentMD5 = createHash('md5')
      .update(contentOf(String(name), Number(size)))
      .digest('base64')
    const id = typeof renew === 'string' ? renew : `${prefix}${String(name)}`
    const command = new PutObjectCommand({ Bucket: bucket, Key: id, ContentMD5, ContentType: String(type) })
    const url = await getSignedUrl(client, command, {
      signableHeaders: new Set(['host', 'content-type', 'content-md5']),
    })
    return Response.json({ id, url, headers: { 'content-type': type, 'content-md5': ContentMD5 }, expiresIn: 900 })
  }
}

const firewall = answer(405, '<html>Method not allowed</html>', {
  readable: false,
  headers: { 'content-type': 'text/html' },
})

const early = ([status, code]: readonly [number, string]): Row => ({
  fault: 'F37',
  words: `${status} ${code} before the body has ended`,
  files: 2,
  size: 2 * MiB,
  wire: [on('PUT', 1, answer(status, s3Error(code), { early: true }))],
  expect: { ends: ['storage-rejected', 'done'], storageCode: code, sends: 2, wire: { PUT: 2 } },
})

export const refusalRows: readonly Row[] = [
  { fault: 'F33', words: 'ETag not exposed', wire: [on('PUT', 'all', withoutEtag)], expect: { sends: 1 } },
  {
    fault: 'F33',
    words: 'ETag of no part exposed',
    by: 'MULTIPART',
    size: 15 * MiB,
    wire: [on('PUT', 'all', withoutEtag)],
    expect: { sends: 3, calls: { complete: 1 } },
  },
  {
    fault: 'S71',
    words: 'ETag of 1 part of 20 not exposed',
    by: 'MULTIPART',
    size: 100 * MiB,
    wire: [on('PUT', 7, withoutEtag)],
    expect: { sends: 20, calls: { complete: 1 } },
  },
  {
    fault: 'F36',
    words: 'a bit flipped once, MD5 signed',
    requestUpload: true,
    api: md5Signed,
    wire: [on('PUT', 1, flip)],
    expect: { sends: 2, wire: { PUT: 2 } },
  },
  {
    fault: 'F36',
    words: 'a bit flipped twice, MD5 signed',
    requestUpload: true,
    api: md5Signed,
    wire: [on('PUT', [1, 2], flip)],
    expect: { ends: 'damaged', storageCode: 'BadDigest', sends: 2 },
  },
  ...(
    [
      [400, 'EntityTooLarge'],
      [400, 'EntityTooSmall'],
      [411, 'MissingContentLength'],
      [413, 'RequestEntityTooLarge'],
    ] as const
  ).map(early),
  {
    fault: 'F38',
    words: 'no CORS rule for anybody, mended later',
    // At its full length: a twentieth of it is as short as the way to storage, and retries would mix with the first wave.
    timing: { retryBase: 500 },
    files: 14,
    size: 10_000,
    wire: [on('OPTIONS', 'all', unreadable)],
    async act({ add, until, proxy, ended, said }) {
      await add(...Array.from({ length: 14 }, (_, at) => ({ name: `${at}.bin`, size: 10_000 })))
      const { beforeRest } = await until((report) => report.beforeRest !== null)
      expect(beforeRest, 'sends before the queue rests').toBeLessThanOrEqual(12)
      await until(({ sends }) => sends > 14)
      expect(said.filter((text) => /CORS rule/.test(text)).length, "developer's errors").toBe(1)
      proxy.begin([])
      await ended()
    },
    expect: { sends: [14, 40], wire: { PUT: 14 } },
  },
  {
    fault: 'F39',
    words: '307 to another address',
    wire: [on('PUT', 1, redirect(307))],
    expect: { sends: 1, wire: { PUT: 2 } },
  },
  {
    fault: 'F39',
    words: '301 PermanentRedirect without a Location',
    wire: [on('PUT', 'all', answer(301, s3Error('PermanentRedirect')))],
    expect: { ends: 'storage-rejected', storageCode: 'PermanentRedirect', hint: /region/i, sends: 1 },
  },
  {
    fault: 'F39',
    words: '404 NoSuchBucket',
    wire: [on('PUT', 'all', answer(404, s3Error('NoSuchBucket')))],
    expect: { ends: 'storage-rejected', storageCode: 'NoSuchBucket', hint: /bucket/i, sends: 1 },
  },
  {
    fault: 'S66',
    words: "the page's CSP lacks the storage",
    files: 3,
    query: "?csp=default-src 'self'",
    expect: {
      ends: 'storage-rejected',
      hint: /http:\/\/127\.0\.0\.1:\d+ in connect-src/,
      sends: [1, 3],
      wire: { OPTIONS: 0, PUT: 0 },
    },
  },
  {
    fault: 'S66',
    words: "the page's CSP lacks the backend",
    files: 3,
    query: "?csp=connect-src 'none'",
    expect: { ends: 'server', hint: /http:\/\/.+ in connect-src/, sends: 0, wire: { OPTIONS: 0, PUT: 0 } },
  },
  {
    fault: 'S72',
    words: 'a firewall answers every PUT with 405 and HTML, without CORS',
    wire: [on('PUT', 'all', firewall)],
    expect: { ends: 'storage-rejected', hint: /./, sends: 2 },
  },
  {
    fault: 'S72',
    words: 'the same firewall lets form POSTs through',
    by: 'POST',
    wire: [on('PUT', 'all', firewall)],
    expect: { sends: 1, wire: { PUT: 0, POST: 1 } },
  },
]
