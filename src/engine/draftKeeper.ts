/**
 * Keeps an answer's draft: reads it when the field comes, merges it, works on it only with its lock, and writes what
 * changes. Loaded with the first `persist`. Where IndexedDB or the lock fails, the answer goes on without a draft.
 */
import type { Rules } from '../answer/admission.js'
import { idOf } from '../answer/answer.js'
import { type Draft, type DraftUpload, draftOf, parseDraft } from '../answer/draft.js'
import type { ChosenFile, Entry, LocalEntry } from '../answer/entry.js'
import { entryFrom, isNeeded, missingFile, type NeededEntry, type Recalled, withDraft } from '../answer/recalled.js'
import type { AnswerStore } from '../answer/store.js'
import { browserDrafts } from './browserDrafts.js'
import { type Claim, createClaim } from './draftClaim.js'
import { createDraftFiles } from './draftFiles.js'
import { createDraftWriter } from './draftWriter.js'
import type { Environment } from './environment.js'
import type { News } from './news.js'
import type { Timing } from './timing.js'

export interface KeeperTools {
  readonly name: string
  /** Files up to so many bytes are kept. */
  readonly filesUpTo: number
  /** What the host gave at first. */
  readonly hostIds: readonly string[]
  readonly store: AnswerStore
  readonly environment: Environment
  readonly timing: Timing
  readonly rules: () => Rules
  /** The plan is looked at again, and everybody told. */
  readonly onChanged: () => void
  readonly tell: (news: News) => void
  /** A person has to choose its file again. */
  readonly onNeeded: (entry: NeededEntry) => void
  /** Bytes of an entry that may be read beside the sending; null: not now. */
  readonly bytesOf: (entry: LocalEntry) => Promise<Blob | null>
  /** Adds files that no restored entry waits for. */
  readonly addChosen: (chosen: readonly ChosenFile[]) => void
  /** An unfinished entry left for good. */
  readonly release: (entry: Entry) => void
  /** Asks what became of ids. */
  readonly describe: (ids: readonly string[]) => void
  /** There is no draft: warns, and lets the work begin. */
  readonly giveUp: (cause: unknown) => void
}

export interface DraftKeeper {
  /** Read, not yet or never; `off`: there is no draft. */
  readonly state: 'opening' | 'elsewhere' | 'working' | 'off'
  /** The id came from the draft. */
  isRecalled(id: string): boolean
  readonly claim: Claim
  /** Resolves once the draft holds what the entry is about to send. */
  recorded(entry: LocalEntry): Promise<void> | undefined
  /** A reset: nothing comes from the draft any more. */
  forget(): void
  stop(): void
  /** What is kept of the answer as it is now is forgotten; what changes later is kept again. */
  forgetUntilChanged(): Promise<void>
}

/** Keepers of this page, by the names of their drafts. */
const keepers = new Map<string, Set<DraftKeeper>>()

/** Forgets a draft, and has the keepers of this page not write it again. */
export async function forgetDraft(name: string): Promise<void> {
  const mine = Array.from(keepers.get(name) ?? [], (keeper) => keeper.forgetUntilChanged())
  await (mine.length > 0 ? Promise.all(mine) : browserDrafts.write(name, null))
}

