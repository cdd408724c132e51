import fc from 'fast-check'

/** A stream of these bytes, cut at these places (fractions of the whole, in any order). */
export async function* cutAt(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer, void> {
  const places = [...new Set([0, ...cuts.map((cut) => Math.floor(cut * bytes.length)), bytes.length])].sort(
    (a, b) => a - b,
  )
  for (const [index, place] of places.entries()) yield bytes.subarray(place, places[index + 1] ?? place)
}

/** Where to cut; now and then so often that every chunk is a byte. */
export const someCuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60, size: 'max' })

export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
