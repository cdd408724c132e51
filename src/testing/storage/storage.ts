// All that is stored, and who may use it.
import { openDisk } from './disk.js'
import { openBuckets } from './objects.js'
import type { StorageUser } from './signature.js'
import { openUploads } from './uploads.js'

export type Storage = ReturnType<typeof openStorage>

export interface StorageSettings {
  readonly users: readonly StorageUser[]
  readonly region: string
  /** Epoch ms. */
  readonly now: () => number
  /** Bytes. */
  readonly minimumPartSize: number
}

/** Takes up what the directory holds. */
export function openStorage(directory: string, { users, region, now, minimumPartSize }: StorageSettings) {
  const disk = openDisk(directory)
  const buckets = openBuckets(disk)
  const uploads = openUploads(disk, buckets, { now, minimumPartSize })
  const ofObjects = buckets.all().flatMap((bucket) => bucket.list().flatMap((object) => object.bodies))
  const ofParts = uploads.all().flatMap((upload) => [...upload.parts.values()].map((part) => part.body))
  disk.sweepBodies(new Set([...ofObjects, ...ofParts].map((body) => body.file)))
  return { disk, buckets, uploads, users, region, now }
}
