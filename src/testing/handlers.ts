/**
 * The protocol and its storage as a `fetch` function over a memory backend: for tests that want requests rather than
 * a `backend` prop. Works as a stub of the global and inside a mock server's handler.
 */
import type { ActionName } from '../protocol/actions.js'
import type { CallContext, Sendable } from '../protocol/backend.js'
import { type Failure, failureFrom } from '../protocol/failure.js'
import { isObject } from '../protocol/grant.js'
import { createMemoryBackend, type MemoryBackend, memoryStorageUrl } from './memoryBackend.js'

export interface FetchMockOptions {
  /** Path, or end of the URL, of the uploads endpoint. @default '/api/uploads' */
  readonly endpoint?: string
  /** Answers everything else. @default a rejection that names the request, so that none escapes */
  readonly otherwise?: typeof globalThis.fetch
}

const statuses: Readonly<Record<string, number>> = {
  denied: 403,
  closed: 403,
  'not-stored': 404,
  timeout: 504,
  'rate-limited': 429,
  server: 500,
  unsafe: 422,
}

/** How storage says it: a code of S3 and its status. */
const storageAnswers: Readonly<Record<string, readonly [status: number, code: string]>> = {
  'url-expired': [403, 'ExpiredToken'],
  denied: [403, 'AccessDenied'],
  'rate-limited': [503, 'SlowDown'],
  server: [500, 'InternalError'],
  damaged: [400, 'BadDigest'],
  'storage-rejected': [403, 'SignatureDoesNotMatch'],
}

const isLostOnTheWay = ({ code, status }: Failure): boolean => code === 'network' && (status ?? 0) === 0

const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

/** A request, from whatever `fetch` was called with. Its body is read as it was given: test DOMs' forms are not Node's. */
interface Asked {
  readonly method: string
  readonly url: URL
  readonly signal: AbortSignal
  readonly body: BodyInit | null
  readonly request: Request | null
}

function askedBy(input: RequestInfo | URL, init: RequestInit = {}): Asked {
  const request = typeof input === 'object' && 'url' in input ? input : null
  return {
    method: (init.method ?? request?.method ?? 'GET').toUpperCase(),
    url: new URL(request?.url ?? String(input), globalThis.location?.href ?? 'https://page.invalid/'),
    signal: init.signal ?? request?.signal ?? new AbortController().signal,
    body: init.body ?? null,
    request,
  }
}

const isForm = (body: unknown): body is FormData =>
  typeof body === 'object' && body !== null && typeof (body as Partial<FormData>).getAll === 'function'

/**
 * A `fetch` that answers the protocol and takes the bytes: `vi.stubGlobal('fetch', createFetchMock(backend))`.
 * With MSW: `http.all('*', ({ request }) => mock(request))`.
 */
export function createFetchMock(
  backend: MemoryBackend = createMemoryBackend(),
  { endpoint = '/api/uploads', otherwise }: FetchMockOptions = {},
): typeof globalThis.fetch {
  return async (input, init) => {
    const asked = askedBy(input, init)
    if (asked.signal.aborted) throw asked.signal.reason
    if (asked.url.href.startsWith(memoryStorageUrl)) return store(asked)
    if (asked.method === 'POST' && (asked.url.href.endsWith(endpoint) || asked.url.pathname === endpoint)) {
      return answer(asked)
    }
    if (otherwise !== undefined) return otherwise(input, init)
    throw new TypeError(`createFetchMock: nothing answers ${asked.method} ${asked.url.origin}${asked.url.pathname}`)
  }

  async function answer({ body, request, signal }: Asked): Promise<Response> {
    const text = typeof body === 'string' ? body : await request?.text()
    const { action, field, context, ...members } = JSON.parse(text ?? '{}') as {
      action?: string
      field?: string
      context?: Record<string, string>
    }
    const c = { signal, ...(field === undefined ? {} : { field }), ...(context === undefined ? {} : { context }) }
    try {
      const answered = await act(action, members, c)
      if (answered === undefined) {
        return json(400, { error: { code: 'unknown-action', message: `No such action: ${action}` } })
      }
      return json(isObject(answered) && answered.status === 'checking' ? 202 : 200, answered)
    } catch (thrown) {
      if (signal.aborted) throw signal.reason
      const failed = failureFrom(thrown)
      if (isLostOnTheWay(failed)) throw new TypeError('Failed to fetch', { cause: thrown })
      const { code, message = '' } = failed
      return json(failed.status ?? statuses[code] ?? 400, { error: { code, message } })
    }
  }

  function act(action: string | undefined, members: object, c: CallContext): Promise<unknown> | undefined {
    // Written by the field itself: its shapes are the protocol's.
    const m = members as never
    switch (action as ActionName) {
      case 'presign':
        return backend.requestUploads(Reflect.get(members, 'files') as never, c)
      case 'presign-parts':
        return backend.requestParts(m, c)
      case 'list-parts':
        return backend.listParts(m, c)
      case 'complete':
        return backend.complete(m, c)
      case 'abort':
        return backend.abort(m, c)
      case 'describe':
        return backend.describeFiles(Reflect.get(members, 'ids') as never, c)
      case 'discard':
        return backend.discardFiles(Reflect.get(members, 'ids') as never, c)
      case 'rules':
        return backend.requestRules?.(c)
      default:
        return undefined
    }
  }

  async function store({ method, url, body, request, signal }: Asked): Promise<Response> {
    const target = await sendableOf(method, url, body, request)
    if (target === null) return new Response('<Error><Code>MethodNotAllowed</Code></Error>', { status: 405 })
    try {
      await backend.send(target.grant, target.bytes, { signal, onProgress: () => {} })
      return new Response(null, { status: method === 'POST' ? 204 : 200, headers: { etag: '"memory"' } })
    } catch (thrown) {
      if (signal.aborted) throw signal.reason
      const failed = failureFrom(thrown)
      const known = storageAnswers[failed.code]
      if (known === undefined && failed.status === undefined) throw new TypeError('Failed to fetch', { cause: thrown })
      const [status, code] = known ?? [failed.status ?? 500, failed.storageCode ?? 'InternalError']
      return new Response(`<Error><Code>${code}</Code></Error>`, { status: failed.status || status })
    }
  }
}

/** The grant that a request to storage was made by, and its bytes; null when it is no upload. */
async function sendableOf(
  method: string,
  url: URL,
  body: BodyInit | null,
  request: Request | null,
): Promise<{ grant: Sendable; bytes: Blob } | null> {
  const common = { id: '', expiresInMs: null, confirm: false, url: url.href }
  if (method === 'POST') {
    const form = isForm(body) ? body : await request?.formData()
    const bytes = form?.get('file')
    if (form === undefined || bytes === null || bytes === undefined || typeof bytes === 'string') return null
    return { grant: { ...common, method, fields: { key: String(form.get('key')) } }, bytes }
  }
  if (method !== 'PUT') return null
  const given = body ?? (await request?.blob()) ?? ''
  const bytes = typeof given === 'object' && 'size' in given ? (given as Blob) : new Blob([given as BlobPart])
  const partNumber = url.searchParams.get('partNumber')
  const grant: Sendable =
    partNumber === null ? { ...common, method, headers: {} } : { partNumber: Number(partNumber), url: url.href }
  return { grant, bytes }
}
