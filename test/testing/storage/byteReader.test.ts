import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteReader } from '../../../src/testing/storage/byteReader.js'
import { collect, cutAt, someCuts } from './chunks.js'

// Few different bytes: delimiters then begin, break off and overlap often.
const bytes = fc.array(fc.constantFrom(...Buffer.from('ab-\r\n')), { maxLength: 80 }).map((list) => Buffer.from(list))

describe('a byte reader', () => {
  it('finds the first delimiter wherever the chunks are cut, and leaves what follows', async () => {
    const delimiter = Buffer.from('\r\n--a')
    await fc.assert(
      fc.asyncProperty(bytes, bytes, someCuts, async (before, after, cuts) => {
        const all = Buffer.concat([before, delimiter, after])
        const at = all.indexOf(delimiter)
        const reader = byteReader(cutAt(all, cuts))
        expect(await collect(reader.until(delimiter))).toEqual(all.subarray(0, at))
        expect(await reader.bytes(1000)).toEqual(all.subarray(at + delimiter.length))
      }),
    )
  })

  it('takes exactly as many bytes as asked for', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, fc.nat(80), someCuts, async (all, length, cuts) => {
        const reader = byteReader(cutAt(all, cuts))
        if (length > all.length) {
          await expect(collect(reader.exactly(length))).rejects.toThrow('ended early')
          return
        }
        expect(await collect(reader.exactly(length))).toEqual(all.subarray(0, length))
        expect(await reader.bytes(1000)).toEqual(all.subarray(length))
      }),
    )
  })

  it('reads lines up to a length', async () => {
    const reader = byteReader(cutAt(Buffer.from('12345\r\n\r\n123456\r\n'), [0.3, 0.35]))
    expect(await reader.line(5)).toBe('12345')
    expect(await reader.line(5)).toBe('')
    await expect(reader.line(5)).rejects.toThrow('too long')
  })

  it('says so when the stream ends too early', async () => {
    await expect(byteReader(cutAt(Buffer.from('abc'), [])).line(10)).rejects.toThrow('ended')
    await expect(collect(byteReader(cutAt(Buffer.from('abc'), [])).until(Buffer.from('x')))).rejects.toThrow('ended')
  })
})
