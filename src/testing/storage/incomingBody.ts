// The body of a request on its way in: read once, by whoever wants it, and to its end in any case.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type FaultConditions, faultyBody } from './faults.js'

export interface IncomingBody {
  /** Throws when the sender goes away before the end. */
  readonly chunks: AsyncIterable<Buffer>
  /** Reads what is left. An answer before that, and then a closed connection, is one that browsers lose. */
  readToEnd(): Promise<void>
}

/** `conditions` is asked when reading begins. */
export function incomingBody(
  message: IncomingMessage,
  response: ServerResponse,
  conditions: () => FaultConditions,
): IncomingBody {
  const waitsForContinue = message.headers.expect !== undefined
  let begun = false
  // Left half-way, it must not take the connection with it.
  const source = (): AsyncIterable<Buffer> => message.iterator({ destroyOnReturn: false })

  async function* read(): AsyncGenerator<Buffer, void> {
    begun = true
    if (waitsForContinue) response.writeContinue()
    yield* faultyBody(source(), conditions(), () => message.socket.destroy())
    if (!message.complete) throw new Error('The sender went away.')
  }
  const chunks = read()

  async function readToEnd(): Promise<void> {
    if (waitsForContinue && !begun) {
      // The sender still waits to be asked, and sends nothing after an answer instead.
      response.shouldKeepAlive = false
      return
    }
    for await (const _ of source());
  }

  return { chunks, readToEnd }
}
