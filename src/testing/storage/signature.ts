// Signature version 4 as S3 verifies it: in the query (presigned URLs), in the Authorization header, and on a form's
// policy. Says who signed; what that person may do is decided elsewhere.
import { createHash, createHmac } from 'node:crypto'
import { StorageError } from './errors.js'
import { decodePath, encodeRfc3986, type StorageRequest } from './request.js'

/** Who may sign, and what a signature of theirs allows. */
export interface StorageUser {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** For temporary credentials: each request must carry it, else 400 InvalidToken. None unless given. */
  readonly sessionToken?: string
  /** Epoch ms after which the credentials answer 400 ExpiredToken, whatever the URL's own expiry says. Never unless given. */
  readonly expiresAt?: number
  /** Whether the action is allowed; 403 AccessDenied if not. `key` is empty for actions on a bucket. All are, unless given. */
  readonly allow?: (action: StorageAction, key: string, bucket: string) => boolean
}

/** Actions by the names of S3's policies. Uploads of every kind, parts and their completion are `s3:PutObject`. */
export type StorageAction =
  | 's3:AbortMultipartUpload'
  | 's3:CreateBucket'
  | 's3:DeleteBucket'
  | 's3:DeleteObject'
  | 's3:DeleteObjectTagging'
  | 's3:DeleteObjectVersion'
  | 's3:GetBucketCORS'
  | 's3:GetBucketLocation'
  | 's3:GetLifecycleConfiguration'
  | 's3:GetObject'
  | 's3:GetObjectTagging'
  | 's3:ListAllMyBuckets'
  | 's3:ListBucket'
  | 's3:ListBucketMultipartUploads'
  | 's3:ListBucketVersions'
  | 's3:ListMultipartUploadParts'
  | 's3:PutBucketCORS'
  | 's3:PutLifecycleConfiguration'
  | 's3:PutObject'
  | 's3:PutObjectTagging'

export interface Signer {
  readonly user: StorageUser
  /** `x-amz-content-sha256`: a hex digest of the body, or one of the words that stand for none. */
  readonly payload: string
}

export interface Verification {
  readonly users: readonly StorageUser[]
  readonly region: string
  /** Epoch ms. */
  readonly now: number
}

const algorithm = 'AWS4-HMAC-SHA256'
const maxSkewMs = 15 * 60_000
const maxExpirySeconds = 7 * 24 * 3600

/** Who signed the request; null when nobody did. Throws the 403s and 400s of S3. */
export function authenticate(request: StorageRequest, verification: Verification): Signer | null {
  const { headers, query } = request
  const inQuery = query.has('X-Amz-Algorithm') || query.has('X-Amz-Signature')
  if (query.has('Signature') && query.has('AWSAccessKeyId')) throw unsupported()
  if (headers.authorization === undefined) return inQuery ? authenticateQuery(request, verification) : null
  if (inQuery) throw new StorageError('InvalidArgument', 'Only one auth mechanism allowed.')
  return authenticateHeader(request, headers.authorization, verification)
}

/** Throws 403 AccessDenied when a presigned URL's time is over, whoever signed it; also for a preflight, which carries no more. */
export function refuseExpired(query: URLSearchParams, now: number): void {
  const date = query.get('X-Amz-Date')
  const expires = query.get('X-Amz-Expires')
  if (date === null || expires === null) return
  const end = parseDate(date) + Number(expires) * 1000
  if (now < end) return
  throw new StorageError('AccessDenied', 'Request has expired', {
    'X-Amz-Expires': expires,
    Expires: Number.isFinite(end) ? new Date(end).toISOString() : '',
    ServerTime: new Date(now).toISOString(),
  })
}

