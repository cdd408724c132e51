/**
 * Whether stored bytes are those the page hashed, for stores that don't verify SHA-256 by themselves: the object is read
 * back. What is expected of a whole file stands in its metadata, where the grant's signature put it.
 */
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { type Bytes, concat } from './bytes.js'
import type { GrantedFile } from './grantedFile.js'
import type { Settings } from './settings.js'
import { sendOptions, type Storage, type StoredObject } from './storage.js'

/** The metadata that holds a whole file's checksum: `x-amz-meta-checksum-sha256`. */
export const checksumName = 'checksum-sha256'

/** Whether a file of this size is read back: within the host's limit, where the store verifies nothing. */
export const readsBack = async (size: number, { storage, readBack }: Settings): Promise<boolean> =>
  readBack > 0 && size <= readBack && (await storage.can()).checksum === 'none'

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
const fromBase64 = (text: string): Bytes => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))

/** The checksum of all parts from those of each, base64: the SHA-256 of their bytes, as S3 makes a composite one. */
export async function compositeOf(checksums: readonly string[]): Promise<string> {
  return toBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', concat(...checksums.map(fromBase64)))))
}

/** The SHA-256 of each piece of `pieceSize` bytes of a stored file, base64, in order. Never holds more than a chunk. */
async function checksumsOf(
  { client }: Storage,
  file: GrantedFile,
  pieceSize: number,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const command = new GetObjectCommand({ Bucket: file.bucket, Key: file.key })
  const { Body } = await client.send(command, sendOptions(signal))
  // The SDK's own hash, which fits the runtime: `crypto.subtle` takes all bytes at once.
  const { sha256: Sha256 } = client.config
  const checksums: string[] = []
  let hash = new Sha256()
  let left = pieceSize
  const reader = Body?.transformToWebStream().getReader()
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
    let chunk = next.value as Uint8Array
    while (chunk.length >= left) {
      hash.update(chunk.subarray(0, left))
      checksums.push(toBase64(await hash.digest()))
      chunk = chunk.subarray(left)
      hash = new Sha256()
      left = pieceSize
    }
    hash.update(chunk)
    left -= chunk.length
  }
  if (left < pieceSize || checksums.length === 0) checksums.push(toBase64(await hash.digest()))
  return checksums
}

/** The SHA-256 of a stored file, base64: as the storage tells it of the whole object, else of the bytes read back. */
export async function checksumOf(
  file: GrantedFile,
  { sha256 }: StoredObject,
  { storage }: Settings,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  // Of an object in parts S3 tells a checksum of checksums, with their number: `…=-3`.
  if (sha256 !== undefined && !sha256.includes('-')) return sha256
  return (await checksumsOf(storage, file, Infinity, signal))[0]
}

/**
 * Whether a stored file is known to be another than was sent. `parts`: what the page says of a multipart upload, of
 * which no checksum of the whole exists.
 */
export async function isDamaged(
  file: GrantedFile,
  { metadata }: StoredObject,
  settings: Settings,
  { parts, signal }: { parts: { partSize: number; checksum: string } | null; signal: AbortSignal | undefined },
): Promise<boolean> {
  const whole = metadata[checksumName]
  if ((whole === undefined && parts === null) || !(await readsBack(file.size, settings))) return false
  if (whole !== undefined) return (await checksumsOf(settings.storage, file, Infinity, signal))[0] !== whole
  return (
    parts !== null &&
    (await compositeOf(await checksumsOf(settings.storage, file, parts.partSize, signal))) !== parts.checksum
  )
}
