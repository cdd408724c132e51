/** Waits until nothing of an answer is pending, for `settled()`. */
import { hasPending } from '../answer/selectors.js'
import type { AnswerStore } from '../answer/store.js'
import { FilesNotStored, failure } from '../protocol/failure.js'
import { toldOf } from './diagnostics.js'
import type { DraftKeeper } from './draftKeeper.js'
import type { Environment } from './environment.js'
import type { Notices } from './notices.js'
import { takeUpMs, type ValueExchange } from './valueExchange.js'

export function createSettling(o: {
  readonly store: AnswerStore
  readonly environment: Pick<Environment, 'clock'>
  readonly notices: Notices
  readonly exchange: ValueExchange
  /** Starts files that wait for it. */
  readonly start: () => void
  readonly isDisposed: () => boolean
  readonly keeper: () => Pick<DraftKeeper, 'state'>
}): (options?: { signal?: AbortSignal }) => Promise<string[]> {
  const { store, environment, notices, exchange } = o
  return settled

  async function settled({ signal }: { signal?: AbortSignal } = {}): Promise<string[]> {
    o.start()
    await until(() => o.keeper().state !== 'opening' && !hasPending(store.get()), signal)
    const failures = store
      .get()
      .entries.flatMap((entry) => (entry.state === 'failed' ? [toldOf(entry, entry.step)] : []))
    if (failures.length > 0) throw new FilesNotStored(failures)
    notices.flush()
    // The host takes up what it was given in its own time; one that never does is not waited for.
    let isLate = false
    const cancel = environment.clock.after(takeUpMs, () => {
      isLate = true
      notices.schedule()
    })
    await until(() => isLate || exchange.isTaken(), signal).finally(cancel)
    const ids = exchange.ids()
    exchange.tell(ids)
    return [...ids]
  }

  function until(isSo: () => boolean, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (signal?.aborted) end(() => reject(signal.reason))
        else if (isSo()) end(resolve)
        else if (o.isDisposed())
          end(() => reject(new FilesNotStored([failure('aborted', { hint: 'The field was unmounted.' })])))
      }
      const unsubscribe = notices.subscribe(look)
      const end = (how: () => void) => {
        unsubscribe()
        signal?.removeEventListener('abort', look)
        how()
      }
      signal?.addEventListener('abort', look)
      look()
    })
  }
}
