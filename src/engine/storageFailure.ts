/** What storage's answer, or its silence, means: stored, or a Failure with a remedy. Measured verdicts: docs/architecture.md. */
import { type Failure, failure } from '../protocol/failure.js'
import type { Clock, StorageOutcome } from './environment.js'
import { hinted } from './hinted.js'

/** `exists`: 412, the usual sign of success after a lost answer, since browsers resend a request by themselves. */
export type Verdict =
  | { readonly stored: true }
  | { readonly stored: false; readonly exists: true }
  | {
      readonly stored: false
      readonly failure: Failure
      /**
       * All bytes left, and no answer could be read: it was lost, or was a refusal. `perhaps`: nobody watched them leave,
       * and it may as well be that nothing was sent.
       */
      readonly unanswered: boolean | 'perhaps'
    }

/** The failure of a file whose bytes left twice, each time without an answer that the page may read. */
export const refusedUnread = (clock: Clock): Promise<Failure> =>
  hinted(failure('storage-rejected', { status: 0 }), (advice) => advice.refusedUnread, clock)

/** The code in S3's XML error, such as `EntityTooLarge`; storage's own words are never shown. */
export function storageCodeOf(body: string): string | undefined {
  return /<Code>([A-Za-z0-9.]{1,80})<\/Code>/.exec(body)?.[1]
}

/** Seconds or an HTTP date into ms from now; undefined where absent or senseless. */
export function retryAfterMs(header: string | null, clock: Pick<Clock, 'until'>): number | undefined {
  if (header === null || header.trim() === '') return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const untilDate = clock.until(header)
  return Number.isNaN(untilDate) ? undefined : Math.max(0, untilDate)
}

const grantCodes = /^(ExpiredToken|TokenRefreshRequired|RequestTimeTooSkewed|SignatureDoesNotMatch|RequestExpired)$/
const passingCodes = /^(RequestTimeout|IncompleteBody|SlowDown|InternalError|ServiceUnavailable|OperationAborted)$/

/** What an answer of storage means. */
export function verdictOf(
  { status, body, header, sentAll }: StorageOutcome,
  clock: Pick<Clock, 'until'>,
  isBlocked: boolean,
): Verdict {
  if (status >= 200 && status < 300) return { stored: true }
  // MinIO answered a conditional PUT with 304.
  if (status === 412 || status === 304) return { stored: false, exists: true }
  const storageCode = storageCodeOf(body)
  const more = { status, storageCode }
  const told = (it: Failure, unanswered = false): Verdict => ({ stored: false, failure: it, unanswered })
  if (status === 0) {
    // What the page itself forbids no try will change.
    return isBlocked ? told(failure('storage-rejected', more)) : told(failure('network', more), sentAll === true)
  }
  const waiting = { ...more, retryAfterMs: retryAfterMs(header('retry-after'), clock) }
  // The upload that a part belongs to was aborted, or swept: the file begins anew.
  if (storageCode === 'NoSuchUpload') return told(failure('not-stored', more))
  if (status === 429 || storageCode === 'SlowDown') return told(failure('rate-limited', waiting))
  if (status >= 500 || status === 408 || status === 409 || passingCodes.test(storageCode ?? '')) {
    return told(failure('server', waiting))
  }
  if (storageCode === 'BadDigest' || storageCode === 'XAmzContentSHA256Mismatch') return told(failure('damaged', more))
  if (status === 403 || grantCodes.test(storageCode ?? '')) {
    const expired = storageCode === 'ExpiredToken' || /expired/i.test(body)
    const code = expired ? 'url-expired' : storageCode === 'AccessDenied' ? 'denied' : 'storage-rejected'
    return told(failure(code, { ...more, remedy: 'new-grant' }))
  }
  return told(failure('storage-rejected', more))
}
