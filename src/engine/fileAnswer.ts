/**
 * The headless field: one answer with its engine, and everything a user interface does with it. Lives as long as its
 * owner wants; the React field makes one inside, or takes one from outside that outlives it.
 */
import type { Rules } from '../answer/admission.js'
import { type Answer, answerIdOf, dropEntries, emptyAnswer, idOf, setIds } from '../answer/answer.js'
import { type Entry, heldBy } from '../answer/entry.js'
import { hasPending, isPending } from '../answer/selectors.js'
import { createAnswerStore } from '../answer/store.js'
import type { ServerRules } from '../protocol/actions.js'
import type { Failure } from '../protocol/failure.js'
import { parseStoredFile, type StoredFile } from '../protocol/storedFile.js'
import { createChecksumOption } from './checksumOption.js'
import { type Connections, pageConnections } from './connections.js'
import { createDeveloperNotes } from './developerNotes.js'
import { type Diagnostics, diagnose, toldOf } from './diagnostics.js'
import { createDescriptions } from './descriptions.js'
import { createDiscards } from './discards.js'
import { createEngine } from './engine.js'
import { createGestures } from './gestures.js'
import { createTrace, type FileAnswerEvent, referenceOf, traced, watched } from './trace.js'
import { createSettling } from './settling.js'
import { createPersistence } from './persistence.js'
import { browserEnvironment, type Clock, type Environment } from './environment.js'
import type { News } from './news.js'
import { createNotices } from './notices.js'
import { createPageLife } from './pageLife.js'
import { createRemovals } from './removals.js'
import { createServerRules, narrowRules } from './serverRules.js'
import { answersElsewhere, backendOf, type FileAnswerSettings } from './source.js'
import { defaultTiming, type Timing } from './timing.js'
import { createValueExchange, type FileAnswerListeners } from './valueExchange.js'

export type FileAnswerOptions = FileAnswerSettings & {
  /** Ids of files stored earlier. */
  readonly defaultValue?: readonly string[] | undefined
  /** The value the answer is controlled with from the start; see `setValue`. */
  readonly value?: readonly string[] | undefined
  /** When files go: at once, with the form's submit, or by `start()`. An unstarted file is pending. @default 'now' */
  readonly start?: 'now' | 'submit' | 'manual' | undefined
  /**
   * The draft's name in IndexedDB: after a reload or a crash the answer comes back, and unfinished uploads go on. Off by
   * default; forgotten by `reset()`, by an emptied answer, by `forgetDraft(name)` and after 7 days. Name the person too
   * where several use one browser. Needs https (Web Locks); where it can't be had, the answer works without.
   */
  readonly persist?: string | undefined
  /**
   * Files up to so many bytes are kept with the draft, all together up to four times that; of larger ones a person is
   * asked to choose them again. @default 52428800 (50 MiB)
   */
  readonly persistFilesUpTo?: number | undefined
  /** Times and limits; see {@link Timing}. */
  readonly timing?: Partial<Timing> | undefined
  /** `fetch`: all bytes go by `fetch`, without upload events. @default 'auto' */
  readonly send?: 'auto' | 'fetch' | undefined
  /** Told of what the engine does, as it does it; for logs. Never with a URL, a name or an id. */
  readonly onEvent?: ((event: FileAnswerEvent) => void) | undefined
  /** Replaces clock, chance and network in tests. */
  readonly environment?: Environment | undefined
  /** Replaces the page's connection budget. */
  readonly connections?: Connections | undefined
}

