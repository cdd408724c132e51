// A bucket's CORS rules: their XML, which of them a request meets, and the headers that follow.
import { StorageError } from './errors.js'
import { parseXml, textOf, textsOf, xmlDocument } from './xml.js'

/** A rule of a bucket's CORS configuration. */
export interface CorsRule {
  readonly id?: string
  /** Exact, or with one `*` that stands for any text: `https://*.example.org`, `*`. */
  readonly allowedOrigins: readonly string[]
  readonly allowedMethods: readonly ('GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD')[]
  /** Request headers, in any case, with at most one `*` each. None unless given. */
  readonly allowedHeaders?: readonly string[]
  /** Response headers the page may read, say `ETag`. None unless given. */
  readonly exposeHeaders?: readonly string[]
  /** For how long, in seconds, a browser may remember a preflight's answer. */
  readonly maxAgeSeconds?: number
}

const methods = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'] as const

/** Throws MalformedXML and InvalidRequest. */
export function parseCorsRules(xml: string): CorsRule[] {
  const root = parseXml(xml)
  if (root.name !== 'CORSConfiguration' || root.children.length === 0) throw new StorageError('MalformedXML')
  return root.children.map((rule) => {
    if (rule.name !== 'CORSRule') throw new StorageError('MalformedXML')
    const allowedOrigins = textsOf(rule, 'AllowedOrigin')
    const allowedMethods = textsOf(rule, 'AllowedMethod').map((name) => {
      const method = methods.find((one) => one === name)
      if (!method)
        throw new StorageError(
          'InvalidRequest',
          `Found unsupported HTTP method in CORS config. Unsupported method is ${name}`,
        )
      return method
    })
    const allowedHeaders = textsOf(rule, 'AllowedHeader')
    const exposeHeaders = textsOf(rule, 'ExposeHeader')
    if (allowedOrigins.length === 0 || allowedMethods.length === 0) throw new StorageError('MalformedXML')
    for (const pattern of [...allowedOrigins, ...allowedHeaders]) {
      if (pattern.split('*').length > 2)
        throw new StorageError('InvalidRequest', `"${pattern}" can not have more than one wildcard.`)
    }
    if (exposeHeaders.some((name) => name.includes('*'))) {
      throw new StorageError(
        'InvalidRequest',
        'ExposeHeader contains wildcard. We currently do not support wildcard for ExposeHeader.',
      )
    }
    const id = textOf(rule, 'ID')
    const maxAge = textOf(rule, 'MaxAgeSeconds')
    if (maxAge !== undefined && !/^\d+$/.test(maxAge)) throw new StorageError('MalformedXML')
    return {
      ...(id !== undefined && { id }),
      allowedOrigins,
      allowedMethods,
      allowedHeaders,
      exposeHeaders,
      ...(maxAge !== undefined && { maxAgeSeconds: Number(maxAge) }),
    }
  })
}

export function corsXml(rules: readonly CorsRule[]): string {
  return xmlDocument('CORSConfiguration', {
    CORSRule: rules.map((rule) => ({
      ID: rule.id,
      AllowedOrigin: rule.allowedOrigins,
      AllowedMethod: rule.allowedMethods,
      AllowedHeader: rule.allowedHeaders ?? [],
      ExposeHeader: rule.exposeHeaders ?? [],
      MaxAgeSeconds: rule.maxAgeSeconds,
    })),
  })
}

interface Asked {
  readonly origin: string
  readonly method: string
  readonly headers: readonly string[]
}

/** The answer's headers to a preflight. Throws 400 without its headers, and 403 where no rule fits. */
export function preflightHeaders(
  rules: readonly CorsRule[] | undefined,
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  const origin = headers.origin
  const method = headers['access-control-request-method']
  if (origin === undefined)
    throw new StorageError('BadRequest', 'Insufficient information. Origin request header needed.')
  if (method === undefined) throw new StorageError('BadRequest', 'Invalid Access-Control-Request-Method: null')
  const asked = (headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  const rule = findRule(rules, { origin, method, headers: asked })
  if (!rule) throw new StorageError('AccessForbidden')
  return {
    ...grantedHeaders(rule, origin),
    ...(asked.length > 0 && { 'access-control-allow-headers': asked.join(', ') }),
    ...(rule.maxAgeSeconds !== undefined && { 'access-control-max-age': String(rule.maxAgeSeconds) }),
  }
}

/** The CORS headers of an actual answer; none for a request without an origin or without a rule for it. */
export function corsHeaders(
  rules: readonly CorsRule[] | undefined,
  request: { readonly method: string; readonly headers: Readonly<Record<string, string>> },
): Record<string, string> {
  const origin = request.headers.origin
  if (origin === undefined) return {}
  const rule = findRule(rules, { origin, method: request.method, headers: [] })
  return rule ? grantedHeaders(rule, origin) : {}
}

function grantedHeaders(rule: CorsRule, origin: string): Record<string, string> {
  const anyone = rule.allowedOrigins.find((pattern) => matches(pattern, origin)) === '*'
  return {
    'access-control-allow-origin': anyone ? '*' : origin,
    ...(!anyone && { 'access-control-allow-credentials': 'true' }),
    'access-control-allow-methods': rule.allowedMethods.join(', '),
    ...(rule.exposeHeaders?.length && { 'access-control-expose-headers': rule.exposeHeaders.join(', ') }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  }
}

function findRule(rules: readonly CorsRule[] | undefined, asked: Asked): CorsRule | undefined {
  return rules?.find(
    (rule) =>
      rule.allowedOrigins.some((pattern) => matches(pattern, asked.origin)) &&
      rule.allowedMethods.some((method) => method === asked.method) &&
      asked.headers.every((name) => rule.allowedHeaders?.some((pattern) => matches(pattern.toLowerCase(), name))),
  )
}

function matches(pattern: string, text: string): boolean {
  const [before = '', after] = pattern.split('*')
  if (after === undefined) return pattern === text
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after)
}
