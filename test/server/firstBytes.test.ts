import fc from 'fast-check'
import { expect, test } from 'vitest'
import { typesByExtension } from '../../src/protocol/index.js'
import { kindOf, mayBe } from '../../src/server/firstBytes.js'

const of = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))
const tar = `${'a.txt'.padEnd(257, '\0')}ustar\x0000`

test.each([
  ['image/png', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
  ['image/jpeg', '\xff\xd8\xff\xe0\0\x10JFIF'],
  ['image/gif', 'GIF89a'],
  ['image/webp', 'RIFF\x24\0\0\0WEBPVP8 '],
  ['image/heic', '\0\0\0\x18ftypheic'],
  ['image/avif', '\0\0\0\x1cftypavif'],
  ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  ['application/pdf', '%PDF-1.7'],
  ['application/pdf', `${'\n'.repeat(200)}%PDF-1.4`],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'PK\x03\x04'],
  ['application/msword', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
  ['application/x-hwp', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
  ['application/haansofthwp', 'HWP Document File V3.00'],
  ['application/hwp+zip', 'PK\x03\x04'],
  ['video/mp4', '\0\0\0 ftypisom'],
  ['video/quicktime', '\0\0\0\x08wide\0\0\0\0mdat'],
  ['audio/mpeg', 'ID3\x04'],
  ['audio/mpeg', '\xff\xfb\x90'],
  ['audio/wav', 'RIFF\x24\0\0\0WAVE'],
  ['application/zip', 'PK\x05\x06'],
  ['application/x-tar', tar],
  ['text/plain', '\xec\x95\x88\xeb\x85\x95'],
  ['text/plain', '\xff\xfeh\0i\0'],
  ['text/csv', 'a;b\r\n'],
  ['application/octet-stream', '\0\x01\x02'],
  ['application/x-never-heard-of', 'anything'],
  ['constructor', 'anything'],
  ['image/png', ''],
])('a %s may begin with %j', (type, head) => {
  expect(mayBe(type, of(head))).toBe(true)
})

test.each([
  ['image/png', 'MZ\x90\0', 'application/x-msdownload'],
  ['image/png', '\xff\xd8\xff\xe0', 'image/jpeg'],
  ['image/jpeg', '<!DOCTYPE html><script>', 'text/html'],
  ['image/gif', '\xef\xbb\xbf <svg onload=alert(1)>', 'text/html'],
  ['application/pdf', 'PK\x03\x04', 'application/zip'],
  ['application/vnd.hancom.hwpx', 'MZ', 'application/x-msdownload'],
  ['video/mp4', '#!/bin/sh\n', null],
  ['text/plain', 'MZ\x90\0\x03', 'application/x-msdownload'],
  ['text/csv', '\x7fELF\x02\x01\0', 'application/x-executable'],
  ['image/webp', 'RIFF\x24\0\0\0AVI ', null],
])('a %s does not begin with %j, which looks like %s', (type, head, looksLike) => {
  expect(mayBe(type, of(head))).toBe(false)
  expect(kindOf(of(head))).toBe(looksLike)
})

test('every other name of a type in the table is judged as its first', () => {
  for (const names of Object.values(typesByExtension)) {
    for (const head of ['MZ\0', '\x89PNG\r\n\x1a\n', 'PK\x03\x04', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', '{\\rtf1']) {
      // HEIC and HEIF are two names of one family, and an M4A may be called MP4.
      expect(names.map((name) => mayBe(name, of(head)))).toEqual(names.map(() => mayBe(names[0] ?? '', of(head))))
    }
  }
})

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1024 }), fc.string(), (bytes, type) => {
      const head = new Uint8Array(bytes)
      expect(typeof mayBe(type, head)).toBe('boolean')
      expect([null, 'string']).toContain(kindOf(head) === null ? null : typeof kindOf(head))
    }),
  )
})
