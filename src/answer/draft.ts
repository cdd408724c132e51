/**
 * An answer as a plain value that outlives the page. It holds names, sizes, dates, ids and upload tokens; never a URL, a
 * policy or a header. What is read back is untrusted; `recalled.ts` makes an answer of it.
 */
import { isObject, type MultipartGrant } from '../protocol/grant.js'
import { parseStoredFile, type StoredFile } from '../protocol/storedFile.js'
import type { Answer } from './answer.js'
import { type Entry, heldBy, type HeldGrant, type LocalEntry } from './entry.js'
import { storedFileOf } from './selectors.js'
import { withMeta } from './transition.js'

/** A stored file of the answer. */
export interface DraftStored {
  readonly kind: 'stored'
  readonly key: string
  readonly id: string
  /** Without links; null: nobody described it. */
  readonly file: StoredFile | null
  /** What the person said of it. */
  readonly meta?: unknown
  /** The host gave the id: it stays only as long as the host gives it. */
  readonly isHosts: boolean
}

/** A file that was not stored yet. */
export interface DraftUpload {
  readonly kind: 'upload'
  readonly key: string
  readonly name: string
  readonly size: number
  readonly type: string
  readonly path?: string
  /** Epoch ms, as the file says. */
  readonly lastModified: number
  /** Of its bytes; null: none was taken in time, and nothing is joined. */
  readonly fingerprint: string | null
  readonly prepared: boolean
  readonly started: boolean
  readonly isPaused: boolean
  readonly replaces: string | null
  readonly meta?: unknown
  readonly grant: DraftGrant | null
}

/** What is kept of a grant; a single request's URL is asked for anew, with the id. */
export interface DraftGrant {
  readonly id: string
  readonly multipart: Pick<MultipartGrant, 'upload' | 'partSize' | 'partChecksums'> | null
  /** All bytes were sent; the backend had yet to confirm. */
  readonly isSent: boolean
}

export type DraftEntry = DraftStored | DraftUpload

export interface Draft {
  readonly version: 1
  /** Epoch ms. */
  readonly savedAt: number
  /** Ids the host gave: one that is here and not among the entries was removed by the person. */
  readonly hostIds: readonly string[]
  readonly entries: readonly DraftEntry[]
}

/** A draft is forgotten after this, ms: as long as storage keeps unfinished uploads. */
export const draftLifeMs = 7 * 24 * 60 * 60 * 1000

export interface DraftSource {
  readonly savedAt: number
  readonly hostIds: readonly string[]
  readonly isHosts: (id: string) => boolean
  readonly fingerprintOf: (file: File) => string | null
}

/** What there is to keep of an answer, or null: it is empty, or just what the host gave. A removal counts at once. */
export function draftOf(answer: Answer, o: DraftSource): Draft | null {
  const entries = answer.entries.flatMap((entry): DraftEntry[] => {
    if (entry.state === 'rejected') return []
    return [entry.state === 'restored' || entry.state === 'done' ? storedIn(entry, o) : uploadIn(entry, o)]
  })
  const { hostIds } = o
  const isAsGiven =
    entries.length === hostIds.length &&
    entries.every(
      (entry, position) =>
        entry.kind === 'stored' && entry.isHosts && entry.id === hostIds[position] && entry.meta === undefined,
    )
  return entries.length === 0 || isAsGiven ? null : { version: 1, savedAt: o.savedAt, hostIds, entries }
}

function storedIn(entry: Entry & { readonly state: 'restored' | 'done' }, o: DraftSource): DraftStored {
  const { key, id } = entry
  const file = entry.state === 'restored' ? entry.stored : storedFileOf(entry)
  return {
    kind: 'stored',
    key,
    id,
    file: file && withoutLinks(file),
    isHosts: entry.state === 'restored' && o.isHosts(id),
    ...withMeta(entry.meta),
  }
}

function withoutLinks({ id, name, size, type, meta }: StoredFile): StoredFile {
  return { id, name, size, type, ...withMeta(meta) }
}

