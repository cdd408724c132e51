/** Bytes sent, per entry, outside the answer: a tick touches neither the plan nor the list, only the row that reads it. */

export interface Progress {
  /** Bytes sent of an entry; null until an upload event told of any. */
  of(key: string): number | null
  set(key: string, sentBytes: number): void
  forget(key: string): void
  /** Entries whose bytes moved since the last time. */
  takeMoved(): readonly string[]
}

/** `onMoved` asks for a `takeMoved` soon; it is called once until then. */
export function createProgress(onMoved: () => void): Progress {
  const bytes = new Map<string, number>()
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
    takeMoved() {
      const keys = [...moved]
      moved.clear()
      return keys
    },
  }
}
