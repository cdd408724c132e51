/** Puts a headless answer together: the store, the engine, and what each tells the others. */
import type { Rules } from '../answer/admission.js'
import { answerIdOf, dropEntries, emptyAnswer, entryOf, setIds } from '../answer/answer.js'
import { type Entry, heldBy } from '../answer/entry.js'
import { givenIds, isTakenWhole } from '../answer/givenIds.js'
import { isPending } from '../answer/selectors.js'
import { createAnswerStore } from '../answer/store.js'
import { parseStoredFile, type StoredFile } from '../protocol/storedFile.js'
import { createChangeNews } from './changeNews.js'
import { createChecksumOption } from './checksumOption.js'
import { pageConnections } from './connections.js'
import { callsOf } from './calls.js'
import { loadDescriptions, loadDeveloperNotes, loadMultipart } from './chunks.js'
import type { DeveloperNotes } from './developerNotes.js'
import { diagnose } from './diagnostics.js'
import type { Descriptions } from './descriptions.js'
import { createDiscards } from './discards.js'
import { createEngine } from './engine.js'
import { createGestures } from './gestures.js'
import { createTrace } from './trace.js'
import { createSettling } from './settling.js'
import { createPersistence } from './persistence.js'
import { browserEnvironment } from './environment.js'
import type { News } from './news.js'
import { createNotices } from './notices.js'
import { createPageLife } from './pageLife.js'
import { createRemovals } from './removals.js'
import { createServerRules, narrowRules } from './serverRules.js'
import { answersElsewhere, type FileAnswerSettings } from './source.js'
import { defaultTiming, type Timing } from './timing.js'
import { createValueExchange } from './valueExchange.js'
import type { FileAnswer, FileAnswerOptions } from './fileAnswer.js'

