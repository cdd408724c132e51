/**
 * Keeps what runs equal to the plan: aborts running work that the plan no longer names, starts what it newly names.
 * Work reports back only as events; late ones are dropped by their attempt. Knows nothing of React.
 */
import type { Rules } from '../answer/admission.js'
import { answerIdOf, applyEvent, entryOf } from '../answer/answer.js'
import { type Entry, type EntryEvent, type LocalEntry, heldBy } from '../answer/entry.js'
import { type Limits, nextAgeing, plan, type Work } from '../answer/plan.js'
import type { AnswerStore } from '../answer/store.js'
import type { Failure } from '../protocol/failure.js'
import type { Grant } from '../protocol/grant.js'
import type { Calls } from './calls.js'
import type { Checksums } from './checksum.js'
import { loadCopies } from './chunks.js'
import type { Connections } from './connections.js'
import type { Copies } from './copies.js'
import type { DraftKeeper } from './draftKeeper.js'
import type { Environment } from './environment.js'
import { createGrants } from './grants.js'
import { createPace } from './pace.js'
import type { Progress } from './progress.js'
import { sleepLeast } from './timeLimit.js'
import type { Trace } from './trace.js'
import type { Timing } from './timing.js'
import { createWaiting, hasBegun } from './waiting.js'
import { perform } from './work.js'
import type { WorkTools } from './workTools.js'

export interface EngineOptions {
  readonly store: AnswerStore
  readonly environment: Environment
  readonly timing: Timing
  readonly connections: Connections
  readonly progress: Progress
  readonly backend: () => Calls
  readonly rules: () => Rules
  readonly checksums: () => Promise<Checksums | null> | null
  /** A grant that no entry holds any more. */
  readonly onReleased: (grant: Grant) => void
  /** An entry changed its state by an event of the engine's work. */
  readonly onChanged: (before: Entry, after: Entry) => void
  /** For developers. */
  readonly trace: Trace
  readonly notes: WorkTools['notes']
  /** All wait for what failed; null: they go on. */
  readonly onRest: (failed: Failure | null) => void
  /** A whole call was refused: the person may not upload. Told once, whatever the number of files. */
  readonly onDenied: (failure: Failure) => void
  readonly keeper: () => Pick<DraftKeeper, 'state' | 'recorded'>
}

export interface Engine {
  /** Begins to listen to the network. Nothing of an engine runs before, so that rendering may create one. */
  start(): void
  /** Compares plan and work now: after a removal nothing of the file may begin. */
  reconcile(): void
  /** An event from outside the work: a person's retry, a description that came. */
  report(entry: Entry, event: EntryEvent): void
  /** Bytes of an entry that may be read beside the sending; null: reading would use them up. */
  bytesOf(entry: LocalEntry): Promise<Blob | null>
  /** What all wait for while the queue rests. */
  restsFor(): Failure | null
  /** Ends all work. */
  stop(): void
}

