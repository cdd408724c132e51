/** A failure with what is likely wrong, for developers. */
import type { Failure } from '../protocol/failure.js'
import { stated } from '../protocol/stated.js'
import { loadAdvice } from './chunks.js'
import type { Clock } from './environment.js'

/** How long a failure waits for the sentence that explains it, ms. */
const adviceWait = 1_000

/**
 * Where nobody answered, whoever would load the advice may be as silent: then `waitMs` is 0, and failures have it from
 * the next one on.
 */
export async function hinted(
  failed: Failure,
  say: (advice: Awaited<ReturnType<typeof loadAdvice>>) => string | undefined,
  clock: Clock,
  waitMs = adviceWait,
): Promise<Failure> {
  let cancel = () => {}
  const hint = await Promise.race([
    loadAdvice().then(say, () => undefined),
    new Promise<undefined>((resolve) => {
      cancel = clock.after(waitMs, () => resolve(undefined))
    }),
  ])
  cancel()
  return stated({ ...failed, hint })
}
