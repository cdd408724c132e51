/**
 * A proxy before storage that does to requests what a row of the table says, and counts what is on the wire.
 * The Host header goes on unchanged: what is signed for the proxy's address holds at storage.
 */
import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Fault, Method, Rule } from './wire.js'

export interface Passed {
  readonly method: string
  /** Without the query, which is signed. */
  readonly path: string
  /** When it came, ms. */
  readonly at: number
  /** Bytes of the body that came. */
  bytes: number
  /** The status that left, or the fault that came instead. */
  outcome: string
}

export interface Proxy {
  readonly url: string
  /** Since the row began. */
  readonly log: readonly Passed[]
  /** Requests of a method since the row began. */
  count(method: Method): number
  /** The row begins: these rules, counted from here. */
  begin(rules: readonly Rule[]): void
  /** All connections end at once. */
  cut(): void
  close(): Promise<void>
}

const readableHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'ETag, Retry-After',
}

/** `fresh`: every answer ends its connection, so that each request has one of its own. */
export async function startProxy(storage: string, { fresh }: { fresh: boolean }): Promise<Proxy> {
  const target = new URL(storage)
  let rules: readonly Rule[] = []
  let began = 0
  let log: Passed[] = []
  let port = 0
  let isOver = false

  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, (req, res) => {
    const [path = ''] = (req.url ?? '').split('?', 1)
    const passed: Passed = { method: req.method ?? '', path, at: performance.now(), bytes: 0, outcome: 'cut' }
    log.push(passed)
    req.on('error', () => {})
    res.on('error', () => {})
    res.on('finish', () => {
      passed.outcome = String(res.statusCode)
    })
    handle(req, res, passed, faultFor(req)).catch(() => req.socket.destroy())
  })

  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve))

  function faultFor(req: IncomingMessage): Fault | null {
    const place = log.filter(({ method }) => method === req.method).length
    const rule = rules.find(
      ({ on, nth, within, path }) =>
        on === req.method &&
        (nth === undefined || nth.includes(place)) &&
        (within === undefined || Date.now() - began < within) &&
        (path === undefined || path.test(req.url ?? '')),
    )
    return rule?.fault ?? null
  }

  async function handle(req: IncomingMessage, res: ServerResponse, passed: Passed, fault: Fault | null): Promise<void> {
    if (fresh) res.setHeader('connection', 'close')
    if (fault !== null) passed.outcome = fault.do
    switch (fault?.do) {
      case 'refuse': {
        server.close()
        server.closeAllConnections()
        setTimeout(() => isOver || void listen(port), fault.ms)
        return
      }
      case 'answer': {
        const { status, body, headers, readable, early } = fault
        if (!early) await drained(req, passed)
        res.writeHead(status, { ...(readable ? readableHeaders : {}), 'content-type': 'application/xml', ...headers })
        res.end(body)
        if (early) await drained(req, passed)
        return
      }
      case 'redirect': {
        await drained(req, passed)
        res.writeHead(fault.status, { ...readableHeaders, location: `http://${req.headers.host}${req.url}` }).end()
        return
      }
      case 'delay':
        req.pause()
        await after(fault.ms)
        break
      case 'first':
        req.pause()
        await fault.happens(passed.path)
        break
    }
    await pass(req, res, passed, fault)
  }

  /** On to storage and back, as far as the fault lets it. */
  async function pass(req: IncomingMessage, res: ServerResponse, passed: Passed, fault: Fault | null): Promise<void> {
    const total = Number(req.headers['content-length'] ?? 0)
    const ends = fault?.do === 'reset' || (fault?.do === 'stall' && fault.stored !== true)
    const most = ends ? Math.floor(total * fault.at) : total
    if (fault?.do === 'reset' && most === 0) return void req.socket.resetAndDestroy()
    const upstream = httpRequest({
      host: target.hostname,
      port: target.port,
      method: req.method ?? 'GET',
      path: req.url ?? '/',
      headers: req.rawHeaders.filter((_, at, all) => !/^(connection|keep-alive)$/i.test(all[at - (at % 2)] ?? '')),
      agent: false,
    })
    let isCut = false
    upstream.on('error', () => isCut || req.socket.destroy())
    req.socket.once('close', () => upstream.destroy())
    req.on('data', (chunk: Buffer) => {
      if (isCut) return
      const room = most - passed.bytes
      passed.bytes += chunk.length
      if (fault?.do === 'flip' && passed.bytes === chunk.length) chunk[0] = (chunk[0] ?? 0) ^ 1
      const goesOn = upstream.write(chunk.length > room ? chunk.subarray(0, room) : chunk)
      if (ends && passed.bytes >= most) {
        isCut = true
        upstream.destroy()
        if (fault.do === 'reset') req.socket.resetAndDestroy()
        // What stalls midway reads no more; at the end there is nothing left to read.
        else req.pause()
      } else if (fault?.do === 'throttle') {
        req.pause()
        void after((chunk.length / fault.pace) * 1000).then(() => req.resume())
      } else if (!goesOn) {
        req.pause()
        upstream.once('drain', () => req.resume())
      }
    })
    req.once('end', () => {
      if (!isCut) upstream.end()
    })
    req.resume()
    const answer = await new Promise<IncomingMessage>((resolve) => upstream.once('response', resolve))
    const chunks: Buffer[] = []
    for await (const chunk of answer) chunks.push(chunk as Buffer)
    if (fault?.do === 'lose') return void req.socket.resetAndDestroy()
    if (fault?.do === 'stall') return
    const strips = fault?.do === 'strip' ? fault.headers : null
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value === undefined || strips?.test(name) || /^(connection|keep-alive|transfer-encoding)$/.test(name))
        continue
      res.setHeader(name, value)
    }
    if (fault?.do === 'truncate') {
      res.writeHead(answer.statusCode ?? 200, { 'content-length': '100' })
      res.write('half of it')
      return void setImmediate(() => req.socket.end())
    }
    res.statusCode = answer.statusCode ?? 500
    res.end(Buffer.concat(chunks))
  }

  await listen(0)
  port = (server.address() as AddressInfo).port
  return {
    url: `http://127.0.0.1:${port}`,
    get log() {
      return log
    },
    count: (method) => log.filter((passed) => passed.method === method).length,
    begin(next) {
      rules = next
      began = Date.now()
      log = []
    },
    cut: () => server.closeAllConnections(),
    async close() {
      isOver = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

function drained(req: IncomingMessage, passed: Passed): Promise<void> {
  return new Promise((resolve) => {
    req.on('data', (chunk: Buffer) => {
      passed.bytes += chunk.length
    })
    req.once('end', resolve)
    req.once('close', resolve)
  })
}
