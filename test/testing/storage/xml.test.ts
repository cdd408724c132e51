import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseXml, textOf, textsOf, xmlDocument } from '../../../src/testing/storage/xml.js'

describe('XML', () => {
  it('gives back any text that XML can hold', () => {
    const text = fc.string({ unit: 'grapheme' })
    fc.assert(
      fc.property(fc.array(text), (keys) => {
        expect(textsOf(parseXml(xmlDocument('Delete', { Key: keys })), 'Key')).toEqual(keys)
      }),
    )
  })

  it('writes what XML cannot hold as a replacement character', () => {
    expect(textOf(parseXml(xmlDocument('a', { b: 'x\u0001y' })), 'b')).toBe('x\ufffdy')
  })

  it('leaves undefined out and repeats arrays', () => {
    expect(xmlDocument('a', { b: undefined, c: [1, true], d: { e: '' } })).toMatch(
      /<a><c>1<\/c><c>true<\/c><d><e><\/e><\/d><\/a>$/,
    )
  })

  it('is read with attributes, comments, empty elements and spaces between elements', () => {
    const root = parseXml(
      '\ufeff<?xml version="1.0"?>\n<!-- c --><a xmlns="http://s3/doc/">\n <b/> <c x="1" >&lt;&#65;&#x1F600;</c >\n</a>\n',
    )
    expect(textOf(root, 'b')).toBe('')
    expect(textOf(root, 'c')).toBe('<A\u{1F600}')
    expect(textOf(root, 'd')).toBeUndefined()
  })

  it.each([
    '',
    'text',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a>&unknown;</a>',
    '<a>&amp</a>',
    '<a b></a>',
    '</a>',
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    '<a>&#x110000;</a>',
  ])('%s is malformed', (document) => {
    expect(() => parseXml(document)).toThrow(expect.objectContaining({ code: 'MalformedXML' }) as Error)
  })
})
