// The body of a signed request: decoded, counted, compared with all that its headers say of it.
import { decodeAwsChunked } from './awsChunked.js'
import {
  compareDigests,
  type Checksums,
  type ChecksumAlgorithm,
  type Declared,
  declaredChecksums,
  declaredMd5,
  type Digests,
  digesting,
  knownAlgorithm,
} from './digests.js'
import { StorageError } from './errors.js'
import type { StorageRequest } from './request.js'

export interface Limits {
  readonly maxSize: number
}

/**
 * Hands the content to `write`, chunk by chunk, and resolves to its digests once all of it is as declared.
 * Throws otherwise; what was written is then to be thrown away.
 */
export async function receivePayload(
  request: StorageRequest,
  payload: string,
  write: (chunk: Buffer) => Promise<void> | void,
  limits: Limits,
): Promise<Digests> {
  const { headers } = request
  const chunked = payload === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
  if (payload.startsWith('STREAMING-') && !chunked)
    throw new StorageError('NotImplemented', `${payload} is not implemented.`)
  if (!chunked && payload !== 'UNSIGNED-PAYLOAD' && !/^[0-9a-f]{64}$/.test(payload)) {
    throw new StorageError('InvalidArgument', 'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, or a valid sha256 value.')
  }
  const size = declaredSize(headers, chunked)
  if (size > limits.maxSize) throw new StorageError('EntityTooLarge')
  const declared: Declared = {
    checksums: declaredChecksums(Object.entries(headers)),
    ...(headers['content-md5'] !== undefined && { md5: declaredMd5(headers['content-md5']) }),
    ...(/^[0-9a-f]{64}$/.test(payload) && { payloadSha256: payload }),
  }
  const trailing = chunked ? trailingAlgorithm(headers['x-amz-trailer']) : undefined
  const trailers = new Map<string, string>()

  const digests = digesting({
    checksums: [...algorithmsOf(declared.checksums), ...given(trailing)],
    payloadSha256: declared.payloadSha256 !== undefined,
  })
  for await (const chunk of chunked ? decodeAwsChunked(request.body, trailers) : request.body) {
    digests.update(chunk)
    await write(chunk)
  }
  const result = digests.end()
  if (result.size !== size) throw new StorageError('IncompleteBody')
  compareDigests(declared, result)
  if (trailing) compareDigests({ checksums: trailerChecksums(trailing, trailers) }, result)
  return result
}

/** A whole small body, for S3's XML documents. */
export async function receiveText(request: StorageRequest, payload: string): Promise<string> {
  const chunks: Buffer[] = []
  await receivePayload(request, payload, (chunk) => void chunks.push(chunk), { maxSize: 2 * 1024 * 1024 })
  return Buffer.concat(chunks).toString('utf8')
}

function declaredSize(headers: StorageRequest['headers'], chunked: boolean): number {
  const length = headers[chunked ? 'x-amz-decoded-content-length' : 'content-length']
  if (length !== undefined && /^\d{1,15}$/.test(length)) return Number(length)
  throw new StorageError('MissingContentLength')
}

function trailingAlgorithm(trailer: string | undefined): ChecksumAlgorithm | undefined {
  if (trailer === undefined) return undefined
  const name = /^x-amz-checksum-([a-z0-9]+)$/.exec(trailer.trim())?.[1]
  if (name === undefined)
    throw new StorageError('InvalidRequest', 'The value specified in the x-amz-trailer header is not supported')
  return knownAlgorithm(name)
}

function trailerChecksums(algorithm: ChecksumAlgorithm, trailers: ReadonlyMap<string, string>): Checksums {
  const checksums = declaredChecksums(trailers)
  if (checksums[algorithm] === undefined) throw new StorageError('IncompleteBody', 'The trailing checksum is missing.')
  return checksums
}

const algorithmsOf = (checksums: Checksums | undefined) => Object.keys(checksums ?? {}) as ChecksumAlgorithm[]
const given = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value])
