// A server on a real storage: the stand-in by default, another S3 by FAF_CEPH_ENDPOINT. `send` does what a browser
// would with a grant, and with nothing but the grant.
import { randomBytes, randomUUID } from 'node:crypto'
import { CreateBucketCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, vi } from 'vitest'
import type { GrantBody } from '../../src/protocol/index.js'
import { createUploads, type Permission, type StorageOptions, type UploadsOptions } from '../../src/server.js'
import { createTestStorage, type FaultHook, type TestStorageOptions } from '../../src/testing/storage/index.js'

export const secret = 'a secret of more than thirty-two bytes, for tests'
export const anna: Permission = { subject: 'anna' }
export const bob: Permission = { subject: 'bob' }

/** Whether the storage of these tests is a Ceph gateway and not the stand-in. */
export const onCeph = Boolean(process.env.FAF_CEPH_ENDPOINT)
/** Tests of what only the one storage can show are not there at all on the other: nothing is reported as skipped. */
export const describeOnStandIn = (name: string, tests: () => void) => void (onCeph || describe(name, tests))
export const describeOnCeph = (name: string, tests: () => void) => void (onCeph && describe(name, tests))

export interface Place {
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly bucket: string
  readonly client: S3Client
  stop(): Promise<void>
}

export async function openStorage(options: TestStorageOptions = {}): Promise<Place> {
  const elsewhere = process.env.FAF_CEPH_ENDPOINT
  const storage = elsewhere
    ? {
        endpoint: elsewhere,
        region: 'us-east-1',
        accessKeyId: 'testaccess',
        secretAccessKey: 'testsecretkey',
        stop: async () => {},
      }
    : await createTestStorage(options)
  const { endpoint, region, accessKeyId, secretAccessKey } = storage
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  const bucket = `server-${randomBytes(6).toString('hex')}`
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  return { endpoint, region, accessKeyId, secretAccessKey, bucket, client, stop: () => storage.stop() }
}

export const storageOptions = ({ endpoint, region, bucket, accessKeyId, secretAccessKey }: Place): StorageOptions => ({
  endpoint,
  region,
  bucket,
  prefix: 'uploads/',
  credentials: { accessKeyId, secretAccessKey },
})

/** A storage that nobody reaches: for what must work without a request. */
export const nowhere: StorageOptions = {
  endpoint: 'http://127.0.0.1:9',
  region: 'us-east-1',
  bucket: 'bucket',
  prefix: 'uploads/',
  credentials: { accessKeyId: 'access', secretAccessKey: 'secret' },
}

export const aCall = (body: unknown, headers: Record<string, string> = {}): Request =>
  new Request('https://app.example/api/uploads', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = { status: number; headers: Headers; body: any }

export function serve(options: Partial<UploadsOptions> = {}) {
  const uploads = createUploads({ storage: nowhere, secret, authorize: () => anna, ...options })
  const call = async (body: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const response = await uploads.handler(aCall(body, headers))
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
  }
  /** The grant of one file; fails the test where it is an error. */
  const grant = async (file: Partial<FileOfTest> = {}, rest: object = {}): Promise<GrantBody> => {
    const { status, body } = await call({ action: 'presign', files: [aFile(file)], ...rest })
    if (status !== 200 || 'error' in body.grants[0]) throw new Error(JSON.stringify(body))
    return body.grants[0] as GrantBody
  }
  return { uploads, call, grant }
}

export interface FileOfTest {
  key: string
  name: string
  size: number
  type: string
  id: string
  checksum: string
}

export const aFile = (file: Partial<FileOfTest> = {}) => ({
  key: randomUUID(),
  name: 'photo.png',
  size: 5,
  type: 'image/png',
  ...file,
})

export const bytes = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array(size).fill(7)

/** Sends a whole file by a PUT or POST grant. */
export async function send(grant: GrantBody, body: Uint8Array<ArrayBuffer>): Promise<Response> {
  if ('fields' in grant) {
    const form = new FormData()
    for (const [name, value] of Object.entries(grant.fields)) form.append(name, value)
    form.append('file', new Blob([body]))
    return fetch(grant.url, { method: 'POST', body: form })
  }
  if (!('url' in grant)) throw new Error('not a single request')
  return fetch(grant.url, { method: 'PUT', headers: grant.headers ?? {}, body })
}

/** What is done while this process takes it to be two minutes earlier: a grant for 60 s has ended once it is there. */
export async function twoMinutesAgo<T>(act: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 120_000 })
  try {
    return await act()
  } finally {
    vi.useRealTimers()
  }
}

/** The key behind a grant's URL or fields. */
export function keyOf(grant: GrantBody, bucket: string): string {
  if ('fields' in grant) return grant.fields.key ?? ''
  const url = 'url' in grant ? grant.url : (grant.parts[0]?.url ?? '')
  return decodeURIComponent(new URL(url).pathname).replace(`/${bucket}/`, '')
}

export const head = ({ client, bucket }: Place, key: string) =>
  client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))

export const exists = (place: Place, key: string): Promise<boolean> =>
  head(place, key).then(
    () => true,
    () => false,
  )

/** A stand-in that fails as `fault` says at the moment; each test begins without. */
export function faultyStorage(): { fault: FaultHook; readonly place: Place } {
  const good: FaultHook = () => undefined
  let opened: Place | undefined
  const faulty = {
    fault: good,
    get place() {
      if (opened === undefined) throw new Error('The storage is opened before the first test.')
      return opened
    },
  }
  beforeAll(async () => {
    opened = await openStorage({ fault: (request) => faulty.fault(request) })
  })
  afterEach(() => {
    faulty.fault = good
  })
  afterAll(() => opened?.stop())
  return faulty
}
