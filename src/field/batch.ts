/** Files that came or went on while something was pending, and what was told of their way. Pure: no clock, no words. */
import type { Entry } from '../answer/entry.js'
import { isPending } from '../answer/selectors.js'
import type { News } from '../engine/news.js'

/** Shorter batches end before their progress is worth a word. */
const longMs = 5_000
/** Progress is no chatter. */
const apartMs = 10_000
/** Failed tries in a row that nobody needs to hear of. */
const quietTries = 2

export interface Batch {
  readonly keys: ReadonlySet<string>
  /** What was told last: quarters of its bytes, 0 being that they are on their way; -1: nothing. */
  readonly quarter: number
  /** A file that is tried again and again, and was told of. */
  readonly stalled: Entry | null
  /** Nothing is told of progress before; nothing of its mere beginning before `apartMs`. */
  readonly from: number
}

export const noBatch: Batch = { keys: new Set(), quarter: -1, stalled: null, from: Number.POSITIVE_INFINITY }

function newcomers(news: News): readonly Entry[] {
  switch (news.type) {
    case 'added':
      return news.entries
    case 'retried':
    case 'stored':
    case 'failed':
      return [news.entry]
    case 'undone':
      return [news.entry].filter(isPending)
    case 'undone-many':
      return news.entries.filter(isPending)
    default:
      return []
  }
}

export function joined(batch: Batch, news: News, now: number): Batch {
  const keys = newcomers(news).flatMap(({ key }) => (batch.keys.has(key) ? [] : [key]))
  if (keys.length === 0) return batch
  const from = Math.min(batch.from, now + longMs)
  return { ...batch, keys: new Set([...batch.keys, ...keys]), from }
}

/** The batch with what is to be told of it now; the same one when there is nothing. */
export function moved(
  batch: Batch,
  entries: readonly Entry[],
  sentBytes: (key: string) => number | null,
  now: number,
): Batch {
  if (now < batch.from) return batch
  let sent = 0
  let total = 0
  let isMoving = false
  let stalled: Entry | null = null
  for (const entry of entries) {
    if (!batch.keys.has(entry.key) || entry.state === 'restored' || entry.state === 'rejected') continue
    const { state, size } = entry
    total += size
    sent += state === 'done' || state === 'finishing' ? size : (sentBytes(entry.key) ?? 0)
    if (state === 'uploading') isMoving = true
    if (state === 'retrying' && entry.tries > quietTries && entry.retryAt !== null) stalled ??= entry
  }
  const from = now + apartMs
  if (stalled !== null && batch.stalled === null) return { ...batch, stalled, from }
  const quarter = Math.floor((sent / Math.max(1, total)) * 4)
  const isDue = quarter > 0 || (isMoving && now >= batch.from + longMs)
  // The last of them is told as what became of it.
  return isDue && quarter > batch.quarter && quarter < 4 ? { ...batch, quarter, from } : batch
}
