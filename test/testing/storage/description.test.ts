import { describe as group, expect, it } from 'vitest'
import { describe, tagsOfXml, tagsXml } from '../../../src/testing/storage/description.js'

const said = (entries: Record<string, string>) => describe(new Map(Object.entries(entries)))

group('the description of an upload', () => {
  it('keeps the headers a download gives back, and no others', () => {
    const headers = {
      'cache-control': 'no-store',
      'content-disposition': 'inline',
      'content-language': 'ko',
      'content-type': 'a/b',
      expires: '0',
    }
    expect(said({ ...headers, 'content-length': '4', 'x-amz-date': 'x', host: 'x' })).toEqual({
      headers,
      metadata: {},
      tags: {},
    })
  })

  it('has a type where none was sent', () => {
    expect(said({}).headers).toEqual({ 'content-type': 'binary/octet-stream' })
  })

  it.each([
    ['aws-chunked', undefined],
    ['gzip', 'gzip'],
    ['aws-chunked,gzip', 'gzip'],
    ['gzip, aws-chunked', 'gzip'],
  ])('takes the framing out of the content-encoding %s', (sent, kept) => {
    expect(said({ 'content-encoding': sent }).headers['content-encoding']).toBe(kept)
  })

  it('has at most 2 kB of metadata', () => {
    expect(said({ 'x-amz-meta-note': 'x'.repeat(2044) }).metadata.note).toHaveLength(2044)
    expect(() => said({ 'x-amz-meta-note': 'x'.repeat(2045) })).toThrow(
      expect.objectContaining({ code: 'MetadataTooLarge' }) as Error,
    )
  })

  it('refuses what cannot be a header when it is downloaded', () => {
    expect(() => said({ 'content-disposition': 'attachment\r\nx-injected: 1' })).toThrow(
      expect.objectContaining({ code: 'InvalidArgument' }) as Error,
    )
    expect(() => said({ 'x-amz-meta-note': 'a\nb' })).toThrow(
      expect.objectContaining({ code: 'InvalidArgument' }) as Error,
    )
  })

  it('reads tags from a header and from XML', () => {
    expect(said({ 'x-amz-tagging': 'state=pending&a=b%20c' }).tags).toEqual({ state: 'pending', a: 'b c' })
    expect(tagsOfXml(tagsXml({ state: 'a & b' }))).toEqual({ state: 'a & b' })
  })

  it.each([
    'a=1&a=2',
    '=1',
    `${'k'.repeat(129)}=1`,
    `a=${'v'.repeat(257)}`,
    Array.from({ length: 11 }, (_, index) => `${index}=1`).join('&'),
  ])('refuses the tags %s', (tagging) => {
    expect(() => said({ 'x-amz-tagging': tagging })).toThrow(expect.objectContaining({ code: 'InvalidTag' }) as Error)
  })
})