/** S3's least part but the last: smaller files never go in parts. */
const leastPart = 5 * 1024 ** 2

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
    return parseStoredFile(settings.knownFiles?.find((file) => String(file?.id) === id))
  }
  let notes: DeveloperNotes | null = null
  let hasOddIds = false
  /** What the host gives is taken with a grain of salt, and never thrown at. */
  function idsFrom(given: readonly string[]): string[] {
    const ids = givenIds(given)
    if (!isTakenWhole(given, ids)) {
      hasOddIds = true
      notes?.oddIds()
    }
    return ids
  }
  const hostIds = idsFrom(options.value ?? options.defaultValue ?? [])
  const store = createAnswerStore(setIds(emptyAnswer, hostIds, makeRestored))
  const trace = createTrace(clock.now, (event) => {
    notes?.heard(event)
    options.onEvent?.(event)
  })
  const newsListeners = new Set<(news: News) => void>()
  /** What all parts of it work with; each says which it takes. */
  const base = {
    store,
    environment,
    timing,
    trace,
    backend: () => backend,
    /** The newest: the host's, narrowed by the server's. */
    rules: () => narrowRules<Rules>(settings, serverRules.known()),
    settings: () => settings,
    notes: () => notes,
    isDisposed: () => isDisposed,
    keeper: () => persistence.keeper(),
    tell(news: News) {
      for (const listener of newsListeners) listener(news)
    },
  }
  const { rules, tell } = base
  let backend = callsOf(base)
  const serverRules = createServerRules({ ...base, onKnown: () => notices.flush() })
  const exchange = createValueExchange(base, options.value == null ? null : hostIds)
  const pageLife = createPageLife(base)
  const notices = createNotices({
    ...base,
    onFlush() {
      // Before the host hears that all is stored, and goes to its next page.
      pageLife.follow()
      exchange.emit()
    },
  })
  const { progress } = notices
  const discards = createDiscards({
    ...base,
    exchange,
  })
  const removals = createRemovals({
    ...base,
    onEnded: (entries) => {
      for (const entry of entries) release(entry)
      notices.flush()
    },
  })
  const hearers = { exchange, removals, notices }
  const engine = createEngine({
    ...base,
    connections: options.connections ?? pageConnections(timing.connectionBudget),
    progress,
    checksums: createChecksumOption(base),
    onReleased: discards.grant,
    onChanged: createChangeNews({ ...base, ...hearers }),
    onRest: (failed) => tell(failed === null ? { type: 'going-on' } : { type: 'resting', failure: failed }),
    onDenied: (denied) => {
      exchange.onError(denied, null)
      tell({ type: 'denied', failure: denied })
    },
  })
  let descriptions: Descriptions | undefined
  async function describing(): Promise<Descriptions> {
    const { createDescriptions } = await loadDescriptions()
    return (descriptions ??= createDescriptions({ ...base, report: engine.report }))
  }
  /** Asks for what is not known of stored files. A comfort: where it can't be loaded, ids count all the same. */
  function describe(also?: readonly string[]): void {
    if (!store.get().entries.some(({ state }) => state === 'restored')) return
    void describing().then(
      (them) => them.ask(also),
      () => {},
    )
  }
  let stopNetworkNews: (() => void) | null = null
  function connect(): void {
    if (isDisposed) return
    engine.start()
    loadAhead().catch(() => {})
    persistence.begin()
    stopNetworkNews ??= environment.network.onChange(() => {
      pageLife.follow()
      const online = environment.network.isOnline()
      trace.tell({ type: 'network', online })
      tell({ type: online ? 'online' : 'offline' })
    })
    describe()
  }

  /** In production what large files need: a page may stay open for days, and its chunks be replaced meanwhile. */
  async function loadAhead(): Promise<void> {
    if (!environment.isProduction) {
      const { createDeveloperNotes } = await loadDeveloperNotes()
      if (notes !== null) return
      notes = createDeveloperNotes(environment)
      trace.events().forEach(notes.heard)
      if (hasOddIds) notes.oddIds()
    } else if ((rules().maxSize ?? leastPart) >= leastPart) await loadMultipart()
  }

  /** Ids granted in this answer's life go back; ids that came from the host never do. */
  function release(entry: Entry): void {
    if (entry.state === 'done') discards.id(entry.id)
    const held = heldBy(entry)
    if (held !== null) discards.grant(held.grant)
  }

  const gestures = createGestures({
    ...base,
    ...hearers,
    engine,
    startsNow: (options.start ?? 'now') === 'now',
    onAdding() {
      connect()
      serverRules.ask()
    },
  })
  const persistence = createPersistence(options.persist, () => ({
    name: options.persist ?? '',
    filesUpTo: options.persistFilesUpTo ?? 50 * 1024 * 1024,
    ...base,
    hostIds,
    onChanged: gestures.follow,
    onNeeded(entry) {
      tell({ type: 'failed', entry, failure: entry.failure })
      exchange.onError(entry.failure, entry)
    },
    bytesOf: engine.bytesOf,
    addChosen: gestures.addChosen,
    release,
    describe,
    giveUp(cause) {
      if (!environment.isProduction) environment.warn('`persist`: no draft can be kept; uploads go on.', cause)
      gestures.follow()
    },
  }))
  const settled = createSettling({
    ...base,
    ...hearers,
    start: gestures.byHand.start,
  })

  /** Its id came from the host, or was given to onChange: it is not ours to discard. */
  function isTheHosts(entry: Entry): boolean {
    const id = answerIdOf(entry)
    return id !== null && !exchange.isUntold(id)
  }

  function reset(given: readonly string[] = []): void {
    const ids = idsFrom(given)
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
    const instruction = exchange.commit(value === null ? null : idsFrom(value))
    if (instruction !== null) {
      store.apply((answer) => setIds(answer, instruction, makeRestored, { isUntold: exchange.isUntold }))
      engine.reconcile()
      removals.start()
      describe()
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
    if (base.keeper().state === 'off') for (const entry of entries) if (answerIdOf(entry) === null) release(entry)
    persistence.stop()
    for (const { entry } of removed) release(entry)
    discards.flush()
    exchange.listen({})
    notices.flush()
    notices.stop()
    pageLife.end()
  }

  return {
    ...gestures.byHand,
    clock,
    get isDisposed() {
      return isDisposed
    },
    isOnline: environment.network.isOnline,
    restsFor: engine.restsFor,
    diagnostics: () =>
      diagnose(store.get(), trace.events(), { isOnline: environment.network.isOnline(), rest: engine.restsFor() }),
    get isElsewhere() {
      return base.keeper().state === 'elsewhere'
    },
    get settings() {
      return { ...settings, start: options.start, defaultValue: options.defaultValue }
    },
    connect,
    getAnswer: store.get,
    getRules: rules,
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
    holdUndo: removals.hold,
    async bytesOf(key) {
      const entry = entryOf(store.get(), key)
      return entry === undefined || entry.state === 'restored' ? null : engine.bytesOf(entry).catch(() => null)
    },
    cancelAll,
    reset,
    setValue,
    settled,
    linkOf: (id) =>
      describing().then(
        (them) => them.linkOf(id),
        () => null,
      ),
    configure(next) {
      const elsewhere = answersElsewhere(next, settings)
      settings = next
      if (elsewhere) backend = callsOf(base)
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
