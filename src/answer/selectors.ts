/** What a form wants to know of an answer: ids, counts, bytes, validity. Derived, never kept. */
import { type Failure, failure } from '../protocol/failure.js'
import type { StoredFile } from '../protocol/storedFile.js'
import type { Rules } from './admission.js'
import { sizeOf } from './admission.js'
import { type Answer, answerIdOf, replacedKeys } from './answer.js'
import type { Entry, EntryState } from './entry.js'
import { withMeta } from './transition.js'

const settled: ReadonlySet<EntryState> = new Set(['done', 'failed', 'rejected', 'restored'])

/** Unsettled: work for it is running, waiting, or will begin by itself. */
export const isPending = ({ state }: { readonly state: EntryState }): boolean => !settled.has(state)

/** Its upload has begun and can be cancelled: what only waits for its turn is removed. */
export const isUnderWay = (entry: Entry): boolean => isPending(entry) && entry.state !== 'queued'

/** Looks from the end, where what is unsettled mostly stands: asked for each file that ends. */
export function hasPending({ entries }: Answer): boolean {
  for (let position = entries.length - 1; position >= 0; position -= 1) {
    const entry = entries[position]
    if (entry !== undefined && isPending(entry)) return true
  }
  return false
}

/** The ids of the stored files, in the order shown: the answer's value. */
export const idsOf = (answer: Answer): string[] => answer.entries.flatMap((entry) => answerIdOf(entry) ?? [])

/** An entry as a stored file, or null while it has no id in the answer. */
export function storedFileOf(entry: Entry): StoredFile | null {
  if (entry.state === 'restored')
    return { ...(entry.stored ?? { id: entry.id, name: '', size: 0, type: '' }), ...withMeta(entry.meta) }
  const { name, size, type, meta } = entry
  return entry.state === 'done' ? { id: entry.id, name, size, type, ...withMeta(meta) } : null
}

export const storedFilesOf = (answer: Answer): StoredFile[] =>
  answer.entries.flatMap((entry) => storedFileOf(entry) ?? [])

/** Counts of entries, and bytes of those that count. */
export interface Summary {
  readonly stored: number
  readonly pending: number
  readonly failed: number
  readonly rejected: number
  /** Stored, pending and failed: what takes a place of `maxFiles`. */
  readonly counted: number
  /** Bytes of the counted. */
  readonly bytes: number
}

const summaries = new WeakMap<readonly Entry[], Summary>()

/** One pass over the entries, remembered for each version of them. */
export function summaryOf(answer: Answer): Summary {
  const known = summaries.get(answer.entries)
  if (known !== undefined) return known
  const replaced = replacedKeys(answer)
  const counts = { stored: 0, pending: 0, failed: 0, rejected: 0, counted: 0, bytes: 0 }
  for (const entry of answer.entries) {
    if (entry.state === 'rejected') counts.rejected += 1
    else if (isPending(entry)) counts.pending += 1
    else if (entry.state === 'failed') counts.failed += 1
    else counts.stored += 1
    if (entry.state !== 'rejected' && !replaced.has(entry.key)) {
      counts.counted += 1
      counts.bytes += sizeOf(entry)
    }
  }
  summaries.set(answer.entries, counts)
  return counts
}

/** What a submit does while something is pending. */
export type WhenPending = 'block' | 'wait' | 'allow'

/** What keeps the field from being valid, or null. `value` is the host's while the field is controlled. */
export function problemOf(
  answer: Answer,
  {
    rules,
    required,
    whenPending,
    value,
  }: { rules: Rules; required: boolean; whenPending: WhenPending; value: readonly string[] | null },
): Failure | null {
  const { pending, failed, counted: shown, bytes } = summaryOf(answer)
  const { minFiles, maxFiles, maxTotalSize } = rules
  const stored = value?.length ?? idsOf(answer).length
  if (failed > 0) return failure('has-failed', { figures: { actual: failed } })
  if (pending > 0 && whenPending === 'block') return failure('still-uploading', { figures: { actual: pending } })
  const counted = stored + (whenPending === 'wait' ? pending : 0)
  if (required && counted === 0)
    return failure('required', { figures: { actual: 0, limit: Math.max(1, minFiles ?? 1) } })
  if (minFiles !== undefined && counted > 0 && counted < minFiles) {
    return failure('too-few', { figures: { actual: counted, limit: minFiles } })
  }
  // Nobody adds beyond the limits, but a host's value may go beyond them, and a host may lower them.
  const most = Math.max(stored, whenPending === 'wait' ? shown : 0)
  if (maxFiles !== undefined && most > maxFiles)
    return failure('too-many', { figures: { actual: most, limit: maxFiles } })
  if (maxTotalSize !== undefined && bytes > maxTotalSize)
    return failure('total-too-large', { figures: { actual: bytes, limit: maxTotalSize } })
  return null
}
