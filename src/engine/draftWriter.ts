/** Writes a draft when it has changed: not more often than every so many ms, one writing after the other. */
import type { Draft } from '../answer/draft.js'
import type { Clock } from './environment.js'

export interface DraftWriter {
  /** Something may have changed: it is written soon. */
  schedule(): void
  /** Writes what has changed now; resolves once it is written. */
  flush(): Promise<void>
  /** What the draft is now is not written; what changes later is. Resolves once no writing runs. */
  takeAsWritten(): Promise<void>
  /** Nothing is written by itself any more. */
  cancel(): void
}

/** What a draft says, whenever it is saved. */
const textOf = (draft: Draft | null) => JSON.stringify(draft && { ...draft, savedAt: 0 })

export function createDraftWriter(o: {
  readonly clock: Clock
  readonly everyMs: number
  /** The draft is this page's to write. */
  readonly isWorking: () => boolean
  readonly collect: () => Draft | null
  /** What is kept beside the draft follows it, also where nothing has to be written. */
  readonly onLooked: () => void
  readonly write: (draft: Draft | null) => Promise<void>
  readonly onFailed: (cause: unknown) => void
}): DraftWriter {
  const { clock } = o
  let isDirty = true
  let written = ''
  let writing = Promise.resolve()
  let cancel: (() => void) | null = null
  let lastWrite = Number.NEGATIVE_INFINITY

  function flush(): Promise<void> {
    cancel?.()
    cancel = null
    writing = writing.then(write).catch(o.onFailed)
    return writing
  }

  async function write(): Promise<void> {
    while (isDirty && o.isWorking()) {
      isDirty = false
      lastWrite = clock.now()
      const draft = o.collect()
      const text = textOf(draft)
      o.onLooked()
      if (text === written) continue
      written = text
      await o.write(draft)
    }
  }

  return {
    schedule() {
      isDirty = true
      cancel ??= clock.after(Math.max(0, lastWrite + o.everyMs - clock.now()), () => void flush())
    },
    flush,
    async takeAsWritten() {
      await writing
      written = textOf(o.collect())
    },
    cancel: () => cancel?.(),
  }
}
