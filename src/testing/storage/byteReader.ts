// Pulls lines, counted bytes and bytes up to a delimiter from a stream of chunks, whatever the chunks' boundaries.
// Holds one chunk and at most a delimiter's length more.

/** Raised by the reader where the stream ends too early or a line is too long; its callers give it a name of S3's. */
export class UnexpectedBytes extends Error {
  override readonly name = 'UnexpectedBytes'
}

export function byteReader(source: AsyncIterable<Uint8Array>) {
  const chunks = source[Symbol.asyncIterator]()
  let buffer: Buffer = Buffer.alloc(0)

  /** Appends the next chunk; false at the end. */
  async function more(): Promise<boolean> {
    const next = await chunks.next()
    if (next.done) return false
    const chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength)
    buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk])
    return true
  }

  function take(length: number): Buffer {
    const taken = buffer.subarray(0, length)
    buffer = buffer.subarray(length)
    return taken
  }

  /** Yields what comes before the delimiter and takes the delimiter away. */
  async function* until(delimiter: Buffer): AsyncGenerator<Buffer, void> {
    for (;;) {
      const at = buffer.indexOf(delimiter)
      if (at >= 0) {
        if (at > 0) yield take(at)
        take(delimiter.length)
        return
      }
      // The delimiter may have begun in the bytes at hand.
      const sure = buffer.length - (delimiter.length - 1)
      if (sure > 0) yield take(sure)
      if (!(await more())) throw new UnexpectedBytes('the stream ended before its delimiter')
    }
  }

  async function* exactly(length: number): AsyncGenerator<Buffer, void> {
    let left = length
    while (left > 0) {
      if (buffer.length === 0 && !(await more())) throw new UnexpectedBytes('the stream ended early')
      const piece = take(Math.min(left, buffer.length))
      left -= piece.length
      if (piece.length > 0) yield piece
    }
  }

  /** The text before the next CRLF, as Latin-1. */
  async function line(maxBytes: number): Promise<string> {
    for (;;) {
      const at = buffer.indexOf('\r\n')
      if (at > maxBytes || (at < 0 && buffer.length > maxBytes + 1)) throw new UnexpectedBytes('a line is too long')
      if (at >= 0) {
        const text = take(at).toString('latin1')
        take(2)
        return text
      }
      if (!(await more())) throw new UnexpectedBytes('the stream ended within a line')
    }
  }

  /** Takes exactly this many bytes; fewer only at the end of the stream. */
  async function bytes(length: number): Promise<Buffer> {
    while (buffer.length < length && (await more()));
    return take(length)
  }

  return { until, exactly, line, bytes }
}