export function keepDraft(o: KeeperTools): DraftKeeper {
  const { name, store, environment, timing } = o
  const { clock } = environment
  const storage = environment.drafts ?? browserDrafts
  const files = createDraftFiles({ ...o, storage, onChanged: () => writer.schedule(), onFull })
  const ended = new AbortController()
  let state: DraftKeeper['state'] = 'opening'
  let isForgotten = false
  let release: (() => void) | null = null
  const recalledIds = new Set<string>()
  let earlier: ReadonlySet<string> = new Set()
  /** Ids granted here or recalled; all others are the host's. */
  const ownIds = new Set<string>()
  const hostIds = new Set(o.hostIds)

  const tabs = storage.tabs(name, () => {
    if (state === 'elsewhere') show(false).catch(off)
  })

  /** IndexedDB may never answer: another tab blocks it. */
  function inTime<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = clock.after(timing.draftWait, () => reject(new Error('The browser’s storage does not answer.')))
      promise.then(resolve, reject).finally(cancel)
    })
  }

  async function open(): Promise<void> {
    const asked = storage.lock(name)
    // One that comes too late is for others.
    asked.then(
      (late) => state === 'off' && late?.(),
      () => {},
    )
    release = await inTime(asked)
    if (release === null) {
      await show(false)
      // A field of this page that was left a moment ago lets go by itself.
      const cancel = clock.after(timing.unmountGrace, () => enter('elsewhere'))
      release = await storage.lock(name, ended.signal).finally(cancel)
    }
    if (ended.signal.aborted) return release?.()
    await show(true)
    if (ended.signal.aborted) return
    enter('working')
    await flush()
    await sweep()
  }

  function enter(next: typeof state): void {
    if (ended.signal.aborted) return
    state = next
    o.onChanged()
  }

  let hasWarned = false
  function onFull(cause: unknown): void {
    if (hasWarned || state === 'off' || environment.isProduction || ended.signal.aborted) return
    hasWarned = true
    environment.warn('`persist`: the browser keeps no more files; after a reload they are asked for again.', cause)
  }

  /** There is no draft, or none any more. */
  function off(cause: unknown): void {
    if (state === 'off' || ended.signal.aborted) return
    state = 'off'
    release?.()
    stopListening()
    if (hasWarned) o.onChanged()
    else o.giveUp(cause)
  }

  /** Merges the draft as it is now. Without the right to work it is only shown. */
  async function show(works: boolean): Promise<void> {
    const draft = parseDraft(await inTime(storage.read(name)), storage.now())
    if (draft === null || isForgotten) {
      if (earlier.size > 0) merge({ recalled: [], hostIds: [] })
      return
    }
    const uploads = draft.entries.filter((entry): entry is DraftUpload => entry.kind === 'upload')
    const found = works ? await inTime(files.read(uploads)) : new Map<string, File>()
    if (ended.signal.aborted || isForgotten) return
    // Bytes that nothing vouches for are never joined to parts that are stored: they begin anew.
    const isUnsure = (entry: DraftUpload) => works && found.has(entry.key) && entry.fingerprint === null
    const recalled = draft.entries.map((kept): Recalled => {
      if (kept.kind === 'stored') return { entry: entryFrom(kept, null), isHosts: kept.isHosts }
      const file = works ? (found.get(kept.key) ?? null) : missingFile(kept)
      const entry = entryFrom(isUnsure(kept) ? { ...kept, grant: null } : kept, file)
      if (file === null && isNeeded(entry)) files.vouch(entry.file, kept.fingerprint)
      return { entry, isHosts: false }
    })
    for (const kept of draft.entries) {
      const id = kept.kind === 'stored' ? (kept.isHosts ? undefined : kept.id) : kept.grant?.id
      if (id !== undefined) recalledIds.add(id)
    }
    merge({ recalled, hostIds: draft.hostIds })
    if (!works) return
    for (const kept of uploads) if (isUnsure(kept) && kept.grant !== null) o.release(entryFrom(kept, missingFile(kept)))
    const { entries } = store.get()
    for (const entry of entries) if (isNeeded(entry)) o.onNeeded(entry)
    o.describe(recalled.flatMap(({ entry, isHosts }) => (entry.state === 'restored' && !isHosts ? [entry.id] : [])))
  }

  function merge({ recalled, hostIds: before }: { recalled: readonly Recalled[]; hostIds: readonly string[] }): void {
    for (const id of recalledIds) ownIds.add(id)
    // A file that was chosen meanwhile takes the one place there is.
    const isChosen = (entry: Entry) =>
      !earlier.has(entry.key) && entry.state !== 'restored' && entry.state !== 'rejected'
    const list = o.rules().maxFiles === 1 && store.get().entries.some(isChosen) ? [] : recalled
    store.apply((answer) => withDraft(answer, list, { hostIds: before, earlier }))
    earlier = new Set(list.map(({ entry }) => entry.key))
    o.onChanged()
  }

  function collect(): Draft | null {
    const answer = store.get()
    for (const entry of answer.entries) {
      const id = idOf(entry)
      if (id === undefined) continue
      if (entry.state !== 'restored') ownIds.add(id)
      else if (!ownIds.has(id)) hostIds.add(id)
    }
    const theirs = [...hostIds].filter((id) => !ownIds.has(id))
    const isHosts = (id: string) => !ownIds.has(id)
    return draftOf(answer, { savedAt: storage.now(), hostIds: theirs, isHosts, fingerprintOf: files.fingerprint })
  }

  const writer = createDraftWriter({
    clock,
    everyMs: timing.draftWrite,
    isWorking: () => state === 'working',
    collect,
    onLooked: files.tend,
    async write(draft) {
      await inTime(storage.write(name, draft))
      tabs.tell()
    },
    onFailed: off,
  })
  const { schedule, flush } = writer

  /** Drafts nobody came back to are forgotten, and files without a draft. */
  async function sweep(): Promise<void> {
    const known = new Set(store.get().keys)
    const left = (await storage.fileKeys(name)).filter((key) => !known.has(key))
    if (left.length > 0) await storage.deleteFiles(name, left)
    for (const other of await storage.names()) {
      if (other !== name && parseDraft(await storage.read(other), storage.now()) === null)
        await storage.write(other, null)
    }
  }

  const claim = createClaim({ ...o, files, isEnded: () => ended.signal.aborted })

  const endWatching = store.subscribe((answer, before) => {
    schedule()
    // A file that has just been chosen is kept before anything is asked for it.
    if (answer.keys !== before.keys) void flush()
  })
  const endHidden = storage.onHidden(() => void flush())
  function stopListening(): void {
    endWatching()
    endHidden()
    writer.cancel()
    tabs.close()
    keepers.get(name)?.delete(keeper)
  }

  const keeper: DraftKeeper = {
    get state() {
      return state
    },
    isRecalled: (id) => recalledIds.has(id),
    claim,
    async recorded(entry) {
      if (state !== 'working') return
      await files.take(entry)
      await flush()
    },
    forget() {
      isForgotten = true
      hostIds.clear()
      schedule()
      void flush()
    },
    stop() {
      const isWorking = state === 'working'
      void (isWorking ? flush() : Promise.resolve()).finally(() => {
        ended.abort()
        release?.()
        stopListening()
      })
    },
    async forgetUntilChanged() {
      isForgotten = true
      await writer.takeAsWritten()
      await inTime(storage.write(name, null)).catch(off)
      tabs.tell()
    },
  }
  keepers.set(name, (keepers.get(name) ?? new Set()).add(keeper))
  open().catch(off)
  return keeper
}