export function createEngine(o: EngineOptions): Engine {
  const { store, environment, timing, progress } = o
  const { clock, network } = environment
  const running = new Map<string, AbortController>()
  let cancelAlarm = () => {}
  let reconciledAt = Number.NEGATIVE_INFINITY
  let scheduled: (() => void) | null = null
  let stopped = false

  const grants = createGrants(o)
  const pace = createPace()
  const readsOnce = environment.page?.readsOnce === true
  const waiting = createWaiting({ ...o, report })
  let copies: Copies | undefined
  /** What to send for an entry: the file itself, but where it can be read once only. */
  async function bytesOf(entry: LocalEntry): Promise<Blob> {
    if (!readsOnce) return entry.file
    const loaded = await loadCopies().catch(() => null)
    if (loaded === null) return entry.file
    const isWanted = (key: string) => isUnfinished(entryOf(store.get(), key))
    copies ??= loaded.createCopies({ timing, isWanted })
    return copies.of(entry)
  }
  const tools: Omit<WorkTools, 'returns'> = {
    ...o,
    grants,
    completing: new Map(),
    pace,
    bytesOf,
    waiting,
    report,
    current: (key) => entryOf(store.get(), key),
    deny,
  }

  let stopListening: (() => void) | null = null
  let stopReturns: (() => void) | null = null
  const start = () => {
    let awaySince = 0
    stopListening ??= network.onChange(() => {
      if (!network.isOnline()) {
        awaySince = clock.now()
        return reconcile()
      }
      // Who was away together comes back together: the longer, the more of them.
      const spread = Math.min(timing.backOnlineJitter, (clock.now() - awaySince) / 2)
      clock.after(environment.random() * spread, () => {
        if (stopped || !network.isOnline()) return
        waiting.healed('both')
        reconcile()
      })
    })
    stopReturns ??=
      environment.page?.onReturn(() => {
        waiting.healed('both')
        reconcile()
      }) ?? null
  }

  /** The one way in for events: applies, tells what changed, lets go of grants nobody holds, and looks at the plan again. */
  function report(entry: Entry, event: EntryEvent): void {
    if (stopped) return
    const { key, attempt } = entry
    const before = entryOf(store.get(), key)
    store.apply((answer) => applyEvent(answer, key, attempt, event))
    const after = entryOf(store.get(), key)
    if (before === undefined || after === undefined || before === after) return
    const held = heldBy(before)?.grant
    if (held !== undefined && heldBy(after)?.grant.id !== held.id && answerIdOf(after) !== held.id) o.onReleased(held)
    if (after.state === 'done' || after.state === 'rejected') {
      progress.forget(key)
      copies?.forget(key)
    }
    if (before.state !== after.state) o.onChanged(before, after)
    // Files that were to wait equally long come due one by one, in one turn: they go on together.
    schedule(event.type === 'retry-due')
  }

  function schedule(isLater = false): void {
    if (scheduled !== null || stopped) return
    const since = clock.now() - reconciledAt
    const run = () => {
      if (scheduled !== null) reconcile()
    }
    if (isLater) {
      scheduled = clock.after(0, run)
    } else if (since >= timing.reconcile) {
      scheduled = () => {}
      queueMicrotask(run)
    } else {
      scheduled = clock.after(timing.reconcile - since, run)
    }
  }

  function reconcile(): void {
    scheduled?.()
    scheduled = null
    if (stopped) return
    // One time for all of it: a hold that ends in the middle would hold back the work and set no alarm.
    reconciledAt = clock.now()
    waiting.restOrProbe(reconciledAt)
    // Nothing begins while the draft is read, and while another tab works on it.
    const { state } = o.keeper()
    const works = state === 'working' || state === 'off' ? plan(store.get(), limits()) : []
    const names = new Set(works.map(({ name }) => name))
    for (const [name, controller] of running) {
      if (names.has(name)) continue
      running.delete(name)
      controller.abort(new DOMException('No longer wanted', 'AbortError'))
    }
    for (const work of works) if (!running.has(work.name)) begin(work)
    setAlarm()
    // The next one counts from the end: with ten thousand files it takes a while, and the page has its turn between.
    reconciledAt = clock.now()
  }

  function limits(): Limits {
    const { validate, prepare } = o.rules()
    const perFile = (o.backend().largestBatch ?? 2) === 1
    const least = Math.min(
      perFile ? timing.sending * 4 : timing.aheadMost,
      Math.max(perFile ? timing.sending : timing.aheadLeast, pace.ahead(timing.sending) ?? 0),
    )
    return {
      online: network.isOnline(),
      now: reconciledAt,
      holdUntil: waiting.conditions.holdUntil,
      rest: waiting.conditions.rest,
      preparing: validate !== undefined || prepare !== undefined ? timing.preparing : 0,
      sending: waiting.isSuspect ? 1 : timing.sending,
      // Many in one call, so that calls are few; one by one there is nothing to gain from asking for more than is needed.
      ahead: { least, most: perFile ? least : Math.max(timing.aheadMost, 2 * least), bytes: timing.aheadBytes },
      renewBefore: timing.renewBefore,
    }
  }

  /** Wakes at the next time that something begins by itself. */
  function setAlarm(): void {
    cancelAlarm()
    const times = [waiting.nextTime(reconciledAt), nextAgeing(store.get(), timing.renewBefore, reconciledAt)]
    const next = Math.min(...times.map((time) => time ?? Number.POSITIVE_INFINITY))
    if (next === Number.POSITIVE_INFINITY) return
    cancelAlarm = clock.after(next - clock.now(), () => {
      // What rested is not to be given up for a time in which nothing was tried.
      if (clock.now() - next > sleepLeast) waiting.healed('both')
      reconcile()
    })
  }

  function begin(work: Work): void {
    const controller = new AbortController()
    running.set(work.name, controller)
    void perform(work, tools, controller.signal).finally(() => {
      if (running.get(work.name) === controller) running.delete(work.name)
    })
  }

  /** The person may not upload: asking stops for all files, with one error to the host. */
  function deny(failed: Failure): void {
    const asking = store
      .get()
      .entries.filter(
        (entry) =>
          (entry.state === 'queued' && hasBegun(entry)) ||
          entry.state === 'requesting' ||
          (entry.state === 'retrying' && entry.step === 'request'),
      )
    if (asking.length === 0) return
    for (const entry of asking) report(entry, { type: 'given-up', failure: failed })
    o.onDenied(failed)
  }

  return {
    async bytesOf(entry) {
      const bytes = await bytesOf(entry)
      return readsOnce && bytes === entry.file ? null : bytes
    },
    start,
    reconcile,
    report,
    restsFor: () => waiting.conditions.rest?.failure ?? null,
    stop() {
      stopped = true
      stopListening?.()
      stopReturns?.()
      cancelAlarm()
      scheduled?.()
      for (const controller of running.values()) controller.abort(new DOMException('The field is gone', 'AbortError'))
      running.clear()
    },
  }
}

/** Its bytes may still be wanted. */
const isUnfinished = (entry: Entry | undefined): boolean =>
  entry !== undefined && entry.state !== 'done' && entry.state !== 'restored' && entry.state !== 'rejected'
