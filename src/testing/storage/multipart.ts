// The operations of a multipart upload, between the wire and the record of uploads.
import { createHash } from 'node:crypto'
import { type Context, countParameter, onlyIfNew, quoted, unquoted } from './context.js'
import { prefixed } from './description.js'
import { declaredChecksums, knownAlgorithm, type Checksums } from './digests.js'
import { StorageError } from './errors.js'
import { compareBytes } from './objects.js'
import { receivePayload, receiveText } from './payload.js'
import { maxSinglePutBytes } from './postPolicy.js'
import { copySourceOf, describeRequest } from './putObject.js'
import { encodeRfc3986, type Reply, xmlReply } from './request.js'
import type { NamedPart, Part } from './uploads.js'
import { parseXml, textOf, type XmlElement, xmlDocument } from './xml.js'

const maxPartNumber = 10_000

export function createMultipartUpload(context: Context): Reply {
  const { request, storage } = context
  storage.buckets.get(request.bucket)
  const algorithm = request.headers['x-amz-checksum-algorithm']
  const upload = storage.uploads.create({
    bucket: request.bucket,
    key: request.key,
    description: describeRequest(context),
    ...(algorithm !== undefined && { checksumAlgorithm: knownAlgorithm(algorithm) }),
  })
  const result = { Bucket: request.bucket, Key: request.key, UploadId: upload.uploadId }
  return xmlReply(xmlDocument('InitiateMultipartUploadResult', result), {
    ...(algorithm !== undefined && { 'x-amz-checksum-algorithm': algorithm }),
  })
}

export async function uploadPart(context: Context): Promise<Reply> {
  const { request, storage, payload } = context
  const partNumber = Number(request.query.get('partNumber'))
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > maxPartNumber) {
    throw new StorageError(
      'InvalidArgument',
      `Part number must be an integer between 1 and ${maxPartNumber}, inclusive`,
    )
  }
  const uploadId = request.query.get('uploadId') ?? ''
  const { checksumAlgorithm } = storage.uploads.get(request.bucket, request.key, uploadId)
  const checksum = `x-amz-checksum-${checksumAlgorithm}`
  if (checksumAlgorithm && !request.headers[checksum] && request.headers['x-amz-trailer'] !== checksum) {
    throw new StorageError(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${checksumAlgorithm}, actual checksum Type: null`,
    )
  }
  const copySource = request.headers['x-amz-copy-source']
  if (copySource !== undefined) return copyPart(context, { partNumber, uploadId, copySource })
  const limits = { maxSize: maxSinglePutBytes }
  const { body, result } = await storage.disk.writeBody((write) => receivePayload(request, payload, write, limits))
  const part: Part = {
    partNumber,
    size: result.size,
    etag: result.md5,
    lastModified: storage.now(),
    checksums: result.checksums,
    body,
  }
  try {
    storage.uploads.putPart(request.bucket, request.key, uploadId, part)
  } catch (error) {
    storage.disk.removeBody(body)
    throw error
  }
  return { status: 200, headers: { etag: quoted(part.etag), ...prefixed('x-amz-checksum-', part.checksums) } }
}

/** UploadPartCopy: a range of another object becomes the part. */
async function copyPart(
  context: Context,
  { partNumber, uploadId, copySource }: { partNumber: number; uploadId: string; copySource: string },
): Promise<Reply> {
  const { request, storage } = context
  const original = copySourceOf(context, copySource)
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers['x-amz-copy-source-range'] ?? `bytes=0-${original.size - 1}`)
  const [start, end] = [Number(range?.[1]), Number(range?.[2]) + 1]
  if (!(start < end && end <= original.size)) throw new StorageError('InvalidArgument', 'The range is not valid.')
  const md5 = createHash('md5')
  const { body } = await storage.disk.writeBody(async (write) => {
    for await (const chunk of storage.disk.readBodies(original.bodies, start, end)) {
      md5.update(chunk)
      await write(chunk)
    }
  })
  const etag = md5.digest('hex')
  const part: Part = { partNumber, size: end - start, etag, lastModified: storage.now(), checksums: {}, body }
  try {
    storage.uploads.putPart(request.bucket, request.key, uploadId, part)
  } catch (error) {
    storage.disk.removeBody(body)
    throw error
  }
  const LastModified = new Date(part.lastModified).toISOString()
  return xmlReply(xmlDocument('CopyPartResult', { LastModified, ETag: quoted(etag) }))
}

export async function completeMultipartUpload({ request, storage, payload }: Context): Promise<Reply> {
  storage.buckets.get(request.bucket)
  const condition = { onlyIfNew: onlyIfNew(request.headers) }
  const named = parseNamedParts(parseXml(await receiveText(request, payload)))
  const uploadId = request.query.get('uploadId') ?? ''
  const object = storage.uploads.complete(request.bucket, request.key, uploadId, named, condition)
  return xmlReply(
    xmlDocument('CompleteMultipartUploadResult', {
      Location: `http://${request.headers.host ?? ''}/${encodeRfc3986(request.bucket)}/${encodeRfc3986(request.key)}`,
      Bucket: request.bucket,
      Key: request.key,
      ETag: quoted(object.etag),
      ...checksumElements(object.checksums),
    }),
  )
}

