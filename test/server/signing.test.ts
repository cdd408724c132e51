// How the options of the storage come out in what is signed.
import { S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GrantBody } from '../../src/protocol/index.js'
import { capabilitiesOf, storeAt } from '../../src/server/stores.js'
import type { StorageOptions, UploadsOptions } from '../../src/server.js'
import { bytes, nowhere, openStorage, type Place, send, serve, storageOptions } from './harness.js'

let place: Place
beforeAll(async () => {
  place = await openStorage()
})
afterAll(() => place.stop())

const urlOf = (grant: GrantBody): URL => new URL('url' in grant ? grant.url : (grant.parts[0]?.url ?? ''))

describe('a client of the host’s own, with the SDK’s default checksums', () => {
  const hosts = () => {
    const { endpoint, region, accessKeyId, secretAccessKey } = place
    return new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } })
  }

  test('signs without checksums, and stays as it is', async () => {
    const client = hosts()
    const { grant, call } = serve({ storage: { client, bucket: place.bucket }, methods: ['PUT'] })
    const granted = await grant()
    expect(urlOf(granted).href).not.toMatch(/x-amz-checksum-|x-amz-sdk-checksum-algorithm/i)
    expect((await send(granted, bytes(5))).status).toBe(200)
    const { body } = await call({ action: 'describe', ids: [granted.id] })
    expect(body.files[0].url).not.toMatch(/x-amz-checksum/i)
    expect((await fetch(body.files[0].url)).status).toBe(200)
    expect(await client.config.requestChecksumCalculation()).toBe('WHEN_SUPPORTED')
  })

  test('completes an upload in parts', async () => {
    const { grant, call } = serve({ storage: { client: hosts(), bucket: place.bucket }, methods: ['MULTIPART'] })
    const granted = await grant()
    if (!('upload' in granted)) throw new Error('not multipart')
    expect((await fetch(urlOf(granted), { method: 'PUT', body: bytes(5) })).status).toBe(200)
    const { body } = await call({ action: 'complete', id: granted.id, upload: granted.upload })
    expect(body).toEqual({ id: granted.id, size: 5 })
  })
})

describe('a public endpoint', () => {
  test('is the host of every signed URL, by PUT, POST and GET', async () => {
    for (const method of ['PUT', 'POST'] as const) {
      const { grant, call } = serve({
        storage: { ...nowhere, publicEndpoint: 'https://files.example' } as StorageOptions,
        methods: [method],
      })
      const granted = await grant()
      expect(urlOf(granted).origin).toBe('https://files.example')
      const { body } = await call({ action: 'describe', ids: [granted.id] })
      expect(new URL(body.files[0].url).origin).toBe('https://files.example')
    }
  })

  test('of several names each grant gets the next, by path or by host name; parts of a file stay together', async () => {
    const { grant, call } = serve({
      storage: {
        ...nowhere,
        publicEndpoint: ['https://one.example', { url: 'https://two.example', forcePathStyle: false }],
      } as StorageOptions,
      methods: ['PUT'],
    })
    const origins = []
    for (let times = 0; times < 4; times++) origins.push(urlOf(await grant()).origin)
    const [one, two] = ['https://one.example', 'https://bucket.two.example']
    expect(origins.toSorted()).toEqual([two, two, one, one].toSorted())
    expect(origins[0]).toBe(origins[2])
    const { id } = await grant()
    const { body } = await call({ action: 'describe', ids: [id] })
    expect([one, two]).toContain(new URL(body.files[0].url).origin)
  })

  test('of several names serves the parts of one file by one of them, in every copy of the server', async () => {
    const names = ['localhost', '127.0.0.1'].map((host) => place.endpoint.replace(/127\.0\.0\.1|localhost/, host))
    const storage = { ...storageOptions(place), publicEndpoint: names } as StorageOptions
    const one = serve({ storage, methods: ['MULTIPART'] })
    const other = serve({ storage, methods: ['MULTIPART'] })
    const seen = new Set<string>()
    for (let times = 0; times < 12; times++) {
      const granted = await one.grant({ size: 20 * 1024 ** 2 })
      if (!('parts' in granted)) throw new Error('not multipart')
      const { id, upload, parts } = granted
      const more = await other.call({ action: 'presign-parts', id, upload, partNumbers: [1, 2, 3] })
      const origins = new Set([...parts, ...more.body.parts].map(({ url }: { url: string }) => new URL(url).origin))
      expect(origins.size).toBe(1)
      for (const origin of origins) seen.add(origin)
    }
    expect([...seen].toSorted()).toEqual(names.toSorted())
  })

  test('signs with the region and credentials of a given client', async () => {
    const client = new S3Client({
      endpoint: 'http://minio:9000',
      region: 'eu-north-1',
      credentials: { accessKeyId: 'given', secretAccessKey: 'x' },
      forcePathStyle: true,
    })
    const { grant } = serve({
      storage: { client, bucket: 'b', publicEndpoint: 'https://files.example' },
      methods: ['PUT'],
    })
    const url = urlOf(await grant())
    expect(url.origin).toBe('https://files.example')
    expect(url.searchParams.get('X-Amz-Credential')).toMatch(/^given\/\d{8}\/eu-north-1\/s3\/aws4_request$/)
  })
})

