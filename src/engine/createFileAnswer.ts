/** Puts a headless answer together: the store, the engine, and what each tells the others. */
import type { Rules } from '../answer/admission.js'
import { answerIdOf, dropEntries, emptyAnswer, entryOf, setIds } from '../answer/answer.js'
import { type Entry, heldBy, type LocalEntry } from '../answer/entry.js'
import { isPending } from '../answer/selectors.js'
import { createAnswerStore } from '../answer/store.js'
import { parseStoredFile, type StoredFile } from '../protocol/storedFile.js'
import { createChangeNews } from './changeNews.js'
import { createDeveloperNotes } from './developerNotes.js'
import { diagnose } from './diagnostics.js'
import { createGestures } from './gestures.js'
import { createLateEngine } from './lateEngine.js'
import type { Running } from './running.js'
import { narrowRules } from './narrowRules.js'
import { createTrace } from './trace.js'
import { createSettling } from './settling.js'
import { createPersistence } from './persistence.js'
import { browserSurroundings } from './browserSurroundings.js'
import type { Surroundings } from './environment.js'
import type { News } from './news.js'
import { createNotices } from './notices.js'
import { createPageLife } from './pageLife.js'
import { createRemovals } from './removals.js'
import type { FileAnswerSettings } from './source.js'
import { defaultTiming, type Timing } from './timing.js'
import { createValueExchange } from './valueExchange.js'
import type { FileAnswer, FileAnswerOptions } from './fileAnswer.js'

/** Makes a headless answer. It works from the first file on, with or without a field mounted on it. */
export function createFileAnswer(options: FileAnswerOptions): FileAnswer {
  const timing: Timing = { ...defaultTiming, ...options.timing }
  const environment: Surroundings = options.environment ?? browserSurroundings()
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
  const serverRules = () => engine.running?.serverRules.known() ?? null
  /** The newest: the host's, narrowed by the server's. */
  function rulesNow(): Rules {
    return narrowRules<Rules>(settings, serverRules())
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
  const removals = createRemovals({
    store,
    clock,
    undoMs: timing.undo,
    onEnded: (entry) => {
      release(entry)
      notices.flush()
    },
  })
  const engine = createLateEngine({
    store,
    surroundings: environment,
    timing,
    onChanged: createChangeNews({ store, trace, notes, exchange, removals, notices, tell }),
    options: (report) => ({
      options,
      settings: () => settings,
      store,
      surroundings: environment,
      timing,
      progress,
      rules: rulesNow,
      notes,
      trace: trace.tell,
      report,
      onRules: notices.flush,
      isHeld: exchange.holds,
      isRecalled: (id) => persistence.keeper().isRecalled(id),
      isDisposed: () => isDisposed,
      onRest: (failed) => tell(failed === null ? { type: 'going-on' } : { type: 'resting', failure: failed }),
      mayWork: () => persistence.mayWork(),
      recorded: (entry) => persistence.keeper().recorded(entry),
      onDenied: (denied) => {
        exchange.onError(denied, null)
        tell({ type: 'denied', failure: denied })
      },
    }),
  })
  /** What an answer asks for its own sake: nothing any more when it has ended meanwhile. */
  const whileOpen = (act: (running: Running) => void) =>
    engine.whenRunning((running) => {
      if (!isDisposed) act(running)
    })
  const describe = (ids?: readonly string[]) => whileOpen(({ descriptions }) => descriptions.ask(ids))
  const restsFor = () => engine.running?.engine.restsFor() ?? null
  const bytesOf = (entry: LocalEntry) =>
    new Promise<Blob | null>((resolve, reject) => {
      engine.whenRunning((running) => running.engine.bytesOf(entry).then(resolve, reject))
    })
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
    describe()
  }

  /** Ids granted in this answer's life go back; ids that came from the host never do. */
  function release(entry: Entry): void {
    const held = heldBy(entry)
    if (held === null && entry.state !== 'done') return
    engine.whenRunning(({ discards }) => {
      if (entry.state === 'done') discards.id(entry.id)
      if (held !== null) discards.grant(held.grant)
    })
  }

  const askRules = () => whileOpen(({ serverRules }) => serverRules.ask())

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
      askRules()
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
    bytesOf,
    addChosen: gestures.addChosen,
    release,
    describe,
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
    describe()
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
      describe()
    }
    // An id that the value held may be free now.
    engine.running?.discards.flush()
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
    engine.running?.discards.flush()
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
    restsFor,
    diagnostics: () =>
      diagnose(store.get(), trace.events(), { isOnline: environment.network.isOnline(), rest: restsFor() }),
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
    getServerRules: serverRules,
    askRules,
    getIds: exchange.ids,
    subscribe: notices.subscribe,
    subscribeEntry: notices.subscribeEntry,
    sentBytes: progress.of,
    subscribeNews(listener) {
      newsListeners.add(listener)
      return () => newsListeners.delete(listener)
    },
    add: gestures.add,
    replace: gestures.replace,
    dismissRejected: gestures.dismissRejected,
    remove: gestures.remove,
    undo: gestures.undo,
    holdUndo: removals.hold,
    move: gestures.move,
    annotate: gestures.annotate,
    async bytesOf(key) {
      const entry = entryOf(store.get(), key)
      return entry === undefined || entry.state === 'restored' ? null : bytesOf(entry).catch(() => null)
    },
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
    linkOf: (id) =>
      new Promise((resolve, reject) => {
        engine.whenRunning(({ descriptions }) => descriptions.linkOf(id).then(resolve, reject))
      }),
    configure(next) {
      settings = next
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