function uploadIn(entry: LocalEntry, o: DraftSource): DraftUpload {
  const { key, name, size, type, path, prepared, started, replaces, file } = entry
  const held = heldBy(entry)
  return {
    kind: 'upload',
    key,
    name,
    size,
    type,
    ...(path === undefined ? {} : { path }),
    lastModified: file.lastModified,
    fingerprint: o.fingerprintOf(file),
    prepared,
    started,
    isPaused: entry.state === 'paused',
    replaces,
    ...withMeta(entry.meta),
    grant: held === null ? null : grantIn(entry, held),
  }
}

function grantIn(entry: LocalEntry, { grant }: HeldGrant): DraftGrant {
  const { id } = grant
  const hashed = grant.method === 'MULTIPART' && grant.partChecksums === true ? { partChecksums: true } : {}
  const multipart = grant.method === 'MULTIPART' ? { upload: grant.upload, partSize: grant.partSize, ...hashed } : null
  return { id, multipart, isSent: entry.state === 'finishing' || ('step' in entry && entry.step === 'finish') }
}

/** Keys stand in element ids. */
const isKey = (value: unknown): value is string => typeof value === 'string' && /^[\w-]{1,64}$/.test(value)
const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/** A draft from storage; null where it is none, or too old. Entries that make no sense are left out. */
export function parseDraft(value: unknown, now: number): Draft | null {
  if (!isObject(value) || value.version !== 1 || typeof value.savedAt !== 'number') return null
  // A clock that was wrong must not keep it for ever.
  if (!(Math.abs(now - value.savedAt) <= draftLifeMs) || !Array.isArray(value.entries)) return null
  const seen = new Set<string>()
  const entries = (value.entries as unknown[]).flatMap((each): DraftEntry[] => {
    const entry = isObject(each) ? parseEntry(each) : null
    if (entry === null) return []
    const id = entry.kind === 'stored' ? entry.id : entry.grant?.id
    const marks = [`key ${entry.key}`, ...(id === undefined ? [] : [`id ${id}`])]
    if (marks.some((mark) => seen.has(mark))) return []
    for (const mark of marks) seen.add(mark)
    return [entry]
  })
  const hostIds = Array.isArray(value.hostIds) ? (value.hostIds as unknown[]).filter(isText) : []
  return entries.length === 0 ? null : { version: 1, savedAt: value.savedAt, hostIds, entries }
}

function parseEntry(value: Readonly<Record<string, unknown>>): DraftEntry | null {
  const { kind, id, name, size, type, path, lastModified, fingerprint, replaces } = value
  if (!isKey(value.key)) return null
  // Keys of stored files are counted anew on each page.
  const key = value.key.replace(/^stored/, 'draft-stored')
  if (kind === 'stored') {
    if (!isText(id)) return null
    const file = parseStoredFile(value.file)
    const isHosts = value.isHosts === true
    return { kind, key, id, file: file?.id === id ? withoutLinks(file) : null, isHosts, ...withMeta(value.meta) }
  }
  if (kind !== 'upload' || !isText(name) || !isCount(size) || typeof type !== 'string') return null
  return {
    kind,
    key,
    name,
    size,
    type,
    ...(isText(path) ? { path } : {}),
    lastModified: typeof lastModified === 'number' && Number.isFinite(lastModified) ? lastModified : 0,
    fingerprint: isText(fingerprint) ? fingerprint : null,
    prepared: value.prepared === true,
    started: value.started !== false,
    isPaused: value.isPaused === true,
    replaces: isKey(replaces) ? replaces.replace(/^stored/, 'draft-stored') : null,
    ...withMeta(value.meta),
    grant: parseGrant(value.grant),
  }
}

function parseGrant(value: unknown): DraftGrant | null {
  if (!isObject(value) || !isText(value.id)) return null
  const { id, multipart } = value
  const isSent = value.isSent === true
  if (!isObject(multipart)) return { id, multipart: null, isSent }
  const { upload, partSize } = multipart
  const hashed = multipart.partChecksums === true ? { partChecksums: true } : {}
  return isText(upload) && isCount(partSize) && partSize > 0
    ? { id, multipart: { upload, partSize, ...hashed }, isSent }
    : null
}
