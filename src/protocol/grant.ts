/**
 * What the backend issues for one entry: an id, and how and for how long its bytes may be sent.
 * The readers take untrusted JSON and are written by hand: the page pays for every kilobyte of a schema library.
 */
import { type Failure, failure, inOurWords } from './failure.js'
import { numberIn, stated, textIn } from './stated.js'

interface CommonGrant {
  /** The stored file's id, once its bytes are stored. */
  readonly id: string
  /** Lifetime from issue in ms; null where the backend did not say. */
  readonly expiresInMs: number | null
  /** The backend wants `complete` before the file counts as stored. */
  readonly confirm: boolean
}

/** One PUT of the whole file, with exactly these headers. */
export interface PutGrant extends CommonGrant {
  readonly method: 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** One multipart/form-data POST to the bucket; the fields come before the file. */
export interface PostGrant extends CommonGrant {
  readonly method: 'POST'
  readonly url: string
  readonly fields: Readonly<Record<string, string>>
}

/** The URL of one part. Part numbers begin at 1. */
export interface SignedPart {
  readonly partNumber: number
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A multipart upload; `upload` is the backend's opaque signed token. */
export interface MultipartGrant extends CommonGrant {
  readonly method: 'MULTIPART'
  readonly upload: string
  /** Bytes of every part but the last. */
  readonly partSize: number
  /** The first parts' URLs; more are asked for by `presign-parts`. */
  readonly parts: readonly SignedPart[]
  /** The backend wants checksums of the parts. */
  readonly partChecksums?: boolean
}

export type Grant = PutGrant | PostGrant | MultipartGrant

/** What the backend answers for one file: a grant, or why not. */
export type GrantResult =
  | { readonly ok: true; readonly grant: Grant }
  | { readonly ok: false; readonly failure: Failure }

type Fields = Readonly<Record<string, unknown>>

/** Whether an unknown value is a plain JSON object. */
export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isRecordOfStrings = (value: unknown): value is Record<string, string> =>
  isObject(value) && Object.values(value).every((member) => typeof member === 'string')

let newest: { readonly text: string; readonly url: URL } | undefined

/** A URL taken apart. A form POST's is the bucket's, the same for every file, and asked about several times for each. */
export function urlOf(text: string): URL {
  if (newest?.text !== text) newest = { text, url: new URL(text) }
  return newest.url
}

/**
 * Whether a URL may receive a file: absolute, http(s), with a host, and not plain http from an https page.
 * `pageIsSecure` is false for http pages and outside browsers.
 */
export function isUploadUrl(url: unknown, pageIsSecure: boolean): url is string {
  if (typeof url !== 'string' || !/^https?:\/\//i.test(url)) return false
  try {
    const { protocol, hostname } = urlOf(url)
    // Browsers treat plain http to the machine itself as secure, which local storages rely on.
    const local = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
    return hostname !== '' && (protocol === 'https:' || !pageIsSecure || local)
  } catch {
    return false
  }
}

const wrong = (what: string): GrantResult => ({
  ok: false,
  failure: failure('server', { hint: `The backend's grant is not usable: ${what}.` }),
})

/** Seconds from JSON to ms; null where absent or senseless. */
export function expiresInMs(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value * 1000 : null
}

/** The lifetime that a presigned URL itself states (`X-Amz-Expires`), in ms, or null. */
export function lifetimeOf(url: string): number | null {
  const seconds = Number(urlOf(url).searchParams.get('X-Amz-Expires') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds * 1000 : null
}

/** Reads `{ partNumber, url, headers? }[]`; null when a member is not usable. */
export function parseSignedParts(value: unknown, pageIsSecure: boolean): SignedPart[] | null {
  if (!Array.isArray(value)) return null
  const parts: SignedPart[] = []
  for (const part of value as unknown[]) {
    if (!isObject(part) || !Number.isSafeInteger(part.partNumber) || !isUploadUrl(part.url, pageIsSecure)) return null
    if (part.headers !== undefined && !isRecordOfStrings(part.headers)) return null
    parts.push(stated({ partNumber: part.partNumber as number, url: part.url, headers: part.headers }))
  }
  return parts
}

/** Reads one member of a `presign` answer. `{ id, url }` alone is a whole grant: a PUT. Numeric ids become strings. */
export function parseGrant(value: unknown, pageIsSecure: boolean): GrantResult {
  if (!isObject(value)) return wrong('it is not an object')
  if (isObject(value.error)) {
    const { code, message, cause, retryAfterMs, status, hint } = value.error
    if (typeof code !== 'string') return wrong('its error has no code')
    const told = failure(code, {
      message: textIn(message),
      retryAfterMs: numberIn(retryAfterMs),
      status: numberIn(status),
      hint: textIn(hint),
      cause,
    })
    return { ok: false, failure: inOurWords(told) }
  }
  const id = typeof value.id === 'number' && Number.isFinite(value.id) ? String(value.id) : value.id
  if (typeof id !== 'string' || id === '') return wrong('id is missing')
  const common = { id, expiresInMs: expiresInMs(value.expiresIn), confirm: value.confirm === true }
  if (value.method === 'MULTIPART') {
    const { upload, partSize } = value
    if (typeof upload !== 'string' || upload === '') return wrong('upload is missing')
    if (!Number.isSafeInteger(partSize) || (partSize as number) < 1) return wrong('partSize is not a positive integer')
    const parts = parseSignedParts(value.parts ?? [], pageIsSecure)
    if (parts === null) return wrong('parts are not { partNumber, url } with http(s) URLs')
    const hashed = value.partChecksums === true ? { partChecksums: true } : {}
    return {
      ok: true,
      grant: { ...common, method: 'MULTIPART', upload, partSize: partSize as number, parts, ...hashed },
    }
  }
  if (!isUploadUrl(value.url, pageIsSecure)) {
    return wrong(
      pageIsSecure ? 'url must be an absolute https URL on this https page' : 'url must be an absolute http(s) URL',
    )
  }
  const { url } = value
  const timed = { ...common, expiresInMs: common.expiresInMs ?? lifetimeOf(url) }
  if (value.method === 'POST') {
    if (!isRecordOfStrings(value.fields)) return wrong('fields of a form POST must be strings')
    return { ok: true, grant: { ...timed, method: 'POST', url, fields: value.fields } }
  }
  if (value.method !== undefined && value.method !== 'PUT') return wrong('method must be PUT, POST or MULTIPART')
  if (value.headers !== undefined && !isRecordOfStrings(value.headers)) return wrong('headers must be strings')
  return { ok: true, grant: { ...timed, method: 'PUT', url, headers: value.headers ?? {} } }
}
