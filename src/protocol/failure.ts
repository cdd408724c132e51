/**
 * One value for everything that can go wrong: a code for people's words, a remedy for the engine,
 * a hint and a cause for developers. Signed URLs and tokens never enter any member.
 */

import { stated } from './stated.js'

/** Every code the field has words for, grouped by who can act: the person, the way, the host, the storage. */
export const failureCodes = [
  // admission: the file itself is not what the question asks for
  'file-type',
  'file-too-large',
  'file-too-small',
  'file-empty',
  'too-many',
  'total-too-large',
  'duplicate',
  'folder',
  'name-invalid',
  // the file on the person's device
  'unreadable',
  // restored from a draft that does not hold its bytes
  'file-needed',
  // the way
  'network',
  'timeout',
  // permission
  'url-expired',
  'denied',
  'closed',
  // service
  'rate-limited',
  'server',
  'storage-rejected',
  // the stored bytes
  'damaged',
  'unsafe',
  'protected',
  'gone',
  // the field as a whole
  'required',
  'too-few',
  'still-uploading',
  'has-failed',
] as const

/** A code of ours; a host may use strings of its own beside them (its words come from `Failure.message` or `messages.reasons`). */
export type FailureCode = (typeof failureCodes)[number]

/**
 * What the engine does about a failure: `wait` tries again by itself, `new-grant` asks for a fresh grant at once,
 * `person` needs a retry or a removal by the person, `none` can't be mended (the row is rejected).
 */
export type Remedy = 'wait' | 'new-grant' | 'person' | 'none'

/** Figures a message needs, by code: bytes for sizes, counts for numbers of files. */
export interface FailureFigures {
  /** What was found: the file's size, the total, the number of files. */
  readonly actual?: number
  /** What is allowed: the greatest or least size, the total, the number of files. */
  readonly limit?: number
  /** For `file-type`: the accepted types as people know them, such as `['PDF', 'HWP']`. */
  readonly kinds?: readonly string[]
}

/** Why something did not work, as a typed value. Never holds a URL's query, a token or a file's content. */
export interface Failure {
  /** One of {@link failureCodes}, or the host's own string. */
  readonly code: FailureCode | (string & {})
  readonly remedy: Remedy
  /** The host's own words, shown for a code that is not ours. */
  readonly message?: string
  readonly figures?: FailureFigures
  /** How long the other side asked us to wait, in ms. */
  readonly retryAfterMs?: number
  /** HTTP status, 0 when there was no readable answer. */
  readonly status?: number
  /** The storage's own code, such as `SignatureDoesNotMatch`. */
  readonly storageCode?: string
  /** One sentence for the developer: what is likely wrong and where to mend it. */
  readonly hint?: string
  /** Where it happened; on failures that the host is told of. */
  readonly stage?: 'admission' | 'prepare' | 'request' | 'send' | 'finish'
  /** The short reference that the failed row shows: the start of the `key` that `presign` was sent. */
  readonly reference?: string
  /** What was caught, for the developer's console. */
  readonly cause?: unknown
}

/** Thrown (or rejected with) where a promise has to carry a {@link Failure}. */
export class FailureError extends Error {
  override readonly name = 'FailureError'
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.hint ?? failure.code, failure)
    this.failure = failure
  }
}

/** Rejected with by `settled()`: some files of the field are not stored. */
export class FilesNotStored extends Error {
  override readonly name = 'FilesNotStored'
  /** One per file that is not stored, or one `aborted` when the wait itself was aborted or the field went away. */
  readonly failures: readonly Failure[]
  constructor(failures: readonly Failure[]) {
    super(`${failures.length} file(s) are not stored: ${failures.map((failure) => failure.code).join(', ')}`)
    this.failures = failures
  }
}

const remedies: Record<FailureCode, Remedy> = {
  'file-type': 'none',
  'file-too-large': 'none',
  'file-too-small': 'none',
  'file-empty': 'none',
  'too-many': 'none',
  'total-too-large': 'none',
  duplicate: 'none',
  folder: 'none',
  'name-invalid': 'none',
  unreadable: 'person',
  'file-needed': 'person',
  network: 'wait',
  timeout: 'wait',
  'url-expired': 'new-grant',
  denied: 'person',
  closed: 'person',
  'rate-limited': 'wait',
  server: 'wait',
  'storage-rejected': 'person',
  damaged: 'wait',
  unsafe: 'person',
  protected: 'person',
  gone: 'person',
  required: 'person',
  'too-few': 'person',
  'still-uploading': 'person',
  'has-failed': 'person',
}

/** Whether a string is one of our codes. */
export function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(remedies, code)
}

/** What may be known of a failure; undefined: nothing. */
type More = { readonly [Name in Exclude<keyof Failure, 'code'>]?: Failure[Name] | undefined }

/** A failure with the code's usual remedy; `more` adds figures, hints or another remedy. */
export function failure(code: Failure['code'], more: More = {}): Failure {
  const remedy = isFailureCode(code) ? remedies[code] : 'person'
  return stated({ code, ...more, remedy: more.remedy ?? remedy })
}

/** Whether an unknown value is a {@link Failure}. */
export function isFailure(value: unknown): value is Failure {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<Failure>).code === 'string' &&
    typeof (value as Partial<Failure>).remedy === 'string'
  )
}

/**
 * Reads what a host's code threw: a Failure, an error that carries one, or an error whose own `code` is one of ours
 * (`Object.assign(new Error(), { code: 'denied' })`). Anything else is `server`, with the cause kept.
 */
export function failureFrom(thrown: unknown): Failure {
  if (isFailure(thrown)) return thrown
  if (typeof thrown === 'object' && thrown !== null) {
    const { failure: carried, code, message } = thrown as { failure?: unknown; code?: unknown; message?: unknown }
    if (isFailure(carried)) return carried
    if (typeof code === 'string' && isFailureCode(code)) return failure(code, { cause: thrown })
    if (!(thrown instanceof Error) && typeof code === 'string' && typeof message === 'string') {
      return failure(code, { message, cause: thrown })
    }
  }
  return failure(isNetworkError(thrown) ? 'network' : 'server', { cause: thrown })
}

/** What `fetch` throws when the network is gone, in Chromium, Firefox, Safari and Node: all but the words is alike. */
function isNetworkError(thrown: unknown): boolean {
  return (
    thrown instanceof TypeError &&
    /failed to fetch|networkerror|load failed|fetch failed|network request failed/i.test(thrown.message)
  )
}

/** Codes that backend and page speak among themselves: people are told `server`. `not-stored` and `expired` the engine mends. */
const protocolCodes: ReadonlySet<string> = new Set([
  'invalid',
  'unknown-action',
  'batch-too-large',
  'content-type',
  'method-not-allowed',
  'unavailable',
])

/** A failure as people may be told of it: a code of the protocol becomes ours, its words a hint for the developer. */
export function inOurWords(told: Failure): Failure {
  if (!protocolCodes.has(told.code)) return told
  const { code, message, ...rest } = told
  return { ...rest, code: 'server', hint: `The backend answered ${code}${message === undefined ? '' : `: ${message}`}` }
}
