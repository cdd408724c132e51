/**
 * What the field as a whole waits for: the network, a service that asked for time, or one that fails alike for all.
 * Holds the conditions, sends the probes while the queue rests, and lets all who wait go on when something works.
 */
import type { Entry, EntryEvent, LocalEntry } from '../answer/entry.js'
import { isPending } from '../answer/selectors.js'
import type { AnswerStore } from '../answer/store.js'
import { stepOf } from '../answer/transition.js'
import type { Failure } from '../protocol/failure.js'
import { type Conditions, failedAlike, fairConditions, probed, type Side, succeeded } from './conditions.js'
import type { Environment } from './environment.js'
import { retryDelay } from './retryPolicy.js'
import { type Trace, traced } from './trace.js'
import { waitFor } from './timeLimit.js'
import type { Timing } from './timing.js'

export interface Waiting {
  readonly conditions: Conditions
  /** Bytes have left for storage, and nothing has failed on the way since: silence there may be a refusal. */
  readonly isOpen: boolean
  /** A request met silence and none was ever answered: no further file begins beside those on their way. */
  readonly isSuspect: boolean
  /** What a failure of these entries' common call or request says of the way. */
  note(failed: Failure, together: readonly string[], side: Side): void
  /** Whether such a failure counts no tries: the network is away, or the service for everyone. */
  countsNothing(failed: Failure): boolean
  /** An entry waits for the network or the service. */
  joined(): void
  /**
   * Something worked on a side, or (the network is back) on both: all who wait go on, unless the other side rests.
   * `again`: at a further try; `key`: for this entry, whose probe it may have been.
   */
  healed(side: Side | 'both', again?: boolean, key?: string): void
  /** While the queue rests: one probe at a time, and an end after all. */
  restOrProbe(now: number): void
  /** Resolves once no hold is in force any more; null: none is. */
  hold(signal: AbortSignal): Promise<void> | null
  /** When something begins by itself that did not at `now`: a hold's end, a probe. Null: nothing does. */
  nextTime(now: number): number | null
}

