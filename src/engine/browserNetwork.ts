/** Sends one request to storage, by XMLHttpRequest (which has upload events) or by `fetch`. */
import type { StorageOutcome, StorageRequest } from './environment.js'

/** Asked at each send, of whichever constructor stands there now; a request is dear to make for the question alone. */
let asked: { readonly of: unknown; readonly tells: boolean } | undefined

/** Test DOMs have an XMLHttpRequest that a mocked `fetch` does not see, and whose upload events never fire. */
export function xhrTellsUploads(): boolean {
  const Request = globalThis.XMLHttpRequest as typeof XMLHttpRequest | undefined
  if (asked?.of !== Request) {
    const isTestDom = /jsdom|happydom/i.test(globalThis.navigator?.userAgent ?? '')
    const tells = Request !== undefined && !isTestDom && typeof new Request().upload?.addEventListener === 'function'
    asked = { of: Request, tells }
  }
  return asked?.tells === true
}

function formOf(fields: Readonly<Record<string, string>>, body: Blob): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  // Storage ignores what comes after the file.
  form.append('file', body)
  return form
}

/** By XMLHttpRequest. An `abort` event that we didn't cause (Safari fires one) counts as a lost connection. */
export function sendByXhr(request: StorageRequest): Promise<StorageOutcome> {
  const { signal, body } = request
  watchPolicy()
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const xhr = new XMLHttpRequest()
    let sentBytes: number | null = null
    let sentAll = false
    const end = () => signal.removeEventListener('abort', abort)
    const settle = () => {
      end()
      resolve({
        status: xhr.status,
        body: xhr.status === 0 ? '' : xhr.responseText,
        header: (name) => xhr.getResponseHeader(name),
        sentBytes,
        sentAll: request.listen ? sentAll : null,
      })
    }
    const abort = () => {
      end()
      reject(signal.reason)
      xhr.abort()
    }
    xhr.open(request.method, request.url)
    for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value)
    if (request.listen) {
      xhr.upload.onprogress = ({ loaded, total }) => {
        // A form's own bytes are counted too: told as the file's share, so that it never passes its size.
        sentBytes =
          total > 0 ? Math.min(body.size, Math.round((loaded / total) * body.size)) : Math.min(body.size, loaded)
        request.onProgress?.(sentBytes)
      }
      xhr.upload.onload = () => {
        sentAll = true
        request.onSent?.()
      }
    }
    // After an answer, an error, an abort and a timeout alike.
    xhr.onloadend = settle
    signal.addEventListener('abort', abort)
    // A Blob's own type must not reach the wire beside the signed one.
    xhr.send(request.fields === null ? body : formOf(request.fields, body))
  })
}

/** By `fetch`: no upload events. */
export async function sendByFetch(request: StorageRequest): Promise<StorageOutcome> {
  const { method, url, headers, fields, body, signal } = request
  watchPolicy()
  try {
    const response = await globalThis.fetch(url, {
      method,
      headers: { ...headers },
      body: fields === null ? body : formOf(fields, body),
      // Storage needs no cookies, and CORS refuses them with a wildcard origin.
      credentials: 'omit',
      signal,
    })
    return {
      status: response.status,
      body: response.ok ? '' : await response.text(),
      header: (name) => response.headers.get(name),
      sentBytes: null,
      sentAll: null,
    }
  } catch {
    // What `fetch` throws says nothing that status 0 doesn't.
    if (signal.aborted) throw signal.reason
    return { status: 0, body: '', header: () => null, sentBytes: null, sentAll: null }
  }
}

/** Origins whose requests the page's Content-Security-Policy refused. */
const forbidden = new Set<string>()
let isWatching = false

/** From the first request on: a violation is told once, when it happens. */
export function watchPolicy(): void {
  if (isWatching || typeof document === 'undefined') return
  isWatching = true
  document.addEventListener('securitypolicyviolation', ({ blockedURI, disposition, effectiveDirective }) => {
    if (disposition === 'report' || effectiveDirective !== 'connect-src') return
    try {
      forbidden.add(new URL(blockedURI).origin)
    } catch {
      // `inline`, `eval`: no request.
    }
  })
}

/** The event comes a moment after the request has failed. */
export const isForbidden = (origin: string): Promise<boolean> =>
  new Promise((resolve) => {
    if (isWatching) setTimeout(() => resolve(forbidden.has(origin)), 0)
    else resolve(false)
  })
