// GetObject and HeadObject: ranges, conditions, and the response headers a signed URL may set.
import { type Context, existingObject, unquoted } from './context.js'
import { descriptionHeaders } from './description.js'
import { StorageError } from './errors.js'
import { keptHeaders, type StoredObject } from './objects.js'
import { isHeaderValue, type Reply, type StorageRequest } from './request.js'

export function getObject(context: Context): Reply {
  const { request, storage } = context
  const object = existingObject(context, storage.buckets.get(request.bucket), request.key)
  const headers = {
    ...descriptionHeaders(object, { checksums: /^enabled$/i.test(checksumMode(request)) }),
    ...overrides(request.query),
  }
  const unchanged = checkConditions(request.headers, object)
  if (unchanged) return { status: 304, headers: without(headers, ['content-type']) }

  const range = parseRange(request.headers.range, object.size)
  if (!range) {
    return {
      status: 200,
      headers: { ...headers, 'content-length': String(object.size) },
      ...content(context, object, 0, object.size),
    }
  }
  return {
    status: 206,
    headers: {
      // The checksum is that of the whole.
      ...without(
        headers,
        Object.keys(headers).filter((name) => name.startsWith('x-amz-checksum-')),
      ),
      'content-range': `bytes ${range.start}-${range.end - 1}/${object.size}`,
      'content-length': String(range.end - range.start),
    },
    ...content(context, object, range.start, range.end),
  }
}

function content({ request, storage }: Context, object: StoredObject, start: number, end: number): Pick<Reply, 'body'> {
  return request.method === 'HEAD' ? {} : { body: storage.disk.readBodies(object.bodies, start, end) }
}

const checksumMode = ({ headers, query }: StorageRequest) =>
  headers['x-amz-checksum-mode'] ?? query.get('x-amz-checksum-mode') ?? ''

/** `response-content-type` and the like. Whoever reads has signed the query, so they are always signed. */
function overrides(query: URLSearchParams): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of keptHeaders) {
    const value = query.get(`response-${name}`)
    if (value === null) continue
    // A line break would end the header, and with it, on Ceph, the download.
    if (!isHeaderValue(value)) {
      throw new StorageError('InvalidArgument', 'Header value cannot be represented using ISO-8859-1.', {
        ArgumentName: `response-${name}`,
      })
    }
    headers[name] = value
  }
  return headers
}

/** True for 304. Throws PreconditionFailed. By RFC 9110, an entity tag decides before a date. */
function checkConditions(headers: Readonly<Record<string, string>>, object: StoredObject): boolean {
  const names = (list: string) => list.trim() === '*' || list.split(',').some((etag) => unquoted(etag) === object.etag)
  const modified = Math.floor(object.lastModified / 1000) * 1000
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers
  const unmodifiedSince = Date.parse(headers['if-unmodified-since'] ?? '')
  const modifiedSince = Date.parse(headers['if-modified-since'] ?? '')
  if (ifMatch !== undefined ? !names(ifMatch) : modified > unmodifiedSince) throw new StorageError('PreconditionFailed')
  return ifNoneMatch !== undefined ? names(ifNoneMatch) : modified <= modifiedSince
}

/** `end` is not included. Undefined for no range, or one that is none of S3's (several, other units): all is sent. */
function parseRange(range: string | undefined, size: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(range?.trim() ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [first, last] = [match[1] ?? '', match[2] ?? '']
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first)
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size)
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined
  if (start >= size || (first === '' && Number(last) === 0)) {
    throw new StorageError('InvalidRange', undefined, { RangeRequested: range ?? '', ActualObjectSize: String(size) })
  }
  return { start, end }
}

function without(headers: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))
}