function authenticateQuery(request: StorageRequest, verification: Verification): Signer {
  const { query } = request
  const malformed = (message: string) => new StorageError('AuthorizationQueryParametersError', message)
  const required = (name: string) => {
    const value = query.get(name)
    if (value === null) throw malformed(`Query-string authentication version 4 requires the ${name} parameter.`)
    return value
  }
  if (required('X-Amz-Algorithm') !== algorithm) throw unsupported()
  const date = required('X-Amz-Date')
  const expires = required('X-Amz-Expires')
  if (!/^\d{1,6}$/.test(expires) || Number(expires) > maxExpirySeconds) {
    throw malformed(`X-Amz-Expires must be a number of seconds from 0 to ${maxExpirySeconds}.`)
  }
  const signedAt = parseDate(date)
  if (Number.isNaN(signedAt)) throw malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\".")
  const scope = parseCredential(required('X-Amz-Credential'), date, verification, malformed)
  const user = findUser(verification, scope.accessKeyId, query.get('X-Amz-Security-Token'))
  if (signedAt > verification.now + maxSkewMs) throw new StorageError('AccessDenied', 'Request is not valid yet')
  refuseExpired(query, verification.now)

  const payload = query.get('X-Amz-Content-Sha256') ?? request.headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD'
  const signedHeaders = required('X-Amz-SignedHeaders').split(';')
  compare(request, { date, scope, user, signedHeaders, payload, signature: required('X-Amz-Signature') })
  refuseUnsignedHeaders(request, signedHeaders)
  return { user, payload }
}

function authenticateHeader(request: StorageRequest, authorization: string, verification: Verification): Signer {
  const malformed = (message: string) => new StorageError('AuthorizationHeaderMalformed', message)
  if (!authorization.startsWith(algorithm)) throw unsupported()
  const part = (name: string) => {
    const value = new RegExp(`(?:^|[\\s,])${name}=([^,\\s]+)`).exec(authorization)?.[1]
    if (value === undefined) throw malformed(`The authorization header is malformed; ${name} is missing.`)
    return value
  }
  const date = request.headers['x-amz-date'] ?? ''
  const signedAt = parseDate(date)
  if (Number.isNaN(signedAt)) throw new StorageError('AccessDenied', 'A valid x-amz-date header is required.')
  const scope = parseCredential(part('Credential'), date, verification, malformed)
  const user = findUser(verification, scope.accessKeyId, request.headers['x-amz-security-token'] ?? null)
  if (Math.abs(signedAt - verification.now) > maxSkewMs) {
    throw new StorageError('RequestTimeTooSkewed', undefined, {
      RequestTime: date,
      ServerTime: new Date(verification.now).toISOString(),
      MaxAllowedSkewMilliseconds: String(maxSkewMs),
    })
  }
  const payload = request.headers['x-amz-content-sha256']
  if (payload === undefined) {
    throw new StorageError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')
  }
  const signedHeaders = part('SignedHeaders').split(';')
  compare(request, { date, scope, user, signedHeaders, payload, signature: part('Signature') })
  refuseUnsignedHeaders(request, signedHeaders)
  return { user, payload }
}

/** The user who signed a form's policy; null when nobody did. `fields` by lower-case name. */
export function authenticateForm(fields: ReadonlyMap<string, string>, verification: Verification): StorageUser | null {
  const policy = fields.get('policy')
  if (policy === undefined) return null
  const required = (name: string) => {
    const value = fields.get(name)
    if (value === undefined)
      throw new StorageError('InvalidArgument', `Bucket POST must contain a field named '${name}'.`)
    return value
  }
  if (required('x-amz-algorithm') !== algorithm) throw unsupported()
  const date = required('x-amz-date')
  const malformed = (message: string) => new StorageError('InvalidArgument', message)
  if (Number.isNaN(parseDate(date))) throw malformed('X-Amz-Date must be formatted via ISO8601 Long format.')
  const scope = parseCredential(required('x-amz-credential'), date, verification, malformed)
  const user = findUser(verification, scope.accessKeyId, fields.get('x-amz-security-token') ?? null)
  if (hmac(signingKey(user.secretAccessKey, scope), policy).toString('hex') !== required('x-amz-signature')) {
    throw new StorageError('SignatureDoesNotMatch', undefined, {
      AWSAccessKeyId: user.accessKeyId,
      StringToSign: policy,
    })
  }
  return user
}

interface Scope {
  readonly accessKeyId: string
  readonly day: string
  readonly region: string
}

