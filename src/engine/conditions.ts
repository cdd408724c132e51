/**
 * What holds for the whole field: the network is away, the service asked us to wait, or so many files fail alike that
 * the queue rests. While it rests nothing is counted and one probe at a time is sent. Pure.
 */
import type { Failure } from '../protocol/failure.js'
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

export interface Conditions {
  /** Entries that failed with the same code, with no success between. */
  readonly alike: { readonly side: Side; readonly code: string; readonly keys: ReadonlySet<string> } | null
  readonly rest: Rest | null
  readonly holdUntil: number | null
}

export const fairConditions: Conditions = { alike: null, rest: null, holdUntil: null }

/** Something worked on a side, or (the network is back) on both: what failed there before was no matter of the whole. */
export function succeeded(conditions: Conditions, side: Side | 'both'): Conditions {
  const isWell = (of: Side | undefined) => of !== undefined && (side === 'both' || of === side)
  const { alike, rest } = conditions
  if (!isWell(alike?.side) && !isWell(rest?.side)) return conditions
  return { ...conditions, alike: isWell(alike?.side) ? null : alike, rest: isWell(rest?.side) ? null : rest }
}

/** Some entries failed together (one call, or one request) with a failure that can heal. */
export function failedAlike(
  conditions: Conditions,
  failed: Failure,
  keys: readonly string[],
  o: { side: Side; timing: Timing; now: number; probeDelay: number },
): Conditions {
  const { side, timing, now, probeDelay } = o
  const holdUntil =
    failed.retryAfterMs === undefined ? conditions.holdUntil : now + Math.min(failed.retryAfterMs, timing.retryAfterCap)
  const { rest } = conditions
  if (rest !== null) {
    if (!keys.some((key) => rest.probing.has(key))) return { ...conditions, holdUntil }
    return {
      ...conditions,
      holdUntil,
      rest: { ...rest, failure: failed, probes: rest.probes + 1, probeAt: now + probeDelay, probing: new Set() },
    }
  }
  const { alike } = conditions
  const before = alike?.side === side && alike.code === failed.code ? alike.keys : new Set<string>()
  const together = new Set([...before, ...keys])
  if (together.size < timing.restAfter)
    return { ...conditions, holdUntil, alike: { side, code: failed.code, keys: together } }
  return {
    holdUntil,
    alike: null,
    rest: { side, since: now, failure: failed, probes: 0, probeAt: now + probeDelay, probing: new Set() },
  }
}

/** A probe for these entries goes out. */
export function probed(conditions: Conditions, keys: readonly string[]): Conditions {
  return conditions.rest === null
    ? conditions
    : { ...conditions, rest: { ...conditions.rest, probeAt: null, probing: new Set(keys) } }
}
