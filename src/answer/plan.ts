/**
 * What ought to be running now, as plain values derived from the state. Removal, offline, unmount and restore need no
 * code of their own: the plan stops naming the work, and the engine aborts it.
 */
import type { Answer } from './answer.js'
import type { Entry, HeldGrant, LocalEntry } from './entry.js'
import { isPending } from './selectors.js'

/** `name` = key/attempt/kind: equal work has an equal name, through the states it passes. */
interface Named {
  readonly name: string
  readonly key: string
  readonly attempt: number
}
export type PrepareWork = Named & { readonly kind: 'prepare'; readonly entry: LocalEntry }
export type RequestWork = Named & {
  readonly kind: 'request'
  readonly entry: LocalEntry
  readonly renews: HeldGrant | null
}
export type SendWork = Named & { readonly kind: 'send'; readonly entry: LocalEntry; readonly held: HeldGrant }
export type FinishWork = Named & { readonly kind: 'finish'; readonly entry: LocalEntry; readonly held: HeldGrant }
export type WaitWork = Named & { readonly kind: 'wait'; readonly until: number }
export type Work = PrepareWork | RequestWork | SendWork | FinishWork | WaitWork

/** What bounds the work: the network, the service, and how much may go on at once. */
export interface Limits {
  /** False offline: nothing new begins, what runs goes on. */
  readonly online: boolean
  /** The page's monotonic clock in ms. */
  readonly now: number
  /** Nothing new begins before this time: the service asked us to wait. Null: no wait. */
  readonly holdUntil: number | null
  /** While one side rests, the host's backend or the storage, only these may begin with it; null: all. */
  readonly rest: { readonly side: 'backend' | 'storage'; readonly probing: ReadonlySet<string> } | null
  /** Files that need `validate` or `prepare` first, and how many at once. */
  readonly preparing: number
  /** Files whose bytes may be on their way at once, to each origin. */
  readonly sending: number
  /** Grants are asked for when fewer than `least` are ahead, up to `most`, while those ahead hold fewer than `bytes`. */
  readonly ahead: { readonly least: number; readonly most: number; readonly bytes: number }
  /** A grant with less than this left, or a fifth of its life, is renewed before use. ms */
  readonly renewBefore: number
}

/** Whether a grant is too near its end to begin a request with. */
export const isAged = (held: HeldGrant, now: number, renewBefore: number): boolean => agesAt(held, renewBefore) <= now

/** Storage judges a URL when a request begins, so what is left is not measured by how long the bytes will take. */
function agesAt({ endsAt, grant }: HeldGrant, renewBefore: number): number {
  if (endsAt === null) return Number.POSITIVE_INFINITY
  return endsAt - Math.min(renewBefore, (grant.expiresInMs ?? renewBefore * 5) / 5)
}

/** When the next grant of a waiting file is to be renewed; null: none will. */
export function nextAgeing(answer: Answer, renewBefore: number, now: number): number | null {
  let next: number | null = null
  for (const entry of answer.entries) {
    if (entry.state !== 'ready' || entry.held.grant.method === 'MULTIPART') continue
    const at = agesAt(entry.held, renewBefore)
    if (at > now && (next === null || at < next)) next = at
  }
  return next
}

const named = <Kind extends Work['kind']>({ key, attempt }: Entry, kind: Kind) => ({
  name: `${key}/${attempt}/${kind}`,
  key,
  attempt,
  kind,
})

/** The work that the answer calls for, in the order shown. */
export function plan(answer: Answer, limits: Limits): Work[] {
  const works: Work[] = []
  const hold = limits.holdUntil !== null && limits.now < limits.holdUntil
  const { rest } = limits
  const mayBegin = (key: string, side: 'backend' | 'storage') =>
    limits.online && !hold && (rest?.side !== side || rest.probing.has(key))
  let preparing = 0
  const sending = new Map<string, number>()
  let ahead = 0
  let bytesAhead = 0
  // Of ten thousand most are settled: passed once.
  const pending = answer.entries.filter(isPending)
  for (const entry of pending) {
    if (entry.state === 'preparing') preparing += 1
    else if (entry.state === 'uploading') sending.set(entry.held.origin, (sending.get(entry.held.origin) ?? 0) + 1)
    else if (entry.state === 'requesting' || entry.state === 'ready') {
      ahead += 1
      bytesAhead += entry.size
    }
  }
  const asksForGrants = ahead < limits.ahead.least
  const request = (entry: LocalEntry, renews: HeldGrant | null): RequestWork => ({
    ...named(entry, 'request'),
    entry,
    renews,
  })
  for (const entry of pending) {
    switch (entry.state) {
      case 'queued': {
        if (!entry.started) break
        if (!entry.prepared && limits.preparing > 0) {
          if (preparing < limits.preparing) {
            works.push({ ...named(entry, 'prepare'), entry })
            preparing += 1
          }
        } else if (
          asksForGrants &&
          ahead < limits.ahead.most &&
          (ahead < limits.ahead.least || bytesAhead < limits.ahead.bytes) &&
          mayBegin(entry.key, 'backend')
        ) {
          works.push(request(entry, null))
          ahead += 1
          bytesAhead += entry.size
        }
        break
      }
      case 'preparing':
        works.push({ ...named(entry, 'prepare'), entry })
        break
      case 'requesting':
        // A first request is on its way; a renewal waits like everything new.
        if (entry.renews === null || mayBegin(entry.key, 'backend')) works.push(request(entry, entry.renews))
        break
      case 'ready': {
        const { held } = entry
        const onTheirWay = sending.get(held.origin) ?? 0
        // A multipart upload lives on while its parts' URLs are renewed; a new grant would be another upload.
        if (held.grant.method !== 'MULTIPART' && isAged(held, limits.now, limits.renewBefore)) {
          if (mayBegin(entry.key, 'backend')) works.push(request(entry, held))
        } else if (onTheirWay < limits.sending && mayBegin(entry.key, 'storage')) {
          works.push({ ...named(entry, 'send'), entry, held })
          sending.set(held.origin, onTheirWay + 1)
        }
        break
      }
      case 'uploading':
        works.push({ ...named(entry, 'send'), entry, held: entry.held })
        break
      case 'finishing':
        works.push({ ...named(entry, 'finish'), entry, held: entry.held })
        break
      case 'retrying':
        if (entry.retryAt !== null) works.push({ ...named(entry, 'wait'), until: entry.retryAt })
        break
    }
  }
  return works
}
