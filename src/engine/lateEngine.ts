/**
 * What runs (`running.ts`) comes late: loaded in the background once a field is mounted or a file is there. Until then
 * events are applied all the same, and what is asked of it waits.
 */
import { answerIdOf, applyEvent, entryOf } from '../answer/answer.js'
import { type Entry, type EntryEvent, heldBy } from '../answer/entry.js'
import type { AnswerStore } from '../answer/store.js'
import { failure } from '../protocol/failure.js'
import type { Surroundings } from './environment.js'
import type { Running, RunningOptions } from './running.js'
import type { Timing } from './timing.js'

type Create = (o: RunningOptions) => Running

/** One for the page: from the second answer on it is there at once. */
let create: Create | null = null

async function loadRunning(): Promise<Create> {
  create ??= (await import('./running.js')).createRunning
  return create
}

/**
 * Loads now what an upload needs. A mounted field does so by itself, in the background; call it for an answer that is kept
 * outside of fields, or before tests with fake timers. Rejects where it can't be loaded.
 */
export async function preloadUploading(): Promise<void> {
  await loadRunning()
}

export interface LateEngine {
  /** What runs, if it is there. */
  readonly running: Running | null
  /** Does something with what runs, now or when it is there. */
  whenRunning(act: (running: Running) => void): void
  /** Begins to work: nothing does before, so that rendering may create an answer. */
  start(): void
  /** What runs follows the answer. */
  reconcile(): void
  /** The one way in for events: applies, tells what changed, lets go of grants that nobody holds. */
  report(entry: Entry, event: EntryEvent): void
  stop(): void
}

/** Tries to load it, each after a longer wait; then the files that wait fail, with a retry. */
const loadTries = 4

export function createLateEngine(o: {
  readonly store: AnswerStore
  readonly surroundings: Pick<Surroundings, 'clock' | 'network'>
  readonly timing: Pick<Timing, 'retryBase'>
  readonly options: (report: LateEngine['report']) => RunningOptions
  /** An entry changed its state. */
  readonly onChanged: (before: Entry, after: Entry) => void
}): LateEngine {
  const { store } = o
  const { clock, network } = o.surroundings
  let running: Running | null = null
  let waiting: ((running: Running) => void)[] = []
  let tries = 0
  let isLoading = false
  let isStarted = false
  let isStopped = false

  function load(): void {
    if (running !== null || isLoading) return
    if (create !== null) return begin(create)
    isLoading = true
    loadRunning().then(begin, tryAgain)
  }

  function begin(createRunning: Create): void {
    running = createRunning(o.options(report))
    for (const act of waiting) act(running)
    waiting = []
    if (isStopped) return running.engine.stop()
    if (isStarted) running.engine.start()
    running.engine.reconcile()
  }

  function tryAgain(cause: unknown): void {
    if (isStopped) return
    if (network.isOnline()) tries += 1
    if (tries < loadTries) {
      clock.after(o.timing.retryBase * 2 ** tries, () => {
        isLoading = false
        load()
      })
      return
    }
    isLoading = false
    tries = 0
    const failed = failure('network', { remedy: 'person', hint: 'A chunk of the field could not be loaded.', cause })
    for (const entry of store.get().entries)
      if (entry.state === 'queued' && entry.started) report(entry, { type: 'given-up', failure: failed })
  }

  function report(entry: Entry, event: EntryEvent): void {
    if (isStopped) return
    const { key, attempt } = entry
    const before = entryOf(store.get(), key)
    store.apply((answer) => applyEvent(answer, key, attempt, event))
    const after = entryOf(store.get(), key)
    if (before === undefined || after === undefined || before === after) return
    const held = heldBy(before)?.grant
    if (held !== undefined && heldBy(after)?.grant.id !== held.id && answerIdOf(after) !== held.id)
      whenRunning(({ discards }) => discards.grant(held))
    running?.engine.follow(after, event)
    if (before.state !== after.state) o.onChanged(before, after)
  }

  function whenRunning(act: (running: Running) => void): void {
    if (running !== null) return act(running)
    waiting.push(act)
    load()
  }

  return {
    get running() {
      return running
    },
    whenRunning,
    start() {
      isStarted = true
      if (running === null) load()
      else running.engine.start()
    },
    reconcile() {
      if (running === null) load()
      else running.engine.reconcile()
    },
    report,
    stop() {
      isStopped = true
      running?.engine.stop()
    },
  }
}
