// PostObject: an upload by an HTML form, allowed by a signed policy among its fields.
import { quoted, requirePermission } from './context.js'
import { describe } from './description.js'
import { compareDigests, type ChecksumAlgorithm, declaredChecksums, declaredMd5, digesting } from './digests.js'
import { StorageError } from './errors.js'
import { type FormPart, formBoundary, readFormData } from './formData.js'
import type { StoredObject } from './objects.js'
import { checkPolicy, parsePolicy, type PostPolicy } from './postPolicy.js'
import { encodeRfc3986, type Reply, type StorageRequest, utf8AsHeader } from './request.js'
import { authenticateForm } from './signature.js'
import type { Storage } from './storage.js'
import { xmlDocument } from './xml.js'

const maxFieldsBytes = 20_000

/** Fields before the file count; what comes after it is ignored, as S3 does. */
export async function postObject(request: StorageRequest, storage: Storage): Promise<Reply> {
  const bucket = storage.buckets.get(request.bucket)
  const boundary = formBoundary(request.headers['content-type'])
  if (boundary === undefined) {
    throw new StorageError('PreconditionFailed', 'Bucket POST must be of the enclosure-type multipart/form-data')
  }
  const parts = readFormData(request.body, boundary)
  const { fields, file } = await readFields(parts)
  const { key, policy } = authorize(fields, request.bucket, storage)
  const { body, result: digests } = await storage.disk.writeBody(async (write) => {
    const received = await receiveFile(file, fields, policy, write)
    // A form without its end is a connection cut short.
    for await (const _ of parts);
    return received
  })
  const object: StoredObject = {
    ...describe(asHeaders(fields)),
    key,
    size: digests.size,
    etag: digests.md5,
    lastModified: storage.now(),
    checksums: digests.checksums,
    bodies: [body],
  }
  bucket.put(object, { onlyIfNew: false })
  return success(request, fields, object)
}

async function readFields(
  parts: AsyncGenerator<FormPart, void>,
): Promise<{ fields: Map<string, string>; file: FormPart }> {
  const fields = new Map<string, string>()
  let bytes = 0
  // Not `for await`: leaving it would end the generator before the file is read.
  for (let next = await parts.next(); !next.done; next = await parts.next()) {
    const name = next.value.name.toLowerCase()
    if (name === 'file') {
      fields.set('key', (fields.get('key') ?? '').replaceAll('${filename}', baseName(next.value.filename ?? '')))
      return { fields, file: next.value }
    }
    const chunks: Buffer[] = []
    for await (const chunk of next.value.content) {
      bytes += chunk.length
      if (bytes > maxFieldsBytes) throw new StorageError('MaxPostPreDataLengthExceeded')
      chunks.push(chunk)
    }
    if (fields.has(name)) throw new StorageError('InvalidArgument', `The field '${name}' stands twice in the form.`)
    fields.set(name, Buffer.concat(chunks).toString('utf8'))
  }
  throw new StorageError('InvalidArgument', 'POST requires exactly one file upload per request.')
}

// Old browsers send a path.
const baseName = (filename: string) => filename.replace(/^.*[/\\]/s, '')

function authorize(
  fields: ReadonlyMap<string, string>,
  bucket: string,
  storage: Storage,
): { key: string; policy: PostPolicy } {
  const now = storage.now()
  const user = authenticateForm(fields, { users: storage.users, region: storage.region, now })
  if (!user) throw new StorageError('AccessDenied')
  const key = fields.get('key')
  if (!key) throw new StorageError('InvalidArgument', "Bucket POST must contain a field named 'key'.")
  if (Buffer.byteLength(key) > 1024) throw new StorageError('KeyTooLongError')
  requirePermission(user, 's3:PutObject', { bucket, key })
  if (fields.has('tagging')) requirePermission(user, 's3:PutObjectTagging', { bucket, key })
  const policy = parsePolicy(fields.get('policy') ?? '')
  checkPolicy(policy, fields, bucket, now)
  return { key, policy }
}

async function receiveFile(
  file: FormPart,
  fields: ReadonlyMap<string, string>,
  policy: PostPolicy,
  write: (chunk: Buffer) => Promise<void>,
) {
  const md5 = fields.get('content-md5')
  const declared = { checksums: declaredChecksums(fields), ...(md5 !== undefined && { md5: declaredMd5(md5) }) }
  const digests = digesting({ checksums: Object.keys(declared.checksums) as ChecksumAlgorithm[], payloadSha256: false })
  let size = 0
  for await (const chunk of file.content) {
    size += chunk.length
    if (size > policy.maxSize) {
      throw new StorageError('EntityTooLarge', undefined, { MaxSizeAllowed: String(policy.maxSize) })
    }
    digests.update(chunk)
    await write(chunk)
  }
  const result = digests.end()
  if (size < policy.minSize) {
    throw new StorageError('EntityTooSmall', undefined, {
      ProposedSize: String(size),
      MinSizeAllowed: String(policy.minSize),
    })
  }
  compareDigests(declared, result)
  return result
}

// The tags' XML is no header.
const asHeaders = (fields: ReadonlyMap<string, string>) =>
  new Map([...fields].map(([name, value]) => [name, name === 'tagging' ? value : utf8AsHeader(value)] as const))

function success(request: StorageRequest, fields: ReadonlyMap<string, string>, object: StoredObject): Reply {
  const etag = quoted(object.etag)
  const location = `http://${request.headers.host ?? ''}/${[request.bucket, ...object.key.split('/')].map(encodeRfc3986).join('/')}`
  const redirect = redirectTarget(fields.get('success_action_redirect'))
  if (redirect) {
    for (const [name, value] of Object.entries({ bucket: request.bucket, key: object.key, etag })) {
      redirect.searchParams.set(name, value)
    }
    return { status: 303, headers: { location: redirect.href, etag } }
  }
  const asked = fields.get('success_action_status')
  const status = asked === '200' || asked === '201' ? Number(asked) : 204
  const headers = { etag, location }
  if (status !== 201) return { status, headers }
  const result = { Location: location, Bucket: request.bucket, Key: object.key, ETag: etag }
  return {
    status,
    headers: { ...headers, 'content-type': 'application/xml' },
    body: xmlDocument('PostResponse', result),
  }
}

/** Undefined for what is no URL: S3 then answers as if it had not been there. */
function redirectTarget(value: string | undefined): URL | undefined {
  return value !== undefined && URL.canParse(value) ? new URL(value) : undefined
}
