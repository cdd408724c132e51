// `aws-chunked`: how the AWS SDK sends a stream whose checksum is known only at its end, in a trailer.
import { byteReader, UnexpectedBytes } from './byteReader.js'
import { StorageError } from './errors.js'

const maxLineBytes = 8 * 1024
const maxTrailers = 16

/** Yields the content; the trailers (lower-case names) are in `trailers` once it is through. Throws IncompleteBody. */
export async function* decodeAwsChunked(
  body: AsyncIterable<Uint8Array>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer, void> {
  const reader = byteReader(body)
  try {
    for (;;) {
      const size = /^([0-9a-f]{1,12})(?:;.*)?$/i.exec(await reader.line(maxLineBytes))?.[1]
      if (size === undefined) throw new UnexpectedBytes('a chunk without its size')
      const length = Number.parseInt(size, 16)
      if (length === 0) break
      yield* reader.exactly(length)
      if ((await reader.line(0)) !== '') throw new UnexpectedBytes('a chunk longer than its size')
    }
    for (let count = 0; ; count++) {
      const line = await reader.line(maxLineBytes)
      if (line === '') return
      const colon = line.indexOf(':')
      if (colon < 1 || count === maxTrailers) throw new UnexpectedBytes('a malformed trailer')
      trailers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
    }
  } catch (error) {
    if (error instanceof UnexpectedBytes)
      throw new StorageError('IncompleteBody', `The aws-chunked body is malformed: ${error.message}.`)
    throw error
  }
}
