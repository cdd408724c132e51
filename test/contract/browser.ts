// A browser as storage sees it: an Origin, preflights, headers exactly as given; and half-sent bodies, which no browser API allows.
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'

export const pageOrigin = 'https://page.example'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  text: string
  /** `<Code>` of S3's XML. */
  code: string | undefined
  /** Whether CORS lets the page see this answer. */
  readable: boolean
}

export interface Sent {
  method?: string
  headers?: Record<string, string>
  body?: Buffer | string
  origin?: string | null
}

/** Sends with the body's true length, as a browser does. */
export function send(
  url: string,
  { method = 'GET', headers = {}, body, origin = pageOrigin }: Sent = {},
): Promise<Answer> {
  const bytes = body === undefined ? undefined : Buffer.from(body)
  return exchange(url, {
    method,
    headers: {
      ...(origin !== null && { origin }),
      ...(bytes && { 'content-length': String(bytes.length) }),
      ...(!bytes && (method === 'PUT' || method === 'POST') && { 'content-length': '0' }),
      ...headers,
    },
    write: (end) => end(bytes),
  }).then((answer) => ({ ...answer, readable: allows(answer.headers, origin) }))
}

export function preflight(
  url: string,
  asked: { method: string; headers?: string[]; origin?: string },
): Promise<Answer> {
  const { method, headers = [], origin = pageOrigin } = asked
  return send(url, {
    method: 'OPTIONS',
    origin,
    headers: {
      'access-control-request-method': method,
      ...(headers.length > 0 && { 'access-control-request-headers': headers.join(',') }),
    },
  })
}

/** Sends without a length, chunk by chunk. */
export function sendChunked(url: string, { method = 'PUT', headers = {}, body = '' }: Sent): Promise<Answer> {
  return exchange(url, {
    method,
    headers: { origin: pageOrigin, 'transfer-encoding': 'chunked', ...headers },
    write: (end) => end(body),
  })
}

/** Sends the headers, waits for `100 Continue`, then the body. `continued` tells whether it came. */
export async function sendExpecting(
  url: string,
  { method = 'PUT', headers = {}, body = '' }: Sent,
): Promise<Answer & { continued: boolean }> {
  let continued = false
  const answer = await exchange(url, {
    method,
    headers: { expect: '100-continue', 'content-length': String(Buffer.byteLength(body)), ...headers },
    write: (end, request) => {
      request.on('continue', () => {
        continued = true
        end(body)
      })
      request.flushHeaders()
    },
  })
  return { ...answer, continued }
}

/** Promises `length` bytes, sends fewer and closes the connection. */
export function sendHalf(
  url: string,
  { headers = {}, body, length }: { headers?: Record<string, string>; body: Buffer; length: number },
): Promise<void> {
  const { hostname, port, host, pathname, search } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      const lines = Object.entries({ host, 'content-length': String(length), ...headers }).map(
        ([name, value]) => `${name}: ${value}\r\n`,
      )
      socket.write(`PUT ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`)
      socket.end(body)
    })
    socket.on('error', reject)
    socket.on('close', () => resolve())
    socket.resume()
  })
}

type Write = (end: (body?: Buffer | string) => void, request: ReturnType<typeof httpRequest>) => void

function exchange(
  url: string,
  { method, headers, write }: { method: string; headers: Record<string, string>; write: Write },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const body = Buffer.concat(chunks)
        const text = body.toString('utf8')
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body,
          text,
          code: /<Code>(.*?)<\/Code>/.exec(text)?.[1],
          readable: allows(response.headers, pageOrigin),
        })
      })
    })
    request.on('error', reject)
    write((body) => request.end(body), request)
  })
}

function allows(headers: IncomingHttpHeaders, origin: string | null): boolean {
  const allowed = headers['access-control-allow-origin']
  return allowed === '*' || (origin !== null && allowed === origin)
}

export interface FormField {
  name: string
  value: string
}

/** A multipart/form-data body as a browser writes it, fields in the given order. */
export function formBody(
  fields: readonly FormField[],
  file: { content: Buffer | string; name?: string } | null,
  after: readonly FormField[] = [],
) {
  const boundary = '----WebKitFormBoundaryPrDH1kVIiAvkJtXX'
  const field = ({ name, value }: FormField) =>
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
  const body = Buffer.concat([
    ...fields.map(field),
    ...(file
      ? [
          Buffer.from(
            `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${file.name ?? 'blob'}"\r\nContent-Type: text/plain\r\n\r\n`,
          ),
          Buffer.from(file.content),
          Buffer.from('\r\n'),
        ]
      : []),
    ...after.map(field),
    Buffer.from(`--${boundary}--\r\n`),
  ])
  return { body, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }
}
