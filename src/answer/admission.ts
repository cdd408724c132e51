/** Which chosen files may enter, and the reason when not. Decides alone: no file picker or drop zone filters before it. */
import { type Accept, acceptedKinds, accepts } from '../protocol/accept.js'
import { type Failure, failure } from '../protocol/failure.js'
import { type Answer, replacedKeys } from './answer.js'
import type { ChosenFile, Entry } from './entry.js'

/** The host's own reason to refuse a file, shown like ours. */
export interface HostReason {
  readonly code: string
  readonly message: string
}

/** What a question asks of its files. Sizes in bytes; no limit unless given. */
export interface Rules {
  /** Accepted types: a native string or a map; see `file-answer-field/accept` for presets. */
  readonly accept?: Accept | undefined
  /** At least so many files, when there is any. */
  readonly minFiles?: number | undefined
  /** At most so many files. With 1, a valid new choice replaces the old file once it is stored. */
  readonly maxFiles?: number | undefined
  /** Greatest size of one file. */
  readonly maxSize?: number | undefined
  /** Greatest size of all files together. */
  readonly maxTotalSize?: number | undefined
  /** Least size of a file. @default 1: an empty file is refused as `file-empty`; 0 admits it */
  readonly minSize?: number | undefined
  /** Whether a file that is in the list already (name, size, type and date) may come again. @default 'allow' */
  readonly duplicates?: 'allow' | 'refuse' | undefined
  /** The host's own check, before the grant; its reason is shown like ours. */
  readonly validate?:
    | ((file: File, c: { signal: AbortSignal }) => HostReason | null | Promise<HostReason | null>)
    | undefined
  /** Shrinks, converts, strips or renames a file, before the grant. Size and type are judged again after it. */
  readonly prepare?: ((file: File, c: { signal: AbortSignal }) => File | Promise<File>) | undefined
}

/** A chosen file, and why it may not enter (null: it may). */
export interface Verdict {
  readonly chosen: ChosenFile
  readonly refusal: Failure | null
}

/** Whether an entry takes one of the answer's places: a rejected one doesn't, nor one that is being replaced. */
function counts(entry: Entry, replaced: ReadonlySet<string>): boolean {
  return entry.state !== 'rejected' && !replaced.has(entry.key)
}

export const sizeOf = (entry: Entry): number => (entry.state === 'restored' ? (entry.stored?.size ?? 0) : entry.size)

const isAlike = (entry: Entry, { file, name, size, type }: ChosenFile): boolean => {
  if (entry.state === 'rejected') return false
  if (entry.state === 'restored') return entry.stored?.name.normalize('NFC') === name && entry.stored.size === size
  return (
    entry.name === name && entry.size === size && entry.type === type && entry.file.lastModified === file.lastModified
  )
}

/** Why one file by itself may not enter. */
export function judgeFile(chosen: ChosenFile, rules: Rules): Failure | null {
  const { accept, minSize = 1, maxSize = Number.POSITIVE_INFINITY } = rules
  const { size } = chosen
  if (!accepts(accept, { name: chosen.name, type: chosen.file.type })) {
    return failure('file-type', { figures: { kinds: acceptedKinds(accept) } })
  }
  if (size < minSize) {
    return size === 0 ? failure('file-empty') : failure('file-too-small', { figures: { actual: size, limit: minSize } })
  }
  const limit = Math.min(maxSize, largestObject)
  if (size > limit) return failure('file-too-large', { figures: { actual: size, limit } })
  return null
}

/** No storage that speaks S3 takes more: ten thousand parts of 5 GiB. */
const largestObject = 10_000 * 5 * 1024 ** 3

/** Judges a batch in its order: exactly the room that is left is filled, the rest is told. */
export function admit(answer: Answer, batch: readonly ChosenFile[], rules: Rules): Verdict[] {
  const replaced = replacedKeys(answer)
  const present = answer.entries.filter((entry) => counts(entry, replaced))
  const single = rules.maxFiles === 1
  let count = single ? 0 : present.length
  let total = single ? 0 : present.reduce((sum, entry) => sum + sizeOf(entry), 0)
  const admitted: ChosenFile[] = []
  return batch.map((chosen) => {
    const refusal = judgeFile(chosen, rules) ?? judgeBesideOthers(chosen)
    if (refusal === null) {
      admitted.push(chosen)
      count += 1
      total += chosen.size
    }
    return { chosen, refusal }
  })

  function judgeBesideOthers(chosen: ChosenFile): Failure | null {
    const { maxFiles, maxTotalSize, duplicates } = rules
    if (
      duplicates === 'refuse' &&
      !single &&
      (present.some((entry) => isAlike(entry, chosen)) || admitted.some((other) => sameFile(other, chosen)))
    ) {
      return failure('duplicate')
    }
    if (maxFiles !== undefined && count >= maxFiles)
      return failure('too-many', { figures: { actual: count + 1, limit: maxFiles } })
    if (maxTotalSize !== undefined && total + chosen.size > maxTotalSize) {
      return failure('total-too-large', { figures: { actual: total + chosen.size, limit: maxTotalSize } })
    }
    return null
  }
}

const sameFile = (a: ChosenFile, b: ChosenFile): boolean =>
  a.name === b.name && a.size === b.size && a.type === b.type && a.file.lastModified === b.file.lastModified
