// Multipart uploads under way: their parts, and how parts become an object.
import { createHash, randomBytes } from 'node:crypto'
import { type Checksums, type ChecksumAlgorithm, checksumAlgorithms, compositeChecksum } from './digests.js'
import type { Body, Disk } from './disk.js'
import { StorageError } from './errors.js'
import type { Buckets, Description, StoredObject } from './objects.js'

export interface Part {
  readonly partNumber: number
  readonly size: number
  /** MD5 in hex. */
  readonly etag: string
  /** Epoch ms. */
  readonly lastModified: number
  readonly checksums: Checksums
  readonly body: Body
}

export interface UploadRecord {
  readonly uploadId: string
  readonly bucket: string
  readonly key: string
  /** Epoch ms. */
  readonly initiated: number
  readonly description: Description
  /** Each part must have this checksum, and the object gets one made of them. */
  readonly checksumAlgorithm?: ChecksumAlgorithm
}

export interface Upload extends UploadRecord {
  readonly parts: ReadonlyMap<number, Part>
}

/** A part as the request to complete names it. */
export interface NamedPart {
  readonly partNumber: number
  readonly etag: string
  readonly checksums: Checksums
}

export type Uploads = ReturnType<typeof openUploads>

export function openUploads(disk: Disk, buckets: Buckets, options: { minimumPartSize: number; now: () => number }) {
  const uploads = new Map<string, UploadRecord & { readonly parts: Map<number, Part> }>()
  for (const uploadId of disk.list('uploads')) {
    const record = disk.readRecord<UploadRecord>('uploads', uploadId, 'upload.json')
    const parts = disk
      .list('uploads', uploadId, 'parts')
      .map((file) => disk.readRecord<Part>('uploads', uploadId, 'parts', file))
    uploads.set(uploadId, { ...record, parts: new Map(parts.map((part) => [part.partNumber, part])) })
  }

  function find(bucket: string, key: string, uploadId: string) {
    const upload = uploads.get(uploadId)
    if (!upload || upload.bucket !== bucket || upload.key !== key) {
      throw new StorageError('NoSuchUpload', undefined, { UploadId: uploadId })
    }
    return upload
  }

  function forget(upload: Upload, keep: ReadonlySet<Part>): void {
    uploads.delete(upload.uploadId)
    disk.remove('uploads', upload.uploadId)
    for (const part of upload.parts.values()) if (!keep.has(part)) disk.removeBody(part.body)
  }

  return {
    /** Throws NoSuchUpload, also where the upload belongs to another key. */
    get: (bucket: string, key: string, uploadId: string): Upload => find(bucket, key, uploadId),

    all: (bucket?: string): Upload[] =>
      [...uploads.values()].filter((upload) => bucket === undefined || upload.bucket === bucket),

    create(upload: Omit<UploadRecord, 'uploadId' | 'initiated'>): Upload {
      const record = { ...upload, uploadId: randomBytes(24).toString('base64url'), initiated: options.now() }
      disk.writeRecord(['uploads', record.uploadId, 'upload.json'], record)
      const created = { ...record, parts: new Map<number, Part>() }
      uploads.set(record.uploadId, created)
      return created
    },

    /** Adds a part, or replaces it. Throws NoSuchUpload where the upload ended while the part was sent. */
    putPart(bucket: string, key: string, uploadId: string, part: Part): void {
      const upload = find(bucket, key, uploadId)
      const former = upload.parts.get(part.partNumber)
      disk.writeRecord(['uploads', uploadId, 'parts', `${part.partNumber}.json`], part)
      upload.parts.set(part.partNumber, part)
      if (former) disk.removeBody(former.body)
    },

    /**
     * Makes the object of the named parts; others are thrown away. A repeat answers with the object again while it is
     * there: the first answer may have been lost.
     */
    complete(
      bucket: string,
      key: string,
      uploadId: string,
      named: readonly NamedPart[],
      condition: { onlyIfNew: boolean },
    ): StoredObject {
      const completed = buckets.get(bucket).find(key)
      if (completed?.uploadId === uploadId) return completed
      const upload = find(bucket, key, uploadId)
      const parts = chooseParts(upload, named, options.minimumPartSize)
      const md5 = createHash('md5')
      for (const part of parts) md5.update(Buffer.from(part.etag, 'hex'))
      const object: StoredObject = {
        ...upload.description,
        key,
        size: parts.reduce((sum, part) => sum + part.size, 0),
        etag: `${md5.digest('hex')}-${parts.length}`,
        lastModified: options.now(),
        checksums: checksumsOf(parts),
        bodies: parts.map((part) => part.body),
        uploadId,
      }
      buckets.get(bucket).put(object, condition)
      forget(upload, new Set(parts))
      return object
    },

    /** Throws NoSuchUpload. */
    abort(bucket: string, key: string, uploadId: string): void {
      forget(find(bucket, key, uploadId), new Set())
    },
  }
}

function chooseParts(upload: Upload, named: readonly NamedPart[], minimumPartSize: number): Part[] {
  if (named.length === 0) throw new StorageError('MalformedXML')
  const { checksumAlgorithm } = upload
  const bare = named.find(({ checksums }) => checksumAlgorithm && checksums[checksumAlgorithm] === undefined)
  if (bare) {
    throw new StorageError(
      'InvalidRequest',
      `The upload was created using a ${checksumAlgorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${bare.partNumber} in the request.`,
    )
  }
  const chosen = named.map(({ partNumber, etag, checksums }, index) => {
    if (partNumber <= (named[index - 1]?.partNumber ?? 0)) throw new StorageError('InvalidPartOrder')
    const part = upload.parts.get(partNumber)
    const same =
      part?.etag === etag &&
      checksumAlgorithms.every((name) => (checksums[name] ?? part.checksums[name]) === part.checksums[name])
    if (!part || !same) {
      throw new StorageError('InvalidPart', undefined, {
        UploadId: upload.uploadId,
        PartNumber: String(partNumber),
        ETag: etag,
      })
    }
    return part
  })
  const small = chosen.slice(0, -1).find((part) => part.size < minimumPartSize)
  if (small) {
    throw new StorageError('EntityTooSmall', undefined, {
      ProposedSize: String(small.size),
      MinSizeAllowed: String(minimumPartSize),
      PartNumber: String(small.partNumber),
      ETag: small.etag,
    })
  }
  return chosen
}

function checksumsOf(parts: readonly Part[]): Checksums {
  const entries = checksumAlgorithms.flatMap((algorithm) => {
    const sums = parts.flatMap((part) => part.checksums[algorithm] ?? [])
    return sums.length === parts.length ? [[algorithm, compositeChecksum(algorithm, sums)] as const] : []
  })
  return Object.fromEntries(entries)
}
