/**
 * Files that can be read only once (Android's pickers of photos and of the cloud) are read when their turn comes and sent
 * from memory, again where a try fails. What is too large, or finds no room, goes from where it is.
 */
import type { LocalEntry } from '../answer/entry.js'
import { FailureError, failure } from '../protocol/failure.js'
import type { Timing } from './timing.js'

export interface Copies {
  /** What to send for an entry: its copy, or the file itself. Rejects with `unreadable`. */
  of(entry: LocalEntry): Promise<Blob>
  /** Nothing will be sent for the entry any more. */
  forget(key: string): void
}

export function createCopies(o: {
  readonly timing: Pick<Timing, 'copyMost' | 'copyTotal'>
  /** Whether something may still be sent for an entry. */
  readonly isWanted: (key: string) => boolean
}): Copies {
  const held = new Map<string, Promise<Blob>>()
  const sizes = new Map<string, number>()
  const forget = (key: string) => {
    held.delete(key)
    sizes.delete(key)
  }
  const hasRoomFor = (size: number) => {
    for (const key of sizes.keys()) if (!o.isWanted(key)) forget(key)
    return [...sizes.values()].reduce((sum, each) => sum + each, size) <= o.timing.copyTotal
  }

  async function copyOf({ file, size }: LocalEntry): Promise<Blob> {
    const bytes = await file.arrayBuffer().catch((cause: unknown) => {
      throw new FailureError(failure('unreadable', { hint: 'The file could not be copied to memory.', cause }))
    })
    if (bytes.byteLength !== size) {
      const hint = `The file says it has ${size} bytes and has ${bytes.byteLength}.`
      throw new FailureError(failure('unreadable', { hint }))
    }
    return new File([bytes], file.name, { type: file.type, lastModified: file.lastModified })
  }

  return {
    forget,
    of(entry) {
      const { key, file, size } = entry
      const known = held.get(key)
      if (known !== undefined) return known
      if (size === 0 || size > o.timing.copyMost || !hasRoomFor(size)) return Promise.resolve(file)
      const copy = copyOf(entry)
      held.set(key, copy)
      sizes.set(key, size)
      copy.catch(() => forget(key))
      return copy
    },
  }
}
