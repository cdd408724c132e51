// PutObject and CopyObject.
import { type Context, existingObject, onlyIfNew, quoted, requirePermission, unquoted } from './context.js'
import { describe, prefixed } from './description.js'
import { StorageError } from './errors.js'
import type { StoredObject } from './objects.js'
import { receivePayload } from './payload.js'
import { maxSinglePutBytes } from './postPolicy.js'
import { decodePath, type Reply, utf8AsHeader, xmlReply } from './request.js'
import { xmlDocument } from './xml.js'

export async function putObject(context: Context): Promise<Reply> {
  const { request, storage, payload } = context
  if (request.headers['x-amz-copy-source'] !== undefined)
    return copyObject(context, request.headers['x-amz-copy-source'])
  const bucket = storage.buckets.get(request.bucket)
  const description = describeRequest(context)
  const condition = { onlyIfNew: onlyIfNew(request.headers) }
  const { body, result } = await storage.disk.writeBody((write) =>
    receivePayload(request, payload, write, { maxSize: maxSinglePutBytes }),
  )
  const object: StoredObject = {
    ...description,
    key: request.key,
    size: result.size,
    etag: result.md5,
    lastModified: storage.now(),
    checksums: result.checksums,
    bodies: [body],
  }
  putOrDiscard(context, object, () => bucket.put(object, condition))
  return { status: 200, headers: { etag: quoted(object.etag), ...prefixed('x-amz-checksum-', object.checksums) } }
}

/** What the upload says of itself. Metadata and tags may have been signed in the query, where the SDK hoists them. */
export function describeRequest({ request, user }: Context) {
  const said = new Map(Object.entries(request.headers))
  for (const [name, value] of request.query) {
    const lower = name.toLowerCase()
    if (lower.startsWith('x-amz-meta-') || lower === 'x-amz-tagging' || lower === 'x-amz-acl')
      said.set(lower, utf8AsHeader(value))
  }
  const description = describe(said)
  if (said.has('x-amz-tagging')) requirePermission(user, 's3:PutObjectTagging', request)
  return description
}

/** A refused object leaves no bytes behind. */
export function putOrDiscard({ storage }: Pick<Context, 'storage'>, object: StoredObject, put: () => void): void {
  try {
    put()
  } catch (error) {
    for (const body of object.bodies) storage.disk.removeBody(body)
    throw error
  }
}

function copyObject(context: Context, copySource: string): Reply {
  const { request, storage } = context
  const { headers } = request
  const original = copySourceOf(context, copySource)
  const source = parseCopySource(copySource)
  const bucket = storage.buckets.get(request.bucket)
  const said = describeRequest(context)
  const replaceMetadata = directive(headers, 'x-amz-metadata-directive')
  const replaceTags = directive(headers, 'x-amz-tagging-directive')
  if (source.bucket === request.bucket && source.key === request.key && !replaceMetadata) {
    throw new StorageError(
      'InvalidRequest',
      'This copy request is illegal because it is trying to copy an object to itself.',
    )
  }
  const { uploadId: _, ...kept } = original
  const copy: StoredObject = {
    ...kept,
    ...(replaceMetadata && { headers: said.headers, metadata: said.metadata }),
    ...(replaceTags && { tags: said.tags }),
    key: request.key,
    lastModified: storage.now(),
    bodies: original.bodies.map(storage.disk.linkBody),
  }
  putOrDiscard(context, copy, () => bucket.put(copy, { onlyIfNew: onlyIfNew(headers) }))
  return xmlReply(
    xmlDocument('CopyObjectResult', {
      LastModified: new Date(copy.lastModified).toISOString(),
      ETag: quoted(copy.etag),
    }),
  )
}

/** The object that a copy is made of. Throws AccessDenied, NoSuchKey and, where it is another by now, PreconditionFailed. */
export function copySourceOf(context: Context, copySource: string): StoredObject {
  const { request, storage, user } = context
  const source = parseCopySource(copySource)
  requirePermission(user, 's3:GetObject', source)
  const original = existingObject(context, storage.buckets.get(source.bucket), source.key)
  const ifMatch = request.headers['x-amz-copy-source-if-match']
  const ifNoneMatch = request.headers['x-amz-copy-source-if-none-match']
  if (
    (ifMatch !== undefined && unquoted(ifMatch) !== original.etag) ||
    (ifNoneMatch !== undefined && unquoted(ifNoneMatch) === original.etag)
  ) {
    throw new StorageError('PreconditionFailed')
  }
  return original
}

function parseCopySource(value: string) {
  const [, bucket = '', key = ''] = /^\/?([^/]+)\/([^?]+)/.exec(decodePath(value)) ?? []
  if (!key)
    throw new StorageError(
      'InvalidArgument',
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    )
  return { bucket, key }
}

function directive(headers: Readonly<Record<string, string>>, name: string): boolean {
  const value = headers[name] ?? 'COPY'
  if (value !== 'COPY' && value !== 'REPLACE') throw new StorageError('InvalidArgument', `Unknown ${name}.`)
  return value === 'REPLACE'
}
