/** Bytes that differ from file to file, and are the same whoever makes them. */
export function contentOf(name: string, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size)
  let word = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7) | 1
  for (let at = 0; at < size; at += 1) {
    word ^= word << 13
    word ^= word >>> 17
    word ^= word << 5
    bytes[at] = word
  }
  return bytes
}
