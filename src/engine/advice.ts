/** What is likely wrong and where to mend it, in one sentence for developers. Pure; never with a URL's query. */
import { emptyChecksumAdvice, isInnerHost, storageAdvice } from '../protocol/storageAdvice.js'
import type { StorageOutcome } from './environment.js'

/** What was sent where. */
export interface Sent {
  readonly url: string
  /** Names of the headers that were set, in lower case. */
  readonly headers: readonly string[]
  /** The page's Content-Security-Policy refused the request. */
  readonly isBlocked: boolean
}

/** Whether a signed URL demands the checksum of nothing. */
export const hasEmptyChecksum = (url: string): boolean => /[?&]x-amz-checksum-crc32=AAAAAA(%3D%3D|==)/i.test(url)

/** Headers that were signed and not sent: storage refuses the request for each. */
function unsentHeaders(url: URL, sent: readonly string[]): string[] {
  const ofTheBrowser = new Set(['host', 'content-length', 'origin'])
  const signed = (url.searchParams.get('X-Amz-SignedHeaders') ?? '').toLowerCase().split(';').filter(Boolean)
  return signed.filter((name) => !ofTheBrowser.has(name) && !sent.includes(name))
}

export const policyAdvice = (origin: string): string =>
  `The page's Content-Security-Policy lacks ${origin} in connect-src: the browser sends nothing there.`

export const unreached = 'The backend could not be reached, or answers without CORS headers for this page.'
export const redirected = 'The endpoint redirects, probably to a login page. Answer 401 instead.'
export const grantEnded = 'The grant had ended when it came: check the clock of the signing server, and `expiresIn`.'
export const refusedUnread =
  'All bytes left twice, the second time by a fresh grant, and no answer could be read: storage refuses (signature, content type, length or permission) without CORS headers.'

/** What to look at after an answer of storage, or its silence. */
export function adviceOn(
  { status, sentBytes, sentAll }: Pick<StorageOutcome, 'status' | 'sentBytes' | 'sentAll'>,
  storageCode: string | undefined,
  { url: text, headers, isBlocked }: Sent,
): string | undefined {
  const url = new URL(text)
  if (isBlocked) return policyAdvice(url.origin)
  if (hasEmptyChecksum(text) && (status === 0 || status >= 400)) return emptyChecksumAdvice
  const unsent = unsentHeaders(url, headers)
  const signedOnly = `Signed but not sent: ${unsent.join(', ')}. The grant must list the headers that the browser has to send.`
  if (status !== 0) {
    if (unsent.length > 0 && storageCode === 'SignatureDoesNotMatch') return signedOnly
    return storageCode === undefined ? undefined : storageAdvice[storageCode]
  }
  if (sentAll === true) {
    return unsent.length > 0
      ? signedOnly
      : 'All bytes left, but no answer could be read: it was lost, or a refusal (signature, content type, length, permission) came without CORS headers.'
  }
  if (sentBytes !== null && sentBytes > 0) return 'The connection broke while sending.'
  if (isInnerHost(url.hostname))
    return `The URL names ${url.hostname}, which browsers outside of the server's network can't reach: sign for the public endpoint.`
  const what =
    sentAll === null ? 'No answer could be read: a refusal came without CORS headers, ' : 'Nothing was sent: '
  return `${what}the bucket has no CORS rule for this page's origin, method or headers (${headers.join(', ') || 'none'}), the grant had ended, or ${url.origin} can't be reached.`
}
