/**
 * Multipart uploads: cut, begun, listed, completed, aborted. What counts is what the storage lists: neither ETags nor
 * sizes are taken from the page, and only parts as they were granted become part of the file.
 */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
} from '@aws-sdk/client-s3'
import type { GrantedFile } from './grantedFile.js'
import { inputOf, type PlannedObject } from './objectPlan.js'
import { compositeOf } from './integrity.js'
import { Refusal } from './refusal.js'
import { putTags } from './objectTags.js'
import { sendOptions, statusOf, type Storage, storageCodeOf, storedAsGranted, type StoredObject } from './storage.js'
import { type MultipartPlan, partLength } from './uploadToken.js'

/** A part that the storage has, as it was granted. */
export interface ListedPart {
  readonly partNumber: number
  readonly etag: string
  /** Bytes. */
  readonly size: number
  /** Base64 SHA-256, where the storage verified one. */
  readonly checksum?: string
}

const MiB = 1024 * 1024
/** S3's limit on parts of one upload. */
const maxParts = 10_000

/** How a file is cut: parts of `partSize` bytes, or of as many whole MiB as keep it within 10,000 parts. */
export function cut(size: number, partSize: number): { partSize: number; partCount: number } {
  const grown = Math.max(partSize, Math.ceil(size / maxParts / MiB) * MiB)
  return { partSize: grown, partCount: Math.max(1, Math.ceil(size / grown)) }
}

/** Begins an upload; resolves to the storage's id of it. With `sha256` it takes no part without its checksum. */
export async function beginUpload(
  { client, can }: Storage,
  object: PlannedObject,
  { sha256, signal }: { readonly sha256: boolean; readonly signal: AbortSignal },
): Promise<string> {
  const input = { ...inputOf(object, await can()), ...(sha256 ? { ChecksumAlgorithm: 'SHA256' as const } : {}) }
  const begun = await client.send(new CreateMultipartUploadCommand(input), sendOptions(signal))
  if (begun.UploadId === undefined) throw new Error('The storage began a multipart upload without an UploadId.')
  return begun.UploadId
}

// Once an upload is completed or aborted, Ceph says NoSuchKey where others say NoSuchUpload.
const isGone = (thrown: unknown): boolean =>
  statusOf(thrown) === 404 && ['NoSuchUpload', 'NoSuchKey', 'NotFound'].includes(storageCodeOf(thrown) ?? '')

/** The parts stored as granted, in order; null where the upload is no more (completed, aborted, swept). */
export async function listUpload(
  { client }: Storage,
  file: GrantedFile,
  plan: MultipartPlan,
  signal?: AbortSignal,
): Promise<ListedPart[] | null> {
  const parts: ListedPart[] = []
  let marker: string | undefined
  do {
    const input = { Bucket: file.bucket, Key: file.key, UploadId: plan.uploadId }
    const command = new ListPartsCommand(marker === undefined ? input : { ...input, PartNumberMarker: marker })
    try {
      const page = await client.send(command, sendOptions(signal))
      for (const part of page.Parts ?? []) {
        const { PartNumber: partNumber = 0, ETag: etag = '', Size: size = -1, ChecksumSHA256: checksum } = part
        const granted = partNumber >= 1 && partNumber <= plan.partCount
        if (granted && size === partLength(plan, partNumber))
          parts.push({ partNumber, etag, size, ...(checksum === undefined ? {} : { checksum }) })
      }
      marker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined
    } catch (thrown) {
      if (isGone(thrown)) return null
      throw thrown
    }
  } while (marker !== undefined)
  return parts.toSorted((one, other) => one.partNumber - other.partNumber)
}

/** Aborts one upload. Nothing happens where it is completed or aborted already. */
export async function abortUpload(storage: Storage, file: GrantedFile, uploadId: string): Promise<void> {
  try {
    const input = { Bucket: file.bucket, Key: file.key, UploadId: uploadId }
    await storage.client.send(new AbortMultipartUploadCommand(input))
  } catch (thrown) {
    if (!isGone(thrown)) throw thrown
  }
}

/** Aborts whatever uploads are open for the file's key; resolves to how many. */
export async function abortOpenUploads(storage: Storage, file: GrantedFile): Promise<number> {
  const listed = await storage.client.send(new ListMultipartUploadsCommand({ Bucket: file.bucket, Prefix: file.key }))
  const open = (listed.Uploads ?? []).flatMap(({ Key, UploadId }) => (Key === file.key ? (UploadId ?? []) : []))
  for (const uploadId of open) await abortUpload(storage, file, uploadId)
  return open.length
}

async function complete(
  storage: Storage,
  file: GrantedFile,
  plan: MultipartPlan,
  checksum: string | undefined,
): Promise<StoredObject | null> {
  // Completed before, by a call whose answer was lost or under a renewed grant: a second upload never replaces it.
  const before = await storedAsGranted(storage, file)
  if (before !== null) {
    await abortUpload(storage, file, plan.uploadId)
    return before
  }
  const parts = await listUpload(storage, file, plan)
  if (parts !== null && parts.length < plan.partCount) return null
  let failed: unknown
  if (parts !== null) {
    // Each part is what its checksum says; together they must be the file as the page has it, not parts of two versions.
    const sums = parts.flatMap((part) => part.checksum ?? [])
    if (checksum !== undefined && sums.length === parts.length && (await compositeOf(sums)) !== checksum) {
      await abortUpload(storage, file, plan.uploadId)
      throw new Refusal('damaged', { message: 'The parts are not those of the file.' })
    }
    const Parts = parts.map(({ partNumber, etag, checksum: sum }) => ({
      PartNumber: partNumber,
      ETag: etag,
      ...(sum === undefined ? {} : { ChecksumSHA256: sum }),
    }))
    const input = { Bucket: file.bucket, Key: file.key, UploadId: plan.uploadId, MultipartUpload: { Parts } }
    try {
      await storage.client.send(new CompleteMultipartUploadCommand(input))
    } catch (thrown) {
      // Two at a time: Ceph answers one of them with 500, others with NoSuchUpload, though the file is whole.
      failed = thrown
    }
  }
  const object = await storedAsGranted(storage, file)
  if (object !== null) {
    // Only by the call that completed it: a later one would mark a file as pending that the host has taken over.
    if (parts !== null && failed === undefined && plan.tags !== undefined) await putTags(storage, file, plan.tags)
    return object
  }
  // A conflict or a part gone meanwhile is for the page to mend; anything else is ours, and the call is made again.
  if (failed === undefined || [400, 404, 409, 412].includes(statusOf(failed) ?? 0)) return null
  throw failed
}

/** Completes an upload. `checksum`: that of all its parts, as the page has them. @throws Refusal `damaged` */
export type Completer = (
  file: GrantedFile,
  plan: MultipartPlan,
  checksum: string | undefined,
) => Promise<StoredObject | null>

/**
 * Makes a completer: resolves to the file stored as granted, else null. Idempotent; calls for one file that meet in
 * this process become one.
 */
export function createCompleter(storage: Storage): Completer {
  const running = new Map<string, ReturnType<Completer>>()
  return (file, plan, checksum) => {
    const name = JSON.stringify([file.bucket, file.key, plan.uploadId])
    const joined = running.get(name)
    if (joined !== undefined) return joined
    const run = complete(storage, file, plan, checksum).finally(() => running.delete(name))
    running.set(name, run)
    return run
  }
}
