/**
 * Hands ids back that this answer was granted and does not hold any more. Never an id that came from the host, never
 * one that the host's value still holds. What can't be handed back is left to the storage's lifecycle rule.
 */
import { idOf } from '../answer/answer.js'
import type { Entry } from '../answer/entry.js'
import type { AnswerStore } from '../answer/store.js'
import { maxMembersPerCall } from '../protocol/actions.js'
import type { Grant } from '../protocol/grant.js'
import type { Calls } from './calls.js'
import type { DraftKeeper } from './draftKeeper.js'
import type { ValueExchange } from './valueExchange.js'

export interface Discards {
  /** An unfinished upload's grant: its parts are aborted too. */
  grant(grant: Grant): void
  /** A stored file's id. */
  id(id: string): void
  /** Sends what may be sent now. */
  flush(): void
}

export function createDiscards(o: {
  readonly backend: () => Pick<Calls, 'discardFiles' | 'abort'>
  /** An id that the host's value holds waits until that lets go. */
  readonly exchange: Pick<ValueExchange, 'holds'>
  readonly store: AnswerStore
  readonly isDisposed: () => boolean
  /** An id that came from a draft an earlier page may have handed in: its unfinished parts are aborted, no more. */
  readonly keeper: () => Pick<DraftKeeper, 'isRecalled'>
}): Discards {
  const ids = new Set<string>()
  const uploads = new Map<string, string>()
  let scheduled = false
  const quietly = (call: Promise<unknown> | undefined) => void call?.catch(() => {})

  /** What the answer holds (again) is not to be handed back, and has its own end later. */
  const isWanted = (id: string) => {
    const { entries, removals } = o.store.get()
    const holds = (entry: Entry) => idOf(entry) === id
    return !o.isDisposed() && (entries.some(holds) || removals.some(({ entry }) => holds(entry)))
  }
  const flush = () => {
    scheduled = false
    for (const id of ids) if (isWanted(id)) ids.delete(id)
    const free = [...ids].filter((id) => !o.exchange.holds(id))
    if (free.length === 0) return
    const backend = o.backend()
    for (const id of free) {
      ids.delete(id)
      const upload = uploads.get(id)
      uploads.delete(id)
      if (upload !== undefined) quietly(backend.abort?.({ id, upload }, {}))
    }
    const granted = free.filter((id) => !o.keeper().isRecalled(id))
    for (let start = 0; start < granted.length; start += maxMembersPerCall) {
      quietly(backend.discardFiles?.(granted.slice(start, start + maxMembersPerCall), {}))
    }
  }
  const schedule = () => {
    if (scheduled) return
    scheduled = true
    queueMicrotask(flush)
  }
  return {
    grant(grant) {
      ids.add(grant.id)
      if (grant.method === 'MULTIPART') uploads.set(grant.id, grant.upload)
      schedule()
    },
    id(id) {
      ids.add(id)
      schedule()
    },
    flush,
  }
}
