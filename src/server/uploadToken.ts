/**
 * The `upload` member of a multipart grant: which upload it is and how it is cut, signed, so that the page can send
 * only the parts that were granted. It belongs to one id and is worthless with another.
 */
import { type Bytes, concat, fromBase64Url, textOf, toBase64Url, utf8 } from './bytes.js'
import { type Keyring, signatureBytes } from './keyring.js'

/** A multipart upload as it was granted. */
export interface MultipartPlan {
  /** The storage's own id of the upload. */
  readonly uploadId: string
  /** Bytes of the whole file. */
  readonly size: number
  /** Bytes of every part but the last. */
  readonly partSize: number
  readonly partCount: number
  /** Epoch seconds until which parts are signed. */
  readonly endsAt: number
  /** The parts' checksums were asked of the page. */
  readonly partChecksums: boolean
  /** Tags that the server puts once the upload is complete, where the store does not keep those it began with. */
  readonly tags?: Readonly<Record<string, string>> | undefined
}

const maxTokenLength = 4096

const message = (id: string, payload: Bytes) => `${toBase64Url(payload)}\n${id}`

/** Signs a plan for the file with this id. */
export async function issueUploadToken(keyring: Keyring, id: string, plan: MultipartPlan): Promise<string> {
  const { uploadId, size, partSize, partCount, endsAt, partChecksums, tags } = plan
  const rest = tags === undefined ? (partChecksums ? [1] : []) : [partChecksums ? 1 : 0, tags]
  const payload = utf8(JSON.stringify([uploadId, size, partSize, partCount, endsAt, ...rest]))
  const token = toBase64Url(concat(payload, await keyring.sign('upload', message(id, payload))))
  if (token.length <= maxTokenLength) return token
  throw new TypeError('objectFor: the tags are too long for a multipart upload to this store.')
}

/** The plan that was signed for this id; null for anything else. */
export async function readUploadToken(keyring: Keyring, id: string, upload: unknown): Promise<MultipartPlan | null> {
  if (typeof upload !== 'string' || upload.length > maxTokenLength) return null
  const bytes = fromBase64Url(upload)
  if (bytes === null || bytes.length <= signatureBytes) return null
  const payload = bytes.slice(0, -signatureBytes)
  if (!(await keyring.verify('upload', message(id, payload), bytes.slice(-signatureBytes)))) return null
  const [uploadId, size, partSize, partCount, endsAt, hashed, tags] = JSON.parse(textOf(payload) ?? '[]') as [
    string,
    number,
    number,
    number,
    number,
    number?,
    Record<string, string>?,
  ]
  return { uploadId, size, partSize, partCount, endsAt, partChecksums: hashed === 1, tags }
}

/** Bytes of one part; the last has what is left. */
export const partLength = ({ size, partSize, partCount }: MultipartPlan, partNumber: number): number =>
  partNumber < partCount ? partSize : size - partSize * (partCount - 1)
