/**
 * Keeps what runs equal to the plan: aborts running work that the plan no longer names, starts what it newly names.
 * Work reports back only as events; late ones are dropped by their attempt. Knows nothing of React.
 */
import type { Rules } from '../answer/admission.js'
import { judgeFile } from '../answer/admission.js'
import { answerIdOf, applyEvent, entryOf } from '../answer/answer.js'
import type { Entry, EntryEvent, HeldGrant, LocalEntry, Step } from '../answer/entry.js'
import { heldBy } from '../answer/entry.js'
import { isAged, type Limits, plan, type Work } from '../answer/plan.js'
import { isPending } from '../answer/selectors.js'
import type { AnswerStore } from '../answer/store.js'
import type { Backend, CallContext } from '../protocol/backend.js'
import { type Failure, failure, failureFrom } from '../protocol/failure.js'
import type { Sendable } from '../protocol/backend.js'
import type { Grant } from '../protocol/grant.js'
import { chosenFile } from './chosenFile.js'
import { type Conditions, failedAlike, fairConditions, probed, succeeded } from './conditions.js'
import type { Connections } from './connections.js'
import type { Environment } from './environment.js'
import { createGrants } from './grants.js'
import { sendInParts } from './multipart.js'
import type { Progress } from './progress.js'
import { nextAfter, retryDelay } from './retryPolicy.js'
import { sendToStorage } from './singleRequest.js'
import { orEnded, timeLimit } from './timeLimit.js'
import type { Timing } from './timing.js'

export interface EngineOptions {
  readonly store: AnswerStore
  readonly environment: Environment
  readonly timing: Timing
  readonly connections: Connections
  readonly progress: Progress
  readonly backend: () => Backend
  readonly context: () => Omit<CallContext, 'signal' | 'files'>
  readonly rules: () => Rules
  /** A grant that no entry holds any more. */
  readonly onReleased: (grant: Grant) => void
  /** An entry changed its state by an event of the engine's work. */
  readonly onChanged: (before: Entry, after: Entry) => void
  /** A whole call was refused: the person may not upload. Told once, whatever the number of files. */
  readonly onDenied: (failure: Failure) => void
}

export interface Engine {
  /** Begins to listen to the network. Nothing of an engine runs before, so that rendering may create one. */
  start(): void
  /** Compares plan and work now: after a removal nothing of the file may begin. */
  reconcile(): void
  /** An event from outside the work: a person's retry, a description that came. */
  report(entry: Entry, event: EntryEvent): void
  /** Ends all work. */
  stop(): void
}

