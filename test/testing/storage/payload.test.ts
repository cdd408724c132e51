import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { receivePayload } from '../../../src/testing/storage/payload.js'

const hex = (text: string) => createHash('sha256').update(text).digest('hex')
const base64 = (text: string) => createHash('sha256').update(text).digest('base64')
const chunked = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'

/** The code a body is refused with; what was written where it is accepted. */
async function receive(
  body: string,
  payload: string,
  headers: Record<string, string> = {},
  maxSize = 1000,
): Promise<string> {
  const request = {
    method: 'PUT',
    path: '/a/b',
    bucket: 'a',
    key: 'b',
    query: new URLSearchParams(),
    headers: { 'content-length': String(body.length), ...headers },
    body: (async function* () {
      yield Buffer.from(body)
    })(),
  }
  let written = ''
  try {
    await receivePayload(request, payload, (chunk) => void (written += String(chunk)), { maxSize })
    return written
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('a body', () => {
  it.each<[string, Parameters<typeof receive>, string]>([
    ['unsigned', ['text', 'UNSIGNED-PAYLOAD'], 'text'],
    ['with its hash signed', ['text', hex('text')], 'text'],
    ['with another hash signed', ['text', hex('other')], 'XAmzContentSHA256Mismatch'],
    ['with a hash that is none', ['text', 'abc'], 'InvalidArgument'],
    ['signed chunk by chunk', ['text', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'], 'NotImplemented'],
    ['longer than allowed', ['text', 'UNSIGNED-PAYLOAD', {}, 3], 'EntityTooLarge'],
    ['of a length that is none', ['text', 'UNSIGNED-PAYLOAD', { 'content-length': '4x' }], 'MissingContentLength'],
    ['with its checksum', ['text', 'UNSIGNED-PAYLOAD', { 'x-amz-checksum-sha256': base64('text') }], 'text'],
    ['with another checksum', ['text', 'UNSIGNED-PAYLOAD', { 'x-amz-checksum-sha256': base64('other') }], 'BadDigest'],
  ])('%s', async (_, sent, expected) => {
    expect(await receive(...sent)).toBe(expected)
  })

  const wire = (checksum: string) => `4\r\ntext\r\n0\r\nx-amz-checksum-sha256:${checksum}\r\n\r\n`
  const trailing = { 'x-amz-decoded-content-length': '4', 'x-amz-trailer': 'x-amz-checksum-sha256' }
  it.each<[string, Parameters<typeof receive>, string]>([
    ['its checksum', [wire(base64('text')), chunked, trailing], 'text'],
    ['another checksum', [wire(base64('other')), chunked, trailing], 'BadDigest'],
    ['no checksum, though announced', ['4\r\ntext\r\n0\r\n\r\n', chunked, trailing], 'IncompleteBody'],
    [
      'fewer bytes than announced',
      [wire(base64('text')), chunked, { ...trailing, 'x-amz-decoded-content-length': '5' }],
      'IncompleteBody',
    ],
    [
      'no length',
      [wire(base64('text')), chunked, { 'x-amz-trailer': 'x-amz-checksum-sha256' }],
      'MissingContentLength',
    ],
    [
      'a trailer nobody knows',
      [wire(base64('text')), chunked, { ...trailing, 'x-amz-trailer': 'x-other' }],
      'InvalidRequest',
    ],
  ])('in chunks, with %s', async (_, sent, expected) => {
    expect(await receive(...sent)).toBe(expected)
  })
})
