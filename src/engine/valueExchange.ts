/** What the field gives to its host and what the host gives back: `onChange`, `onStatus`, and a controlled `value`. */
import { type Control, committed, emitted, sameIds, uncontrolled } from '../answer/controlled.js'
import { type Answer, answerIdOf } from '../answer/answer.js'
import { idsOf, storedFilesOf, summaryOf } from '../answer/selectors.js'
import type { AnswerStore } from '../answer/store.js'
import type { Failure } from '../protocol/failure.js'
import type { StoredFile } from '../protocol/storedFile.js'
import type { DeveloperNotes } from './developerNotes.js'
import type { Environment } from './environment.js'

/** Callbacks of the owner. */
export interface FileAnswerListeners {
  /** The ids in the order shown, and their files: once for each change. */
  onChange?: ((ids: string[], files: StoredFile[]) => void) | undefined
  onStatus?: ((status: { pending: number; failed: number; settled: boolean }) => void) | undefined
  /** A file (null: the whole call) could not be added or stored. */
  onError?: ((failure: Failure, file: { name: string; size: number; type: string } | null) => void) | undefined
}

export interface ValueExchange {
  /** Gives back the end of it, which ends nothing once others listen. */
  listen(listeners: FileAnswerListeners): () => void
  /** Nobody listened when the ids or counts changed: whoever does now is to be told. */
  isBehind(): boolean
  onError: NonNullable<FileAnswerListeners['onError']>
  /** Gives changed ids and counts to the host. */
  emit(): void
  /** The host committed a value, each id once; gives back what it instructs, or null. */
  commit(value: readonly string[] | null): readonly string[] | null
  /** The ids that count. */
  ids(): readonly string[]
  holds(id: string): boolean
  /** The host was given these ids in another way than by `onChange`. */
  tell(ids: readonly string[]): void
  /** A stored file's id that the host was never given. */
  isUntold(id: string): boolean
  /** The host has taken up what it was given, or controls nothing. */
  isTaken(): boolean
}

const metasOf = ({ entries }: Answer): ReadonlyMap<string, unknown> =>
  new Map(entries.flatMap((entry) => (entry.meta === undefined ? [] : [[answerIdOf(entry) ?? '', entry.meta]])))

/** How long a host may take to give an id back before it is warned, ms. */
export const takeUpMs = 1_000

export function createValueExchange(
  o: {
    readonly store: AnswerStore
    readonly environment: Pick<Environment, 'warn'>
    readonly notes: () => DeveloperNotes | null
  },
  value: readonly string[] | null,
): ValueExchange {
  const { store, environment, notes } = o
  let listeners: FileAnswerListeners | null = null
  let control: Control = { ...uncontrolled, committed: value }
  let lastIds: readonly string[] = idsOf(store.get())
  /** What people said of files, as the host was told of it. */
  let lastMetas: ReadonlyMap<string, unknown> = metasOf(store.get())
  let last = { pending: 0, failed: 0 }
  const told = new Set(lastIds)

  /** A host's callback that throws must not break the engine; the error is the host's to see. */
  const guarded = (call: () => void) => {
    try {
      call()
    } catch (cause) {
      environment.warn('A callback of the host threw.', cause)
    }
  }

  const warnUnlessTaken = (ids: readonly string[]) => {
    notes()?.given(() => {
      const { committed: value, unseen } = control
      return value !== null && unseen.includes(ids) && !ids.every((id) => value.includes(id))
    })
  }

  /** What was said of a file that is there is another than the host knows. */
  const isAnnotated = () =>
    store.get().entries.some((entry) => {
      const id = answerIdOf(entry)
      return id !== null && entry.meta !== lastMetas.get(id)
    })

  return {
    listen(next) {
      listeners = next
      return () => {
        if (listeners === next) listeners = null
      }
    },
    isBehind() {
      const { pending, failed } = summaryOf(store.get())
      const isOther = !sameIds(idsOf(store.get()), lastIds) || isAnnotated()
      return pending !== last.pending || failed !== last.failed || isOther
    },
    // Of an entry the host gets what the contract says: a grant's signed URL stays inside.
    onError: (failed, file) =>
      guarded(() =>
        listeners?.onError?.(failed, file === null ? null : { name: file.name, size: file.size, type: file.type }),
      ),
    emit() {
      // What nobody hears is not said: the field that comes back is told then.
      if (listeners === null) return
      const answer = store.get()
      const ids = idsOf(answer)
      const isOther = !sameIds(ids, lastIds)
      if (isOther || isAnnotated()) {
        lastMetas = metasOf(answer)
        if (isOther) {
          lastIds = ids
          for (const id of ids) told.add(id)
          control = emitted(control, ids)
        }
        guarded(() => listeners?.onChange?.([...ids], storedFilesOf(answer)))
        if (isOther) warnUnlessTaken(ids)
      }
      const { pending, failed } = summaryOf(answer)
      if (pending === last.pending && failed === last.failed) return
      last = { pending, failed }
      guarded(() => listeners?.onStatus?.({ pending, failed, settled: pending === 0 }))
    },
    commit(value) {
      for (const id of value ?? []) told.add(id)
      const { control: next, instruction } = committed(control, value)
      control = next
      // What the host instructs is no news to it.
      if (instruction !== null) lastIds = instruction
      return instruction
    },
    ids: () => (control.committed === null ? idsOf(store.get()) : control.committed),
    tell(ids) {
      for (const id of ids) told.add(id)
    },
    isUntold: (id) => !told.has(id),
    holds: (id) => control.committed?.includes(id) ?? false,
    isTaken: () => control.committed === null || sameIds(control.committed, lastIds),
  }
}
