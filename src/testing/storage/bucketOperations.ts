// The operations on buckets and on the service.
import { type Context, countParameter, quoted } from './context.js'
import { corsXml, parseCorsRules } from './cors.js'
import { StorageError } from './errors.js'
import { compareBytes, type StoredObject } from './objects.js'
import { receiveText } from './payload.js'
import { type Reply, xmlReply } from './request.js'
import { parseXml, xmlDocument } from './xml.js'

export function listBuckets({ storage }: Context): Reply {
  const Bucket = storage.buckets
    .all()
    .map(({ name, createdAt }) => ({ Name: name, CreationDate: new Date(createdAt).toISOString() }))
  return xmlReply(xmlDocument('ListAllMyBucketsResult', { Buckets: { Bucket } }))
}

export async function createBucket({ request, storage, payload }: Context): Promise<Reply> {
  // The SDK sends a location constraint outside us-east-1.
  if (request.headers['content-length'] !== undefined && request.headers['content-length'] !== '0') {
    parseXml(await receiveText(request, payload))
  }
  storage.buckets.create(request.bucket, storage.now())
  return { status: 200, headers: { location: `/${request.bucket}` } }
}

export function headBucket({ request, storage }: Context): Reply {
  storage.buckets.get(request.bucket)
  return { status: 200, headers: { 'x-amz-bucket-region': storage.region } }
}

export function getBucketLocation({ request, storage }: Context): Reply {
  storage.buckets.get(request.bucket)
  return xmlReply(xmlDocument('LocationConstraint', storage.region === 'us-east-1' ? '' : storage.region))
}

/** Unfinished multipart uploads don't hold a bucket back; they end with it. */
export function deleteBucket({ request, storage }: Context): Reply {
  storage.buckets.delete(request.bucket)
  for (const { bucket, key, uploadId } of storage.uploads.all(request.bucket))
    storage.uploads.abort(bucket, key, uploadId)
  return { status: 204 }
}

export function listObjectsV2({ request, storage }: Context): Reply {
  const { query } = request
  if (query.get('list-type') !== '2')
    throw new StorageError('NotImplemented', 'Only version 2 of ListObjects is implemented.')
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const token = query.get('continuation-token')
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString('utf8')
  const max = countParameter(query, 'max-keys', 1000)

  const rest = groupByDelimiter(storage.buckets.get(request.bucket).list(prefix), prefix, delimiter).filter(
    ({ name }) => compareBytes(name, after) > 0,
  )
  const page = rest.slice(0, max)
  const last = page.at(-1)
  const truncated = last !== undefined && page.length < rest.length
  return xmlReply(
    xmlDocument('ListBucketResult', {
      Name: request.bucket,
      Prefix: prefix,
      Delimiter: delimiter || undefined,
      StartAfter: query.get('start-after') ?? undefined,
      ContinuationToken: token ?? undefined,
      NextContinuationToken: truncated ? Buffer.from(last.name).toString('base64url') : undefined,
      KeyCount: page.length,
      MaxKeys: max,
      IsTruncated: truncated,
      Contents: page.flatMap(({ object }) => (object ? contentsOf(object) : [])),
      CommonPrefixes: page.flatMap(({ name, object }) => (object ? [] : { Prefix: name })),
    }),
  )
}

/** A bucket without versioning: each object once, as version `null`. */
export function listObjectVersions({ request, storage }: Context): Reply {
  const { query } = request
  const prefix = query.get('prefix') ?? ''
  const marker = query.get('key-marker') ?? ''
  const max = countParameter(query, 'max-keys', 1000)
  const rest = storage.buckets
    .get(request.bucket)
    .list(prefix)
    .filter(({ key }) => compareBytes(key, marker) > 0)
  const page = rest.slice(0, max)
  const truncated = page.length < rest.length
  return xmlReply(
    xmlDocument('ListVersionsResult', {
      Name: request.bucket,
      Prefix: prefix,
      KeyMarker: marker,
      MaxKeys: max,
      IsTruncated: truncated,
      NextKeyMarker: truncated ? page.at(-1)?.key : undefined,
      NextVersionIdMarker: truncated ? 'null' : undefined,
      Version: page.map((object) => ({ ...contentsOf(object), VersionId: 'null', IsLatest: true })),
    }),
  )
}

/** Objects, and in place of those that share what goes to the delimiter, that prefix. */
function groupByDelimiter(objects: readonly StoredObject[], prefix: string, delimiter: string) {
  const entries = new Map<string, StoredObject | undefined>()
  for (const object of objects) {
    const at = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length)
    if (at < 0) entries.set(object.key, object)
    else entries.set(object.key.slice(0, at + delimiter.length), undefined)
  }
  return [...entries].map(([name, object]) => ({ name, object }))
}

const contentsOf = (object: StoredObject) => ({
  Key: object.key,
  LastModified: new Date(object.lastModified).toISOString(),
  ETag: quoted(object.etag),
  Size: object.size,
  StorageClass: 'STANDARD',
})

export async function putBucketCors({ request, storage, payload }: Context): Promise<Reply> {
  const bucket = storage.buckets.get(request.bucket)
  bucket.configure({ cors: parseCorsRules(await receiveText(request, payload)) })
  return { status: 200 }
}

export function getBucketCors({ request, storage }: Context): Reply {
  const rules = storage.buckets.get(request.bucket).cors()
  if (!rules) throw new StorageError('NoSuchCORSConfiguration')
  return xmlReply(corsXml(rules))
}

export function deleteBucketCors({ request, storage }: Context): Reply {
  storage.buckets.get(request.bucket).configure({ cors: undefined })
  return { status: 204 }
}

export async function putBucketLifecycle({ request, storage, payload }: Context): Promise<Reply> {
  const bucket = storage.buckets.get(request.bucket)
  const lifecycle = await receiveText(request, payload)
  if (parseXml(lifecycle).name !== 'LifecycleConfiguration') throw new StorageError('MalformedXML')
  bucket.configure({ lifecycle })
  return { status: 200 }
}

export function getBucketLifecycle({ request, storage }: Context): Reply {
  const lifecycle = storage.buckets.get(request.bucket).lifecycle()
  if (lifecycle === undefined) throw new StorageError('NoSuchLifecycleConfiguration')
  return xmlReply(lifecycle)
}

export function deleteBucketLifecycle({ request, storage }: Context): Reply {
  storage.buckets.get(request.bucket).configure({ lifecycle: undefined })
  return { status: 204 }
}
