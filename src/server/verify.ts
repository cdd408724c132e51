/** Checking a submitted answer: the ids are all the page sends, and nothing of what it says is believed unproved. */
import type { ServerRules } from '../protocol/index.js'
import { breachesOf, breachOf, mergeRules } from './fileRules.js'
import type { Who } from './grantedFile.js'
import { inParallel } from './parallel.js'
import type { Settings } from './settings.js'
import { type Candidate, lookAt, type Problem } from './storedFiles.js'

export interface VerifyOptions extends Who {
  /** Limits for this answer, over those of the `rules` option. */
  readonly rules?: ServerRules
  /** Ids of the answer as it was saved before: their age is not judged, and `onStored` is not asked about them again. */
  readonly saved?: readonly string[]
  /**
   * Seconds from its grant in which an id may be handed in.
   * @default 86400 (24 h)
   */
  readonly maxAge?: number
  /**
   * Base64 SHA-256 that files must have, by id, where you know them: compared with the store's own sum, else the file
   * is read. `damaged` where it differs.
   */
  readonly checksums?: Readonly<Record<string, string>>
  /**
   * Whether the first kilobyte of each file is read and compared with its type: `content-differs` for a program that
   * calls itself a picture. Types without a sign of their own pass.
   * @default false
   */
  readonly firstBytes?: boolean
  /** Ends the requests to storage. */
  readonly signal?: AbortSignal
}

/** A file of a verified answer. */
export interface VerifiedFile {
  readonly id: string
  readonly bucket: string
  readonly key: string
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly type: string
  /** The storage's mark of these very bytes, as it was looked at; absent where it was not. */
  readonly etag?: string
}

/** The files in the order of the ids, or every problem found. */
export type Verification =
  | { readonly ok: true; readonly files: readonly VerifiedFile[] }
  | { readonly ok: false; readonly problems: readonly Problem[] }

const day = 86_400
/** More ids than any answer has: a longer list is refused before it costs anything. */
const maxIds = 10_000

const isList = (ids: unknown): ids is readonly unknown[] => Array.isArray(ids) && ids.length <= maxIds

/** The genuine ids of a list, in its order, each file once; and what is wrong with the others. */
export async function readCandidates(
  ids: unknown,
  who: Who,
  settings: Settings,
): Promise<{ readonly candidates: readonly Candidate[]; readonly problems: readonly Problem[] }> {
  if (!isList(ids))
    return { candidates: [], problems: [{ id: null, code: Array.isArray(ids) ? 'too-many' : 'invalid' }] }
  const problems: Problem[] = []
  const candidates: Candidate[] = []
  const keys = new Set<string>()
  const files = await inParallel(ids, (id) => settings.ids.read(id, who))
  for (const [index, file] of files.entries()) {
    const id = ids[index]
    if (typeof id !== 'string') problems.push({ id: null, code: 'invalid' })
    else if (file === null) problems.push({ id, code: 'invalid' })
    else {
      // The key is the file's identity: two ids of one file are one file twice.
      const key = JSON.stringify([file.bucket, file.key])
      if (keys.has(key)) problems.push({ id, code: 'duplicate' })
      else candidates.push({ id, file })
      keys.add(key)
    }
  }
  return { candidates, problems }
}

/**
 * Checks an answer. Ids, ages and rules come first and cost nothing; only an answer that passes them is looked up in
 * storage, one HEAD a file.
 */
export async function verifyAnswer(ids: unknown, options: VerifyOptions, settings: Settings): Promise<Verification> {
  const { subject, field, context, maxAge = day } = options
  const who = { subject, field, context }
  const rules = mergeRules(await settings.rulesFor(who), options.rules)
  const saved = new Set(options.saved)
  const youngest = Math.floor(Date.now() / 1000) - maxAge

  const { candidates, problems } = await readCandidates(ids, who, settings)
  if (!isList(ids)) return { ok: false, problems }
  const fresh = candidates.filter(({ id, file }) => saved.has(id) || file.issuedAt >= youngest)
  const found: Problem[] = [
    ...problems,
    ...candidates.filter((each) => !fresh.includes(each)).map(({ id }) => ({ id, code: 'expired' as const })),
    ...fresh.flatMap(({ id, file }) => {
      const breach = breachOf(rules, file)
      return breach === null ? [] : [{ id, code: breach.code }]
    }),
    ...breachesOf(
      rules,
      fresh.map(({ file }) => file),
    ).map(({ code }) => ({ id: null, code })),
  ]
  if (found.length > 0) return { ok: false, problems: found }

  const { signal, checksums, firstBytes } = options
  const looked = await lookAt(fresh, who, settings, { signal, checksums, firstBytes, trusted: saved })
  if (looked.problems.length > 0) return { ok: false, problems: looked.problems }
  return {
    ok: true,
    files: looked.found.map(({ id, file: { bucket, key, name, size, type }, object: { etag } }) => ({
      id,
      bucket,
      key,
      name,
      size,
      type,
      etag,
    })),
  }
}
