/**
 * The connection budget of the page: per origin, shared by all fields, since browsers count their six connections per
 * host name. A small request costs half a connection, so that the next ones wait inside the browser and not for the
 * page. Files take turns, so that many parts of a long one don't hold back the others.
 */
export interface Connections {
  /**
   * Resolves with the slot's release once a request of `cost` to `origin` may begin; rejects when aborted.
   * `owner`: whose turn it takes (an entry's key).
   */
  acquire(origin: string, cost: number, owner: string, signal: AbortSignal): Promise<() => void>
}

interface Waiter {
  readonly cost: number
  readonly owner: string
  grant(): void
}

interface Origin {
  used: number
  readonly holders: Map<string, number>
  readonly waiting: Waiter[]
}

export function createConnections(budget: number): Connections {
  const origins = new Map<string, Origin>()

  /** The first of the waiting whose owner holds least: first come first served among equals. */
  const nextOf = (origin: Origin): Waiter | undefined => {
    let best: Waiter | undefined
    for (const waiter of origin.waiting) {
      if (best === undefined || (origin.holders.get(waiter.owner) ?? 0) < (origin.holders.get(best.owner) ?? 0))
        best = waiter
    }
    return best
  }

  const serve = (origin: Origin) => {
    for (
      let waiter = nextOf(origin);
      waiter !== undefined && origin.used + waiter.cost <= budget;
      waiter = nextOf(origin)
    ) {
      origin.waiting.splice(origin.waiting.indexOf(waiter), 1)
      waiter.grant()
    }
  }

  return {
    acquire(name, cost, owner, signal) {
      const origin = origins.get(name) ?? { used: 0, holders: new Map<string, number>(), waiting: [] }
      origins.set(name, origin)
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const take = () => {
          origin.used += cost
          origin.holders.set(owner, (origin.holders.get(owner) ?? 0) + cost)
          let released = false
          resolve(() => {
            if (released) return
            released = true
            origin.used -= cost
            const left = (origin.holders.get(owner) ?? 0) - cost
            if (left > 0) origin.holders.set(owner, left)
            else origin.holders.delete(owner)
            serve(origin)
            if (origin.used === 0 && origin.waiting.length === 0) origins.delete(name)
          })
        }
        const leave = () => {
          const place = origin.waiting.indexOf(waiter)
          if (place >= 0) origin.waiting.splice(place, 1)
          reject(signal.reason)
        }
        const waiter: Waiter = {
          cost,
          owner,
          grant: () => {
            signal.removeEventListener('abort', leave)
            take()
          },
        }
        signal.addEventListener('abort', leave, { once: true })
        origin.waiting.push(waiter)
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
