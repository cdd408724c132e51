/**
 * The backend as the engine calls it: each call goes with the question, is given up after its time (a host's own function
 * may never answer, whatever its signal says), and is told of.
 */
import type { ActionName } from '../protocol/actions.js'
import type { Backend, CallContext } from '../protocol/backend.js'
import { FailureError, failure, failureFrom } from '../protocol/failure.js'
import { stated } from '../protocol/stated.js'
import type { Environment } from './environment.js'
import { backendOf, type FileAnswerSettings } from './source.js'
import { orEnded, timeLimit } from './timeLimit.js'
import type { Timing } from './timing.js'
import { type Trace, type TracedFailure, traced } from './trace.js'

/** What a call may say of itself. */
export interface Asked extends Pick<Partial<CallContext>, 'files' | 'signal'> {
  /** The answer came when nobody waited any more. */
  readonly late?: (answer: unknown) => void
}

/** A backend whose calls want no more context than {@link Asked}. They reject with a `timeout` failure, or the signal's reason. */
export type Calls = {
  readonly [Name in keyof Backend]: NonNullable<Backend[Name]> extends (
    ...given: [...infer Given, CallContext]
  ) => infer Answer
    ? (...given: [...Given, Asked]) => Answer
    : Backend[Name]
}

const actions = {
  requestUploads: 'presign',
  requestParts: 'presign-parts',
  listParts: 'list-parts',
  complete: 'complete',
  abort: 'abort',
  describeFiles: 'describe',
  discardFiles: 'discard',
  requestRules: 'rules',
} as const satisfies Partial<Record<keyof Backend, ActionName>>

/** Those of the newest source; the question is asked for at every call. */
export function callsOf(o: {
  readonly settings: () => FileAnswerSettings
  readonly trace: Pick<Trace, 'tell'>
  readonly environment: Environment
  readonly timing: Pick<Timing, 'callTimeout'>
}): Calls {
  const { trace, timing } = o
  const { clock } = o.environment
  const backend = backendOf(o.settings, o.environment)
  const calls: Record<string, unknown> = Object.create(backend)
  for (const [name, action] of Object.entries(actions)) {
    const method = backend[name as keyof typeof actions] as ((...given: unknown[]) => Promise<unknown>) | undefined
    if (method === undefined) continue
    calls[name] = async (...given: unknown[]) => {
      const { signal = new AbortController().signal, late, ...more } = given.pop() as Asked
      const begun = clock.now()
      const limit = timeLimit(clock, timing.callTimeout, signal)
      const ended = (more: { failure?: TracedFailure }) =>
        trace.tell({ type: 'call', action, ms: Math.round(clock.now() - begun), ...more })
      try {
        const { field, context } = o.settings()
        const call = method.call(backend, ...given, { ...stated({ field, context }), ...more, signal: limit.signal })
        if (late !== undefined)
          void call.then(
            (answer) => (limit.signal.aborted ? late(answer) : undefined),
            () => {},
          )
        const answer = await orEnded(call, limit.signal)
        ended({})
        return answer
      } catch (thrown) {
        const failed = limit.timedOut()
          ? failure('timeout', { hint: `The backend did not answer \`${action}\` in time.`, cause: thrown })
          : failureFrom(thrown)
        ended({ failure: traced(failed) })
        throw limit.timedOut() ? new FailureError(failed) : thrown
      } finally {
        limit.end()
      }
    }
  }
  return calls as unknown as Calls
}
