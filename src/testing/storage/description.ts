// What an upload says of itself beside its bytes, read from headers or form fields, and how a download says it again.
import { StorageError } from './errors.js'
import { type Description, keptHeaders, type StoredObject } from './objects.js'
import { isHeaderValue } from './request.js'
import { parseXml, textOf, xmlDocument } from './xml.js'

const maxMetadataBytes = 2048

/**
 * From headers, or from form fields by lower-case name. Throws for metadata over 2 kB, an ACL other than
 * `bucket-owner-full-control` (a new bucket of AWS has no ACLs) and malformed tags.
 */
export function describe(entries: ReadonlyMap<string, string>): Description {
  const acl = entries.get('x-amz-acl') ?? entries.get('acl')
  if (acl !== undefined && acl !== 'bucket-owner-full-control') throw new StorageError('AccessControlListNotSupported')

  const tagging = entries.get('x-amz-tagging')
  const taggingXml = entries.get('tagging')
  return {
    headers: describedHeaders(entries),
    metadata: describedMetadata(entries),
    tags: tagging !== undefined ? tagsOfQuery(tagging) : taggingXml !== undefined ? tagsOfXml(taggingXml) : {},
  }
}

function describedHeaders(entries: ReadonlyMap<string, string>): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'binary/octet-stream' }
  for (const name of keptHeaders) {
    // The SDK's framing of the body is no encoding of the content.
    const value = name === 'content-encoding' ? withoutFraming(entries.get(name)) : entries.get(name)
    if (value) headers[name] = storable(name, value)
  }
  return headers
}

function withoutFraming(encodings: string | undefined): string | undefined {
  const all = encodings?.split(',').map((encoding) => encoding.trim())
  return all?.filter((encoding) => encoding !== 'aws-chunked').join(',')
}

function describedMetadata(entries: ReadonlyMap<string, string>): Record<string, string> {
  const metadata: Record<string, string> = {}
  let bytes = 0
  for (const [header, value] of entries) {
    if (!header.startsWith('x-amz-meta-')) continue
    const name = header.slice('x-amz-meta-'.length)
    metadata[name] = storable(header, value)
    bytes += name.length + value.length
  }
  if (bytes > maxMetadataBytes) throw new StorageError('MetadataTooLarge')
  return metadata
}

/** A form field or a query can hold what a header, when the object is downloaded, can't. */
function storable(name: string, value: string): string {
  if (isHeaderValue(value)) return value
  throw new StorageError('InvalidArgument', `The value of ${name} cannot be a header.`, { ArgumentName: name })
}

/** The headers of GET and HEAD. */
export function descriptionHeaders(object: StoredObject, options: { checksums: boolean }): Record<string, string> {
  return {
    ...object.headers,
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.lastModified).toUTCString(),
    'accept-ranges': 'bytes',
    ...prefixed('x-amz-meta-', object.metadata),
    ...(Object.keys(object.tags).length > 0 && { 'x-amz-tagging-count': String(Object.keys(object.tags).length) }),
    ...(options.checksums && prefixed('x-amz-checksum-', object.checksums)),
  }
}

export function prefixed(prefix: string, record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [prefix + name, value]))
}

/** Throws MalformedXML and InvalidTag. */
export function tagsOfXml(xml: string): Record<string, string> {
  const root = parseXml(xml)
  const set = root.children.find((child) => child.name === 'TagSet')
  if (root.name !== 'Tagging' || !set) throw new StorageError('MalformedXML')
  return checkedTags(
    set.children.map((tag) => {
      const key = textOf(tag, 'Key')
      const value = textOf(tag, 'Value')
      if (tag.name !== 'Tag' || key === undefined || value === undefined) throw new StorageError('MalformedXML')
      return [key, value] as const
    }),
  )
}

export function tagsXml(tags: Readonly<Record<string, string>>): string {
  return xmlDocument('Tagging', { TagSet: { Tag: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } })
}

const tagsOfQuery = (query: string) => checkedTags([...new URLSearchParams(query)])

function checkedTags(tags: readonly (readonly [string, string])[]): Record<string, string> {
  const unique = new Map(tags)
  const wrong = tags.some(([key, value]) => key === '' || key.length > 128 || value.length > 256)
  if (wrong || unique.size < tags.length || tags.length > 10) throw new StorageError('InvalidTag')
  return Object.fromEntries(unique)
}
