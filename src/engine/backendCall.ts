/** One call of the backend, given up after its time: a host's own function may never answer, whatever its signal says. */
import { failure } from '../protocol/failure.js'
import type { Clock } from './environment.js'
import { orEnded, timeLimit } from './timeLimit.js'
import type { Timing } from './timing.js'

/** Rejects with what the call does, with a `timeout` failure, or with the signal's reason once that ends. */
export async function callBackend<T>(
  call: (signal: AbortSignal) => Promise<T> | undefined,
  o: {
    readonly clock: Clock
    readonly timing: Pick<Timing, 'callTimeout'>
    readonly signal: AbortSignal
    /** The action, for the developer's hint. */
    readonly action: string
  },
): Promise<T | undefined> {
  const limit = timeLimit(o.clock, o.timing.callTimeout, o.signal)
  try {
    return await orEnded(call(limit.signal), limit.signal)
  } catch (thrown) {
    if (!limit.timedOut()) throw thrown
    throw failure('timeout', { hint: `The backend did not answer \`${o.action}\` in time.`, cause: thrown })
  } finally {
    limit.end()
  }
}
