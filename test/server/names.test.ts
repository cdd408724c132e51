import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contentDisposition, safeName } from '../../src/server/names.js'

const anyName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc.string({ maxLength: 50 }).map((name) => `${name}.pdf`),
  // Lone surrogates too: whatever UTF-16 a page can hold.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 }).map((units) => String.fromCharCode(...units)),
)

describe('a safe name', () => {
  test.each([
    ['../../etc/passwd', '.._.._etc_passwd'],
    ['..\\x.exe', '.._x.exe'],
    ['/abs.txt', '_abs.txt'],
    ['a\u0000b\nc.txt', 'a_b_c.txt'],
    ['a.pdf\u0000.exe', 'a.pdf_.exe'],
    ['gpj.\u202eexe', 'gpj._exe'],
    ['a\u200b.pdf', 'a_.pdf'],
    ['\ud800.txt', '\ufffd.txt'],
    ['CON', '_CON'],
    ['con.txt', '_con.txt'],
    ['contract.txt', 'contract.txt'],
    ['a.pdf ', 'a.pdf'],
    ['a.', 'a'],
    ['a. pdf', 'a. pdf'],
    ['.pdf', '.pdf'],
    ['My Photo...png', 'My Photo...png'],
    ['', 'file'],
    ['..', 'file'],
    ['이력서.pdf'.normalize('NFD'), '이력서.pdf'.normalize('NFC')],
    ['Screenshot 2024-07-11 at 1.08.45\u202fPM.png', 'Screenshot 2024-07-11 at 1.08.45\u202fPM.png'],
    ['100%.jpg', '100%.jpg'],
    ['a%2Fb.pdf', 'a%2Fb.pdf'],
    ['a+b&c#d?.pdf', 'a+b&c#d?.pdf'],
    ['👩‍👩‍👧.png', '👩‍👩‍👧.png'],
  ])('%j is kept as %j', (given, kept) => {
    expect(safeName(given)).toBe(kept)
  })

  test('is cut to 180 bytes on a grapheme, its extension kept', () => {
    const long = safeName(`${'가'.repeat(400)}.pdf`)
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(180)
    expect(long).toMatch(/^가+\.pdf$/)
    expect(safeName(`${'👩‍👩‍👧'.repeat(50)}.png`)).toMatch(/^(👩‍👩‍👧)+\.png$/u)
  })

  test('is well-formed, NFC, bounded, free of controls and slashes, never empty, and stays as it is', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const safe = safeName(name)
        expect(safe).not.toBe('')
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(180)
        expect(safe).toBe(safe.normalize('NFC'))
        expect(() => encodeURIComponent(safe)).not.toThrow()
        expect(safe).not.toMatch(/[\p{Cc}/\\\u202a-\u202e\u2066-\u2069]/u)
        expect(safeName(safe)).toBe(safe)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a Content-Disposition', () => {
  /** Reads it as RFC 6266 says: filename* wins. */
  const nameIn = (header: string): string => {
    const extended = /filename\*=UTF-8''([\w!#$&+.^`|~%-]+)$/.exec(header)
    if (extended?.[1] !== undefined) return decodeURIComponent(extended[1])
    return /^attachment; filename="([^"\\]*)"$/.exec(header)?.[1] ?? '(none)'
  }

  test.each([
    ['plain.pdf', 'attachment; filename="plain.pdf"'],
    ['a "b" c.pdf', `attachment; filename="a _b_ c.pdf"; filename*=UTF-8''a%20%22b%22%20c.pdf`],
    ['x\r\ny.pdf', 'attachment; filename="x__y.pdf"'],
    ['100%.jpg', `attachment; filename="100_.jpg"; filename*=UTF-8''100%25.jpg`],
    ['é©\u00a0.pdf', `attachment; filename="___.pdf"; filename*=UTF-8''%C3%A9%C2%A9%C2%A0.pdf`],
    ['이력서.pdf', `attachment; filename="___.pdf"; filename*=UTF-8''%EC%9D%B4%EB%A0%A5%EC%84%9C.pdf`],
  ])('of %j is %s', (name, header) => {
    expect(contentDisposition(name)).toBe(header)
  })

  test('is one header of printable ASCII for any string, and gives the safe name back', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const header = contentDisposition(name)
        expect(header).toMatch(
          /^attachment; filename="[\x20-\x21\x23-\x5b\x5d-\x7e]*"(; filename\*=UTF-8''[\x21-\x7e]+)?$/,
        )
        expect(nameIn(header)).toBe(safeName(name))
        expect(() => new Headers({ 'content-disposition': header })).not.toThrow()
      }),
      { numRuns: 1000 },
    )
  })
})
