/** Sends one request to storage: its slot, its limits of time, and what its outcome means. */
import { urlOf } from '../protocol/grant.js'
import { type Failure, FailureError, failure } from '../protocol/failure.js'
import type { Sendable } from '../protocol/backend.js'
import { type Connections, wholeConnection, type Yielding } from './connections.js'
import type { Environment, StorageOutcome } from './environment.js'
import { look } from './fileOnDisk.js'
import { hinted } from './hinted.js'
import { isThrottle } from './retryPolicy.js'
import { timeLimit } from './timeLimit.js'
import { type Verdict, verdictOf } from './storageFailure.js'
import type { Timing } from './timing.js'
import { referenceOf, type Trace, type TracedFailure, traced } from './trace.js'

export interface SendTools {
  readonly environment: Environment
  readonly connections: Connections
  readonly timing: Timing
  readonly trace: Pick<Trace, 'tell'>
  /** Bytes taken by the backend itself instead of the network. */
  readonly send?:
    | ((grant: Sendable, body: Blob, c: { signal: AbortSignal; onProgress(sentBytes: number): void }) => Promise<void>)
    | undefined
}

export interface RequestToStorage {
  readonly grant: Sendable
  readonly body: Blob
  /** The file that the body is a part of. */
  readonly of?: Blob
  /** Whose turn among the connections it takes. */
  readonly owner: string
  readonly signal: AbortSignal
  /** Requests for these bytes that failed before: a further one listens, to know whether they leave. @default 0 */
  readonly earlier?: number
  /** Its connection may be asked back for another file; then its signal is to end it with `yielded`. */
  readonly yielding?: Yielding
  /** Storage may have asked the whole field to wait: until then; null: nothing holds a request back. */
  hold(): Promise<void> | null
  /** The request has its connection and begins. */
  onStart(): void
  onProgress(sentBytes: number): void
}

/**
 * An upload event was seen on this page. A service worker or a test DOM may swallow them all, and then silence is
 * no stall.
 */
let eventsSeen = false

/** Why a request ends that gives its connection to another file. */
export const yielded = 'yielded'

/** Sends, and tells what came of it. Rejects only when its signal aborts. */
export async function sendToStorage(request: RequestToStorage, tools: SendTools): Promise<Verdict> {
  const { grant, body, owner, signal } = request
  const { connections, environment, timing } = tools
  const small = body.size <= timing.smallBytes
  const cost = small ? wholeConnection / 2 : wholeConnection
  const connection = () => connections.acquire(urlOf(grant.url).origin, cost, owner, signal, request.yielding)
  let release = await connection()
  // Time may have been asked for while it waited.
  for (let hold = request.hold(); hold; hold = request.hold()) {
    release()
    await hold
    release = await connection()
  }
  const begun = environment.clock.now()
  const told = (outcome: 'stored' | 'exists' | typeof yielded | TracedFailure) =>
    tools.trace.tell({
      type: 'send',
      file: referenceOf({ key: owner }),
      method: 'fields' in grant ? 'POST' : 'PUT',
      ...('partNumber' in grant ? { part: grant.partNumber } : {}),
      bytes: body.size,
      ms: Math.round(environment.clock.now() - begun),
      outcome,
    })
  let outcome: Parameters<typeof release>[0]
  try {
    // The file may have left in the moment in which its connection came.
    signal.throwIfAborted()
    const verdict = await sendNow(request, tools, small)
    const failed = 'failure' in verdict && verdict.failure
    outcome = verdict.stored ? 'well' : failed && isThrottle(failed) ? 'throttled' : undefined
    told(failed ? traced(failed) : verdict.stored ? 'stored' : 'exists')
    return verdict
  } catch (thrown) {
    if (signal.reason === yielded) told(yielded)
    throw signal.aborted ? signal.reason : thrown
  } finally {
    release(outcome)
  }
}

