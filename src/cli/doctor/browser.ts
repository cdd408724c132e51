/** A browser as the storage sees it: with an origin, preflights and headers just as given, which `fetch` would not allow. */
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** `<Code>` of S3's XML; empty without. */
  readonly code: string
  readonly body: Buffer
  /** Status and code, fit to be printed. */
  readonly told: string
  readonly ok: boolean
}

export interface Sent {
  readonly method: string
  /** The page's; null for a request that no page makes. */
  readonly origin: string | null
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** Ms until a storage that says nothing is given up. */
const patience = 30_000

/** Sends one request, following no redirect. Rejects where no answer comes. */
export function exchange(url: string, { method, origin, headers = {}, body }: Sent): Promise<Reply> {
  const length =
    body !== undefined || method === 'PUT' || method === 'POST' ? { 'content-length': String(body?.length ?? 0) } : {}
  const send = url.startsWith('https:') ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method,
      headers: { ...(origin === null ? {} : { origin }), ...length, ...headers },
      timeout: patience,
    })
    request.on('timeout', () => request.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })))
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const status = response.statusCode ?? 0
        const answered = Buffer.concat(chunks)
        const code = /<Code>([A-Za-z0-9]+)<\/Code>/.exec(answered.subarray(0, 4096).toString('latin1'))?.[1] ?? ''
        resolve({
          status,
          headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
          code,
          body: answered,
          told: `${status} ${code}`.trim(),
          ok: status >= 200 && status < 300,
        })
      })
    })
    request.end(body)
  })
}

const listed = (header: string | undefined): string[] =>
  (header ?? '').split(',').map((name) => name.trim().toLowerCase())

/** Whether a page of this origin may read the answer. */
export function isReadable({ headers }: Reply, origin: string): boolean {
  const allowed = headers['access-control-allow-origin']
  return allowed === '*' || allowed === origin
}

/** Whether a page may read this header of the answer. */
export const exposes = ({ headers }: Reply, name: string): boolean => {
  const exposed = listed(headers['access-control-expose-headers'])
  return exposed.includes(name.toLowerCase()) || exposed.includes('*')
}

/** Why a preflight is refused, as a browser judges it; null where it lets the request go. */
export async function preflight(
  url: string,
  {
    origin,
    method,
    headers,
  }: { readonly origin: string; readonly method: string; readonly headers: readonly string[] },
): Promise<string | null> {
  const reply = await exchange(url, {
    method: 'OPTIONS',
    origin,
    headers: {
      'access-control-request-method': method,
      // As Chromium writes it: in lower case, sorted, with nothing between.
      ...(headers.length === 0 ? {} : { 'access-control-request-headers': [...headers].toSorted().join(',') }),
    },
  })
  if (!reply.ok) return `the preflight is answered ${reply.told}`
  if (!isReadable(reply, origin)) return 'the preflight does not allow the origin'
  const methods = listed(reply.headers['access-control-allow-methods'])
  if (method !== 'POST' && method !== 'GET' && !methods.includes(method.toLowerCase()) && !methods.includes('*'))
    return `the preflight does not allow ${method}`
  const allowed = listed(reply.headers['access-control-allow-headers'])
  const missing = headers.filter((name) => !allowed.includes(name) && !allowed.includes('*'))
  return missing.length === 0 ? null : `the preflight does not allow ${missing.join(', ')}`
}
