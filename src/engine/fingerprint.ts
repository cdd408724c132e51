/** Tells whether two files of one name, size and date hold the same bytes, without reading them whole. */
import type { Environment } from './environment.js'

const blockBytes = 64 * 1024
const blocks = 8

/**
 * SHA-256 over the first, the last and six middle blocks of 64 KiB, or the whole of a smaller file; null: not readable, or
 * the page can't hash.
 */
export async function fingerprintOf(file: Blob, subtle: Environment['subtle']): Promise<string | null> {
  if (subtle === undefined) return null
  const { size } = file
  const isSmall = size <= blocks * blockBytes
  const step = (size - blockBytes) / (blocks - 1)
  const sample = isSmall
    ? file
    : new Blob(
        Array.from({ length: blocks }, (_, index) => {
          const start = Math.floor(index * step)
          return file.slice(start, start + blockBytes)
        }),
      )
  try {
    const bytes = await sample.arrayBuffer()
    // iOS has read restored files as empty.
    if (bytes.byteLength !== (isSmall ? size : blocks * blockBytes)) return null
    const hash = new Uint8Array(await subtle.digest('SHA-256', bytes))
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
  } catch {
    return null
  }
}