function parseNamedParts(root: XmlElement): NamedPart[] {
  if (root.name !== 'CompleteMultipartUpload') throw new StorageError('MalformedXML')
  return root.children.map((part) => {
    const partNumber = Number(textOf(part, 'PartNumber') || Number.NaN)
    const etag = textOf(part, 'ETag')
    if (part.name !== 'Part' || !Number.isInteger(partNumber) || etag === undefined)
      throw new StorageError('MalformedXML')
    const checksums = part.children.flatMap(({ name, text }) => {
      const algorithm = /^Checksum(CRC32|SHA1|SHA256)$/.exec(name)?.[1]
      return algorithm ? [[`x-amz-checksum-${algorithm.toLowerCase()}`, text] as const] : []
    })
    return { partNumber, etag: unquoted(etag), checksums: declaredChecksums(checksums) }
  })
}

/** 204; a second time 404 NoSuchUpload. */
export function abortMultipartUpload({ request, storage }: Context): Reply {
  storage.buckets.get(request.bucket)
  storage.uploads.abort(request.bucket, request.key, request.query.get('uploadId') ?? '')
  return { status: 204 }
}

export function listParts({ request, storage }: Context): Reply {
  const { bucket, key, query } = request
  storage.buckets.get(bucket)
  const upload = storage.uploads.get(bucket, key, query.get('uploadId') ?? '')
  const max = countParameter(query, 'max-parts', 1000)
  const marker = Number(query.get('part-number-marker') ?? 0)
  const rest = [...upload.parts.values()]
    .filter((part) => part.partNumber > marker)
    .sort((a, b) => a.partNumber - b.partNumber)
  const page = rest.slice(0, max)
  return xmlReply(
    xmlDocument('ListPartsResult', {
      Bucket: bucket,
      Key: key,
      UploadId: upload.uploadId,
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.partNumber ?? marker,
      MaxParts: max,
      IsTruncated: page.length < rest.length,
      ChecksumAlgorithm: upload.checksumAlgorithm?.toUpperCase(),
      Part: page.map((part) => ({
        PartNumber: part.partNumber,
        LastModified: new Date(part.lastModified).toISOString(),
        ETag: quoted(part.etag),
        Size: part.size,
        ...checksumElements(part.checksums),
      })),
      StorageClass: 'STANDARD',
    }),
  )
}

export function listMultipartUploads({ request, storage }: Context): Reply {
  const { bucket, query } = request
  storage.buckets.get(bucket)
  const prefix = query.get('prefix') ?? ''
  const keyMarker = query.get('key-marker') ?? ''
  const idMarker = query.get('upload-id-marker') ?? ''
  const max = countParameter(query, 'max-uploads', 1000)
  const rest = storage.uploads
    .all(bucket)
    .filter(({ key }) => key.startsWith(prefix))
    .sort((a, b) => compareBytes(a.key, b.key) || compareBytes(a.uploadId, b.uploadId))
    .filter(({ key, uploadId }) => {
      const order = compareBytes(key, keyMarker)
      return order > 0 || (order === 0 && idMarker !== '' && compareBytes(uploadId, idMarker) > 0)
    })
  const page = rest.slice(0, max)
  const truncated = page.length < rest.length
  return xmlReply(
    xmlDocument('ListMultipartUploadsResult', {
      Bucket: bucket,
      KeyMarker: keyMarker,
      UploadIdMarker: idMarker,
      NextKeyMarker: truncated ? page.at(-1)?.key : undefined,
      NextUploadIdMarker: truncated ? page.at(-1)?.uploadId : undefined,
      Prefix: prefix,
      MaxUploads: max,
      IsTruncated: truncated,
      Upload: page.map(({ key, uploadId, initiated }) => ({
        Key: key,
        UploadId: uploadId,
        StorageClass: 'STANDARD',
        Initiated: new Date(initiated).toISOString(),
      })),
    }),
  )
}

function checksumElements(checksums: Checksums): Record<string, string> {
  return Object.fromEntries(Object.entries(checksums).map(([name, value]) => [`Checksum${name.toUpperCase()}`, value]))
}
