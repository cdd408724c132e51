/** The `checksum` option: what computes checksums is loaded with the first file that wants one. */
import type { Checksums } from './checksum.js'
import type { Environment } from './environment.js'
import type { FileAnswerSettings } from './source.js'
import type { Timing } from './timing.js'

/** Asked at every use. Null: not wanted. Resolves to null where the page can't; a developer is told once. */
export function createChecksumOption(o: {
  readonly settings: () => Pick<FileAnswerSettings, 'checksum'>
  readonly environment: Environment
  readonly timing: Timing
}): () => Promise<Checksums | null> | null {
  const { environment, timing } = o
  let loading: Promise<Checksums | null> | null = null
  return () => (o.settings().checksum !== undefined ? (loading ??= load()) : null)

  async function load(): Promise<Checksums | null> {
    const { subtle, clock } = environment
    try {
      if (subtle === undefined) throw new Error('crypto.subtle (https only) or Blob.arrayBuffer is missing')
      const { createChecksums } = await import('./checksum.js')
      return createChecksums({ subtle, clock, timing })
    } catch (cause) {
      environment.warn('`checksum`: files go without checksums.', cause)
      return null
    }
  }
}
