/** What a person does with an answer: adds, removes, undoes, retries. Running work and what is shown follow at once. */
import { admit, type Rules } from '../answer/admission.js'
import {
  addEntries,
  type Answer,
  answerIdOf,
  dropEntries,
  entryOf,
  isSuccessorOf,
  moveEntry,
  positionOf,
  removeEntry,
  removeEvery,
  undoRemovals,
  withEntries,
} from '../answer/answer.js'
import {
  type ChosenFile,
  type Entry,
  type LocalEntry,
  queuedEntry,
  type RejectedEntry,
  rejectedEntry,
} from '../answer/entry.js'
import { isUnderWay, summaryOf } from '../answer/selectors.js'
import type { AnswerStore } from '../answer/store.js'
import type { Failure } from '../protocol/failure.js'
import { chosenFile, chosenFiles, type FileInFolder } from './chosenFile.js'
import { toldOf } from './diagnostics.js'
import type { Engine } from './engine.js'
import type { DraftKeeper } from './draftKeeper.js'
import type { Environment } from './environment.js'
import type { FileAnswer } from './fileAnswer.js'
import type { News } from './news.js'
import type { Notices } from './notices.js'
import type { Removals } from './removals.js'
import type { ValueExchange } from './valueExchange.js'

/** What of it the answer gives to its users as it is. */
type ByHand = Pick<
  FileAnswer,
  | 'add'
  | 'replace'
  | 'refuse'
  | 'dismissRejected'
  | 'start'
  | 'remove'
  | 'removeAll'
  | 'undo'
  | 'move'
  | 'annotate'
  | 'retry'
  | 'retryAll'
  | 'pause'
  | 'pauseAll'
  | 'resume'
  | 'resumeAll'
>

export interface Gestures {
  readonly byHand: ByHand
  /** Applies a change by hand. */
  act(step: (answer: Answer) => Answer): void
  /** What runs and what is shown follow the answer now. */
  follow(): void
  /** Adds files that no restored entry waits for. */
  addChosen(chosen: readonly ChosenFile[]): void
}

