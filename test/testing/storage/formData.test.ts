import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formBoundary, readFormData } from '../../../src/testing/storage/formData.js'
import { collect, cutAt, someCuts } from './chunks.js'

interface Field {
  name: string
  filename?: string
  content: Buffer
}

async function parse(wire: Buffer, boundary: string, cuts: readonly number[] = []): Promise<Field[]> {
  const fields: Field[] = []
  for await (const { content, ...part } of readFormData(cutAt(wire, cuts), boundary))
    fields.push({ ...part, content: await collect(content) })
  return fields
}

/** As Node (undici) writes it, which follows the same standard as browsers. */
async function encode(fields: readonly Field[]): Promise<{ wire: Buffer; boundary: string }> {
  const form = new FormData()
  for (const { name, filename, content } of fields)
    form.append(name, new Blob([new Uint8Array(content)]), filename ?? 'blob')
  const response = new Response(form)
  const boundary = formBoundary(response.headers.get('content-type') ?? '')
  if (boundary === undefined) throw new Error('no boundary')
  return { wire: Buffer.from(await response.arrayBuffer()), boundary }
}

const byHand = (body: string) => Buffer.from(body.replaceAll('\n', '\r\n'), 'latin1')

describe('multipart/form-data', () => {
  it('gives back names, file names and bytes of any form, wherever its body is cut', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((name) => !/[\r\n%]/.test(name))
    const field = fc.record({
      name: text,
      // undici leaves an empty one out.
      filename: text.filter((name) => name !== ''),
      content: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(field, { maxLength: 4 }), someCuts, async (fields, cuts) => {
        const { wire, boundary } = await encode(fields)
        expect(await parse(wire, boundary, cuts)).toEqual(fields)
      }),
    )
  })

  it('keeps content that looks like a boundary, wherever its body is cut', async () => {
    const pieces = fc.array(fc.constantFrom('\r\n', '--', 'B', 'BB', '\r\n--B', '\r', 'x'), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(pieces, someCuts, async (list, cuts) => {
        const content = list.join('')
        fc.pre(!content.includes('\r\n--BOUND'))
        const wire = Buffer.from(
          `--BOUND\r\nContent-Disposition: form-data; name="file"\r\n\r\n${content}\r\n--BOUND--\r\n`,
        )
        expect(await parse(wire, 'BOUND', cuts)).toEqual([{ name: 'file', content: Buffer.from(content) }])
      }),
    )
  })

  it('has names in UTF-8, with quotes and line breaks escaped as browsers do', async () => {
    const wire = Buffer.from(
      '--B\r\ncontent-disposition: form-data; name="a%22b"; filename="파일%0D%0A.txt"\r\n\r\n\r\n--B--',
    )
    expect(await parse(wire, 'B')).toEqual([{ name: 'a"b', filename: '파일\r\n.txt', content: Buffer.alloc(0) }])
  })

  it('may have a preamble, an epilogue, spaces after a boundary, and names without quotes', async () => {
    const wire = byHand(
      'preamble\n--B  \nContent-Type: text/plain\nContent-Disposition: form-data; name=a\n\n1\n--B--\nepilogue',
    )
    expect(await parse(wire, 'B')).toEqual([{ name: 'a', content: Buffer.from('1') }])
  })

  it('skips what is not read of a part', async () => {
    const { wire, boundary } = await encode([
      { name: 'a', content: Buffer.alloc(5000) },
      { name: 'b', content: Buffer.from('b') },
    ])
    const names: string[] = []
    for await (const { name } of readFormData(cutAt(wire, [0.2, 0.4, 0.6]), boundary)) names.push(name)
    expect(names).toEqual(['a', 'b'])
  })

  it.each([
    ['cut before its last boundary', '--B\nContent-Disposition: form-data; name="a"\n\nabc'],
    ['cut within the last boundary', '--B\nContent-Disposition: form-data; name="a"\n\nabc\n--B'],
    ['cut within headers', '--B\nContent-Dispo'],
    ['with a part that has no name', '--B\nContent-Disposition: form-data\n\nabc\n--B--'],
    ['with a part that is no form-data', '--B\nContent-Disposition: attachment; name="a"\n\nabc\n--B--'],
    ['with other bytes after a boundary', '--Bx\nContent-Disposition: form-data; name="a"\n\nabc\n--B--'],
    ['with endless headers', `--B\n${'X: y\n'.repeat(100)}\nabc\n--B--`],
    ['with an endless header', `--B\nX: ${'y'.repeat(100_000)}\n\nabc\n--B--`],
    ['that is empty', ''],
    ['of another kind', '{"a":1}'],
  ])('%s is malformed', async (_, body) => {
    await expect(parse(byHand(body), 'B')).rejects.toMatchObject({ code: 'MalformedPOSTRequest' })
  })

  it.each([
    ['multipart/form-data; boundary=abc', 'abc'],
    ['Multipart/Form-Data; charset=utf-8; boundary="a b;c"', 'a b;c'],
    ['multipart/form-data', undefined],
    ['multipart/form-data; boundary=', undefined],
    ['multipart/mixed; boundary=abc', undefined],
    ['application/json', undefined],
    [undefined, undefined],
  ])('%s has the boundary %s', (type, boundary) => {
    expect(formBoundary(type)).toBe(boundary)
  })
})
