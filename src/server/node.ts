/** The handler on Node's http and Express: whatever a middleware has read of the body before us is used. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** The one method with a body that the handler answers; others carry none to it. */
const hasBody = (method: string | undefined) => method !== 'GET' && method !== 'HEAD'

type Incoming = IncomingMessage & { readonly body?: unknown; readonly originalUrl?: string }

/** What Express's parsers left in `req.body`, as it was sent; undefined where nobody has read it. */
function parsedBody({ body, readableDidRead }: Incoming): string | Uint8Array<ArrayBuffer> | undefined {
  if (body instanceof Uint8Array) return new Uint8Array(body)
  if (typeof body === 'string') return body
  // Express 4 sets {} where no parser ran; whether the stream was read tells the two apart.
  if (body === undefined || (!readableDidRead && typeof body === 'object')) return undefined
  return JSON.stringify(body)
}

function urlOf(req: Incoming): URL {
  const scheme = 'encrypted' in req.socket && req.socket.encrypted === true ? 'https' : 'http'
  const path = req.originalUrl ?? req.url ?? '/'
  const host = req.headers.host ?? 'localhost'
  return URL.canParse(path, `${scheme}://${host}`) ? new URL(path, `${scheme}://${host}`) : new URL('http://localhost/')
}

function toRequest(req: Incoming, signal: AbortSignal): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(req.headers)) {
    if (value !== undefined && !name.startsWith(':')) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const init = { method: req.method ?? 'GET', headers, signal }
  if (!hasBody(req.method)) return new Request(urlOf(req), init)
  const parsed = parsedBody(req)
  if (parsed === undefined) {
    return new Request(urlOf(req), {
      ...init,
      body: Readable.toWeb(req) as ReadableStream,
      duplex: 'half',
    } as RequestInit)
  }
  // The length told is of the bytes as they came; what a middleware parsed (and unzipped) has another.
  headers.delete('content-length')
  return new Request(urlOf(req), { ...init, body: parsed })
}

async function write(response: Response, res: ServerResponse, req: IncomingMessage): Promise<void> {
  // A body that was refused unread would be taken for the next request of the connection. HTTP/2 has streams for that.
  if (!req.complete && req.httpVersionMajor < 2) res.setHeader('connection', 'close')
  res.writeHead(response.status, Object.fromEntries(response.headers))
  if (response.body === null) res.end()
  else await pipeline(Readable.fromWeb(response.body as never), res)
}

/**
 * A listener for `http.createServer` and for Express, before or after `express.json()`:
 * `app.post('/api/uploads', toNodeListener(handler))`. When the caller goes away, the request's signal aborts.
 */
export function toNodeListener(
  handler: (request: Request) => Promise<Response>,
): (req: IncomingMessage, res: ServerResponse) => void {
  return (req, res) => {
    const gone = new AbortController()
    res.once('close', () => {
      if (!res.writableFinished) gone.abort()
    })
    const run = async () => write(await handler(toRequest(req, gone.signal)), res, req)
    run().catch(() => {
      if (!res.headersSent) res.writeHead(500)
      res.end()
    })
  }
}