export function createWaiting(o: {
  readonly store: AnswerStore
  readonly environment: Environment
  readonly timing: Timing
  readonly report: (entry: Entry, event: EntryEvent) => void
  readonly trace: Pick<Trace, 'tell'>
  readonly onRest: (failed: Failure | null) => void
}): Waiting {
  const { store, environment, timing, report } = o
  const { clock, network } = environment
  let conditions = fairConditions(timing)
  /** The one place where conditions change: whoever shows what all wait for is told. */
  function become(next: Conditions): void {
    const before = conditions.rest
    conditions = next
    const { rest } = next
    if (rest?.failure.code === before?.failure.code) return
    o.trace.tell(rest === null ? { type: 'go-on' } : { type: 'rest', side: rest.side, failure: traced(rest.failure) })
    o.onRest(rest?.failure ?? null)
  }
  let isOpen = false
  /** Storage has answered this field before. */
  let isProven = false
  /** Some entry waits: spares a look through all at each success. */
  let someWait = false

  /** Members of a batch that were refused one by one say nothing of the service; a call or a request that broke does. */
  const isOfTheWay = ({ remedy, code, status }: Failure) =>
    remedy === 'wait' && !(code === 'server' && status === undefined)

  /** What a failure says of the way, for the field as a whole. */
  function note(failed: Failure, together: readonly string[], side: Side): void {
    if (!network.isOnline() || !isOfTheWay(failed)) return
    if (side === 'storage') isOpen = false
    const { rest, alike } = conditions
    const delay = retryDelay(failed, rest?.probes ?? 0, timing, environment.random())
    const isFresh = clock.now() - (rest?.since ?? clock.now()) < timing.awayFresh
    // Backend and storage out of reach at once: it is the page's own line, and a probe burdens nobody.
    const isLine = rest?.side === 'backend' && alike.storage?.code === 'network'
    const cap = isFresh ? timing.retryBase / (isLine ? 4 : 1) : timing.awayProbeCap
    const probeDelay = failed.code === 'network' ? Math.min(delay, cap) : delay
    become(failedAlike(conditions, failed, together, { side, timing, now: clock.now(), probeDelay }))
  }

  /** Something worked, or the network is back: all who wait go on. */
  function healed(side: Side | 'both', again = false, key?: string): void {
    if (side === 'storage') {
      isOpen = true
      isProven = true
    }
    become(succeeded(conditions, { side, again, key, timing }))
    if (!someWait || conditions.rest !== null || !network.isOnline()) return
    someWait = false
    for (const entry of store.get().entries) {
      if (entry.state === 'retrying' && entry.retryAt === null) report(entry, { type: 'retry-due' })
    }
  }

  function hold(signal: AbortSignal): Promise<void> | null {
    const { holdUntil } = conditions
    if (holdUntil === null || holdUntil <= clock.now()) return null
    return waitFor(clock, holdUntil - clock.now(), signal).then(() => hold(signal) ?? undefined)
  }

  /** While the queue rests: one probe at a time, and an end after all. */
  function restOrProbe(now: number): void {
    const { rest } = conditions
    if (rest === null || !network.isOnline()) return
    const { entries } = store.get()
    if (now - rest.since >= timing.restLongest) {
      become(fairConditions(timing))
      for (const entry of entries) {
        if (isPending(entry) && hasBegun(entry)) report(entry, { type: 'given-up', failure: rest.failure })
      }
      return
    }
    // A probe that was removed, or refused for its own sake, tells nothing: another one goes at once.
    const isOnItsWay = entries.some(
      (entry) =>
        rest.probing.has(entry.key) && isPending(entry) && entry.state !== 'retrying' && entry.state !== 'paused',
    )
    if (rest.probeAt === null ? isOnItsWay : now < rest.probeAt) return
    const waits = (entry: Entry): entry is LocalEntry =>
      (entry.state === 'queued' && entry.started) ||
      entry.state === 'ready' ||
      // A renewal waits like everything new.
      (entry.state === 'requesting' && entry.renews !== null) ||
      (entry.state === 'retrying' && entry.retryAt === null)
    const asks = (entry: LocalEntry) => stepOf(entry) === 'request'
    // Only who goes to the side that rests can tell of it.
    const isOfSide = (entry: LocalEntry) => (stepOf(entry) === 'send') === (rest.side === 'storage')
    const waiting = entries.filter(waits)
    const ofSide = waiting.filter(isOfSide)
    const candidates = ofSide.length > 0 ? ofSide : waiting
    if (candidates.length === 0) return
    // The smallest tells soonest.
    const first = candidates.reduce((least, entry) => (entry.size < least.size ? entry : least))
    // A call for grants is one probe, however many files it is for; storage is probed with one file.
    const probing = asks(first) && rest.side === 'backend' ? waiting.filter(asks).slice(0, timing.aheadMost) : [first]
    become(
      probed(
        conditions,
        probing.map(({ key }) => key),
      ),
    )
    for (const entry of probing) if (entry.state === 'retrying') report(entry, { type: 'retry-due' })
  }

  return {
    get conditions() {
      return conditions
    },
    get isOpen() {
      return isOpen
    },
    get isSuspect() {
      return !isProven && conditions.alike.storage?.code === 'network'
    },
    note,
    countsNothing: (failed) =>
      failed.remedy === 'wait' && (!network.isOnline() || (conditions.rest !== null && isOfTheWay(failed))),
    joined() {
      someWait = true
    },
    healed,
    restOrProbe,
    hold,
    nextTime(now) {
      const times = [conditions.holdUntil, conditions.rest?.probeAt ?? null].filter(
        (time): time is number => time !== null && time > now,
      )
      return times.length === 0 ? null : Math.min(...times)
    },
  }
}

/** A file that waits for `start()` has tried nothing, and fails with nobody. */
export const hasBegun = (entry: Entry): boolean => entry.state !== 'queued' || entry.started
