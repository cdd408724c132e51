/** What can happen to a request on its way to storage, as values: a row of the table is a list of these. */

export type Method = 'OPTIONS' | 'PUT' | 'POST'

export type Fault =
  /** The connection is reset once this share of the body has come; storage never has the rest. */
  | { readonly do: 'reset'; readonly at: number }
  /** Storage has it all; its answer never leaves. */
  | { readonly do: 'lose' }
  /** Storage has it all; half of an answer leaves, then the connection ends. */
  | { readonly do: 'truncate' }
  /** Nobody listens at the port from this request on, for so long, ms. */
  | { readonly do: 'refuse'; readonly ms: number }
  /** Passed on after so long, ms. */
  | { readonly do: 'delay'; readonly ms: number }
  /** Read at this pace, bytes a second. */
  | { readonly do: 'throttle'; readonly pace: number }
  /** After this share of the body nothing moves any more, and the connection stays open. `stored`: storage has it. */
  | { readonly do: 'stall'; readonly at: number; readonly stored?: boolean }
  /** An answer of the proxy's own: `early`, before the body has come, or after it. */
  | {
      readonly do: 'answer'
      readonly status: number
      readonly body: string
      readonly headers: Readonly<Record<string, string>>
      readonly readable: boolean
      readonly early: boolean
    }
  /** Sent on to the same address, after the body has come. */
  | { readonly do: 'redirect'; readonly status: number }
  /** Storage's answer without these headers. */
  | { readonly do: 'strip'; readonly headers: RegExp }
  /** A bit of the first byte is another one when storage reads it. */
  | { readonly do: 'flip' }
  /** Passed on once this has happened. */
  | { readonly do: 'first'; readonly happens: (path: string) => Promise<unknown> }

/** The `nth` requests of a method (counted from 1 once the row begins; none given: all), and what happens to them. */
export interface Rule {
  readonly on: Method
  readonly nth?: readonly number[]
  /** Only so long after the row began, ms. */
  readonly within?: number
  /** Only where the path and query fit. */
  readonly path?: RegExp
  readonly fault: Fault
}

export const on = (
  method: Method,
  nth: number | readonly number[] | 'all',
  fault: Fault,
  more: Partial<Rule> = {},
) => ({
  on: method,
  ...(nth === 'all' ? {} : { nth: typeof nth === 'number' ? [nth] : nth }),
  ...more,
  fault,
})

export const reset = (at: number): Fault => ({ do: 'reset', at })
export const lose: Fault = { do: 'lose' }
export const truncate: Fault = { do: 'truncate' }
export const refuse = (ms: number): Fault => ({ do: 'refuse', ms })
export const delay = (ms: number): Fault => ({ do: 'delay', ms })
export const throttle = (pace: number): Fault => ({ do: 'throttle', pace })
export const stall = (at: number, stored = false): Fault => ({ do: 'stall', at, stored })
export const redirect = (status: number): Fault => ({ do: 'redirect', status })
export const flip: Fault = { do: 'flip' }
export const first = (happens: (path: string) => Promise<unknown>): Fault => ({ do: 'first', happens })
/** The page may read nothing: no header of CORS comes through. */
export const unreadable: Fault = { do: 'strip', headers: /^access-control-/i }
export const withoutEtag: Fault = { do: 'strip', headers: /^(etag|access-control-expose-headers)$/i }

export function answer(
  status: number,
  body = '',
  more: { headers?: Record<string, string>; readable?: boolean; early?: boolean } = {},
): Fault {
  return { do: 'answer', status, body, headers: {}, readable: true, early: false, ...more }
}

/** An error as S3 words it. */
export const s3Error = (code: string, message = 'Because.'): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`