describe('credentials that end', () => {
  const ending = (seconds: number, options: Partial<UploadsOptions> = {}) =>
    serve({
      storage: {
        ...nowhere,
        credentials: {
          accessKeyId: 'access',
          secretAccessKey: 'secret',
          sessionToken: 'session',
          expiration: new Date(Date.now() + seconds * 1000),
        },
      } as StorageOptions,
      expiresIn: 3600,
      downloadExpiresIn: 3600,
      ...options,
    })

  test('shorten every grant and link, and say so', async () => {
    for (const method of ['PUT', 'POST'] as const) {
      const { grant, call } = ending(60, { methods: [method] })
      const granted = await grant()
      expect(granted.expiresIn).toBeLessThanOrEqual(60)
      expect(granted.expiresIn).toBeGreaterThan(50)
      if (method === 'PUT') expect(urlOf(granted).searchParams.get('X-Amz-Expires')).toBe(String(granted.expiresIn))
      const { body } = await call({ action: 'describe', ids: [granted.id] })
      expect(body.files[0].expiresIn).toBeLessThanOrEqual(60)
    }
  })

  test('that have ended sign nothing: 503, ask again', async () => {
    const { call } = ending(-1, { methods: ['PUT'] })
    const answer = await call({ action: 'presign', files: [{ key: 'k', name: 'a.png', size: 1, type: 'image/png' }] })
    expect([answer.status, answer.body.error.code, answer.headers.get('retry-after')]).toEqual([
      503,
      'unavailable',
      '1',
    ])
  })
})

describe('the kind of store', () => {
  test.each([
    [undefined, 'aws'],
    ['https://s3.eu-north-1.amazonaws.com', 'aws'],
    ['https://abc.r2.cloudflarestorage.com', 'r2'],
    ['https://storage.googleapis.com', 'gcs'],
    ['https://s3.us-west-002.backblazeb2.com', 'b2'],
    ['http://minio:9000', 'minio'],
    ['https://my-minio.example', 'minio'],
    ['https://aluminio.example', 'ceph'],
    ['http://127.0.0.1:9000', 'ceph'],
    ['https://r2.cloudflarestorage.com.evil.example', 'ceph'],
  ])('at %s is %s', (endpoint, store) => {
    expect(storeAt(endpoint)).toBe(store)
  })

  test('decides the method: R2 has no form POST', async () => {
    const r2 = { ...nowhere, endpoint: 'https://abc.r2.cloudflarestorage.com', region: 'auto' } as StorageOptions
    const granted = await serve({ storage: r2 }).grant()
    expect(granted).toMatchObject({ method: 'PUT' })
    expect('headers' in granted && granted.headers).toEqual({
      'content-type': 'image/png',
      'content-disposition': 'attachment',
      'if-none-match': '*',
    })
  })

  test.each(['https://abc.r2.cloudflarestorage.com', new URL('https://abc.r2.cloudflarestorage.com') as never])(
    'is seen by the endpoint of a given client too',
    async (endpoint) => {
      const credentials = { accessKeyId: 'access', secretAccessKey: 'secret' }
      const client = new S3Client({ endpoint, region: 'auto', credentials })
      expect(await serve({ storage: { client, bucket: 'b' } }).grant()).toMatchObject({ method: 'PUT' })
    },
  )

  test('may be named, or corrected', async () => {
    expect(capabilitiesOf('minio', undefined)).toMatchObject({ acl: false, signsLength: false })
    expect(capabilitiesOf({ acl: false }, 'http://127.0.0.1:9000')).toMatchObject({ acl: false, formPost: true })
    expect(() => capabilitiesOf('floppy' as never, undefined)).toThrow(/storage.store/)
    const minio = await serve({ storage: { ...nowhere, store: 'minio' } as StorageOptions }).grant()
    expect(minio.confirm).toBe(true)
  })

  test('that enforces SHA-256 gets the page’s checksum signed', async () => {
    const checksum = 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg='
    const storage = { ...nowhere, store: 'aws' } as StorageOptions
    const put = await serve({ storage, methods: ['PUT'] }).grant({ checksum })
    expect('headers' in put && put.headers?.['x-amz-checksum-sha256']).toBe(checksum)
    expect(urlOf(put).searchParams.get('X-Amz-SignedHeaders')).toContain('x-amz-checksum-sha256')
    expect([...urlOf(put).searchParams.keys()].join()).not.toMatch(/checksum/i)
    const post = await serve({ storage, methods: ['POST'] }).grant({ checksum })
    expect('fields' in post && post.fields['x-amz-checksum-sha256']).toBe(checksum)
    const ceph = await serve({ methods: ['PUT'] }).grant({ checksum })
    expect(JSON.stringify(ceph)).not.toMatch(/checksum/i)
  })
})

