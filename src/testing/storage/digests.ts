// What is computed over a body while it streams by, and what its sender said about it.
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { StorageError } from './errors.js'

/** Of S3's checksums, those the stand-in knows; others (CRC32C, CRC64NVME) are answered 501 NotImplemented. */
export const checksumAlgorithms = ['crc32', 'sha1', 'sha256'] as const
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number]

/** Base64 by algorithm, as in `x-amz-checksum-sha256`. */
export type Checksums = Readonly<Partial<Record<ChecksumAlgorithm, string>>>

/** What a sender declared of a body. Whatever is absent is not compared. */
export interface Declared {
  /** Base64, as in Content-MD5. */
  readonly md5?: string
  readonly checksums?: Checksums
  /** Hex, as in x-amz-content-sha256. */
  readonly payloadSha256?: string
}

export interface Digests {
  readonly size: number
  /** Hex. */
  readonly md5: string
  readonly checksums: Checksums
  readonly payloadSha256?: string
}

const lengths: Record<ChecksumAlgorithm, number> = { crc32: 4, sha1: 20, sha256: 32 }

/** The checksums among headers or form fields (names in lower case). Throws InvalidRequest and NotImplemented. */
export function declaredChecksums(entries: Iterable<readonly [string, string]>): Checksums {
  const checksums: Partial<Record<ChecksumAlgorithm, string>> = {}
  for (const [name, value] of entries) {
    const algorithm = /^x-amz-checksum-(.*)$/.exec(name)?.[1]
    if (algorithm === undefined || algorithm === 'algorithm' || algorithm === 'mode' || algorithm === 'type') continue
    const known = knownAlgorithm(algorithm)
    if (!isBase64Of(value, lengths[known]))
      throw new StorageError('InvalidRequest', `Value for ${name} header is invalid.`)
    checksums[known] = value
  }
  return checksums
}

/** Throws NotImplemented for an algorithm the stand-in does not compute. */
export function knownAlgorithm(name: string): ChecksumAlgorithm {
  const known = checksumAlgorithms.find((algorithm) => algorithm === name.toLowerCase())
  if (!known) throw new StorageError('NotImplemented', `The checksum algorithm ${name} is not implemented.`)
  return known
}

/** Throws InvalidDigest unless it is the Base64 of 16 bytes. */
export function declaredMd5(value: string): string {
  if (!isBase64Of(value, 16)) throw new StorageError('InvalidDigest')
  return value
}

/** Throws BadDigest, or XAmzContentSHA256Mismatch, where the body is not what was declared. */
export function compareDigests(declared: Declared, actual: Digests): void {
  if (declared.payloadSha256 !== undefined && declared.payloadSha256 !== actual.payloadSha256) {
    throw new StorageError('XAmzContentSHA256Mismatch')
  }
  if (declared.md5 !== undefined && declared.md5 !== Buffer.from(actual.md5, 'hex').toString('base64')) {
    throw new StorageError('BadDigest', 'The Content-MD5 you specified did not match what we received.')
  }
  for (const algorithm of checksumAlgorithms) {
    const value = declared.checksums?.[algorithm]
    if (value === undefined || value === actual.checksums[algorithm]) continue
    throw new StorageError(
      'BadDigest',
      `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
    )
  }
}

/** Digests of a stream, fed chunk by chunk. MD5 always (the ETag), the others as asked for. */
export function digesting(wanted: { checksums: Iterable<ChecksumAlgorithm>; payloadSha256: boolean }) {
  let size = 0
  const md5 = createHash('md5')
  const payload = wanted.payloadSha256 ? createHash('sha256') : undefined
  const running = [...new Set(wanted.checksums)].map((algorithm) => ({ algorithm, ...checksum(algorithm) }))
  return {
    update(chunk: Uint8Array): void {
      size += chunk.length
      md5.update(chunk)
      payload?.update(chunk)
      for (const one of running) one.update(chunk)
    },
    end(): Digests {
      const checksums = Object.fromEntries(running.map((one) => [one.algorithm, one.end().toString('base64')]))
      const digests = { size, md5: md5.digest('hex'), checksums }
      return payload ? { ...digests, payloadSha256: payload.digest('hex') } : digests
    },
  }
}

/** One checksum of a whole, from those of its parts: the checksum of their bytes, and how many there were. */
export function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): string {
  const whole = checksum(algorithm)
  for (const part of parts) whole.update(Buffer.from(part, 'base64'))
  return `${whole.end().toString('base64')}-${parts.length}`
}

function checksum(algorithm: ChecksumAlgorithm): { update(chunk: Uint8Array): void; end(): Buffer } {
  if (algorithm !== 'crc32') {
    const hash = createHash(algorithm)
    return { update: (chunk) => void hash.update(chunk), end: () => hash.digest() }
  }
  let sum = 0
  return {
    update: (chunk) => {
      sum = crc32(chunk, sum)
    },
    end: () => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(sum)
      return bytes
    },
  }
}

function isBase64Of(text: string, byteLength: number): boolean {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === byteLength && bytes.toString('base64') === text
}