async function sendNow(request: RequestToStorage, tools: SendTools, small: boolean): Promise<Verdict> {
  const { grant, body, of = body } = request
  const { clock, network } = tools.environment
  request.onStart()
  if (tools.send !== undefined) return await sentByBackend(tools.send, request)
  const isPut = !('fields' in grant)
  // A listening form POST would need the preflight that it goes without.
  const listen = !small || (isPut && (request.earlier ?? 0) > 0)
  const outcome = await sendInTime(request, tools, listen)
  if (outcome === 'timeout') return failedWith(failure('timeout'))
  let isBlocked = false
  if (outcome.status === 0) {
    // A file that is not there is told like a lost connection.
    if ((await look(of)) !== 'there')
      return failedWith(failure('unreadable', { hint: 'The file changed or vanished on disk, or is a folder.' }))
    isBlocked = await network.isForbidden(urlOf(grant.url).origin)
  }
  const verdict = verdictOf(outcome, clock, isBlocked)
  if (!('failure' in verdict) || outcome.status >= 500) return verdict
  const { failure: failed } = verdict
  const isSilent = outcome.status === 0 && !isBlocked
  const headers = 'headers' in grant ? Object.keys(grant.headers ?? {}).map((name) => name.toLowerCase()) : []
  const told = await hinted(
    failed,
    (advice) => advice.adviceOn(outcome, failed.storageCode, { url: grant.url, headers, isBlocked }),
    clock,
    isSilent ? 0 : undefined,
  )
  // A small PUT does not listen at first, and may have been refused after its last byte like any other.
  const isUnseen = isSilent && outcome.sentAll === null && isPut && network.tellsUploads()
  return { ...verdict, failure: told, unanswered: isUnseen ? 'perhaps' : verdict.unanswered }
}

async function sentByBackend(
  send: NonNullable<SendTools['send']>,
  { grant, body, signal, onProgress }: RequestToStorage,
): Promise<Verdict> {
  try {
    await send(grant, body, { signal, onProgress })
    return { stored: true }
  } catch (thrown) {
    if (signal.aborted) throw signal.reason
    return failedWith(carriedBy(thrown))
  }
}

/** A failure after which nothing of the request can be in storage. */
export const failedWith = (it: Failure): Verdict => ({ stored: false, failure: it, unanswered: false })

const carriedBy = (thrown: unknown): Failure =>
  thrown instanceof FailureError ? thrown.failure : failure('network', { cause: thrown })

/**
 * With upload events a request may take as long as it likes while it moves; without them it has a limit by its size,
 * generous enough for 1 kB/s.
 */
async function sendInTime(
  { grant, body, signal, onProgress, earlier = 0 }: RequestToStorage,
  { environment, timing }: SendTools,
  listen: boolean,
): Promise<StorageOutcome | 'timeout'> {
  const { clock, network } = environment
  const quiet = Math.min(timing.longest, timing.quietBase + body.size)
  const limit = timeLimit(clock, listen && eventsSeen ? timing.stall : quiet, signal)
  try {
    return await network.send({
      method: 'fields' in grant ? 'POST' : 'PUT',
      url: grant.url,
      headers: 'fields' in grant ? {} : (grant.headers ?? {}),
      fields: 'fields' in grant ? grant.fields : null,
      body,
      listen,
      signal: limit.signal,
      onProgress: (sentBytes) => {
        eventsSeen = true
        limit.again(sentBytes < body.size ? timing.stall : answerLimit())
        onProgress(sentBytes)
      },
      onSent: () => limit.again(answerLimit()),
    })
  } catch (thrown) {
    if (limit.timedOut()) return 'timeout'
    throw thrown
  } finally {
    limit.end()
  }

  /** After the last byte only storage can move: it has the wait and a second for each megabyte, twice that the next time. */
  function answerLimit(): number {
    return (timing.answerWait + body.size / 1000) * 2 ** Math.min(earlier, 4)
  }
}
