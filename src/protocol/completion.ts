/** Readers of what the backend says of stored bytes: untrusted JSON. */
import { isObject } from './grant.js'

/** Stored (`size`: bytes, null where nobody looked), or still being checked: ask again after `retryAfterMs`. */
export type Completion =
  | { readonly stored: true; readonly size: number | null }
  | { readonly stored: false; readonly retryAfterMs: number }

/** Between a second and a minute; three seconds where the backend says nothing sensible. */
const retryAfterMs = (seconds: unknown): number =>
  typeof seconds === 'number' && Number.isFinite(seconds) ? Math.min(60, Math.max(1, seconds)) * 1000 : 3_000

/** Reads an answer to `complete`; null when it says neither that the file is stored nor that it is being checked. */
export function parseCompletion(value: unknown): Completion | null {
  if (!isObject(value)) return null
  if (value.status === 'checking') return { stored: false, retryAfterMs: retryAfterMs(value.retryAfter) }
  if (typeof value.id !== 'string' && typeof value.id !== 'number') return null
  const { size } = value
  return { stored: true, size: Number.isSafeInteger(size) && (size as number) >= 0 ? (size as number) : null }
}
