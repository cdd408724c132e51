/** Checking a submitted answer: the ids are all the page sends, and nothing of what it says is believed unproved. */
import type { ServerRules } from '../protocol/index.js'
import { breachesOf, breachOf, mergeRules } from './fileRules.js'
import type { GrantedFile, Who } from './grantedFile.js'
import { isDamaged } from './integrity.js'
import { inParallel } from './parallel.js'
import type { Settings } from './settings.js'
import { storedAsGranted } from './storage.js'

export interface VerifyOptions extends Who {
  /** Limits for this answer, over those of the `rules` option. */
  readonly rules?: ServerRules
  /** Ids of the answer as it was saved before: their age is not judged. */
  readonly saved?: readonly string[]
  /**
   * Seconds from its grant in which an id may be handed in.
   * @default 86400 (24 h)
   */
  readonly maxAge?: number
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
}

/** What is wrong: `invalid`, `duplicate`, `expired`, `not-stored`, `damaged`, or the code of a rule. Without an id it is the answer as a whole. */
export interface Problem {
  readonly id: string | null
  readonly code: string
}

/** The files in the order of the ids, or every problem found. */
export type Verification =
  | { readonly ok: true; readonly files: readonly VerifiedFile[] }
  | { readonly ok: false; readonly problems: readonly Problem[] }

type Candidate = { readonly id: string; readonly file: GrantedFile }

const day = 86_400
/** More ids than any answer has: a longer list is refused before it costs anything. */
const maxIds = 10_000

/**
 * Checks an answer. Ids, ages and rules come first and cost nothing; only an answer that passes them is looked up in
 * storage, one HEAD a file.
 */
export async function verifyAnswer(ids: unknown, options: VerifyOptions, settings: Settings): Promise<Verification> {
  if (!Array.isArray(ids)) return { ok: false, problems: [{ id: null, code: 'invalid' }] }
  if (ids.length > maxIds) return { ok: false, problems: [{ id: null, code: 'too-many' }] }
  const { subject, field, context, maxAge = day } = options
  const who = { subject, field, context }
  const rules = mergeRules(await settings.rulesFor(who), options.rules)
  const saved = new Set(options.saved)
  const youngest = Math.floor(Date.now() / 1000) - maxAge

  const problems: Problem[] = []
  const candidates: Candidate[] = []
  const keys = new Set<string>()
  const files = await inParallel(ids as unknown[], (id) => settings.ids.read(id, who))
  for (const [index, file] of files.entries()) {
    const id: unknown = ids[index]
    if (typeof id !== 'string' || file === null) {
      problems.push({ id: typeof id === 'string' ? id : null, code: 'invalid' })
      continue
    }
    // The key is the file's identity: two ids of one file are one file twice.
    const key = JSON.stringify([file.bucket, file.key])
    if (keys.has(key)) problems.push({ id, code: 'duplicate' })
    else if (!saved.has(id) && file.issuedAt < youngest) problems.push({ id, code: 'expired' })
    else {
      const breach = breachOf(rules, file)
      if (breach !== null) problems.push({ id, code: breach.code })
      candidates.push({ id, file })
    }
    keys.add(key)
  }
  const whole = breachesOf(
    rules,
    candidates.map(({ file }) => file),
  )
  problems.push(...whole.map(({ code }) => ({ id: null, code })))
  return problems.length > 0 ? { ok: false, problems } : lookUp(candidates, options.signal, settings)
}

async function lookUp(
  candidates: readonly Candidate[],
  signal: AbortSignal | undefined,
  settings: Settings,
): Promise<Verification> {
  const found = await inParallel(candidates, async ({ id, file }): Promise<Problem[]> => {
    const object = await storedAsGranted(settings.storage, file, signal)
    if (object === null) return [{ id, code: 'not-stored' }]
    return (await isDamaged(file, object, settings, { parts: null, signal })) ? [{ id, code: 'damaged' }] : []
  })
  const problems = found.flat()
  if (problems.length > 0) return { ok: false, problems }
  return {
    ok: true,
    files: candidates.map(({ id, file: { bucket, key, name, size, type } }) => ({ id, bucket, key, name, size, type })),
  }
}
