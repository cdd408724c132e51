/** Copies a stored file to another key within the storage: its bytes never come here. */
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import type { GrantedFile } from './grantedFile.js'
import { abortUpload } from './multipart.js'
import { inParallel } from './parallel.js'
import { sendOptions, statusOf, type Storage, storedObject, type StoredObject } from './storage.js'

/** S3 copies up to 5 GiB in one request. Above it is copied in parts. */
const maxCopyBytes = 5 * 1024 ** 3
const MiB = 1024 * 1024

/** What a copy has to be told anew; type, metadata and tags go along by themselves. */
const keptOf = ({ storageClass, encryption, keyId }: StoredObject) => ({
  ...(storageClass === undefined ? {} : { StorageClass: storageClass as never }),
  ...(encryption === undefined ? {} : { ServerSideEncryption: encryption as never }),
  ...(keyId === undefined ? {} : { SSEKMSKeyId: keyId }),
})

/**
 * Copies `file`, just as `object` describes it, to `key`. False where it is not that object any more.
 * `partBytes`: from which size on, and in which steps, it is copied in parts.
 */
export async function copyFile(
  storage: Storage,
  file: GrantedFile,
  object: StoredObject,
  key: string,
  { signal, partBytes = maxCopyBytes }: { readonly signal?: AbortSignal | undefined; readonly partBytes?: number } = {},
): Promise<boolean> {
  // A host's own keys (`issueId`) may hold anything; the header takes them percent-encoded.
  const spelled = file.key.split('/').map(encodeURIComponent).join('/')
  const source = { CopySource: `${file.bucket}/${spelled}`, CopySourceIfMatch: object.etag }
  try {
    if (file.size <= partBytes) {
      const command = new CopyObjectCommand({ Bucket: file.bucket, Key: key, ...source, ...keptOf(object) })
      const { CopyObjectResult } = await storage.client.send(command, sendOptions(signal))
      if (await isCopyOf(storage, file, object, CopyObjectResult?.ETag, signal)) return true
      await storage.client.send(new DeleteObjectCommand({ Bucket: file.bucket, Key: key }))
      return false
    }
    return await copyInParts(storage, file, key, object, source, Math.min(partBytes, 512 * MiB), signal)
  } catch (thrown) {
    if (statusOf(thrown) === 404 || statusOf(thrown) === 412) return false
    throw thrown
  }
}

const md5 = /^"?[0-9a-f]{32}"?$/

/**
 * Whether the bytes that were copied are those that were looked at: Ceph 16.2 copies whatever `CopySourceIfMatch` says.
 * A plain ETag is the MD5 of the bytes, and the copy's own tells; else the source is looked at once more.
 */
async function isCopyOf(
  storage: Storage,
  file: GrantedFile,
  object: StoredObject,
  copied: string | undefined,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (copied !== undefined && md5.test(copied) && md5.test(object.etag) && object.encryption === undefined) {
    return copied.replaceAll('"', '') === object.etag.replaceAll('"', '')
  }
  return (await storedObject(storage, file, signal))?.etag === object.etag
}

async function copyInParts(
  storage: Storage,
  file: GrantedFile,
  key: string,
  object: StoredObject,
  source: { CopySource: string; CopySourceIfMatch: string },
  step: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { client } = storage
  const target = { ...file, key }
  const named = { Bucket: target.bucket, Key: target.key }
  // A copy in parts is a new object, which takes nothing along.
  const begin = new CreateMultipartUploadCommand({
    ...named,
    ContentType: object.type,
    ContentDisposition: 'attachment',
    Metadata: { ...object.metadata },
    ...(object.cacheControl === undefined ? {} : { CacheControl: object.cacheControl }),
    ...keptOf(object),
  })
  const { UploadId = '' } = await client.send(begin, sendOptions(signal))
  try {
    const starts = Array.from({ length: Math.ceil(target.size / step) }, (_, index) => index * step)
    const Parts = await inParallel(starts, async (start, index) => {
      const CopySourceRange = `bytes=${start}-${Math.min(start + step, target.size) - 1}`
      const part = { ...named, ...source, UploadId, PartNumber: index + 1, CopySourceRange }
      const { CopyPartResult } = await client.send(new UploadPartCopyCommand(part), sendOptions(signal))
      return { PartNumber: index + 1, ETag: CopyPartResult?.ETag }
    })
    const complete = { ...named, UploadId, MultipartUpload: { Parts: Parts as never } }
    if (!(await isCopyOf(storage, file, object, undefined, signal))) {
      await abortUpload(storage, target, UploadId)
      return false
    }
    await client.send(new CompleteMultipartUploadCommand(complete), sendOptions(signal))
    return true
  } catch (thrown) {
    await abortUpload(storage, target, UploadId)
    throw thrown
  }
}
