import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeAwsChunked } from '../../../src/testing/storage/awsChunked.js'
import { collect, cutAt, someCuts } from './chunks.js'

const chunk = (content: Buffer) =>
  Buffer.concat([Buffer.from(`${content.length.toString(16)}\r\n`), content, Buffer.from('\r\n')])
const decode = (text: string) => collect(decodeAwsChunked(cutAt(Buffer.from(text, 'latin1'), []), new Map()))

describe('an aws-chunked body', () => {
  it('gives its content and trailers back wherever it is cut', async () => {
    const contents = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(contents, someCuts, async (list, cuts) => {
        const chunks = list.map((content) => Buffer.from(content))
        const wire = Buffer.concat([...chunks.map(chunk), Buffer.from('0\r\nX-Amz-Checksum-Crc32: AAAAAA==\r\n\r\n')])
        const trailers = new Map<string, string>()
        expect(await collect(decodeAwsChunked(cutAt(wire, cuts), trailers))).toEqual(Buffer.concat(chunks))
        expect([...trailers]).toEqual([['x-amz-checksum-crc32', 'AAAAAA==']])
      }),
    )
  })

  it('may have no trailers, and extensions that are passed over', async () => {
    expect(String(await decode('3;chunk-signature=abc\r\nabc\r\n0\r\n\r\n'))).toBe('abc')
  })

  it.each([
    ['without its last chunk', '3\r\nabc\r\n'],
    ['without its last line', '3\r\nabc\r\n0\r\n'],
    ['cut within a chunk', '5\r\nabc'],
    ['with a chunk longer than its size', '2\r\nabc\r\n0\r\n\r\n'],
    ['with a size that is no number', 'x\r\nabc\r\n0\r\n\r\n'],
    ['with a trailer that is none', '0\r\nnonsense\r\n\r\n'],
    ['that is not chunked at all', 'plain text'],
    ['that is empty', ''],
  ])('%s is refused as IncompleteBody', async (_, wire) => {
    await expect(decode(wire)).rejects.toMatchObject({ code: 'IncompleteBody' })
  })
})
