/** The Backend behind an `endpoint`: the JSON protocol by `fetch`. Answers are untrusted; bodies of errors are never shown. */
import type { ActionName, PresignAnswer } from '../protocol/actions.js'
import type { Backend, CallContext } from '../protocol/backend.js'
import { type Failure, FailureError, failure, inOurWords, isFailureCode } from '../protocol/failure.js'
import { isObject } from '../protocol/grant.js'
import { numberIn, textIn } from '../protocol/stated.js'
import type { Environment } from './environment.js'
import { hinted } from './hinted.js'
import { retryAfterMs } from './storageFailure.js'

/** Where the host's backend answers, and how it is called. */
export interface Endpoint {
  /** Absolute, or relative to the page. */
  readonly url: string
  /** Sent with every call; a function is asked at every call, so that a renewed CSRF token is used. */
  readonly headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>)
  /** @default 'same-origin' */
  readonly credentials?: RequestCredentials
  /** Instead of the page's `fetch`. */
  readonly fetch?: typeof globalThis.fetch
}

/** A whole call was refused: the failure's status tells the engine how to go on. */
function refusal(status: number, body: unknown, after: number | undefined): Failure {
  const error = isObject(body) && isObject(body.error) ? body.error : {}
  const code = textIn(error.code)
  const more = {
    status,
    retryAfterMs: after,
    message: textIn(error.message),
    hint: code && `The backend answered ${status} ${code}.`,
  }
  if (status === 401 || status === 403)
    return failure(code !== undefined && isFailureCode(code) ? code : 'denied', { ...more, remedy: 'person' })
  if (status === 429) return failure('rate-limited', more)
  if (status >= 500 || status === 408 || status === 409)
    return failure('server', { ...more, remedy: status === 501 ? 'person' : 'wait' })
  if (status === 404 && code !== 'not-stored')
    return failure('server', { ...more, remedy: 'person', hint: 'The backend answered 404: is the endpoint right?' })
  const limit = numberIn(error.limit)
  return failure(code ?? 'server', { ...more, figures: limit === undefined ? limit : { limit }, remedy: 'person' })
}

/** An optional action that the backend doesn't have: 400 `unknown-action`, 404 other than `not-stored`, 405 or 501. */
const isMissing = (failed: Failure): boolean =>
  failed.code === 'unknown-action' ||
  failed.status === 405 ||
  failed.status === 501 ||
  (failed.status === 404 && failed.code !== 'not-stored')

/** `endpoint` is asked at every call: its headers and its `fetch` may be new at each render. */
export function endpointBackend(endpoint: () => string | Endpoint, environment: Environment): Backend {
  const missing = new Set<ActionName>()

  async function call<T>(action: ActionName, members: object, { field, context, signal }: CallContext): Promise<T> {
    const asGiven = endpoint()
    const {
      url,
      headers,
      credentials = 'same-origin',
      fetch = environment.network.fetch as typeof globalThis.fetch,
    }: Endpoint = typeof asGiven === 'string' ? { url: asGiven } : asGiven
    let response: Response
    let text: string
    try {
      const own = typeof headers === 'function' ? await headers() : headers
      const sent = new Headers(own)
      sent.set('content-type', 'application/json')
      sent.set('accept', 'application/json')
      response = await fetch(url, {
        method: 'POST',
        headers: sent,
        credentials,
        // A login page behind a redirect must never get the file list, nor pass for an answer.
        redirect: 'manual',
        body: JSON.stringify({ action, field, context, ...members }),
        signal,
      })
      text = await response.text()
    } catch (cause) {
      if (signal.aborted) throw signal.reason
      const { origin } = new URL(url, globalThis.document?.baseURI ?? 'http://localhost')
      // What the page itself forbids no try will change.
      const isForbidden = await environment.network.isForbidden(origin)
      throw new FailureError(
        isForbidden
          ? await hinted(
              failure('server', { status: 0, cause, remedy: 'person' }),
              (advice) => advice.policyAdvice(origin),
              environment.clock,
            )
          : await hinted(failure('network', { status: 0, cause }), (advice) => advice.unreached, environment.clock, 0),
      )
    }
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      throw new FailureError(
        await hinted(failure('denied', { status: 401 }), (advice) => advice.redirected, environment.clock),
      )
    }
    const body = parseJson(text)
    if (!response.ok) {
      throw new FailureError(
        refusal(response.status, body, retryAfterMs(response.headers.get('retry-after'), environment.clock)),
      )
    }
    if (body === undefined) {
      throw new FailureError(
        failure('server', {
          hint: `The backend answered ${response.status} with something that is not JSON.`,
          status: response.status,
        }),
      )
    }
    return body as T
  }

  /** What people may be told of a refusal. */
  const asked = async <T>(action: ActionName, members: object, c: CallContext): Promise<T> => {
    try {
      return await call<T>(action, members, c)
    } catch (thrown) {
      throw thrown instanceof FailureError ? new FailureError(inOurWords(thrown.failure)) : thrown
    }
  }

  /** An optional action: once the backend shows that it hasn't it, it is not asked again. */
  async function optional<T>(action: ActionName, members: object, c: CallContext, without: T): Promise<T> {
    if (missing.has(action)) return without
    try {
      return await call<T>(action, members, c)
    } catch (thrown) {
      if (!(thrown instanceof FailureError)) throw thrown
      if (!isMissing(thrown.failure)) throw new FailureError(inOurWords(thrown.failure))
      missing.add(action)
      return without
    }
  }

  return {
    requestUploads: (files, c) => asked<PresignAnswer>('presign', { files }, c),
    requestParts: (request, c) => asked('presign-parts', request, c),
    listParts: (upload, c) => optional('list-parts', upload, c, { parts: [] }),
    // Without `complete` a 412 counts as stored; -1 says that nobody checked the size.
    complete: (upload, c) => optional('complete', upload, c, { id: upload.id, size: -1 }),
    abort: (upload, c) => optional('abort', upload, c, {}),
    describeFiles: (ids, c) => optional('describe', { ids }, c, { files: [] }),
    discardFiles: (ids, c) => optional('discard', { ids }, c, {}),
    requestRules: (c) => optional('rules', {}, c, { rules: {} }),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