export interface FileAnswer {
  /** The clock of its times, such as an entry's `retryAt`. */
  readonly clock: Clock
  readonly isDisposed: boolean
  /** Whether the network is there. */
  isOnline(): boolean
  /** What all files wait for while the queue rests (told as `News`); null while it doesn't. */
  restsFor(): Failure | null
  /**
   * What happened lately and how things stand, for a bug report: plain JSON without names, ids, URLs or contents.
   * Files are told by the reference that their rows show.
   */
  diagnostics(): Diagnostics
  /** The newest rules, source and question. */
  readonly settings: FileAnswerSettings & Pick<FileAnswerOptions, 'start' | 'defaultValue'>
  /** Another tab works on the draft; this one shows it, and goes on when that is closed. */
  readonly isElsewhere: boolean
  /** A field is mounted on it: listens to the network, and asks for what is not known of stored files. */
  connect(): void
  /** The answer now; a new object after each change. */
  getAnswer(): Answer
  /** What it judges files by, for hint, counter and chooser: the host's rules, narrowed by what the server said. */
  getRules(): Rules
  /** The server's rules; null until it has told them. */
  getServerRules(): ServerRules | null
  /** A person comes to the field: the server's rules are asked for, once, in the background. */
  askRules(): void
  /** The ids that count: the host's value while the field is controlled, else those of the stored files. */
  getIds(): readonly string[]
  /** Told after changes of the answer, in batches of about 50 ms (more rarely the more files there are, to 250 ms); after an action of a person at once, or at the turn's end. */
  subscribe(listener: () => void): () => void
  /** Told when this entry changed or its bytes moved. */
  subscribeEntry(key: string, listener: () => void): () => void
  /** Bytes sent of an entry; null while unknown. */
  sentBytes(key: string): number | null
  /** What happened to files, as it happens. */
  subscribeNews(listener: (news: News) => void): () => void
  /** Adds files; each is judged by the rules, and refused ones are shown with their reason. */
  add(files: Iterable<File>): void
  /** Takes an entry out, at once; it can be undone for 8 s. A rejected one is dismissed for good. */
  remove(key: string): void
  /** Shows files that may not enter, with the reason: what the page knows and the rules can't (a folder). */
  refuse(files: Iterable<File>, failure: Failure): void
  /** Starts what waits for it. */
  start(): void
  /** Puts a removed entry back, unless its place of `maxFiles` was taken meanwhile. */
  undo(key: string): void
  /** Keeps removals from ending while a person is at the undo button. */
  holdUndo(held: boolean): void
  /** Moves an entry to a position in the list, from 0. */
  move(key: string, to: number): void
  retry(key: string): void
  retryAll(): void
  /**
   * Stops a file where it is: its request ends at once, its stored parts stay. It is pending until it is resumed, by
   * `resume` or by whoever starts all (`start()`, `settled()`). Means nothing once all bytes have left.
   */
  pause(key: string): void
  resume(key: string): void
  /** Pauses all that are in the list now; files added later begin at once. */
  pauseAll(): void
  resumeAll(): void
  /** Takes out every file that is not stored yet and has not failed, for good: their requests end at once, without undo. */
  cancelAll(): void
  /** Makes the answer these ids (none by default): nothing stored is discarded, unfinished uploads end. */
  reset(ids?: readonly string[]): void
  /** The host's committed value; null: uncontrolled. */
  setValue(value: readonly string[] | null): void
  /** Resolves with the ids once nothing is pending; rejects with `FilesNotStored`, or with the signal's reason. */
  settled(options?: { signal?: AbortSignal }): Promise<string[]>
  /** A download link of a stored file that works now, or null. */
  linkOf(id: string): Promise<string | null>
  /** The newest settings; what runs goes on. */
  configure(settings: FileAnswerSettings): void
  /** The newest callbacks; what changed while there were none is told soon. Gives back the end of these. */
  listen(listeners: FileAnswerListeners): () => void
  /** The field is gone: disposes of the answer after a grace, which StrictMode's second mount calls off by what is given back. */
  leave(): () => void
  /** Ends all work; unfinished entries are discarded, stored ones are the host's. */
  dispose(): void
}

