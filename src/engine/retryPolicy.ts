/** A failed attempt → what becomes of it. Pure: chance and time come in. */
import type { HeldGrant, Next, Step } from '../answer/entry.js'
import type { Failure } from '../protocol/failure.js'
import type { Timing } from './timing.js'

/** The other side asks for patience. */
export const isThrottle = ({ code, status }: Failure): boolean => code === 'rate-limited' || status === 503

/** Full jitter: random·min(cap, base·2ⁿ), which spreads a crowd best; a stated Retry-After is the least. */
export function retryDelay(failed: Failure, tries: number, timing: Timing, random: number): number {
  const base = isThrottle(failed) ? timing.throttledBase : timing.retryBase
  const delay = random * Math.min(timing.retryCap, base * 2 ** tries)
  return Math.max(delay, Math.min(failed.retryAfterMs ?? 0, timing.retryAfterCap))
}

export interface Attempt {
  readonly failure: Failure
  readonly step: Step
  /** Failed tries before this one. */
  readonly tries: number
  /** Fresh grants asked for before. */
  readonly renewals: number
  readonly held: HeldGrant | null
  /**
   * All bytes left and no answer could be read; `before`: requests in a row that ended so before this one. `inDoubt`:
   * nobody saw them leave, and nothing has ever left for this storage.
   */
  readonly unanswered?: { readonly before: number; readonly inDoubt: boolean } | undefined
}

/** Whether nobody knows that a grant is still good: storage refuses an old one without a word the page may read. */
function mayBeOld(held: HeldGrant | null, now: number): boolean {
  // A multipart upload is not renewed: its parts' URLs are.
  if (held === null || held.grant.method === 'MULTIPART') return false
  return held.endsAt === null || held.endsAt <= now
}

/** Worth one more try, no more: a conflict, a host's function that threw (no status: nothing was answered). */
const isLikelyFinal = ({ code, status }: Failure): boolean =>
  status === 409 || (code === 'server' && status === undefined)

/**
 * Decides by remedy. `resting`: the network or the service is gone for everyone, so nothing is counted and all wait
 * for it together.
 */
export function nextAfter(
  attempt: Attempt,
  o: { timing: Timing; random: number; now: number; resting: boolean },
): Next {
  const { failure: failed, step, tries, renewals, held, unanswered } = attempt
  const { timing, random, now, resting } = o
  if (failed.remedy === 'new-grant') {
    // A second refusal of a fresh grant is no matter of time.
    if (renewals >= timing.renewals || step !== 'send') return { do: 'stop' }
    return { do: 'new-grant' }
  }
  if (failed.remedy !== 'wait') return { do: 'stop' }
  if (unanswered !== undefined && !(unanswered.inDoubt && resting)) {
    // Sending again is safe: same id, same key. Whoever answers twice without a word refuses, unless the bytes are there.
    // Where it may as well be that nobody is let through, others are heard first.
    const later = unanswered.inDoubt ? { at: now + retryDelay(failed, tries, timing, random) } : {}
    if (unanswered.before === 0) return { do: 'send-again', ...later }
    return { do: 'ask-storage' }
  }
  if (resting) return { do: 'wait' }
  if (step === 'send' && failed.code === 'network' && renewals < timing.renewals && mayBeOld(held, now)) {
    return { do: 'new-grant' }
  }
  // A second silence: the grant may be why, and whoever asks for another learns whether anybody is there.
  const isSilent = failed.code === 'network' && failed.retryAfterMs === undefined
  if (step === 'send' && isSilent && tries === 1 && held?.grant.method !== 'MULTIPART') return { do: 'renew' }
  // A renewal is one of the tries of what it is for.
  const isSending = step === 'send' || (step === 'request' && held !== null)
  const most = isLikelyFinal(failed) ? 2 : isSending ? timing.sendTries : timing.callTries
  if (tries + 1 >= most) return { do: 'stop' }
  return { do: 'retry', at: now + retryDelay(failed, tries, timing, random) }
}
