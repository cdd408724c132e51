// Buckets and their objects: what is stored, under which conditions it is replaced, in which order it is listed.
import { createHash } from 'node:crypto'
import type { CorsRule } from './cors.js'
import type { Checksums } from './digests.js'
import type { Body, Disk } from './disk.js'
import { StorageError } from './errors.js'

/** The headers an upload may set and a download gives back, by lower-case name. */
export const keptHeaders = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
] as const

/** What is said of an object beside its bytes. */
export interface Description {
  /** `keptHeaders` as sent; always with a content-type. */
  readonly headers: Readonly<Record<string, string>>
  /** `x-amz-meta-*`, without the prefix. */
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
}

export interface StoredObject extends Description {
  readonly key: string
  readonly size: number
  /** Without quotes: MD5 in hex, for a multipart upload the MD5 of its parts' MD5s and `-` and their number. */
  readonly etag: string
  /** Epoch ms. */
  readonly lastModified: number
  readonly checksums: Checksums
  readonly bodies: readonly Body[]
  /** The multipart upload it came from. */
  readonly uploadId?: string
}

interface BucketRecord {
  readonly name: string
  /** Epoch ms. */
  readonly createdAt: number
  readonly cors?: readonly CorsRule[]
  /** As it was put; kept, never carried out. */
  readonly lifecycle?: string
}

export type Buckets = ReturnType<typeof openBuckets>
export type Bucket = ReturnType<typeof openBucket>

export function openBuckets(disk: Disk) {
  const buckets = new Map<string, Bucket>()
  for (const name of disk.list('buckets')) {
    buckets.set(name, openBucket(disk, disk.readRecord<BucketRecord>('buckets', name, 'bucket.json')))
  }

  return {
    /** Throws NoSuchBucket. */
    get(name: string): Bucket {
      const bucket = buckets.get(name)
      if (!bucket) throw new StorageError('NoSuchBucket', undefined, { BucketName: name })
      return bucket
    },
    find: (name: string) => buckets.get(name),
    all: () => [...buckets.values()].sort((a, b) => compareBytes(a.name, b.name)),

    /** Throws InvalidBucketName and BucketAlreadyOwnedByYou. */
    create(name: string, createdAt: number): Bucket {
      if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || name.includes('..')) {
        throw new StorageError('InvalidBucketName')
      }
      if (buckets.has(name)) throw new StorageError('BucketAlreadyOwnedByYou')
      const bucket = openBucket(disk, { name, createdAt })
      bucket.configure({})
      buckets.set(name, bucket)
      return bucket
    },

    /** Throws NoSuchBucket and BucketNotEmpty. */
    delete(name: string): void {
      if (this.get(name).list().length > 0) throw new StorageError('BucketNotEmpty')
      buckets.delete(name)
      disk.remove('buckets', name)
    },
  }
}

function openBucket(disk: Disk, initial: BucketRecord) {
  const { name, createdAt } = initial
  let record = initial
  const objects = new Map<string, StoredObject>()
  for (const file of disk.list('buckets', name, 'objects')) {
    const object = disk.readRecord<StoredObject>('buckets', name, 'objects', file)
    objects.set(object.key, object)
  }

  // A key may be longer than a file name, and may hold anything.
  const fileOf = (key: string) => `${createHash('sha256').update(key).digest('hex')}.json`

  function get(key: string): StoredObject {
    const object = objects.get(key)
    if (!object) throw new StorageError('NoSuchKey', undefined, { Key: key })
    return object
  }

  /** Stores, or replaces, in one step. With `onlyIfNew`, throws PreconditionFailed where the key is taken. */
  function put(object: StoredObject, { onlyIfNew }: { onlyIfNew: boolean }): void {
    const former = objects.get(object.key)
    if (former && onlyIfNew) throw new StorageError('PreconditionFailed', undefined, { Condition: 'If-None-Match' })
    disk.writeRecord(['buckets', name, 'objects', fileOf(object.key)], object)
    objects.set(object.key, object)
    for (const body of former?.bodies ?? []) disk.removeBody(body)
  }

  return {
    name,
    createdAt,
    cors: () => record.cors,
    lifecycle: () => record.lifecycle,
    configure(change: { cors?: readonly CorsRule[] | undefined; lifecycle?: string | undefined }): void {
      const { cors, lifecycle } = { ...record, ...change }
      record = { name, createdAt, ...(cors && { cors }), ...(lifecycle !== undefined && { lifecycle }) }
      disk.writeRecord(['buckets', name, 'bucket.json'], record)
    },

    /** Throws NoSuchKey. */
    get,
    find: (key: string) => objects.get(key),
    put,

    tag(key: string, tags: Readonly<Record<string, string>>): void {
      const object = { ...get(key), tags }
      disk.writeRecord(['buckets', name, 'objects', fileOf(key)], object)
      objects.set(key, object)
    },

    /** A key that holds nothing is no error. */
    delete(key: string): void {
      const object = objects.get(key)
      if (!object) return
      objects.delete(key)
      disk.remove('buckets', name, 'objects', fileOf(key))
      for (const body of object.bodies) disk.removeBody(body)
    },

    /** In the order of the keys' UTF-8 bytes. */
    list: (prefix = '') =>
      [...objects.values()].filter(({ key }) => key.startsWith(prefix)).sort((a, b) => compareBytes(a.key, b.key)),
  }
}

/** Not the order of JavaScript's strings, which are compared by UTF-16 units. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
