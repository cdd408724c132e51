/** What a person does with an answer: adds, removes, undoes, retries. Running work and what is shown follow at once. */
import { admit, type Rules } from '../answer/admission.js'
import { addEntries, type Answer, answerIdOf, entryOf, moveEntry, removeEntry, undoRemoval } from '../answer/answer.js'
import { type ChosenFile, type LocalEntry, queuedEntry, type RejectedEntry, rejectedEntry } from '../answer/entry.js'
import { summaryOf } from '../answer/selectors.js'
import type { AnswerStore } from '../answer/store.js'
import type { Failure } from '../protocol/failure.js'
import { chosenFile, meantFiles } from './chosenFile.js'
import { toldOf } from './diagnostics.js'
import type { Engine } from './engine.js'
import type { News } from './news.js'
import type { Notices } from './notices.js'
import type { Removals } from './removals.js'
import type { ValueExchange } from './valueExchange.js'

export interface Gestures {
  /** Applies a change by hand. */
  act(step: (answer: Answer) => Answer): void
  /** What runs and what is shown follow the answer now. */
  follow(): void
  add(files: Iterable<File>): void
  /** Adds files that no restored entry waits for. */
  addChosen(chosen: readonly ChosenFile[]): void
  refuse(files: Iterable<File>, failure: Failure): void
  start(): void
  remove(key: string): void
  undo(key: string): void
  move(key: string, to: number): void
  annotate(key: string, meta: unknown): void
  retry(...keys: string[]): void
  pause(...keys: string[]): void
  resume(...keys: string[]): void
}

export function createGestures(o: {
  readonly store: AnswerStore
  readonly engine: Engine
  readonly notices: Notices
  readonly removals: Removals
  readonly exchange: Pick<ValueExchange, 'onError'>
  readonly rules: () => Rules
  /** Files begin at once, and not with the form's submit or `start()`. */
  readonly startsNow: () => boolean
  readonly randomKey: () => string
  readonly tell: (news: News) => void
  /** False once the answer is disposed of: it takes no more files. */
  readonly isOpen: () => boolean
  /** A person has come to the field. */
  readonly onAdding: () => void
  /** Takes files that a restored entry waits for, and gives back the others. */
  readonly claim: (chosen: readonly ChosenFile[]) => readonly ChosenFile[]
}): Gestures {
  const { store, engine, notices, removals, exchange, tell } = o

  function follow(): void {
    engine.reconcile()
    notices.flush()
  }

  function act(step: (answer: Answer) => Answer): void {
    store.apply(step)
    follow()
  }

  function add(files: Iterable<File>): void {
    if (!o.isOpen()) return
    addChosen(o.claim(meantFiles(Array.from(files)).map((file) => chosenFile(file))))
  }

  function addChosen(chosen: readonly ChosenFile[]): void {
    const verdicts = admit(store.get(), chosen, o.rules())
    if (verdicts.length === 0 || !o.isOpen()) return
    o.onAdding()
    const isSingle = o.rules().maxFiles === 1
    const replaces = isSingle ? (store.get().entries.find((entry) => answerIdOf(entry) !== null)?.key ?? null) : null
    const judged = verdicts.map(({ chosen, refusal }) => {
      const key = o.randomKey()
      return refusal === null
        ? queuedEntry(key, chosen, { replaces, started: o.startsNow() })
        : rejectedEntry(key, chosen, refusal)
    })
    const entries = judged.filter((entry) => entry.state === 'queued')
    const rejected = judged.filter((entry) => entry.state === 'rejected')
    store.apply((answer) => {
      // In a single-file field an unfinished or refused file makes room at once, a stored one when its successor is stored.
      const leaving = isSingle && entries.length > 0 ? answer.entries.filter((entry) => answerIdOf(entry) === null) : []
      return addEntries(
        leaving.reduce((rest, { key }) => removeEntry(rest, key, true), answer),
        judged,
      )
    })
    engine.reconcile()
    // Behind the call for grants, which waits for the turn's end: rows take longer to make than it does to send.
    queueMicrotask(notices.flush)
    removals.start()
    tellAdded(entries, rejected)
  }

  function tellAdded(entries: readonly LocalEntry[], rejected: readonly RejectedEntry[]): void {
    tell({ type: 'added', entries, rejected })
    for (const entry of rejected) exchange.onError(toldOf(entry, 'admission'), entry)
  }

  function refuse(files: Iterable<File>, reason: Failure): void {
    const rejected = Array.from(files, (file) => rejectedEntry(o.randomKey(), chosenFile(file), reason))
    if (rejected.length === 0 || !o.isOpen()) return
    act((answer) => addEntries(answer, rejected))
    tellAdded([], rejected)
  }

  function start(): void {
    for (const entry of store.get().entries) {
      if (entry.state === 'queued' && !entry.started) engine.report(entry, { type: 'started' })
      else if (entry.state === 'paused') engine.report(entry, { type: 'resumed' })
    }
    follow()
  }

  function remove(key: string): void {
    const entry = entryOf(store.get(), key)
    if (entry === undefined) return
    act((answer) => removeEntry(answer, key))
    removals.start()
    notices.progress.forget(key)
    tell({ type: 'removed', entry, cancelled: entry.state === 'uploading' || entry.state === 'finishing' })
  }

  /** Where one file is allowed a successor swaps with it; else what was removed comes back only where there is room. */
  const isFull = () =>
    (({ maxFiles }) => maxFiles !== undefined && maxFiles > 1 && summaryOf(store.get()).counted >= maxFiles)(o.rules())

  function undo(key: string): void {
    const removal = store.get().removals.find(({ entry }) => entry.key === key)
    if (removal === undefined || isFull()) return
    removals.forget(key)
    act((answer) => {
      // In a single-file field the file that took the place leaves again.
      const successors = o.rules().maxFiles === 1 ? answer.entries.filter(({ state }) => state !== 'rejected') : []
      return undoRemoval(
        successors.reduce((rest, successor) => removeEntry(rest, successor.key, true), answer),
        key,
      )
    })
    removals.start()
    tell({ type: 'undone', entry: removal.entry })
  }

  function retry(...keys: string[]): void {
    for (const key of keys) {
      const entry = entryOf(store.get(), key)
      if (entry?.state !== 'failed' && entry?.state !== 'retrying') continue
      engine.report(entry, { type: 'retried' })
      if (entryOf(store.get(), key) === entry) continue
      tell({ type: 'retried', entry })
    }
    follow()
  }

  /** Tells those of these entries that it means something to. */
  function tellEach(keys: readonly string[], type: 'paused' | 'resumed'): void {
    const entries = keys.flatMap((key) => {
      const before = entryOf(store.get(), key)
      if (before === undefined || before.state === 'restored') return []
      engine.report(before, { type })
      return entryOf(store.get(), key) === before ? [] : [before]
    })
    if (entries.length === 0) return
    follow()
    tell({ type, entries })
  }

  return {
    act,
    follow,
    add,
    addChosen,
    refuse,
    start,
    remove,
    undo,
    move: (key, to) => act((answer) => moveEntry(answer, key, to)),
    annotate(key, meta) {
      const entry = entryOf(store.get(), key)
      // A copy: what the host does with its object later is no news, and what is no JSON finds no way into the draft.
      const kept: unknown = meta === undefined ? undefined : JSON.parse(JSON.stringify(meta))
      if (entry !== undefined) engine.report(entry, { type: 'annotated', meta: kept })
      follow()
    },
    retry,
    pause: (...keys) => tellEach(keys, 'paused'),
    resume: (...keys) => tellEach(keys, 'resumed'),
  }
}