describe('options that make no sense refuse to start', () => {
  test.each<[string, Partial<UploadsOptions>, RegExp]>([
    ['no authorize', { authorize: undefined as never }, /authorize/],
    ['a short secret', { secret: 'short' }, /secret/],
    ['expiresIn 0', { expiresIn: 0 }, /expiresIn/],
    ['expiresIn -5', { expiresIn: -5 }, /expiresIn/],
    ['expiresIn NaN', { expiresIn: Number.NaN }, /expiresIn/],
    ['expiresIn 1.5', { expiresIn: 1.5 }, /expiresIn/],
    ['expiresIn of 8 days', { expiresIn: 604_801 }, /expiresIn/],
    ['downloadExpiresIn 0', { downloadExpiresIn: 0 }, /downloadExpiresIn/],
    ['parts under 5 MiB', { partSize: 1024 }, /partSize/],
    ['an unknown method', { methods: ['FTP' as never] }, /methods/],
    ['no method', { methods: [] }, /methods/],
    ['an unknown action', { actions: ['rename' as never] }, /actions/],
    ['a wildcard origin', { allowedOrigins: ['*'] }, /allowedOrigins/],
    ['an origin with a path', { allowedOrigins: ['https://a.example/'] }, /allowedOrigins/],
    ['issueId alone', { issueId: () => '1' }, /readId/],
    ['a prefix with ..', { storage: { ...nowhere, prefix: '../x/' } as StorageOptions }, /prefix/],
    ['a prefix in upper case', { storage: { ...nowhere, prefix: 'Uploads/' } as StorageOptions }, /prefix/],
    ['no bucket', { storage: { ...nowhere, bucket: '' } as StorageOptions }, /bucket/],
    ['no public endpoint', { storage: { ...nowhere, publicEndpoint: [] } as StorageOptions }, /publicEndpoint/],
    [
      'a public endpoint that is none',
      { storage: { ...nowhere, publicEndpoint: 'files' } as StorageOptions },
      /publicEndpoint/,
    ],
    ['no region', { storage: { bucket: 'b' } as StorageOptions }, /region/],
  ])('%s', (_, options, reason) => {
    expect(() => serve(options)).toThrow(reason)
  })

  test('what objectFor gives is checked too, and its mistake is not told', async () => {
    for (const plan of [{ prefix: '../' }, { bucket: 'a/b' }, { metadata: { a: 'x\r\ny' } }, { cacheControl: 'ä' }]) {
      const { call } = serve({ objectFor: () => plan })
      const answer = await call({ action: 'presign', files: [{ key: 'k', name: 'a.png', size: 1, type: 'image/png' }] })
      expect([answer.status, answer.body.error]).toEqual([500, { code: 'server', message: 'Something went wrong.' }])
    }
  })
})
