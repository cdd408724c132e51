// The storage on the wire: http connections, the log of requests, faults, and replies as bytes.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { corsHeaders } from './cors.js'
import { errorReply, errorXml } from './errorReply.js'
import type { Fault, FaultAnswer, FaultHook } from './faults.js'
import { incomingBody } from './incomingBody.js'
import { parseRequest, type Reply, splitTarget, type StorageRequest } from './request.js'
import { respond, withHeaders } from './respond.js'
import type { Storage } from './storage.js'

export interface ServerOptions {
  readonly corsOnDenied: boolean
  readonly fault: FaultHook | undefined
  /** Where requests are logged; the newest `maxLogged` are kept. */
  readonly requests: { method: string; path: string; status: number }[]
}

const maxLogged = 10_000

/** Not yet listening. */
export function storageServer(storage: Storage, options: ServerOptions): Server {
  const listener = (message: IncomingMessage, response: ServerResponse) => {
    serve(message, response, storage, options).catch((error: unknown) => {
      // A sender that went away needs no answer. Anything else is a mistake, ours or the fault hook's, and says so.
      if (message.socket.destroyed || response.headersSent) return void message.socket.destroy()
      const resource = splitTarget(message.url ?? '/').path
      response.writeHead(500, { 'content-type': 'application/xml' })
      response.end(errorXml({ code: 'InternalError', message: String(error), resource, requestId: '' }))
    })
  }
  const server = createServer(listener)
  // Without this, Node answers 100 before anyone has looked at the signature.
  server.on('checkContinue', listener)
  // Slow uploads are what some tests are about.
  server.requestTimeout = 0
  // Longer than a test pauses: a connection closed just as the browser reuses it is a fault nobody asked for.
  server.keepAliveTimeout = 60_000
  return server
}

async function serve(
  message: IncomingMessage,
  response: ServerResponse,
  storage: Storage,
  options: ServerOptions,
): Promise<void> {
  const logged = { method: message.method ?? '', path: splitTarget(message.url ?? '/').path, status: 0 }
  options.requests.push(logged)
  if (options.requests.length > maxLogged) options.requests.shift()
  const requestId = randomUUID()
  response.setHeader('x-amz-request-id', requestId)

  let fault: Fault | undefined
  const cut = () => void message.socket.destroy()
  const body = incomingBody(message, response, () => (isAnswer(fault) || typeof fault !== 'object' ? {} : fault))
  let reply: Reply
  try {
    const request = parseRequest(message, body.chunks)
    fault = await options.fault?.(request)
    if (fault === 'reset') return cut()
    if (fault === 'hang') return void message.resume()
    if (typeof fault === 'object' && fault.delayMs) await delay(fault.delayMs)
    reply = isAnswer(fault)
      ? faultReply(fault, request, storage, requestId)
      : await respond(request, { storage, corsOnDenied: options.corsOnDenied, requestId })
  } catch (error) {
    reply = errorReply(error, logged.path, requestId)
  }
  await body.readToEnd()
  if (fault === 'lose-answer') return cut()
  logged.status = reply.status
  await send(reply, message, response)
}

const isAnswer = (fault: Fault | undefined): fault is FaultAnswer =>
  typeof fault === 'object' && fault.status !== undefined

function faultReply(fault: FaultAnswer, request: StorageRequest, storage: Storage, requestId: string): Reply {
  const { status, code = 'InternalError', headers = {}, body, cors = true } = fault
  const xml = errorXml({ code, message: 'Asked for by a test.', resource: request.path, requestId })
  const reply = { status, headers: { 'content-type': 'application/xml', ...headers }, body: body ?? xml }
  return withHeaders(reply, cors ? corsHeaders(storage.buckets.find(request.bucket)?.cors(), request) : {})
}

async function send(reply: Reply, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers = {}, body } = reply
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.statusCode = status
  if (typeof body === 'object' && message.method !== 'HEAD') return pipeline(Readable.from(body), response)
  const bytes = Buffer.from(typeof body === 'string' ? body : '')
  if (headers['content-length'] === undefined && status !== 204 && status !== 304)
    response.setHeader('content-length', bytes.length)
  await new Promise<void>((resolve) => response.end(message.method === 'HEAD' ? undefined : bytes, resolve))
}
