/** The bytes behind a draft: files that are kept with it, and the fingerprints of all. */
import type { DraftUpload } from '../answer/draft.js'
import type { Entry, LocalEntry } from '../answer/entry.js'
import type { AnswerStore } from '../answer/store.js'
import type { DraftStorage, Environment } from './environment.js'
import { fingerprintOf } from './fingerprint.js'

/** All files together may be so many times what one may. */
const filesOfMost = 4

export interface DraftFiles {
  /** Of a file's bytes, once it is known; null before, and where they can't be read. */
  fingerprint(file: File): string | null
  /** Takes the fingerprint of a file now. */
  take(entry: LocalEntry): Promise<string | null>
  /** A file that is not there has this fingerprint. */
  vouch(file: File, fingerprint: string | null): void
  /** The kept files that are still what they were, by key. */
  read(uploads: readonly DraftUpload[]): Promise<ReadonlyMap<string, File>>
  /** Keeps files that came, and lets go of those that are stored or gone. */
  tend(): void
}

export function createDraftFiles(o: {
  readonly name: string
  readonly filesUpTo: number
  readonly store: AnswerStore
  readonly storage: DraftStorage
  readonly environment: Pick<Environment, 'subtle'>
  /** Bytes that may be read beside the sending; null: not now. */
  readonly bytesOf: (entry: LocalEntry) => Promise<Blob | null>
  /** The browser keeps no more files. */
  readonly onFull: (cause: unknown) => void
  /** A fingerprint came. */
  readonly onChanged: () => void
}): DraftFiles {
  const { name, filesUpTo, store, storage } = o
  const marks = new WeakMap<File, string | null>()
  const taking = new WeakMap<File, Promise<string | null>>()
  const queued = new WeakSet<File>()
  const kept = new Map<string, File>()
  let keptBytes = 0
  let isFull = false
  /** One file after the other: reading them all at once would fill the memory. */
  let marking = Promise.resolve()
  let keeping = Promise.resolve()

  function take(entry: LocalEntry): Promise<string | null> {
    const { file } = entry
    const known = taking.get(file)
    if (known !== undefined) return known
    const taken = bytesOf(entry).then(async (bytes) => {
      const mark = bytes && (await fingerprintOf(bytes, o.environment.subtle))
      // Another time it may be read.
      if (bytes === null) taking.delete(file)
      else marks.set(file, mark)
      if (mark !== null) o.onChanged()
      return mark
    })
    taking.set(file, taken)
    return taken
  }

  const bytesOf = (entry: LocalEntry) => o.bytesOf(entry).catch(() => null)

  function vouch(file: File, fingerprint: string | null): void {
    marks.set(file, fingerprint)
    taking.set(file, Promise.resolve(fingerprint))
  }

  async function readOne({ key, name: fileName, size, lastModified, fingerprint }: DraftUpload): Promise<File | null> {
    const blob = await storage.readFile(name, key)
    if (!(blob instanceof Blob) || blob.size !== size) return null
    const mark = await fingerprintOf(blob, o.environment.subtle)
    if (mark === null || (fingerprint !== null && fingerprint !== mark)) return null
    const file = new File([blob], fileName, { type: blob.type, lastModified })
    vouch(file, mark)
    kept.set(key, file)
    keptBytes += size
    return file
  }

  /** Its bytes are wanted until they are stored. */
  const isWanted = (entry: Entry): entry is LocalEntry =>
    entry.state !== 'restored' && entry.state !== 'done' && entry.state !== 'rejected' && entry.file.size === entry.size

  async function keep(entry: LocalEntry): Promise<void> {
    const { key, file, size } = entry
    if (isFull || kept.get(key) !== file) return
    const bytes = await bytesOf(entry)
    try {
      if (bytes !== null) return await storage.writeFile(name, key, bytes)
    } catch (cause) {
      // A file that changed on disk says nothing of the browser's room.
      if (bytes !== null && (await fingerprintOf(bytes, o.environment.subtle)) !== null) {
        isFull = true
        o.onFull(cause)
      }
    }
    if (kept.get(key) !== file) return
    kept.delete(key)
    keptBytes -= size
  }

  return {
    fingerprint: (file) => marks.get(file) ?? null,
    take,
    vouch,
    async read(uploads) {
      const files = new Map<string, File>()
      for (const upload of uploads) {
        const file = await readOne(upload).catch(() => null)
        if (file !== null) files.set(upload.key, file)
      }
      return files
    },
    tend() {
      const wanted = new Map(
        store
          .get()
          .entries.filter(isWanted)
          .map((entry) => [entry.key, entry]),
      )
      const left = [...kept.keys()].filter((key) => !wanted.has(key))
      for (const key of left) {
        keptBytes -= kept.get(key)?.size ?? 0
        kept.delete(key)
      }
      if (left.length > 0) keeping = keeping.then(() => storage.deleteFiles(name, left).catch(() => {}))
      for (const entry of wanted.values()) {
        const { key, file, size } = entry
        if (!queued.has(file)) {
          queued.add(file)
          marking = marking.then(async () => {
            if ((await take(entry)) === null && !marks.has(file)) queued.delete(file)
          })
        }
        const before = kept.get(key)
        if (before === file || size > filesUpTo) continue
        const bytes = keptBytes + size - (before?.size ?? 0)
        if (isFull || bytes > filesUpTo * filesOfMost) continue
        kept.set(key, file)
        keptBytes = bytes
        keeping = keeping.then(() => keep(entry))
      }
    },
  }
}
