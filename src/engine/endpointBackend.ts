/** The Backend behind an `endpoint`: the JSON protocol by `fetch`. Answers are untrusted; bodies of errors are never shown. */
import type { ActionName, PresignAnswer } from '../protocol/actions.js'
import type { Backend, CallContext } from '../protocol/backend.js'
import { type Failure, FailureError, failure, inOurWords, isFailure, isFailureCode } from '../protocol/failure.js'
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

  /** Rejects with a bare failure, or with what the signal says. */
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
      throw (await environment.network.isForbidden(origin))
        ? await hinted(
            failure('server', { status: 0, cause, remedy: 'person' }),
            (advice) => advice.policyAdvice(origin),
            environment.clock,
          )
        : await hinted(failure('network', { status: 0, cause }), (advice) => advice.unreached, environment.clock, 0)
    }
    const { status } = response
    if (response.type === 'opaqueredirect' || (status >= 300 && status < 400))
      throw await hinted(failure('denied', { status: 401 }), (advice) => advice.redirected, environment.clock)
    const body = parseJson(text)
    if (!response.ok) throw refusal(status, body, retryAfterMs(response.headers.get('retry-after'), environment.clock))
    if (body === undefined)
      throw failure('server', { status, hint: `The backend answered ${status} with something that is not JSON.` })
    return body as T
  }

  /** `without`: what an optional action gives where the backend hasn't it, which is not asked for it again. */
  async function ask<T>(action: ActionName, members: object, c: CallContext, without?: T): Promise<T> {
    if (without !== undefined && missing.has(action)) return without
    try {
      return await call<T>(action, members, c)
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown
      // What people may be told of a refusal.
      if (without === undefined || !isMissing(thrown)) throw new FailureError(inOurWords(thrown))
      missing.add(action)
      return without
    }
  }

  return {
    requestUploads: (files, c) => ask<PresignAnswer>('presign', { files }, c),
    requestParts: (request, c) => ask('presign-parts', request, c),
    listParts: (upload, c) => ask('list-parts', upload, c, { parts: [] }),
    // Without `complete` a 412 counts as stored; -1 says that nobody checked the size.
    complete: (upload, c) => ask('complete', upload, c, { id: upload.id, size: -1 }),
    abort: (upload, c) => ask('abort', upload, c, {}),
    describeFiles: (ids, c) => ask('describe', { ids }, c, { files: [] }),
    discardFiles: (ids, c) => ask('discard', { ids }, c, {}),
    requestRules: (c) => ask('rules', {}, c, { rules: {} }),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
