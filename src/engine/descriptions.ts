/** Names, sizes and download links of stored files: asked for where the host gave none, renewed when they end. */
import type { Entry, EntryEvent, RestoredEntry } from '../answer/entry.js'
import type { AnswerStore } from '../answer/store.js'
import { maxMembersPerCall } from '../protocol/actions.js'
import { failure } from '../protocol/failure.js'
import { lifetimeOf } from '../protocol/grant.js'
import { parseDescriptions } from '../protocol/descriptions.js'
import type { Calls } from './calls.js'
import type { Environment } from './environment.js'

export interface Descriptions {
  /** Asks for what nobody described, and for these. */
  ask(also?: readonly string[]): void
  /** A download link that works now, or null. */
  linkOf(id: string): Promise<string | null>
}

/** When a link ends by the monotonic clock: by what was said of it, else by what it says itself; never where nothing is. */
function endOf(url: string | undefined, expiresInMs: number | null, seenAt: number): number {
  const life = expiresInMs ?? (url === undefined ? null : lifetimeOf(url))
  return life === null ? Number.POSITIVE_INFINITY : seenAt + life
}

export function createDescriptions(o: {
  readonly store: AnswerStore
  readonly environment: Pick<Environment, 'clock'>
  readonly backend: () => Pick<Calls, 'describeFiles'>
  readonly report: (entry: Entry, event: EntryEvent) => void
}): Descriptions {
  const { store } = o
  const { clock } = o.environment
  /** Keys of entries: an id that left and comes again is asked for again. */
  const asked = new Set<string>()
  /** Monotonic ms at which a link ends; absent while nothing is known of it. */
  const ends = new Map<string, number>()

  const restored = (id: string): RestoredEntry | undefined =>
    store.get().entries.find((entry): entry is RestoredEntry => entry.state === 'restored' && entry.id === id)

  async function describe(ids: readonly string[]): Promise<void> {
    const askedAt = clock.now()
    try {
      const answer = await o.backend().describeFiles?.(ids, {})
      for (const description of parseDescriptions(answer)) {
        const entry = restored(description.id)
        if (entry === undefined) continue
        if ('file' in description) {
          ends.set(description.id, endOf(description.file.url, description.expiresInMs, askedAt))
          o.report(entry, { type: 'described', stored: description.file })
        } else o.report(entry, { type: 'lost', failure: failure('gone') })
      }
    } catch {
      // Names and links are a comfort: the ids are in the answer all the same, and the next look asks again.
      asked.clear()
    }
  }

  return {
    ask(also = []) {
      // Links that the host gave say themselves how long they live; they count from when they are first seen.
      for (const entry of store.get().entries) {
        if (entry.state === 'restored' && !ends.has(entry.id))
          ends.set(entry.id, endOf(entry.stored?.url, null, clock.now()))
      }
      const ids = store.get().entries.flatMap((entry) => {
        if (entry.state !== 'restored' || asked.has(entry.key)) return []
        if (entry.stored !== null && !also.includes(entry.id)) return []
        asked.add(entry.key)
        return [entry.id]
      })
      for (let start = 0; start < ids.length; start += maxMembersPerCall)
        void describe(ids.slice(start, start + maxMembersPerCall))
    },
    async linkOf(id) {
      const works = () => (ends.get(id) ?? Number.POSITIVE_INFINITY) > clock.now()
      const link = () => restored(id)?.stored?.url ?? null
      if (link() === null || !works()) await describe([id])
      // A dead link would show storage's error page.
      return works() ? link() : null
    },
  }
}
