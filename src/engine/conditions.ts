/**
 * What holds for the whole field: the network is away, the service asked us to wait, or so many files fail alike that
 * the queue rests. While it rests nothing is counted and one probe at a time is sent. Pure.
 */
import type { Failure } from '../protocol/failure.js'
import { isThrottle } from './retryPolicy.js'
import type { Timing } from './timing.js'

/** Who failed: the host's backend, or the storage. One that is well says nothing of the other. */
export type Side = 'backend' | 'storage'

export interface Rest {
  readonly side: Side
  readonly since: number
  /** What all rows wait for. */
  readonly failure: Failure
  /** Probes that failed. */
  readonly probes: number
  /** When the next probe goes; null while one is on its way. */
  readonly probeAt: number | null
  /** Entries the probe on its way is for. */
  readonly probing: ReadonlySet<string>
}

/** Failures of one side with the same code, with no success between. */
interface Alike {
  readonly code: string
  readonly keys: ReadonlySet<string>
  /** Calls or requests that failed so. */
  readonly count: number
}

export interface Conditions {
  readonly alike: Readonly<Record<Side, Alike | null>>
  readonly rest: Rest | null
  readonly holdUntil: number | null
  /** What is left for retries: each costs, each success gives back. */
  readonly tokens: number
}

export const fairConditions = (timing: Timing): Conditions => ({
  alike: { backend: null, storage: null },
  rest: null,
  holdUntil: null,
  tokens: timing.retryTokens,
})

const costOf = (failed: Failure, timing: Timing): number =>
  isThrottle(failed) ? timing.throttledCost : timing.retryCost

/**
 * Something worked on a side, or (the network is back) on both: what failed there before was no matter of the whole.
 * `again`: it was a retry, whose cost comes back. A probe that worked ends the rest, whichever side it came to.
 */
export function succeeded(
  conditions: Conditions,
  { side, again, key, timing }: { side: Side | 'both'; again: boolean; key?: string | undefined; timing: Timing },
): Conditions {
  const { alike, rest } = conditions
  const tokens = Math.min(timing.retryTokens, conditions.tokens + (again ? timing.retryCost : 1))
  const isWell = (of: Side) => side === 'both' || side === of
  const isRested = rest !== null && (isWell(rest.side) || (key !== undefined && rest.probing.has(key)))
  const isNews =
    isRested || (alike.backend !== null && isWell('backend')) || (alike.storage !== null && isWell('storage'))
  if (!isNews) return tokens === conditions.tokens ? conditions : { ...conditions, tokens }
  return {
    ...conditions,
    tokens,
    rest: isRested ? null : rest,
    alike: { backend: isWell('backend') ? null : alike.backend, storage: isWell('storage') ? null : alike.storage },
  }
}

/** Some entries failed together (one call, or one request) with a failure that can heal. */
export function failedAlike(
  conditions: Conditions,
  failed: Failure,
  keys: readonly string[],
  o: { side: Side; timing: Timing; now: number; probeDelay: number },
): Conditions {
  const { side, timing, now, probeDelay } = o
  const { rest } = conditions
  const asked = failed.retryAfterMs
  const holdUntil =
    asked === undefined
      ? conditions.holdUntil
      : Math.max(conditions.holdUntil ?? 0, now + Math.min(asked, timing.retryAfterCap))
  if (rest !== null) {
    if (!keys.some((key) => rest.probing.has(key))) return { ...conditions, holdUntil }
    return {
      ...conditions,
      holdUntil,
      rest: { ...rest, failure: failed, probes: rest.probes + 1, probeAt: now + probeDelay, probing: new Set() },
    }
  }
  const before = conditions.alike[side]
  const alike = before?.code === failed.code ? before : { code: failed.code, keys: new Set<string>(), count: 0 }
  const together = new Set([...alike.keys, ...keys])
  const count = alike.count + 1
  const tokens = conditions.tokens - costOf(failed, timing)
  // The page's own backend out of reach twice over: the browser may say what it likes, there is no network.
  const isAway = side === 'backend' && failed.code === 'network' && count >= timing.awayAfter
  if (together.size < timing.restAfter && tokens > 0 && !isAway) {
    return {
      ...conditions,
      holdUntil,
      tokens,
      alike: { ...conditions.alike, [side]: { code: failed.code, keys: together, count } },
    }
  }
  return {
    holdUntil,
    tokens: Math.max(0, tokens),
    alike: { ...conditions.alike, [side]: null },
    rest: { side, since: now, failure: failed, probes: 0, probeAt: now + probeDelay, probing: new Set() },
  }
}

/** A probe for these entries goes out. */
export function probed(conditions: Conditions, keys: readonly string[]): Conditions {
  return conditions.rest === null
    ? conditions
    : { ...conditions, rest: { ...conditions.rest, probeAt: null, probing: new Set(keys) } }
}
