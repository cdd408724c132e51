import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failure, FailureError, failureCodes, failureFrom, isFailure } from '../../src/protocol/failure.js'
import { isUploadUrl, parseGrant, parseSignedParts } from '../../src/protocol/grant.js'
import { parseDescriptions } from '../../src/protocol/descriptions.js'
import { parseStoredFile, safeLink } from '../../src/protocol/storedFile.js'

const url = 'https://s.test/b/k'

describe('parseGrant', () => {
  test.each([
    ['{ id, url } alone is a PUT', { id: 'a', url }, { method: 'PUT', headers: {}, expiresInMs: null, confirm: false }],
    ['a numeric id becomes a string', { id: 7, url }, { id: '7' }],
    ['seconds become ms', { id: 'a', url, expiresIn: 60 }, { expiresInMs: 60_000 }],
    ['the URL states its own lifetime', { id: 'a', url: `${url}?X-Amz-Expires=300` }, { expiresInMs: 300_000 }],
    [
      'expiresIn decides over the URL',
      { id: 'a', url: `${url}?X-Amz-Expires=300`, expiresIn: 9 },
      { expiresInMs: 9_000 },
    ],
    ['a form POST', { id: 'a', method: 'POST', url, fields: { key: 'k' } }, { method: 'POST', fields: { key: 'k' } }],
    [
      'a multipart upload without first parts',
      { id: 'a', method: 'MULTIPART', upload: 'u', partSize: 5 },
      { method: 'MULTIPART', parts: [] },
    ],
    ['unknown members are ignored', { id: 'a', url, expiresAt: 'never', more: {} }, { id: 'a' }],
  ])('%s', (_, value, grant) => {
    expect(parseGrant(value, true)).toMatchObject({ ok: true, grant })
  })

  test.each([
    ['nothing', undefined],
    ['a string', 'https://s.test'],
    ['no id', { url }],
    ['an empty id', { id: '', url }],
    ['an id that is NaN', { id: Number.NaN, url }],
    ['no url', { id: 'a' }],
    ['a method that is none', { id: 'a', url, method: 'DELETE' }],
    ['headers that are no strings', { id: 'a', url, headers: { a: 1 } }],
    ['a form without fields', { id: 'a', method: 'POST', url }],
    ['a multipart upload without token', { id: 'a', method: 'MULTIPART', partSize: 5, parts: [] }],
    ['a part size of 0', { id: 'a', method: 'MULTIPART', upload: 'u', partSize: 0, parts: [] }],
    ['a part without URL', { id: 'a', method: 'MULTIPART', upload: 'u', partSize: 5, parts: [{ partNumber: 1 }] }],
    ['an error without a code', { error: {} }],
  ])('%s is refused with a hint for the developer', (_, value) => {
    const result = parseGrant(value, true)
    expect(result).toMatchObject({ ok: false, failure: { code: 'server' } })
    expect(result.ok ? '' : result.failure.hint).toBeTruthy()
  })

  test('a refusal keeps its code and words', () => {
    expect(parseGrant({ error: { code: 'too-old', message: 'Too old' } }, true)).toMatchObject({
      failure: { code: 'too-old', message: 'Too old', remedy: 'person' },
    })
  })

  test('never throws and never repeats what it was given', () => {
    fc.assert(
      fc.property(fc.anything(), fc.webUrl(), (value, secret) => {
        parseGrant(value, true)
        const result = parseGrant({ id: 1, method: 'ODD', url: secret }, false)
        expect(JSON.stringify(result)).not.toContain(secret)
      }),
    )
  })
})

test.each([
  ['https://s.test/a', true, true],
  ['http://s.test/a', true, false],
  ['http://s.test/a', false, true],
  ['http://localhost:9000/a', true, true],
  ['http://127.0.0.1/a', true, true],
  ['/relative', false, false],
  ['//s.test/a', false, false],
  ['javascript:alert(1)', false, false],
  ['data:text/html,x', false, false],
  ['https://', false, false],
  ['ftp://s.test/a', false, false],
  [7, false, false],
])('a file may be sent to %s from a secure page (%s): %s', (target, secure, may) => {
  expect(isUploadUrl(target, secure)).toBe(may)
})

test.each([
  [[{ partNumber: 1, url }], 1],
  [[], 0],
  [[{ partNumber: 1.5, url }], null],
  [[{ partNumber: '1', url }], null],
  [[{ partNumber: 1, url: 'x' }], null],
  [{}, null],
])('parts %j', (value, count) => {
  expect(parseSignedParts(value, true)?.length ?? null).toBe(count)
})

describe('stored files from outside', () => {
  test.each([
    ['https://s.test/a', 'https://s.test/a'],
    ['http://s.test/a', 'http://s.test/a'],
    ['javascript:alert(1)', undefined],
    [' javascript:alert(1)', undefined],
    ['java\nscript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['//evil.test', undefined],
    ['\\\\evil.test', undefined],
    ['', undefined],
    [null, undefined],
  ])('A19: a link of %j is %s', (link, safe) => {
    expect(safeLink(link)).toBe(safe)
    expect(parseStoredFile({ id: 'a', url: link, thumbnailUrl: link })).toEqual({
      id: 'a',
      name: '',
      size: 0,
      type: '',
      ...(safe === undefined ? {} : { url: safe, thumbnailUrl: safe }),
    })
  })

  test('descriptions that make no sense are left out, errors keep their code', () => {
    const described = parseDescriptions({
      files: [{ id: 'a' }, null, 7, {}, { id: 'b', error: { code: 'gone' } }, { id: 'c', error: 'x' }],
    })
    expect(described.map((each) => [each.id, 'error' in each ? each.error : 'file'])).toEqual([
      ['a', 'file'],
      ['b', 'gone'],
      ['c', 'x'],
    ])
    expect(parseDescriptions(undefined)).toEqual([])
  })
})

describe('failures from what was thrown', () => {
  test.each<[string, unknown, string]>([
    ['a Failure', failure('closed'), 'closed'],
    ['an error that carries one', new FailureError(failure('gone')), 'gone'],
    ['an error with a code of ours', Object.assign(new Error('x'), { code: 'denied' }), 'denied'],
    ['an error with another code', Object.assign(new Error('x'), { code: 'ENOENT' }), 'server'],
    ['a host’s reason', { code: 'too-dark', message: 'Too dark' }, 'too-dark'],
    ['a string', 'no', 'server'],
    ['undefined', undefined, 'server'],
  ])('%s', (_, thrown, code) => {
    expect(failureFrom(thrown).code).toBe(code)
  })

  test('every code has a remedy, and a host’s own code needs a person', () => {
    for (const code of failureCodes) expect(isFailure(failure(code))).toBe(true)
    expect(failure('own-reason').remedy).toBe('person')
    expect(failure('constructor').remedy).toBe('person')
  })
})
