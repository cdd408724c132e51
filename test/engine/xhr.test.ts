// How one request goes by XMLHttpRequest, with a double in whose hands every event is.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { sendByXhr, xhrTellsUploads } from '../../src/engine/browserNetwork.js'
import type { StorageRequest } from '../../src/engine/environment.js'

class Double {
  static made: Double[] = []
  readonly upload: Partial<XMLHttpRequestUpload> = { addEventListener: () => {} }
  readonly headers: Record<string, string> = {}
  status = 0
  responseText = ''
  body: unknown
  onabort = () => {}
  onloadend = () => {}
  wasAborted = false
  constructor() {
    Double.made.push(this)
  }
  open() {}
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value
  }
  getResponseHeader = () => null
  send(body: unknown) {
    this.body = body
  }
  abort() {
    this.wasAborted = true
    this.onabort()
    this.onloadend()
  }
  move(loaded: number, total: number) {
    this.upload.onprogress?.call(this as never, { loaded, total } as ProgressEvent)
  }
}

const request = (more: Partial<StorageRequest> = {}): StorageRequest => ({
  method: 'PUT',
  url: 'https://storage.test/a',
  headers: {},
  fields: null,
  body: new Blob([new Uint8Array(300)]),
  listen: true,
  signal: new AbortController().signal,
  ...more,
})
const last = () => Double.made.at(-1) as Double

beforeEach(() => {
  Double.made = []
  vi.stubGlobal('XMLHttpRequest', Double)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a request by XMLHttpRequest', () => {
  test('S73: a form tells its file’s share of what has left, never more than the file has', () => {
    const told: number[] = []
    void sendByXhr(request({ method: 'POST', fields: { key: 'a' }, onProgress: (bytes) => told.push(bytes) }))
    for (const loaded of [0, 750, 1_499, 1_500]) last().move(loaded, 1_500)
    expect(told).toEqual([0, 150, 300, 300])
  })

  test('S101: an event that knows no total tells no more than the file has, and no broken number', () => {
    const told: number[] = []
    void sendByXhr(request({ onProgress: (bytes) => told.push(bytes) }))
    for (const loaded of [0, 120, 9_000]) last().move(loaded, 0)
    expect(told).toEqual([0, 120, 300])
  })

  test('S65: that the browser ends by an `abort` nobody called is a lost connection', async () => {
    const outcome = sendByXhr(request())
    last().move(150, 300)
    last().onabort()
    last().onloadend()
    expect(await outcome).toMatchObject({ status: 0, sentBytes: 150, sentAll: false })
  })

  test('F70: ends when its signal does, and tells nothing then', async () => {
    const ended = new AbortController()
    const outcome = sendByXhr(request({ signal: ended.signal }))
    ended.abort(new Error('removed'))
    await expect(outcome).rejects.toThrow('removed')
    expect(last().wasAborted).toBe(true)
  })

  test('S51: has no header but those of its grant', () => {
    void sendByXhr(request({ headers: { 'x-amz-acl': 'private' } }))
    expect(last().headers).toEqual({ 'x-amz-acl': 'private' })
  })
})

describe('S102: an XMLHttpRequest without upload events', () => {
  test.each([
    ['has no `upload`', undefined],
    ['has an `upload` that is no event target', {}],
  ])('that %s is not asked for them', (_, upload) => {
    class Without extends Double {
      override readonly upload = upload as never
    }
    expect(xhrTellsUploads()).toBe(true)
    vi.stubGlobal('XMLHttpRequest', Without)
    expect(xhrTellsUploads()).toBe(false)
  })
})
