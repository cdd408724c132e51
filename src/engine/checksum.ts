/**
 * SHA-256 of files and of their parts. `crypto.subtle` takes all bytes at once, so one file is read at a time, and one
 * part: a page holds twice 32 MiB for it at most. Loaded only with the `checksum` option.
 */
import {
  type CompleteRequest,
  maxHashedBytes,
  type PresignPartsRequest,
  type UploadRequest,
} from '../protocol/actions.js'
import { FailureError, failure } from '../protocol/failure.js'
import type { Environment } from './environment.js'
import { orEnded, timeLimit } from './timeLimit.js'
import type { Timing } from './timing.js'

/** Checksums are base64. Each rejects with `unreadable` where the bytes can't be read, and with its signal's reason. */
export interface Checksums {
  /**
   * What a request for a grant says of a file. Files wait for each other up to 50 ms, so that they are asked for
   * together; one above 32 MiB isn't hashed as a whole.
   */
  ofFile(file: Blob, signal: AbortSignal): Promise<Pick<UploadRequest, 'checksum' | 'partChecksums'>>
  /** What a request for URLs says of these parts. */
  ofParts(
    file: Blob,
    ranges: readonly (readonly [start: number, end: number])[],
    signal: AbortSignal,
  ): Promise<Pick<PresignPartsRequest, 'checksums'>>
  /**
   * What `complete` says of a file that was sent in parts: the checksum of all their checksums. Nothing where the file
   * can't be read any more: its bytes are stored.
   */
  ofWhole(file: Blob, partSize: number, signal: AbortSignal): Promise<Pick<CompleteRequest, 'checksum'>>
  /** The bytes may be others now: of the part that begins at `start`, else of all. */
  forget(file: Blob, start?: number): void
}

export interface ChecksumOptions {
  readonly subtle: NonNullable<Environment['subtle']>
  readonly clock: Environment['clock']
  readonly timing: Pick<Timing, 'prepareTimeout' | 'notify'>
}

type Work<T> = () => Promise<T>

/** Runs one after the other, whatever came of those before. */
function inTurn(): <T>(work: Work<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
}

const hashBytes = 32
const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))

export function createChecksums({ subtle, clock, timing }: ChecksumOptions): Checksums {
  /** By the start of the part; a file as a whole is the part at 0 that ends with it. */
  const known = new WeakMap<Blob, Map<number, { readonly end: number; readonly hash: Uint8Array<ArrayBuffer> }>>()
  // Parts are of files whose turn has come: they don't wait behind files that still wait.
  const [files, parts] = [inTurn(), inTurn()]
  let hashing = 0
  let settled: (() => void)[] = []
  let cancel: (() => void) | null = null

  /** Lets all go on in one turn. */
  function settle(): void {
    cancel?.()
    cancel = null
    const all = settled
    settled = []
    for (const goOn of all) goOn()
  }

  function knownHash(file: Blob, start: number, end: number): Uint8Array<ArrayBuffer> | undefined {
    const before = known.get(file)?.get(start)
    return before?.end === end ? before.hash : undefined
  }

  async function hashOf(file: Blob, start: number, end: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const before = knownHash(file, start, end)
    if (before !== undefined) return before
    signal.throwIfAborted()
    const limit = timeLimit(clock, timing.prepareTimeout, signal)
    try {
      const bytes = await orEnded(file.slice(start, end).arrayBuffer(), limit.signal)
      const hash = new Uint8Array(await orEnded(subtle.digest('SHA-256', bytes), limit.signal))
      known.set(file, (known.get(file) ?? new Map()).set(start, { end, hash }))
      return hash
    } catch (cause) {
      if (signal.aborted) throw signal.reason
      const hint = 'The file could not be read for its checksum: it changed or vanished on disk, or is a folder.'
      throw new FailureError(failure('unreadable', { hint, cause }))
    } finally {
      limit.end()
    }
  }

  const hashOfPart = async (file: Blob, start: number, end: number, signal: AbortSignal) =>
    knownHash(file, start, end) ?? parts(() => hashOf(file, start, end, signal))

  return {
    async ofFile(file, signal) {
      if (file.size > maxHashedBytes) return { partChecksums: true }
      hashing += 1
      try {
        const hash = await files(() => hashOf(file, 0, file.size, signal))
        return { checksum: toBase64(hash), partChecksums: true }
      } finally {
        hashing -= 1
        const together = new Promise<void>((goOn) => settled.push(goOn))
        if (hashing === 0) settle()
        else cancel ??= clock.after(timing.notify, settle)
        await together
      }
    },
    async ofParts(file, ranges, signal) {
      const hashes = await Promise.all(ranges.map(([start, end]) => hashOfPart(file, start, end, signal)))
      return { checksums: hashes.map(toBase64) }
    },
    async ofWhole(file, partSize, signal) {
      const whole = new Uint8Array(Math.max(1, Math.ceil(file.size / partSize)) * hashBytes)
      try {
        for (let at = 0, start = 0; at < whole.length; at += hashBytes, start += partSize)
          whole.set(await hashOfPart(file, start, Math.min(file.size, start + partSize), signal), at)
      } catch {
        return {}
      }
      return { checksum: toBase64(new Uint8Array(await subtle.digest('SHA-256', whole))) }
    },
    forget(file, start) {
      if (start === undefined) known.delete(file)
      else known.get(file)?.delete(start)
    },
  }
}
