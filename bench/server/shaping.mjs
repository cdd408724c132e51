/** Makes a line of loopback: a round trip's delay, and a limit of bytes a second on each connection. */
import { createServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'

/** An unread connection earns no more than this, or a pause between requests would be paid out as a burst. ms */
const burst = 20

/** @typedef {Pick<import('../lib/scenarios.mjs').Line, 'rtt' | 'rate'>} Line */

/**
 * An http server behind a line that may change between runs.
 * @param {() => Line} line
 * @param {ReturnType<typeof import('./loss.mjs').createLoss>} loss
 * @param {import('node:http').RequestListener} listener
 */
export function shapedServer(line, loss, listener) {
  const http = createServer({ keepAliveTimeout: 600_000, requestTimeout: 0 }, listener)
  // A handshake is a round trip before the first request can be read.
  const tcp = createTcpServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    if (!loss.admits(socket)) return
    const begin = () => {
      http.emit('connection', socket)
      socket.resume()
    }
    const { rtt } = line()
    if (rtt === 0) begin()
    else setTimeout(begin, rtt)
  })
  return tcp
}

/**
 * Calls back when an answer given now would have come back.
 * @param {Line} line
 * @param {() => void} answer
 */
export function afterRoundTrip({ rtt }, answer) {
  if (rtt === 0) answer()
  else setTimeout(answer, rtt)
}

/** When the bytes read so far on a connection would have come in. @type {WeakMap<import('node:net').Socket, number>} */
const paidUntil = new WeakMap()

/**
 * Reads a body no faster than the line allows.
 * @param {import('node:http').IncomingMessage} request
 * @param {Line} line
 * @param {(chunk: Buffer) => void} onChunk
 * @returns {Promise<void>}
 */
export function readBody(request, { rate }, onChunk) {
  return new Promise((resolve, reject) => {
    request.on('data', (/** @type {Buffer} */ chunk) => {
      onChunk(chunk)
      if (rate === null) return
      const now = performance.now()
      const until = Math.max(paidUntil.get(request.socket) ?? 0, now - burst) + (chunk.length / rate) * 1000
      paidUntil.set(request.socket, until)
      if (until - now < 1) return
      request.pause()
      setTimeout(() => request.resume(), until - now)
    })
    request.on('end', resolve)
    request.on('error', reject)
    request.on('close', () => reject(new Error('The connection closed within a body.')))
  })
}
