/** Sends one request to storage: its slot, its limits of time, and what its outcome means. */
import { urlOf } from '../protocol/grant.js'
import { type Failure, FailureError, failure } from '../protocol/failure.js'
import type { Sendable } from '../protocol/backend.js'
import { type Connections, wholeConnection } from './connections.js'
import type { Environment, StorageOutcome } from './environment.js'
import { look } from './fileOnDisk.js'
import { isThrottle } from './retryPolicy.js'
import { timeLimit } from './timeLimit.js'
import { type Verdict, verdictOf } from './storageFailure.js'
import type { Timing } from './timing.js'
import { referenceOf, type Tell, type TracedFailure, traced } from './trace.js'

export interface SendTools {
  readonly environment: Environment
  readonly connections: Connections
  readonly timing: Timing
  readonly tell: Tell
  /** Bytes taken by the backend itself instead of the network. */
  readonly send?:
    | ((grant: Sendable, body: Blob, c: { signal: AbortSignal; onProgress(sentBytes: number): void }) => Promise<void>)
    | undefined
}

export interface RequestToStorage {
  readonly grant: Sendable
  readonly body: Blob
  /** Whose turn among the connections it takes. */
  readonly owner: string
  readonly signal: AbortSignal
  /** Requests for these bytes that failed before: a further one listens, to know whether they leave. @default 0 */
  readonly earlier?: number
  /** It may be ended for another file's sake, before all its bytes have left; the verdict is `yielded` then. */
  readonly mayYield?: boolean
  /** Storage may have asked the whole field to wait: until then; null: nothing holds a request back. */
  hold?(): Promise<void> | null
  /** The request has its connection and begins. */
  onStart?(): void
  onProgress(sentBytes: number): void
}

/**
 * An upload event was seen on this page. A service worker or a test DOM may swallow them all, and then silence is
 * no stall.
 */
let eventsSeen = false

/** Sends, and tells what came of it; `yielded` when another file needed its connection. Rejects only when its signal aborts. */
export async function sendToStorage(request: RequestToStorage, tools: SendTools): Promise<Verdict | 'yielded'> {
  const { grant, body, owner, signal } = request
  const { connections, environment, timing } = tools
  const small = body.size <= timing.smallBytes
  // Only what may yield has an end of its own: for a thousand small files the others are dear.
  const given = request.mayYield === true ? new AbortController() : null
  // Before the connection: it may be asked back in the moment in which it comes.
  let sent = 0
  const connection = () =>
    connections.acquire(
      urlOf(grant.url).origin,
      small ? wholeConnection / 2 : wholeConnection,
      owner,
      signal,
      // What is half sent frees its connection soon enough by itself.
      given === null ? undefined : () => (sent < body.size / 2 ? given.abort() : undefined),
    )
  let release = await connection()
  // Time may have been asked for while it waited.
  for (let hold = request.hold?.(); hold; hold = request.hold?.()) {
    release()
    await hold
    release = await connection()
  }
  const onProgress = (sentBytes: number) => {
    sent = sentBytes
    request.onProgress(sentBytes)
  }
  const begun = environment.clock.now()
  const told = (verdict: Verdict | 'yielded') =>
    tools.tell({
      type: 'send',
      file: referenceOf({ key: owner }),
      method: 'fields' in grant ? 'POST' : 'PUT',
      ...('partNumber' in grant ? { part: grant.partNumber } : {}),
      bytes: body.size,
      ms: Math.round(environment.clock.now() - begun),
      outcome: tracedVerdict(verdict),
    })
  const end = () => given?.abort(signal.reason)
  if (given !== null) signal.addEventListener('abort', end)
  let outcome: Parameters<typeof release>[0]
  try {
    // The file may have left in the moment in which its connection came.
    signal.throwIfAborted()
    given?.signal.throwIfAborted()
    const verdict = await sendNow({ ...request, onProgress, signal: given?.signal ?? signal }, tools, small)
    outcome = verdict.stored ? 'well' : 'failure' in verdict && isThrottle(verdict.failure) ? 'throttled' : undefined
    told(verdict)
    return verdict
  } catch (thrown) {
    if (signal.aborted) throw signal.reason
    if (given?.signal.aborted) {
      told('yielded')
      return 'yielded'
    }
    throw thrown
  } finally {
    signal.removeEventListener('abort', end)
    release(outcome)
  }
}

function tracedVerdict(verdict: Verdict | 'yielded'): 'stored' | 'exists' | 'yielded' | TracedFailure {
  if (verdict === 'yielded') return verdict
  if ('failure' in verdict) return traced(verdict.failure)
  return verdict.stored ? 'stored' : 'exists'
}

async function sendNow(request: RequestToStorage, tools: SendTools, small: boolean): Promise<Verdict> {
  const { grant, body } = request
  const { environment } = tools
  request.onStart?.()
  if (tools.send !== undefined) return await sentByBackend(tools.send, request)
  const isPut = !('fields' in grant)
  // A listening form POST would need the preflight that it goes without.
  const listen = !small || (isPut && (request.earlier ?? 0) > 0)
  const outcome = await sendInTime(request, tools, listen)
  if (outcome === 'timeout') return failedWith(failure('timeout'))
  const headers = Object.keys(('headers' in grant && grant.headers) || {}).map((name) => name.toLowerCase())
  const sent = { url: grant.url, headers, isBlocked: false }
  if (outcome.status !== 0) return verdictOf(outcome, environment.clock, sent)
  // A file that is not there is told like a lost connection.
  if ((await look(body)) !== 'there')
    return failedWith(failure('unreadable', { hint: 'The file changed or vanished on disk, or is a folder.' }))
  const isBlocked = await environment.network.isForbidden(urlOf(grant.url).origin)
  const verdict = verdictOf(outcome, environment.clock, { ...sent, isBlocked })
  // A small PUT does not listen at first, and may have been refused after its last byte like any other.
  const isUnseen = outcome.sentAll === null && !isBlocked && isPut && environment.network.tellsUploads()
  return isUnseen && 'failure' in verdict ? { ...verdict, unanswered: 'perhaps' } : verdict
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
