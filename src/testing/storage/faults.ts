// Faults that a test asks for, one request at a time.
import { setTimeout as delay } from 'node:timers/promises'

/** What a fault hook sees. No body: it has not been read yet. */
export interface FaultableRequest {
  readonly method: string
  readonly bucket: string
  readonly key: string
  readonly query: URLSearchParams
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
}

/** An answer given instead of the storage's own. The request's body is read to its end first, and nothing is stored. */
export interface FaultAnswer {
  readonly status: number
  /** The `<Code>` of S3's XML; `InternalError` unless given. */
  readonly code?: string
  /** Added to the answer's headers: `{ 'retry-after': '1' }`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as it is, in place of S3's XML. */
  readonly body?: string
  /** `false` leaves out the CORS headers, so that a page sees no status but 0. `true` unless given. */
  readonly cors?: boolean
  /** Waits so long, in ms, before the request is read. 0 unless given. */
  readonly delayMs?: number
}

/** Conditions under which the request is served as it would be. */
export interface FaultConditions {
  readonly status?: undefined
  /** Waits so long, in ms, before the request is read. 0 unless given. */
  readonly delayMs?: number
  /** Reads the body no faster. Buffers of the system may let the sender run ahead by some megabytes. No limit unless given. */
  readonly bytesPerSecond?: number
  /** Cuts the connection once more than so many bytes of the body were read. A shorter body is served. Never unless given. */
  readonly resetAfterBytes?: number
  /** Flips a bit of this byte of the body, counted from 0: what was sent is not what arrives. Never unless given. */
  readonly flipAtByte?: number
}

/**
 * - `'reset'`: the connection is cut before the body is read;
 * - `'hang'`: the body is read and thrown away, an answer never comes;
 * - `'lose-answer'`: served in full, then the connection is cut in place of the answer;
 * - `FaultAnswer`: answered so;
 * - `FaultConditions`: served, but slowly, or cut half-way.
 */
export type Fault = 'reset' | 'hang' | 'lose-answer' | FaultAnswer | FaultConditions

/**
 * Asked for every request, preflights (`OPTIONS`) too; `undefined` lets it pass. May be asynchronous, which holds the
 * request back until the promise is settled.
 */
export type FaultHook = (request: FaultableRequest) => Fault | undefined | Promise<Fault | undefined>

/** The body under the fault's conditions; `cut` ends the connection. */
export async function* faultyBody(
  body: AsyncIterable<Buffer>,
  conditions: FaultConditions,
  cut: () => void,
): AsyncGenerator<Buffer, void> {
  const { bytesPerSecond, resetAfterBytes = Number.POSITIVE_INFINITY, flipAtByte = -1 } = conditions
  let read = 0
  for await (const chunk of body) {
    read += chunk.length
    if (read > resetAfterBytes) {
      cut()
      throw new Error('The connection was cut by a fault.')
    }
    const at = flipAtByte - (read - chunk.length)
    if (at >= 0 && at < chunk.length) chunk[at] = (chunk[at] ?? 0) ^ 1
    if (bytesPerSecond !== undefined) await delay((chunk.length / bytesPerSecond) * 1000)
    yield chunk
  }
}
