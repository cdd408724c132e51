// The stand-in as tests and demos start it: options, what they can look at, and its end.
import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CorsRule } from './cors.js'
import type { FaultHook } from './faults.js'
import { storageServer } from './server.js'
import type { StorageUser } from './signature.js'
import { openStorage } from './storage.js'

/** All optional: without any, a storage for one test on a free port, with no bucket. */
export interface TestStorageOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** The address to listen on; `127.0.0.1` unless given. */
  readonly host?: string
  /** `testaccess` unless given. This user may do everything. */
  readonly accessKeyId?: string
  /** `testsecretkey` unless given. */
  readonly secretAccessKey?: string
  /** Users beside that one, with their own permissions. */
  readonly users?: readonly StorageUser[]
  /** `us-east-1` unless given. Signatures for another are refused with 400. */
  readonly region?: string
  /** Where objects are kept, also from one start to the next. Unless given, a temporary directory that `stop` removes. */
  readonly directory?: string
  /** Epoch ms; the machine's clock unless given. */
  readonly now?: () => number
  /** Made at the start where they don't exist. None unless given. */
  readonly buckets?: readonly string[]
  /** The CORS rules of `buckets`, put at every start. Without, they are as PutBucketCors left them. */
  readonly cors?: readonly CorsRule[]
  /**
   * Whether a page may read the 403 of a wrong or expired signature, and the preflight of an expired URL passes, as on
   * AWS. `false` unless given, as on Ceph: the page sees status 0. Refused form uploads can be read either way.
   */
  readonly corsOnDenied?: boolean
  /** Bytes that each part but the last must have at least; 5 MiB, as on S3, unless given. */
  readonly minimumPartSize?: number
  /** Makes requests fail on purpose. */
  readonly fault?: FaultHook
}

/** A running stand-in. */
export interface TestStorage {
  /** `http://127.0.0.1:PORT`; buckets are addressed by path: `ENDPOINT/bucket/key`. */
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** What a bucket holds, ordered by key; empty for a bucket that does not exist. */
  objects(bucket: string): TestStorageObject[]
  /** The multipart uploads under way in a bucket. */
  uploads(bucket: string): { key: string; uploadId: string; parts: { partNumber: number; size: number }[] }[]
  /** Every request since the start in order of arrival, preflights too, the newest 10,000; empty it to begin anew. */
  readonly requests: LoggedRequest[]
  /** Ends connections and, unless a directory was given, removes what was stored. May be called twice. */
  stop(): Promise<void>
}

/** An object as a test looks at it. */
export interface TestStorageObject {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** Content-Type. */
  readonly type: string
  /** Without quotes. */
  readonly etag: string
  /** Of `x-amz-meta-*`, without the prefix. */
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
}

/** A request that reached the storage, answered or not. */
export interface LoggedRequest {
  readonly method: string
  /** Percent-encoded, without the query: signatures stay out of logs. */
  readonly path: string
  /** 0 until answered, and for good when the connection was cut instead. */
  status: number
}

/** Starts a stand-in for S3 over http. Rejects when the port is taken or the directory can't be used. */
export async function createTestStorage(options: TestStorageOptions = {}): Promise<TestStorage> {
  const { accessKeyId = 'testaccess', secretAccessKey = 'testsecretkey', region = 'us-east-1' } = options
  const { host = '127.0.0.1', port = 0, now = Date.now } = options
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'file-answer-field-storage-')))
  const removeIfTemporary = async () => {
    if (options.directory === undefined) await rm(directory, { recursive: true, force: true })
  }
  const storage = openStorage(directory, {
    users: [{ accessKeyId, secretAccessKey }, ...(options.users ?? [])],
    region,
    now,
    minimumPartSize: options.minimumPartSize ?? 5 * 1024 ** 2,
  })
  const { buckets, uploads } = storage
  for (const name of options.buckets ?? []) {
    const bucket = buckets.find(name) ?? buckets.create(name, now())
    if (options.cors) bucket.configure({ cors: options.cors })
  }

  const requests: LoggedRequest[] = []
  const server = storageServer(storage, { corsOnDenied: options.corsOnDenied ?? false, fault: options.fault, requests })
  try {
    await listen(server, port, host)
  } catch (error) {
    await removeIfTemporary()
    throw error
  }

  async function stop() {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
    await removeIfTemporary()
  }
  let stopped: Promise<void> | undefined

  return {
    endpoint: `http://${host}:${(server.address() as AddressInfo).port}`,
    region,
    accessKeyId,
    secretAccessKey,
    objects: (name) =>
      (buckets.find(name)?.list() ?? []).map(({ key, size, etag, headers, metadata, tags }) => {
        return { key, size, type: headers['content-type'] ?? '', etag, metadata, tags }
      }),
    uploads: (name) =>
      uploads.all(name).map(({ key, uploadId, parts }) => {
        return { key, uploadId, parts: [...parts.values()].map(({ partNumber, size }) => ({ partNumber, size })) }
      }),
    requests,
    stop: () => (stopped ??= stop()),
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
}
