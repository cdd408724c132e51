import type { DraftStorage } from '../../src/engine/environment.js'

/** IndexedDB, Web Locks and tabs in memory. Drafts are kept as text, so that nothing but data survives. */
export class DraftsInMemory {
  readonly drafts = new Map<string, string>()
  readonly files = new Map<string, Blob>()
  /** Every draft that was written, as text; null: forgotten. */
  readonly writes: (string | null)[] = []
  /** Whoever has a name's lock, then those who wait for it. */
  private readonly queue = new Map<string, (() => void)[]>()
  private readonly listeners = new Map<string, Set<() => void>>()
  readonly hidden = new Set<() => void>()
  now = Date.UTC(2026, 0, 1)
  /** What rejects (or, with `null`, never answers). */
  fault: (action: keyof DraftStorage) => Error | null | undefined = () => undefined

  private async may(action: keyof DraftStorage): Promise<void> {
    const fault = this.fault(action)
    if (fault === null) return new Promise(() => {})
    if (fault !== undefined) throw fault
  }

  draftOf(name: string): { entries: Record<string, unknown>[]; savedAt: number } | null {
    const text = this.drafts.get(name)
    return text === undefined ? null : JSON.parse(text)
  }

  /** One tab's way to it. Ends with the page: nothing it began reaches anybody any more, and its locks are free. */
  page(): { storage: DraftStorage; crash(): void } {
    let isGone = false
    const releases = new Set<() => void>()
    const live = <T>(value: T): Promise<T> => (isGone ? new Promise(() => {}) : Promise.resolve(value))
    const fileKey = (name: string, key: string) => JSON.stringify([name, key])
    const keysOf = (name: string) =>
      [...this.files.keys()].map((key) => JSON.parse(key) as [string, string]).filter(([own]) => own === name)
    const storage: DraftStorage = {
      now: () => this.now,
      names: () => live([...this.drafts.keys()]),
      read: async (name) => {
        await this.may('read')
        return live(this.draftOf(name) ?? undefined)
      },
      write: async (name, draft) => {
        await this.may('write')
        if (isGone) return live(undefined)
        this.writes.push(draft === null ? null : JSON.stringify(draft))
        if (draft !== null) this.drafts.set(name, JSON.stringify(draft))
        else {
          this.drafts.delete(name)
          for (const [, key] of keysOf(name)) this.files.delete(fileKey(name, key))
        }
      },
      fileKeys: (name) => live(keysOf(name).map(([, key]) => key)),
      readFile: async (name, key) => {
        await this.may('readFile')
        return live(this.files.get(fileKey(name, key)))
      },
      writeFile: async (name, key, file) => {
        await this.may('writeFile')
        if (!isGone) this.files.set(fileKey(name, key), file)
      },
      deleteFiles: async (name, keys) => {
        if (!isGone) for (const key of keys) this.files.delete(fileKey(name, key))
      },
      lock: async (name, signal) => {
        await this.may('lock')
        const waiting = this.queue.get(name) ?? []
        this.queue.set(name, waiting)
        if (waiting.length > 0 && signal === undefined) return null
        return new Promise((resolve, reject) => {
          const turn = () => {
            const release = () => {
              if (!releases.delete(release)) return
              waiting.splice(waiting.indexOf(turn), 1)
              waiting[0]?.()
            }
            releases.add(release)
            resolve(release)
          }
          signal?.addEventListener('abort', () => {
            if (waiting.includes(turn) && waiting[0] !== turn) waiting.splice(waiting.indexOf(turn), 1)
            reject(signal.reason)
          })
          waiting.push(turn)
          if (waiting.length === 1) turn()
        })
      },
      tabs: (name, onWritten) => {
        const all = this.listeners.get(name) ?? new Set()
        this.listeners.set(name, all.add(onWritten))
        return {
          tell: () => {
            for (const other of all) if (other !== onWritten) other()
          },
          close: () => all.delete(onWritten),
        }
      },
      onHidden: (callback) => {
        this.hidden.add(callback)
        return () => this.hidden.delete(callback)
      },
    }
    return {
      storage,
      crash() {
        isGone = true
        for (const release of releases) release()
      },
    }
  }
}
