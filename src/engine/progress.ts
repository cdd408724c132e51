/** Bytes sent, per entry, outside the answer: a tick touches neither the plan nor the list, only the row that reads it. */

export interface Progress {
  /** Bytes sent of an entry; null until an upload event told of any. */
  of(key: string): number | null
  set(key: string, sentBytes: number): void
  forget(key: string): void
  subscribe(key: string, listener: () => void): () => void
  /** Tells the rows whose bytes moved since the last time. */
  notify(): void
}

/** `onMoved` asks for a `notify` soon; it is called once until then. */
export function createProgress(onMoved: () => void): Progress {
  const bytes = new Map<string, number>()
  const listeners = new Map<string, Set<() => void>>()
  const moved = new Set<string>()
  return {
    of: (key) => bytes.get(key) ?? null,
    set(key, sentBytes) {
      if (bytes.get(key) === sentBytes) return
      bytes.set(key, sentBytes)
      moved.add(key)
      if (moved.size === 1) onMoved()
    },
    forget(key) {
      bytes.delete(key)
      moved.delete(key)
    },
    subscribe(key, listener) {
      const own = listeners.get(key) ?? new Set()
      listeners.set(key, own.add(listener))
      return () => {
        own.delete(listener)
        if (own.size === 0) listeners.delete(key)
      }
    },
    notify() {
      const keys = [...moved]
      moved.clear()
      for (const key of keys) for (const listener of listeners.get(key) ?? []) listener()
    },
  }
}
