/** Signs what a browser sends or fetches: a PUT, a form POST, one part, a GET. Each for one key and one purpose. */
import { GetObjectCommand, PutObjectCommand, type S3Client, UploadPartCommand } from '@aws-sdk/client-s3'
import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type { SignedPart } from '../protocol/index.js'
import type { GrantedFile } from './grantedFile.js'
import { contentDisposition } from './names.js'
import { fieldsOf, headersOf, inputOf, type PlannedObject } from './objectPlan.js'
import { downloadType } from './safeTypes.js'
import type { Storage } from './storage.js'

type Command = PutObjectCommand | UploadPartCommand | GetObjectCommand

/**
 * Signs with exactly these headers. The result is checked, since the presigner has dropped a content type and added
 * checksums without a word, and our peer range holds versions nobody has seen yet.
 */
async function sign(signer: S3Client, command: Command, names: readonly string[], expiresIn: number): Promise<string> {
  const url = await getSignedUrl(signer as never, command as never, {
    expiresIn,
    // Fresh sets: the presigner writes into those it is given.
    signableHeaders: new Set(['host', ...names]),
    // Else the presigner moves them into the query, where they are no header that the browser must send.
    unhoistableHeaders: new Set(names.filter((name) => name.startsWith('x-amz-'))),
  })
  const query = new URL(url).searchParams
  const signed = query.get('X-Amz-SignedHeaders')
  const expected = ['host', ...names].toSorted().join(';')
  const checksums = [...query.keys()].filter((name) => /^x-amz-(checksum-|sdk-checksum)/i.test(name))
  if (signed === expected && checksums.length === 0) return url
  throw new Error(
    `This version of @aws-sdk/s3-request-presigner signs ${String(signed)} ${checksums.join()} where ${expected} was asked for.`,
  )
}

/** A PUT of one whole file: key, length, type and all headers as granted; a second one answers 412. */
export async function signPut(
  storage: Storage,
  object: PlannedObject,
  expiresIn: number,
): Promise<{ url: string; headers: Record<string, string> }> {
  const can = await storage.can()
  const headers = headersOf(object, can)
  const command = new PutObjectCommand({
    ...inputOf(object, can),
    ContentLength: object.size,
    ...(can.ifNoneMatch ? { IfNoneMatch: '*' } : {}),
    ...(headers['x-amz-checksum-sha256'] === undefined ? {} : { ChecksumSHA256: headers['x-amz-checksum-sha256'] }),
  })
  return { url: await sign(storage.signer(), command, ['content-length', ...Object.keys(headers)], expiresIn), headers }
}

/** A form POST of one whole file: key, exact length, type and all fields fixed by the policy. */
export async function signPost(
  storage: Storage,
  object: PlannedObject,
  expiresIn: number,
): Promise<{ url: string; fields: Record<string, string> }> {
  return createPresignedPost(storage.signer(), {
    Bucket: object.bucket,
    Key: object.key,
    Fields: fieldsOf(object, await storage.can()),
    Conditions: [['content-length-range', object.size, object.size]],
    Expires: expiresIn,
  })
}

/** One part of a multipart upload, of exactly this many bytes, and with this SHA-256 where the storage verifies it. */
export async function signPart(
  storage: Storage,
  file: GrantedFile,
  part: {
    readonly uploadId: string
    readonly partNumber: number
    readonly size: number
    readonly checksum?: string | undefined
  },
  expiresIn: number,
): Promise<SignedPart> {
  const { partNumber, checksum } = part
  const headers = checksum === undefined ? {} : { 'x-amz-checksum-sha256': checksum }
  const command = new UploadPartCommand({
    Bucket: file.bucket,
    Key: file.key,
    UploadId: part.uploadId,
    PartNumber: partNumber,
    ContentLength: part.size,
    ...(checksum === undefined ? {} : { ChecksumSHA256: checksum }),
  })
  // All parts of an upload by one name: the page counts the connections of a file, too.
  const url = await sign(storage.signer(file.key), command, ['content-length', ...Object.keys(headers)], expiresIn)
  return checksum === undefined ? { partNumber, url } : { partNumber, url, headers }
}

/**
 * A download link. Type, disposition and cache are signed over whatever the object itself says, so that nothing sent
 * along with the upload comes back to a browser.
 */
export async function signGet(
  storage: Storage,
  file: { readonly bucket: string; readonly key: string; readonly name: string; readonly type: string },
  kind: 'attachment' | 'inline',
  expiresIn: number,
): Promise<string> {
  const command = new GetObjectCommand({
    Bucket: file.bucket,
    Key: file.key,
    ResponseContentDisposition: contentDisposition(file.name, kind),
    ResponseContentType: downloadType(file.type),
    ResponseCacheControl: 'private, no-cache',
  })
  return sign(storage.signer(), command, [], expiresIn)
}