function parseCredential(
  credential: string,
  date: string,
  { region }: Verification,
  malformed: (message: string) => StorageError,
): Scope {
  const parts = credential.split('/')
  const [day = '', signedFor = '', service, terminator] = parts.slice(-4)
  const accessKeyId = parts.slice(0, -4).join('/')
  if (!accessKeyId || service !== 's3' || terminator !== 'aws4_request') {
    throw malformed('The credential is malformed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request".')
  }
  if (day !== date.slice(0, 8)) throw malformed(`The credential's date "${day}" is not the date of the request.`)
  if (signedFor !== region) throw malformed(`The region '${signedFor}' is wrong; expecting '${region}'.`)
  return { accessKeyId, day, region }
}

function findUser({ users, now }: Verification, accessKeyId: string, sessionToken: string | null): StorageUser {
  const user = users.find((one) => one.accessKeyId === accessKeyId)
  if (!user) throw new StorageError('InvalidAccessKeyId', undefined, { AWSAccessKeyId: accessKeyId })
  if ((user.sessionToken ?? null) !== sessionToken) throw new StorageError('InvalidToken')
  if (user.expiresAt !== undefined && now >= user.expiresAt) throw new StorageError('ExpiredToken')
  return user
}

function compare(
  request: StorageRequest,
  signed: {
    date: string
    scope: Scope
    user: StorageUser
    signedHeaders: readonly string[]
    payload: string
    signature: string
  },
): void {
  const { date, scope, user, signedHeaders, payload, signature } = signed
  if (!signedHeaders.includes('host')) throw new StorageError('AccessDenied', "The 'host' header must be signed.")
  const canonical = canonicalRequest(request, signedHeaders, payload)
  const stringToSign = [
    algorithm,
    date,
    `${scope.day}/${scope.region}/s3/aws4_request`,
    // Header values were decoded as Latin-1, a byte a character: this gives back the bytes of the wire.
    createHash('sha256').update(Buffer.from(canonical, 'latin1')).digest('hex'),
  ].join('\n')
  if (hmac(signingKey(user.secretAccessKey, scope), stringToSign).toString('hex') === signature) return
  throw new StorageError('SignatureDoesNotMatch', undefined, {
    AWSAccessKeyId: user.accessKeyId,
    StringToSign: stringToSign,
    CanonicalRequest: canonical,
  })
}

/** The text that both sides hash. S3 encodes a path once and folds no dots or slashes. */
export function canonicalRequest(request: StorageRequest, signedHeaders: readonly string[], payload: string): string {
  const path = request.path
    .split('/')
    .map((segment) => encodeRfc3986(decodePath(segment)))
    .join('/')
  const query = [...request.query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encodeRfc3986(name), encodeRfc3986(value)] as const)
    .sort((a, b) => compareText(a[0], b[0]) || compareText(a[1], b[1]))
    .map((pair) => pair.join('='))
    .join('&')
  const headers = signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`)
  return [request.method, path, query, headers.join(''), signedHeaders.join(';'), payload].join('\n')
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/**
 * An `x-amz-*` header that nobody signed could turn an upload grant into something else: `x-amz-acl` into a public
 * object, `x-amz-copy-source` into a copy of another person's file. Ceph 16.2 obeys them.
 */
function refuseUnsignedHeaders({ headers }: StorageRequest, signedHeaders: readonly string[]): void {
  const unsigned = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !signedHeaders.includes(name))
  if (unsigned.length === 0) return
  throw new StorageError('AccessDenied', 'There were headers present in the request which were not signed', {
    HeadersNotSigned: unsigned.join(', '),
  })
}

function signingKey(secretAccessKey: string, { day, region }: Scope): Buffer {
  return ['s3', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${secretAccessKey}`, day), region))
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** Epoch ms of `20261125T101500Z`; NaN for anything else. */
function parseDate(text: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!match) return Number.NaN
  const [, year, month, day, hour, minute, second] = match
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

const unsupported = () =>
  new StorageError(
    'InvalidRequest',
    `The authorization mechanism you have provided is not supported. Please use ${algorithm}.`,
  )