export function createGestures(o: {
  readonly store: AnswerStore
  readonly engine: Engine
  readonly notices: Notices
  readonly removals: Removals
  readonly exchange: Pick<ValueExchange, 'onError'>
  readonly rules: () => Rules
  /** Files begin at once, and not with the form's submit or `start()`. */
  readonly startsNow: boolean
  readonly environment: Pick<Environment, 'randomKey'>
  readonly tell: (news: News) => void
  /** The answer is disposed of: it takes no more files. */
  readonly isDisposed: () => boolean
  /** A person has come to the field. */
  readonly onAdding: () => void
  /** Takes files that a restored entry waits for. */
  readonly keeper: () => Pick<DraftKeeper, 'claim'>
}): Gestures {
  const { store, environment, engine, notices, removals, exchange, tell } = o

  function follow(): void {
    engine.reconcile()
    notices.flush()
  }

  function act(step: (answer: Answer) => Answer): void {
    store.apply(step)
    follow()
  }

  function add(files: Iterable<File | FileInFolder>): void {
    if (!o.isDisposed()) addChosen(o.keeper().claim(chosenFiles(files)))
  }

  function replace(key: string, file: File): void {
    if (!o.isDisposed()) addChosen([chosenFile(file)], entryOf(store.get(), key))
  }

  /** `insteadOf`: the entry that the file is to take the place of; it counts no more when the file is judged. */
  function addChosen(chosen: readonly ChosenFile[], insteadOf?: Entry): void {
    const before = store.get()
    const isSingle = o.rules().maxFiles === 1
    const old = isSingle ? before.entries.find((entry) => answerIdOf(entry) !== null) : insteadOf
    const replaces = old !== undefined && answerIdOf(old) !== null ? old.key : null
    /** An unfinished or refused file makes room at once, a stored one when its successor is stored. */
    const makesRoom = (entry: Entry) =>
      answerIdOf(entry) === null && (isSingle || entry === insteadOf || isSuccessorOf(entry, replaces))
    const stays = before.entries.filter((entry) => entry !== insteadOf && !makesRoom(entry))
    const verdicts = admit(insteadOf === undefined ? before : withEntries(before, stays), chosen, o.rules())
    if (verdicts.length === 0 || o.isDisposed()) return
    o.onAdding()
    const judged = verdicts.map(({ chosen, refusal }) => {
      const key = environment.randomKey()
      return refusal === null
        ? queuedEntry(key, chosen, { replaces, started: o.startsNow })
        : rejectedEntry(key, chosen, refusal)
    })
    const entries = judged.filter((entry) => entry.state === 'queued')
    const rejected = judged.filter((entry) => entry.state === 'rejected')
    store.apply((answer) => {
      const leaving = entries.length > 0 ? answer.entries.filter(makesRoom) : []
      const added = addEntries(
        leaving.reduce((rest, { key }) => removeEntry(rest, key, true), answer),
        judged,
      )
      if (isSingle || insteadOf === undefined) return added
      const place = positionOf(answer, insteadOf.key) + (leaving.includes(insteadOf) ? 0 : 1)
      return judged.reduce((moved, { key }, index) => moveEntry(moved, key, place + index), added)
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
    const rejected = Array.from(files, (file) => rejectedEntry(environment.randomKey(), chosenFile(file), reason))
    if (rejected.length === 0 || o.isDisposed()) return
    act((answer) => addEntries(answer, rejected))
    tellAdded([], rejected)
  }

  function dismissRejected(): void {
    const rejected = store.get().entries.filter(({ state }) => state === 'rejected')
    act((answer) => dropEntries(answer, new Set(rejected.map(({ key }) => key))))
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
    tell({ type: 'removed', entry, cancelled: isUnderWay(entry) })
  }

  function removeAll(): void {
    const entries = store.get().entries.filter(({ state }) => state !== 'rejected')
    act((answer) => removeEvery(answer, environment.randomKey()))
    removals.start()
    for (const { key } of entries) notices.progress.forget(key)
    if (entries.length > 0) tell({ type: 'removed-many', entries })
  }

  /** What was removed comes back only where there is room; where one file is allowed a successor swaps with it. */
  function undo(key: string): void {
    const { removals: removed, entries } = store.get()
    const removal = removed.find(({ entry }) => entry.key === key)
    if (removal === undefined) return
    // The file that took the place leaves again.
    const isSingle = o.rules().maxFiles === 1
    const successors = entries.filter((entry) => (isSingle ? entry.state !== 'rejected' : isSuccessorOf(entry, key)))
    const { maxFiles = Number.POSITIVE_INFINITY } = o.rules()
    const room = isSingle || successors.length > 0 ? 1 : Math.max(0, maxFiles - summaryOf(store.get()).counted)
    const back = removed.flatMap(({ entry, act }) => (act === removal.act ? [entry] : [])).slice(0, room)
    if (back.length === 0) return
    removals.forget(removal.act)
    act((answer) => {
      return undoRemovals(
        successors.reduce((rest, successor) => removeEntry(rest, successor.key, true), answer),
        new Set(back.map((entry) => entry.key)),
      )
    })
    removals.start()
    const [only] = back
    if (back.length === 1 && only !== undefined) tell({ type: 'undone', entry: only })
    else tell({ type: 'undone-many', entries: back })
  }

  function retry(keys: readonly string[], states: readonly Entry['state'][]): void {
    for (const key of keys) {
      const entry = entryOf(store.get(), key)
      if (entry === undefined || entry.state === 'restored' || !states.includes(entry.state)) continue
      engine.report(entry, { type: 'retried' })
      if (entryOf(store.get(), key) !== entry) tell({ type: 'retried', entry })
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

  const everyKey = () => store.get().keys
  return {
    act,
    follow,
    addChosen: (chosen) => addChosen(chosen),
    byHand: {
      add,
      replace,
      refuse,
      dismissRejected,
      start,
      remove,
      removeAll,
      undo,
      move: (key, to) => act((answer) => moveEntry(answer, key, to)),
      annotate(key, meta) {
        const entry = entryOf(store.get(), key)
        // A copy: what the host does with its object later is no news, and what is no JSON finds no way into the draft.
        const kept: unknown = meta === undefined ? undefined : JSON.parse(JSON.stringify(meta))
        if (entry !== undefined) engine.report(entry, { type: 'annotated', meta: kept })
        follow()
      },
      retry: (key) => retry([key], ['failed', 'retrying']),
      retryAll: () => retry(everyKey(), ['failed']),
      pause: (key) => tellEach([key], 'paused'),
      pauseAll: () => tellEach(everyKey(), 'paused'),
      resume: (key) => tellEach([key], 'resumed'),
      resumeAll: () => tellEach(everyKey(), 'resumed'),
    },
  }
}
