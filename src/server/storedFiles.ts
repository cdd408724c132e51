/** Looking at files in storage before an answer is saved: there as granted, whole, what they claim to be, and let through. */
import type { AnswerRule, FileRule } from './fileRules.js'
import type { GrantedFile, Who } from './grantedFile.js'
import { firstBytesOf, kindOf, mayBe } from './firstBytes.js'
import { checksumOf, isDamaged } from './integrity.js'
import { inParallel } from './parallel.js'
import type { Settings } from './settings.js'
import { storedAsGranted, type StoredObject } from './storage.js'

/** A genuine id and the file it stands for. */
export interface Candidate {
  readonly id: string
  readonly file: GrantedFile
}

/** A candidate that storage has just as it was granted. */
export interface FoundFile extends Candidate {
  readonly object: StoredObject
}

/** What can be wrong with one file of an answer. The codes of rules are those of the field. */
export type FileProblemCode =
  /** No id of this person for this question: unknown, foreign and forged alike. */
  | 'invalid'
  /** The same file twice. */
  | 'duplicate'
  /** Older than `maxAge`, and not among `saved`. */
  | 'expired'
  /** Absent, or of another size or type than granted. */
  | 'not-stored'
  /** The bytes are not those of the checksum. */
  | 'damaged'
  /** The first bytes are those of another type than the file claims. */
  | 'content-differs'
  /** A scan is running: ask again. */
  | 'checking'
  /** The scan refused it. */
  | 'unsafe'
  | FileRule

/** What can be wrong with an answer as a whole. */
export type AnswerProblemCode = 'invalid' | AnswerRule

/** What is wrong with which: with one file, or (`id: null`) with the answer as a whole or with a member that is no string. */
export type Problem =
  | {
      readonly id: string
      readonly code: FileProblemCode
      /** For `content-differs`: the type that the bytes look like, where our table knows it. */
      readonly looksLike?: string
      /** For `checking`: seconds until it is worth asking again. */
      readonly retryAfter?: number
    }
  | { readonly id: null; readonly code: AnswerProblemCode }

/** How closely files are looked at, beyond that they are stored as granted. */
export interface Look {
  readonly signal?: AbortSignal | undefined
  /** Base64 SHA-256 that files must have, by id. */
  readonly checksums?: Readonly<Record<string, string>> | undefined
  /** Compare the first bytes with the claimed type. */
  readonly firstBytes?: boolean | undefined
  /** Ids that `onStored` is not asked about again. */
  readonly trusted?: ReadonlySet<string> | undefined
}

async function problemOf({ id, file, object }: FoundFile, who: Who, settings: Settings, look: Look) {
  const { signal, checksums = {}, firstBytes = false, trusted } = look
  const expected = Object.hasOwn(checksums, id) ? checksums[id] : undefined
  const isOther = expected !== undefined && (await checksumOf(file, object, settings, signal)) !== expected
  if (isOther || (await isDamaged(file, object, settings, { parts: null, signal }))) {
    return { id, code: 'damaged' } as const
  }
  if (firstBytes) {
    const bytes = await firstBytesOf(file, settings.storage, signal)
    const looksLike = kindOf(bytes)
    if (!mayBe(file.type, bytes))
      return { id, code: 'content-differs', ...(looksLike === null ? {} : { looksLike }) } as const
  }
  if (trusted?.has(id)) return null
  // A page that leaves `complete` out does not get round the scan.
  const verdict = await settings.onStored?.({ ...file, id, etag: object.etag }, who)
  if (verdict?.status === 'checking') return { id, code: 'checking', retryAfter: verdict.retryAfter } as const
  return verdict?.status === 'unsafe' ? ({ id, code: 'unsafe' } as const) : null
}

/** Looks at all candidates, one HEAD a file, in parallel. */
export async function lookAt(
  candidates: readonly Candidate[],
  who: Who,
  settings: Settings,
  look: Look,
): Promise<{ readonly found: readonly FoundFile[]; readonly problems: readonly Problem[] }> {
  const looked = await inParallel(candidates, async (candidate): Promise<FoundFile | Problem> => {
    const { id, file } = candidate
    const object = await storedAsGranted(settings.storage, file, look.signal)
    if (object === null) return { id, code: 'not-stored' }
    const found = { ...candidate, object }
    return (await problemOf(found, who, settings, look)) ?? found
  })
  return {
    found: looked.filter((each) => 'object' in each),
    problems: looked.filter((each) => 'code' in each),
  }
}
