// A request as the storage sees it: path-style address taken apart, headers as the wire had them, body not yet read.
import type { IncomingMessage } from 'node:http'
import { StorageError } from './errors.js'

export interface StorageRequest {
  readonly method: string
  /** As sent, percent-encoded, without the query. */
  readonly path: string
  /** Decoded; empty for the service itself. */
  readonly bucket: string
  /** Decoded; empty for the bucket itself. */
  readonly key: string
  readonly query: URLSearchParams
  /** Lower-case names; each character of a value is one byte of the wire. */
  readonly headers: Readonly<Record<string, string>>
  /** Can be read once. Throws when the sender goes away before its end. */
  readonly body: AsyncIterable<Buffer>
}

/** What an operation answers. A body that is not text is a stream whose length stands in the headers. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | AsyncIterable<Uint8Array>
}

export const xmlReply = (body: string, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/xml', ...headers },
  body,
})

/** RFC 3986: only the unreserved characters stay as they are. */
export const encodeRfc3986 = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** Whether a text can be sent as a header: Latin-1 without line breaks and other controls. */
export const isHeaderValue = (text: string) => /^[\t\x20-\x7e\x80-\xff]*$/.test(text)

/** A text's bytes in UTF-8, a character each: how Node takes header values. */
export const utf8AsHeader = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

/** Throws InvalidURI for a path that is not percent-encoded UTF-8. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw new StorageError('InvalidURI')
  }
}

/** Path and query of a request target, which may be absolute (proxies send it so). */
export function splitTarget(target: string): { path: string; query: URLSearchParams } {
  const relative = target.replace(/^https?:\/\/[^/?]*/i, '')
  const mark = relative.indexOf('?')
  const path = mark < 0 ? relative : relative.slice(0, mark)
  return { path: path || '/', query: new URLSearchParams(mark < 0 ? '' : relative.slice(mark + 1)) }
}

/** Throws InvalidURI and KeyTooLongError. */
export function parseRequest(message: IncomingMessage, body: AsyncIterable<Buffer>): StorageRequest {
  const { path, query } = splitTarget(message.url ?? '/')
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? []
  const headers: Record<string, string> = {}
  for (const [name, values] of Object.entries(message.headersDistinct)) headers[name] = (values ?? []).join(',')
  const request = {
    method: message.method ?? 'GET',
    path,
    bucket: decodePath(bucket),
    key: decodePath(key),
    query,
    headers,
    body,
  }
  if (Buffer.byteLength(request.key) > 1024) throw new StorageError('KeyTooLongError')
  return request
}
