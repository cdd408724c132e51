/**
 * The connection budget of the page: per origin, shared by all fields, since browsers count their six connections per
 * host name. A small request costs half a connection, so that the next ones wait inside the browser and not for the
 * page. Files take turns: one that waits without a connection gets one of whoever holds several. An origin that asks
 * for patience gets half as many at once, and more again with each round that works.
 */
export interface Connections {
  /**
   * Resolves with the slot's release once a request of `cost` to `origin` may begin; rejects when aborted.
   * `owner`: whose turn it takes (an entry's key). Without `yielding` a request keeps what it has.
   */
  acquire(origin: string, cost: number, owner: string, signal: AbortSignal, yielding?: Yielding): Promise<Release>
}

/** How a request gives its connection to a file that waits for its first. */
export interface Yielding {
  /** Decides for all of an origin who does. */
  shareOut(origin: Origin): void
  /** The request is to end, and to begin again later. */
  onYield(): void
}

/** `throttled`: storage asked for patience (429, 503); `well`: it took the request. */
export type Release = (outcome?: 'well' | 'throttled') => void

interface Waiter {
  readonly cost: number
  readonly owner: string
  grant(): void
}

interface Slot {
  readonly cost: number
  readonly owner: string
  /** Cuts of its origin's limit when it began: the requests on their way at a cut are not news. */
  readonly cuts: number
  readonly yielding: Yielding | undefined
  yields: boolean
}

/** What goes on at one storage. */
export interface Origin {
  limit: number
  cuts: number
  /** Successes since the limit last changed. */
  well: number
  readonly slots: Set<Slot>
  readonly waiting: Set<Waiter>
}

/** What one whole connection costs of a budget that is counted in halves. */
export const wholeConnection = 2

/** What requests cost now: of an owner, or all. */
export function held(origin: Origin, owner?: string): number {
  let sum = 0
  for (const slot of origin.slots) if (owner === undefined || slot.owner === owner) sum += slot.cost
  return sum
}

export function createConnections(budget: number): Connections {
  const origins = new Map<string, Origin>()

  /** The first of the waiting whose owner holds least: first come first served among equals. */
  const nextOf = (origin: Origin): Waiter | undefined => {
    let best: Waiter | undefined
    for (const waiter of origin.waiting) {
      if (best === undefined || held(origin, waiter.owner) < held(origin, best.owner)) best = waiter
    }
    return best
  }

  const serve = (origin: Origin) => {
    for (
      let waiter = nextOf(origin);
      waiter !== undefined && (held(origin) + waiter.cost <= origin.limit || origin.slots.size === 0);
      waiter = nextOf(origin)
    ) {
      origin.waiting.delete(waiter)
      waiter.grant()
    }
    for (const { yielding } of origin.slots) if (yielding !== undefined) return yielding.shareOut(origin)
  }

  /** A cut halves what may go on at once; the requests that met it together make one cut. */
  function learn(origin: Origin, slot: Slot, outcome: 'well' | 'throttled'): void {
    if (outcome === 'throttled') {
      if (slot.cuts !== origin.cuts) return
      origin.cuts += 1
      origin.well = 0
      origin.limit = Math.max(1, Math.floor(origin.limit / 2))
    } else if (origin.limit < budget) {
      origin.well += slot.cost
      if (origin.well < origin.limit) return
      origin.well = 0
      origin.limit = Math.min(budget, origin.limit + 1)
    }
  }

  return {
    acquire(name, cost, owner, signal, yielding) {
      const origin = origins.get(name) ?? {
        limit: budget,
        cuts: 0,
        well: 0,
        slots: new Set<Slot>(),
        waiting: new Set<Waiter>(),
      }
      origins.set(name, origin)
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const grant = () => {
          signal.removeEventListener('abort', leave)
          const slot: Slot = { cost, owner, cuts: origin.cuts, yielding, yields: false }
          origin.slots.add(slot)
          resolve((outcome) => {
            if (!origin.slots.delete(slot)) return
            if (outcome !== undefined) learn(origin, slot, outcome)
            serve(origin)
            if (origin.slots.size === 0 && origin.waiting.size === 0 && origin.limit === budget) origins.delete(name)
          })
        }
        const leave = () => {
          origin.waiting.delete(waiter)
          reject(signal.reason)
        }
        const waiter: Waiter = { cost, owner, grant }
        signal.addEventListener('abort', leave, { once: true })
        origin.waiting.add(waiter)
        serve(origin)
      })
    },
  }
}

/** One budget for the page, whatever the number of fields. */
let ofThePage: Connections | undefined

export function pageConnections(budget: number): Connections {
  ofThePage ??= createConnections(budget)
  return ofThePage
}
