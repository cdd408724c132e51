/** Why a call is refused, as the protocol says it: a code, words for the developer, and a fitting HTTP status. */

const statuses: Readonly<Record<string, number>> = {
  invalid: 400,
  'unknown-action': 400,
  denied: 403,
  closed: 403,
  'not-stored': 404,
  'method-not-allowed': 405,
  expired: 410,
  'batch-too-large': 413,
  'content-type': 415,
  damaged: 422,
  unsafe: 422,
  'rate-limited': 429,
  server: 500,
  unavailable: 503,
}

/**
 * Thrown to refuse a call with a reason of its own. `authorize` may throw it too, to say more than no:
 * `throw new Refusal('rate-limited', { retryAfter: 5 })`, `throw new Refusal('closed')`.
 * Its message reaches the page; put nothing secret in it.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: string
  /** HTTP status; by default the one that fits the code, 403 for a code of the host's own. */
  readonly status: number
  /** Seconds, told as `Retry-After`. */
  readonly retryAfter: number | undefined
  /** For `batch-too-large`: how many files, ids or parts a call may have. */
  readonly limit: number | undefined

  constructor(
    code: string,
    options: { message?: string; status?: number; retryAfter?: number; limit?: number; cause?: unknown } = {},
  ) {
    super(options.message ?? code, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.status = options.status ?? (Object.hasOwn(statuses, code) ? statuses[code] : undefined) ?? 403
    this.retryAfter = options.retryAfter
    this.limit = options.limit
  }
}
