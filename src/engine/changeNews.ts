/** What an entry's new state is to those who listen: developers, people, the host. */
import type { Entry } from '../answer/entry.js'
import { hasPending } from '../answer/selectors.js'
import type { AnswerStore } from '../answer/store.js'
import { toldOf } from './diagnostics.js'
import type { News } from './news.js'
import type { Notices } from './notices.js'
import type { Removals } from './removals.js'
import { referenceOf, type Trace, traced } from './trace.js'
import type { ValueExchange } from './valueExchange.js'

export function createChangeNews(o: {
  readonly store: AnswerStore
  readonly trace: Trace
  readonly exchange: Pick<ValueExchange, 'onError'>
  readonly removals: Removals
  readonly notices: Notices
  readonly tell: (news: News) => void
}): (before: Entry, after: Entry) => void {
  const { store, trace, exchange, removals, notices, tell } = o
  return (before, after) => {
    trace.tell({
      type: 'state',
      file: referenceOf(after),
      from: before.state,
      to: after.state,
      attempt: after.attempt,
      ...('failure' in after && after.failure !== null ? { failure: traced(after.failure) } : {}),
    })
    if (after.state === 'done') {
      tell({ type: 'stored', entry: after })
      const replaced = store.get().removals.find(({ entry }) => entry.key === after.replaces)
      if (replaced !== undefined) tell({ type: 'replaced', entry: replaced.entry, by: after })
      removals.start()
    } else if (after.state === 'failed') {
      const { failure: failed } = after
      tell({ type: 'failed', entry: after, failure: failed })
      // A whole call that was denied is told once, by onDenied.
      const isWholeCall = (failed.status === 401 || failed.status === 403) && after.step === 'request'
      if (!isWholeCall) exchange.onError(toldOf(after, after.step), after)
    } else if (after.state === 'rejected') {
      tell({ type: 'rejected', entry: after, failure: after.failure })
      exchange.onError(toldOf(after, before.state === 'requesting' ? 'request' : 'prepare'), after)
    } else return
    if (!hasPending(store.get())) notices.flush()
  }
}
