/** Moving files on: into a draft that outlives a day (`keep`), into a saved answer (`claim`). */
import { copyFile } from './copyFile.js'
import type { GrantedFile, Who } from './grantedFile.js'
import { isBefore, keyAt, type Stage, stageOf } from './lasting.js'
import { tagStage } from './objectTags.js'
import { inParallel } from './parallel.js'
import type { Settings } from './settings.js'
import { storedAsGranted } from './storage.js'
import { type Candidate, type FoundFile, lookAt, type Problem } from './storedFiles.js'
import { readCandidates, type VerifiedFile } from './verify.js'

/** A file that was moved on. */
export interface ClaimedFile extends VerifiedFile {
  /** The id as it was handed in; `id` is the one to save. */
  readonly from: string
}

/** The files with the ids to save, in the order given; or every problem found, and nothing is saved. */
export type Claim =
  | { readonly ok: true; readonly files: readonly ClaimedFile[] }
  | { readonly ok: false; readonly problems: readonly Problem[] }

export interface ClaimOptions {
  /** Ids of the answer as it was saved before: `onStored` is not asked about them again. */
  readonly saved?: readonly string[]
  /** Ends the requests to storage. */
  readonly signal?: AbortSignal
}

/** A file that is where it is to be, and what storage calls the bytes, where it was asked. */
interface Settled {
  readonly file: GrantedFile
  readonly etag: string | null
}

const seconds = () => Math.floor(Date.now() / 1000)

/**
 * Moves files on to a stage. All are looked at first, so that an answer with a problem leaves nothing behind. Called
 * again, also after an answer that was lost, it finds what it did and gives the same files.
 */
async function moveOn(
  stage: Exclude<Stage, 'upload'>,
  ids: unknown,
  who: Who,
  settings: Settings,
  { signal, saved }: ClaimOptions,
): Promise<Claim> {
  const { candidates, problems: invalid } = await readCandidates(ids, who, settings)
  const settled = new Map<string, Settled>()
  const waiting: Candidate[] = []
  await inParallel(candidates, async ({ id, file }) => {
    const there = await alreadyAt(stage, file, settings, signal)
    if (there === null) waiting.push({ id, file })
    else settled.set(id, there)
  })
  const { found, problems } = await lookAt(waiting, who, settings, { signal, trusted: new Set(saved) })
  if (invalid.length + problems.length > 0) return { ok: false, problems: [...invalid, ...problems] }

  const changed: Problem[] = []
  await inParallel(found, async (each) => {
    const moved = await move(stage, each, settings, signal)
    if (moved === null) changed.push({ id: each.id, code: 'not-stored' })
    else settled.set(each.id, { file: moved, etag: each.object.etag })
  })
  if (changed.length > 0) return { ok: false, problems: changed }

  const files = await inParallel(candidates, async ({ id: from, file: was }): Promise<ClaimedFile> => {
    const { file, etag } = settled.get(from) ?? { file: was, etag: null }
    // A draft's age begins anew; an answer's ids are the same whenever they are asked for.
    const dated = stage === 'draft' ? { ...file, issuedAt: seconds() } : file
    const isSame = dated.key === was.key && dated.issuedAt === was.issuedAt
    const id = isSame ? from : await settings.ids.issue(dated, who)
    const { bucket, key, name, size, type } = file
    return { id, from, bucket, key, name, size, type, ...(etag === null ? {} : { etag }) }
  })
  return { ok: true, files }
}

/** The file where it is at this stage or beyond already; null where it has to be moved, or its tag asked. */
async function alreadyAt(
  stage: Exclude<Stage, 'upload'>,
  file: GrantedFile,
  { storage, lasting }: Settings,
  signal: AbortSignal | undefined,
): Promise<Settled | null> {
  if (lasting.by === 'tag') return null
  if (!isBefore(stageOf(file.key, lasting), stage)) return { file, etag: null }
  const target = { ...file, key: keyAt(stage, file.key, lasting) }
  const object = await storedAsGranted(storage, target, signal)
  return object === null ? null : { file: target, etag: object.etag }
}

/** Moves one file that was looked at; null where it changed meanwhile. */
async function move(
  stage: Exclude<Stage, 'upload'>,
  { file, object }: FoundFile,
  { storage, lasting }: Settings,
  signal: AbortSignal | undefined,
): Promise<GrantedFile | null> {
  if (lasting.by === 'tag') return (await tagStage(storage, file, stage, signal)) ? file : null
  const key = keyAt(stage, file.key, lasting)
  return (await copyFile(storage, file, object, key, { signal })) ? { ...file, key } : null
}

/** See `Uploads.claim`. */
export const claim = (ids: unknown, who: Who, settings: Settings, options: ClaimOptions = {}): Promise<Claim> =>
  moveOn('answer', ids, who, settings, options)

/** See `Uploads.keep`. */
export const keep = (ids: unknown, who: Who, settings: Settings, options: ClaimOptions = {}): Promise<Claim> =>
  moveOn('draft', ids, who, settings, options)
