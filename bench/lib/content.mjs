/**
 * The bytes of every file, made alike in the page and in the sink, so that the sink can tell whether exactly these
 * arrived. Blocks repeat a noise that does not compress; each begins with the numbers of its file and its place.
 */
const blockBytes = 64 * 1024

const noise = new Uint8Array(blockBytes)
{
  const words = new Uint32Array(noise.buffer)
  let state = 0x9e3779b9
  for (let place = 0; place < words.length; place += 1) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[place] = state
  }
}

/** @param {number} index */
export const nameOf = (index) => `file-${String(index).padStart(4, '0')}.bin`

/** @param {string} name */
export const indexOf = (name) => Number(/^file-(\d{4})\.bin$/.exec(name)?.[1] ?? Number.NaN)

/**
 * Bytes of a file from `start`, which begins a block.
 * @param {number} index
 * @param {number} start
 * @param {number} size
 */
export function bytesOf(index, start, size) {
  if (start % blockBytes !== 0) throw new RangeError(`${start} does not begin a block`)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < size; at += blockBytes) {
    bytes.set(noise.subarray(0, Math.min(blockBytes, size - at)), at)
    if (size - at >= 8) {
      view.setUint32(at, index)
      view.setUint32(at + 4, (start + at) / blockBytes)
    }
  }
  return bytes
}