export function createEngine(o: EngineOptions): Engine {
  const { store, environment, timing, connections, progress } = o
  const { clock, network } = environment
  const running = new Map<string, AbortController>()
  let conditions: Conditions = fairConditions
  let cancelAlarm = () => {}
  let reconciledAt = Number.NEGATIVE_INFINITY
  let scheduled: (() => void) | null = null
  let stopped = false
  /** Some entry waits for the network or the service: spares a look through all at each success. */
  let someWait = false

  const grants = createGrants({
    backend: o.backend,
    context: o.context,
    pageIsSecure: environment.pageIsSecure,
    now: clock.now,
    timeLimit: (signal) => timeLimit(clock, timing.callTimeout, signal),
    isTaken: (id, key) =>
      store.get().entries.some((entry) => entry.key !== key && (answerIdOf(entry) ?? heldBy(entry)?.grant.id) === id),
    handBack: (left) => {
      for (const grant of left) o.onReleased(grant)
    },
  })

  let stopListening: (() => void) | null = null
  const start = () => {
    stopListening ??= network.onChange(() => {
      if (!network.isOnline()) return reconcile()
      clock.after(environment.random() * timing.backOnlineJitter, () => {
        if (stopped || !network.isOnline()) return
        healed()
        reconcile()
      })
    })
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
    if (after.state === 'done' || after.state === 'rejected') progress.forget(key)
    if (before.state !== after.state) o.onChanged(before, after)
    schedule()
  }

  function schedule(): void {
    if (scheduled !== null || stopped) return
    const since = clock.now() - reconciledAt
    const run = () => {
      if (scheduled !== null) reconcile()
    }
    if (since >= timing.reconcile) {
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
    reconciledAt = clock.now()
    restOrProbe()
    const works = plan(store.get(), limits())
    const names = new Set(works.map(({ name }) => name))
    for (const [name, controller] of running) {
      if (names.has(name)) continue
      running.delete(name)
      controller.abort(new DOMException('No longer wanted', 'AbortError'))
    }
    for (const work of works) if (!running.has(work.name)) begin(work)
    setAlarm()
  }

  function limits(): Limits {
    const { validate, prepare } = o.rules()
    const perFile = (o.backend().largestBatch ?? 2) === 1
    return {
      online: network.isOnline(),
      now: clock.now(),
      holdUntil: conditions.holdUntil,
      probing: conditions.rest === null ? null : conditions.rest.probing,
      preparing: validate !== undefined || prepare !== undefined ? timing.preparing : 0,
      sending: timing.sending,
      ahead: perFile
        ? { least: timing.sending, most: timing.sending, bytes: timing.aheadBytes }
        : { least: timing.aheadLeast, most: timing.aheadMost, bytes: timing.aheadBytes },
      renewBefore: timing.renewBefore,
    }
  }

  /** Wakes at the next time that something begins by itself: a hold's end, a probe. */
  function setAlarm(): void {
    cancelAlarm()
    const now = clock.now()
    const times = [conditions.holdUntil, conditions.rest?.probeAt ?? null].filter(
      (time): time is number => time !== null && time > now,
    )
    if (times.length > 0) cancelAlarm = clock.after(Math.min(...times) - now, reconcile)
  }

  function begin(work: Work): void {
    const controller = new AbortController()
    running.set(work.name, controller)
    void perform(work, controller.signal)
      .catch((thrown) => {
        // An abort is the plan's wish; anything else is a fault of ours or the host's and must not be lost.
        if (!controller.signal.aborted && work.kind !== 'wait')
          fail(work.entry, stepOf(work), null, failureFrom(thrown), [])
      })
      .finally(() => {
        if (running.get(work.name) === controller) running.delete(work.name)
      })
  }

  async function perform(work: Work, signal: AbortSignal): Promise<void> {
    switch (work.kind) {
      case 'prepare':
        return prepare(work.entry, signal)
      case 'request':
        return request(work.entry, work.renews, signal)
      case 'send':
        return send(work.entry, work.held, signal)
      case 'finish':
        return finish(work.entry, work.held, signal)
      case 'wait':
        return waitUntil(work, signal)
      default:
        return work satisfies never
    }
  }

  async function prepare(entry: LocalEntry, signal: AbortSignal): Promise<void> {
    report(entry, { type: 'prepare-started' })
    const rules = o.rules()
    const limit = timeLimit(clock, timing.prepareTimeout, signal)
    try {
      const reason = (await orEnded(rules.validate?.(entry.file, { signal: limit.signal }), limit.signal)) ?? null
      if (signal.aborted) return
      if (reason !== null)
        return report(entry, {
          type: 'refused',
          failure: failure(reason.code, { message: reason.message, remedy: 'none' }),
        })
      const file = (await orEnded(rules.prepare?.(entry.file, { signal: limit.signal }), limit.signal)) ?? entry.file
      if (signal.aborted) return
      const chosen = file === entry.file ? entry : chosenFile(file, entry.path)
      const refusal = file === entry.file ? null : judgeFile(chosen, rules)
      const { name, size, type } = chosen
      report(
        entry,
        refusal === null
          ? { type: 'prepared', chosen: { file, name, size, type } }
          : { type: 'refused', failure: refusal },
      )
    } catch (thrown) {
      if (signal.aborted) return
      const failed = limit.timedOut()
        ? failure('timeout', { hint: '`validate` or `prepare` did not settle in time.' })
        : failureFrom(thrown)
      report(entry, { type: 'refused', failure: { ...failed, remedy: 'none' } })
    } finally {
      limit.end()
    }
  }

  async function request(entry: LocalEntry, renews: HeldGrant | null, signal: AbortSignal): Promise<void> {
    report(entry, { type: 'request-started' })
    const answer = await grants.request({ entry, signal, ...(renews === null ? {} : { id: renews.grant.id }) })
    if (signal.aborted) return
    if (!answer.granted) {
      const { failure: failed, together } = answer
      if (together.length > 0 && (failed.status === 401 || failed.status === 403)) return deny(failed)
      if (failed.remedy === 'none') return report(entry, { type: 'refused', failure: failed })
      return fail(entry, 'request', renews, failed, together)
    }
    const { grant, askedAt } = answer
    const endsAt = grant.expiresInMs === null ? null : askedAt + grant.expiresInMs
    if (endsAt !== null && endsAt - clock.now() < Math.min(timing.leastLife, (grant.expiresInMs ?? 0) / 2 || 1)) {
      const hint = 'The grant had ended when it came: check the clock of the signing server, and `expiresIn`.'
      o.onReleased(grant)
      const again: Failure = failure('url-expired', { hint })
      // Once more; a grant that ends at once a second time is no accident.
      return report(entry, {
        type: 'attempt-failed',
        failure: again,
        next:
          entry.renewals >= timing.renewals
            ? { do: 'stop' }
            : renews === null
              ? { do: 'start-over' }
              : { do: 'new-grant' },
      })
    }
    healed()
    report(entry, { type: 'granted', held: { grant, endsAt } })
  }

  async function send(entry: LocalEntry, held: HeldGrant, signal: AbortSignal): Promise<void> {
    if (entry.state === 'ready' && isAged(held, clock.now(), timing.renewBefore))
      return report(entry, { type: 'grant-aged' })
    const { grant } = held
    const backend = o.backend()
    const tools = { environment, connections, timing, send: backend.send?.bind(backend) }
    const onStart = () => report(entry, { type: 'send-started' })
    const onProgress = (sentBytes: number) => progress.set(entry.key, sentBytes)
    const verdict =
      grant.method === 'MULTIPART'
        ? await sendInParts(
            {
              grant,
              file: entry.file,
              owner: entry.key,
              signal,
              resumes: entry.attempt > 0,
              parallel: timing.connectionBudget / 2,
              onStart,
              onProgress,
              onPartStored: () => {
                healed()
                report(entry, { type: 'part-stored' })
              },
              onPartFailed: (failed) => {
                note(failed, [entry.key])
                return isResting()
              },
            },
            tools,
            backend,
            o.context(),
          )
        : await sendToStorage(
            {
              grant: withContentType(grant, entry.type),
              body: entry.file,
              owner: entry.key,
              signal,
              onStart,
              onProgress,
            },
            tools,
          )
    if (signal.aborted) return
    if (!verdict.stored && !('exists' in verdict)) {
      progress.forget(entry.key)
      // The multipart upload itself is gone: aborted, swept, or completed and deleted.
      if (verdict.failure.code === 'not-stored') return startOver(entry, verdict.failure, 1)
      return fail(entry, 'send', held, verdict.failure, [entry.key])
    }
    healed()
    const confirms =
      grant.method === 'MULTIPART' || grant.confirm || (!verdict.stored && backend.complete !== undefined)
    report(entry, { type: confirms ? 'sent' : 'stored' })
  }

  async function finish(entry: LocalEntry, held: HeldGrant, signal: AbortSignal): Promise<void> {
    const { grant } = held
    const backend = o.backend()
    const limit = timeLimit(clock, timing.callTimeout, signal)
    try {
      const reference = { id: grant.id, ...(grant.method === 'MULTIPART' ? { upload: grant.upload } : {}) }
      const answer = await orEnded(
        backend.complete?.(reference, { ...o.context(), signal: limit.signal }),
        limit.signal,
      )
      if (signal.aborted) return
      if (answer === undefined && grant.method === 'MULTIPART') {
        throw failure('server', {
          remedy: 'person',
          hint: 'The backend issued a multipart grant, but has no `complete`.',
        })
      }
      if (answer !== undefined && 'status' in answer) {
        report(entry, { type: 'check-announced' })
        await waitFor(Math.min(60, Math.max(1, answer.retryAfter)) * 1000, signal)
        limit.end()
        return await finish(entry, held, signal)
      }
      if (answer !== undefined && answer.size >= 0 && answer.size !== entry.size) {
        // Another object stands at this key: this file needs one of its own.
        return startOver(
          entry,
          failure('damaged', { hint: `Storage holds ${answer.size} bytes where ${entry.size} were sent.` }),
        )
      }
      healed()
      report(entry, { type: 'stored' })
    } catch (thrown) {
      if (signal.aborted) return
      const failed = limit.timedOut()
        ? failure('timeout', { hint: 'The backend did not answer `complete` in time.' })
        : failureFrom(thrown)
      if (failed.code === 'not-stored')
        return grant.method === 'MULTIPART' && entry.renewals === 0
          ? sendMissing(entry, failed)
          : startOver(entry, failed, grant.method === 'MULTIPART' ? 1 : 0)
      fail(entry, 'finish', held, failed, [entry.key])
    } finally {
      limit.end()
    }
  }

  /** Storage lacks parts: it is asked which, and gets those. */
  function sendMissing(entry: LocalEntry, failed: Failure): void {
    report(entry, { type: 'attempt-failed', failure: failed, next: { do: 'resend' } })
  }

  /** The file begins anew with another id, once; `before` that it may have sent its missing parts. */
  function startOver(entry: LocalEntry, failed: Failure, before = 0): void {
    const again = entry.renewals < timing.renewals + before
    report(entry, {
      type: 'attempt-failed',
      failure: { ...failed, code: again ? failed.code : 'server' },
      next: { do: again ? 'start-over' : 'stop' },
    })
  }

  async function waitUntil(work: Work & { kind: 'wait' }, signal: AbortSignal): Promise<void> {
    await waitFor(work.until - clock.now(), signal)
    const entry = entryOf(store.get(), work.key)
    if (entry !== undefined && entry.attempt === work.attempt) report(entry, { type: 'retry-due' })
  }

  function waitFor(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = clock.after(Math.max(0, delayMs), resolve)
      signal.addEventListener(
        'abort',
        () => {
          cancel()
          reject(signal.reason)
        },
        { once: true },
      )
    })
  }

  /** Members of a batch that were refused one by one say nothing of the service; a call or a request that broke does. */
  const isOfTheWay = ({ remedy, code, status }: Failure) =>
    remedy === 'wait' && !(code === 'server' && status === undefined)

  /** Nothing is counted: the network is away, or the service for everyone. */
  const isResting = () => !network.isOnline() || conditions.rest !== null

  /** What a failure says of the way, for the field as a whole. */
  function note(failed: Failure, together: readonly string[]): void {
    if (!network.isOnline() || !isOfTheWay(failed)) return
    const probeDelay = retryDelay(failed, conditions.rest?.probes ?? 0, timing, environment.random())
    conditions = failedAlike(conditions, failed, together, { timing, now: clock.now(), probeDelay })
  }

  function fail(
    entry: LocalEntry,
    step: Step,
    held: HeldGrant | null,
    failed: Failure,
    together: readonly string[],
  ): void {
    note(failed, together)
    const now = entryOf(store.get(), entry.key)
    if (now === undefined || now.state === 'restored') return
    const { tries, renewals } = now
    const resting = isOfTheWay(failed) && isResting()
    const { next, failure: told } = nextAfter(
      { failure: failed, step, tries, renewals, held },
      { timing, random: environment.random(), now: clock.now(), resting },
    )
    someWait ||= next.do === 'wait'
    report(entry, { type: 'attempt-failed', failure: told, next })
  }

  /** The person may not upload: asking stops for all files, with one error to the host. */
  function deny(failed: Failure): void {
    const asking = store
      .get()
      .entries.filter(
        (entry) =>
          entry.state === 'queued' ||
          entry.state === 'requesting' ||
          (entry.state === 'retrying' && entry.step === 'request'),
      )
    if (asking.length === 0) return
    for (const entry of asking) report(entry, { type: 'given-up', failure: failed })
    o.onDenied(failed)
  }

  /** Something worked, or the network is back: all who wait go on. */
  function healed(): void {
    conditions = succeeded(conditions)
    if (!someWait || !network.isOnline()) return
    someWait = false
    for (const entry of store.get().entries) {
      if (entry.state === 'retrying' && entry.retryAt === null) report(entry, { type: 'retry-due' })
    }
  }

  /** While the queue rests: one probe at a time, and an end after all. */
  function restOrProbe(): void {
    const { rest } = conditions
    if (rest === null || !network.isOnline()) return
    const now = clock.now()
    const { entries } = store.get()
    if (now - rest.since >= timing.restLongest) {
      conditions = succeeded(conditions)
      for (const entry of entries) {
        if (isPending(entry)) report(entry, { type: 'given-up', failure: { ...rest.failure, remedy: 'person' } })
      }
      return
    }
    // A probe that was removed, or refused for its own sake, tells nothing: another one goes at once.
    const isOnItsWay = entries.some(({ key, state }) => rest.probing.has(key) && underWay.has(state))
    if (rest.probeAt === null ? isOnItsWay : now < rest.probeAt) return
    const waits = (entry: Entry) =>
      (entry.state === 'queued' && entry.started) ||
      entry.state === 'ready' ||
      (entry.state === 'retrying' && entry.retryAt === null)
    const asks = (entry: Entry) => entry.state === 'queued' || (entry.state === 'retrying' && entry.step === 'request')
    const first = entries.find(waits)
    if (first === undefined) return
    // A call for grants is one probe, however many files it is for.
    const probing = asks(first)
      ? entries.filter((entry) => waits(entry) && asks(entry)).slice(0, timing.aheadMost)
      : [first]
    conditions = probed(
      conditions,
      probing.map(({ key }) => key),
    )
    for (const entry of probing) if (entry.state === 'retrying') report(entry, { type: 'retry-due' })
  }

  return {
    start,
    reconcile,
    report,
    stop() {
      stopped = true
      stopListening?.()
      cancelAlarm()
      scheduled?.()
      for (const controller of running.values()) controller.abort(new DOMException('The field is gone', 'AbortError'))
      running.clear()
    },
  }
}

/** A PUT says what it is, as it was told to whoever signed: a file's own type may be missing or another. */
function withContentType<Sent extends Sendable>(grant: Sent, type: string): Sent {
  if (!('headers' in grant)) return grant
  const isNamed = Object.keys(grant.headers ?? {}).some((name) => name.toLowerCase() === 'content-type')
  return isNamed ? grant : { ...grant, headers: { ...grant.headers, 'content-type': type } }
}

/** States of an entry that is probed with, while its probe goes on. */
const underWay: ReadonlySet<Entry['state']> = new Set([
  'queued',
  'preparing',
  'requesting',
  'ready',
  'uploading',
  'finishing',
])

const stepOf = (work: Work): Step => (work.kind === 'finish' ? 'finish' : work.kind === 'send' ? 'send' : 'request')