/** Makes a headless answer. It works from the first file on, with or without a field mounted on it. */
export function createFileAnswer(options: FileAnswerOptions): FileAnswer {
  const timing: Timing = { ...defaultTiming, ...options.timing }
  const environment = options.environment ?? browserEnvironment({ send: options.send ?? 'auto' })
  const { clock } = environment
  let settings: FileAnswerSettings = options
  let isDisposed = false

  /** Keys of stored files are counted, not random: the server's HTML and the page's first render must agree. */
  let restoredCount = 0
  const makeRestored = (id: string): { key: string; stored: StoredFile | null } => ({
    key: `stored${++restoredCount}`,
    stored: knownFile(id),
  })
  /** Read like a backend's answer: a host may pass on what it was given, links that are scripts among it. */
  function knownFile(id: string): StoredFile | null {
    return parseStoredFile(settings.knownFiles?.find((file) => file.id === id))
  }
  const hostIds = options.value ?? options.defaultValue ?? []
  const store = createAnswerStore(setIds(emptyAnswer, hostIds, makeRestored))
  const notes = createDeveloperNotes(environment)
  const trace = createTrace(clock.now, options.onEvent)
  const newBackend = () =>
    watched(
      backendOf(() => settings, environment),
      trace.tell,
      clock.now,
    )
  let backend = newBackend()
  const context = () => ({
    ...(settings.field === undefined ? {} : { field: settings.field }),
    ...(settings.context === undefined ? {} : { context: settings.context }),
  })

  const serverRules = createServerRules({
    backend: () => backend,
    context,
    isOnline: environment.network.isOnline,
    onKnown: () => notices.flush(),
  })
  /** The newest: the host's, narrowed by the server's. */
  function rulesNow(): Rules {
    return narrowRules<Rules>(settings, serverRules.known())
  }

  const exchange = createValueExchange(store, environment, options.value ?? null)
  const pageLife = createPageLife({ store, environment, timing, settings: () => settings })
  const notices = createNotices({
    store,
    clock,
    everyMs: timing.notify,
    onFlush() {
      // Before the host hears that all is stored, and goes to its next page.
      pageLife.follow()
      exchange.emit()
    },
  })
  const { progress } = notices
  const newsListeners = new Set<(news: News) => void>()
  const tell = (news: News) => {
    for (const listener of newsListeners) listener(news)
  }
  const discards = createDiscards({
    backend: () => backend,
    context,
    isHeld: exchange.holds,
    isWanted: (id) => {
      const { entries, removals: removed } = store.get()
      const holds = (entry: Entry) => idOf(entry) === id
      return !isDisposed && (entries.some(holds) || removed.some(({ entry }) => holds(entry)))
    },
    isRecalled: (id) => persistence.keeper().isRecalled(id),
  })
  const removals = createRemovals({
    store,
    clock,
    undoMs: timing.undo,
    onEnded: (entry) => {
      release(entry)
      notices.flush()
    },
  })
  const engine = createEngine({
    store,
    environment,
    timing,
    connections: options.connections ?? pageConnections(timing.connectionBudget),
    progress,
    backend: () => backend,
    context,
    rules: rulesNow,
    checksums: createChecksumOption({ isWanted: () => settings.checksum !== undefined, environment, timing }),
    onReleased: discards.grant,
    onChanged: tellChange,
    tell: trace.tell,
    notes,
    onRest: (failed) => tell(failed === null ? { type: 'going-on' } : { type: 'resting', failure: failed }),
    mayWork: () => persistence.mayWork(),
    recorded: (entry) => persistence.keeper().recorded(entry),
    onDenied: (denied) => {
      exchange.onError(denied, null)
      tell({ type: 'denied', failure: denied })
    },
  })
  const descriptions = createDescriptions({ store, clock, backend: () => backend, context, report: engine.report })
  let stopNetworkNews: (() => void) | null = null
  function connect(): void {
    if (isDisposed) return
    engine.start()
    persistence.begin()
    stopNetworkNews ??= environment.network.onChange(() => {
      pageLife.follow()
      const online = environment.network.isOnline()
      trace.tell({ type: 'network', online })
      tell({ type: online ? 'online' : 'offline' })
    })
    descriptions.ask()
  }

  /** Ids granted in this answer's life go back; ids that came from the host never do. */
  function release(entry: Entry): void {
    if (entry.state === 'done') discards.id(entry.id)
    const held = heldBy(entry)
    if (held !== null) discards.grant(held.grant)
  }

  function tellChange(before: Entry, after: Entry): void {
    trace.tell({
      type: 'state',
      file: referenceOf(after),
      from: before.state,
      to: after.state,
      attempt: after.attempt,
      ...('failure' in after && after.failure !== null ? { failure: traced(after.failure) } : {}),
    })
    if (after.state === 'done') {
      tell({ type: 'stored', entry: after })
      const replaced = store.get().removals.find(({ entry }) => entry.key === after.replaces)
      if (replaced !== undefined) tell({ type: 'replaced', entry: replaced.entry, by: after })
      removals.start()
    } else if (after.state === 'failed') {
      const { failure: failed } = after
      tell({ type: 'failed', entry: after, failure: failed })
      if (failed.hint !== undefined) notes.say(`A file failed (${failed.code}). ${failed.hint}`)
      // A whole call that was denied is told once, by onDenied.
      const isWholeCall = (failed.status === 401 || failed.status === 403) && after.step === 'request'
      if (!isWholeCall) exchange.onError(toldOf(after, after.step), after)
    } else if (after.state === 'rejected') {
      tell({ type: 'rejected', entry: after, failure: after.failure })
      exchange.onError(toldOf(after, before.state === 'requesting' ? 'request' : 'prepare'), after)
    } else return
    if (!hasPending(store.get())) notices.flush()
  }

  const gestures = createGestures({
    store,
    engine,
    notices,
    removals,
    exchange,
    rules: rulesNow,
    startsNow: () => (options.start ?? 'now') === 'now',
    randomKey: environment.randomKey,
    tell,
    isOpen: () => !isDisposed,
    onAdding() {
      connect()
      serverRules.ask()
    },
    claim: (chosen) => persistence.keeper().claim(chosen),
  })
  const persistence = createPersistence(options.persist, () => ({
    name: options.persist ?? '',
    filesUpTo: options.persistFilesUpTo ?? 50 * 1024 * 1024,
    hostIds,
    store,
    environment,
    timing,
    rules: rulesNow,
    onChanged: gestures.follow,
    tell,
    onNeeded(entry) {
      tell({ type: 'failed', entry, failure: entry.failure })
      exchange.onError(entry.failure, entry)
    },
    bytesOf: engine.bytesOf,
    addChosen: gestures.addChosen,
    release,
    describe: descriptions.ask,
    giveUp(cause) {
      if (!environment.isProduction) environment.warn('`persist`: no draft can be kept; uploads go on.', cause)
      gestures.follow()
    },
  }))
  const settled = createSettling({
    store,
    clock,
    notices,
    exchange,
    start: gestures.start,
    isDisposed: () => isDisposed,
    isRead: () => persistence.keeper().state !== 'opening',
  })

  /** Its id came from the host, or was given to onChange: it is not ours to discard. */
  function isTheHosts(entry: Entry): boolean {
    const id = answerIdOf(entry)
    return id !== null && !exchange.isUntold(id)
  }

  function reset(ids: readonly string[] = []): void {
    const leaving = store.get().entries.filter((entry) => !isTheHosts(entry))
    // Ids that come back out of a removal are wanted again; what stays removed ends.
    gestures.act((answer) => setIds(answer, ids, makeRestored, { unfinished: 'drop' }))
    persistence.forget()
    removals.endAll()
    for (const entry of leaving) release(entry)
    descriptions.ask()
  }

  function cancelAll(): void {
    const leaving = store.get().entries.filter(isPending)
    if (leaving.length === 0) return
    const keys = new Set(leaving.map(({ key }) => key))
    gestures.act((answer) => dropEntries(answer, keys))
    for (const entry of leaving) {
      progress.forget(entry.key)
      release(entry)
    }
    tell({ type: 'cancelled', entries: leaving })
  }

  function setValue(value: readonly string[] | null): void {
    const instruction = exchange.commit(value)
    if (instruction !== null) {
      store.apply((answer) => setIds(answer, instruction, makeRestored, { isUntold: exchange.isUntold }))
      engine.reconcile()
      removals.start()
      descriptions.ask()
    }
    // An id that the value held may be free now.
    discards.flush()
    notices.schedule()
  }

  function dispose(): void {
    if (isDisposed) return
    // What was stored a moment ago is told before nobody listens any more.
    notices.flush()
    isDisposed = true
    engine.stop()
    stopNetworkNews?.()
    removals.stop()
    const { entries, removals: removed } = store.get()
    // What is unfinished, or was removed, goes; a draft goes on with what is unfinished.
    if (persistence.keeper().state === 'off')
      for (const entry of entries) if (answerIdOf(entry) === null) release(entry)
    persistence.stop()
    for (const { entry } of removed) release(entry)
    discards.flush()
    exchange.listen({})
    notices.flush()
    notices.stop()
    pageLife.end()
  }

  return {
    clock,
    get isDisposed() {
      return isDisposed
    },
    isOnline: environment.network.isOnline,
    restsFor: engine.restsFor,
    diagnostics: () =>
      diagnose(store.get(), trace.events(), { isOnline: environment.network.isOnline(), rest: engine.restsFor() }),
    get isElsewhere() {
      return persistence.keeper().state === 'elsewhere'
    },
    get settings() {
      return { ...settings, start: options.start, defaultValue: options.defaultValue }
    },
    connect,
    refuse: gestures.refuse,
    start: gestures.start,
    getAnswer: store.get,
    getRules: rulesNow,
    getServerRules: serverRules.known,
    askRules: serverRules.ask,
    getIds: exchange.ids,
    subscribe: notices.subscribe,
    subscribeEntry: notices.subscribeEntry,
    sentBytes: progress.of,
    subscribeNews(listener) {
      newsListeners.add(listener)
      return () => newsListeners.delete(listener)
    },
    add: gestures.add,
    remove: gestures.remove,
    undo: gestures.undo,
    holdUndo: removals.hold,
    move: gestures.move,
    retry: (key) => gestures.retry(key),
    retryAll: () =>
      gestures.retry(...store.get().entries.flatMap((entry) => (entry.state === 'failed' ? [entry.key] : []))),
    pause: (key) => gestures.pause(key),
    resume: (key) => gestures.resume(key),
    pauseAll: () => gestures.pause(...store.get().keys),
    cancelAll,
    resumeAll: () => gestures.resume(...store.get().keys),
    reset,
    setValue,
    settled,
    linkOf: descriptions.linkOf,
    configure(next) {
      const elsewhere = answersElsewhere(next, settings)
      settings = next
      if (elsewhere) backend = newBackend()
      pageLife.follow()
      // Names may come later than ids: from a query of the host's.
      for (const entry of store.get().entries) {
        if (entry.state !== 'restored' || entry.stored !== null) continue
        const stored = knownFile(entry.id)
        if (stored !== null) engine.report(entry, { type: 'described', stored })
      }
    },
    listen(listeners) {
      const end = exchange.listen(listeners)
      if (exchange.isBehind()) notices.schedule()
      return end
    },
    leave: () => clock.after(timing.unmountGrace, dispose),
    dispose,
  }
}
