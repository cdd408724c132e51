import { describe, expect, it } from 'vitest'
import { checkPolicy, parsePolicy } from '../../../src/testing/storage/postPolicy.js'

const now = Date.parse('2026-11-25T10:00:00Z')
const encode = (policy: unknown) =>
  Buffer.from(typeof policy === 'string' ? policy : JSON.stringify(policy)).toString('base64')
const aPolicy = (conditions: unknown[], expiration = '2026-11-25T10:15:00Z') =>
  parsePolicy(encode({ expiration, conditions }))

function verdict(conditions: unknown[], fields: Record<string, string>): string {
  try {
    checkPolicy(aPolicy(conditions), new Map(Object.entries(fields)), 'answers', now)
    return 'accepted'
  } catch (error) {
    return (error as Error).message
  }
}

describe('a policy', () => {
  it.each<[string, unknown[], Record<string, string>, string | RegExp]>([
    ['an exact value', [{ key: 'a' }], { key: 'a' }, 'accepted'],
    ['another value', [{ key: 'a' }], { key: 'b' }, /Condition failed: \["eq", "\$key", "a"\]/],
    ['another case of the value', [{ key: 'a' }], { key: 'A' }, /failed/],
    ['eq', [['eq', '$key', 'a']], { key: 'a' }, 'accepted'],
    ['a beginning', [['starts-with', '$key', 'uploads/']], { key: 'uploads/1' }, 'accepted'],
    ['another beginning', [['starts-with', '$key', 'uploads/']], { key: 'elsewhere/uploads/' }, /failed/],
    ['any value', [['starts-with', '$content-type', '']], { 'content-type': 'text/html' }, 'accepted'],
    ['names in another case', [{ 'Content-Type': 'text/plain' }], { 'content-type': 'text/plain' }, 'accepted'],
    ['a field that is missing', [{ key: 'a' }, { 'content-type': 'text/plain' }], { key: 'a' }, /content-type/],
    ['a field without a condition', [{ key: 'a' }], { key: 'a', acl: 'public-read' }, /Extra input fields: acl/],
    ['the credential without a condition', [{ key: 'a' }], { key: 'a', 'x-amz-credential': 'x' }, /Extra input fields/],
    [
      'what needs no condition',
      [{ key: 'a' }],
      { key: 'a', policy: 'x', 'x-amz-signature': 'x', 'x-ignore-me': 'x' },
      'accepted',
    ],
    ['the bucket of the address', [{ bucket: 'answers' }], {}, 'accepted'],
    ['another bucket', [{ bucket: 'other' }], {}, /failed/],
    ['a bucket field that is not the address', [{ bucket: 'other' }], { bucket: 'other' }, /another bucket/],
    ['two conditions for a field, one failing', [['starts-with', '$key', 'a'], { key: 'ab' }], { key: 'ac' }, /failed/],
  ])('with %s', (_, conditions, fields, expected) => {
    if (expected instanceof RegExp) expect(verdict(conditions, fields)).toMatch(expected)
    else expect(verdict(conditions, fields)).toBe(expected)
  })

  it('holds up to its expiration', () => {
    const policy = aPolicy([], '2026-11-25T10:00:00.001Z')
    expect(() => checkPolicy(policy, new Map(), 'answers', now)).not.toThrow()
    expect(() => checkPolicy(policy, new Map(), 'answers', now + 1)).toThrow('Policy expired')
  })

  it('has the narrowest of its ranges', () => {
    const range = (from: unknown, to: unknown) => ['content-length-range', from, to]
    expect(aPolicy([range(5, 10), range('1', '7')])).toMatchObject({ minSize: 5, maxSize: 7 })
    expect(aPolicy([])).toMatchObject({ minSize: 0, maxSize: 5 * 1024 ** 3 })
  })

  it.each([
    ['that is no JSON', 'nonsense'],
    ['that is no object', [1]],
    ['without an expiration', { conditions: [] }],
    ['with an expiration that is no date', { expiration: 'soon', conditions: [] }],
    ['without conditions', { expiration: '2026-11-25T10:15:00Z' }],
    ['with an unknown operator', { expiration: '2026-11-25T10:15:00Z', conditions: [['ends-with', '$key', 'a']] }],
    ['with a condition on no field', { expiration: '2026-11-25T10:15:00Z', conditions: [['eq', 'key', 'a']] }],
    ['with a value that is no text', { expiration: '2026-11-25T10:15:00Z', conditions: [{ key: 1 }] }],
    ['with a negative size', { expiration: '2026-11-25T10:15:00Z', conditions: [['content-length-range', -1, 5]] }],
    ['with a condition that is none', { expiration: '2026-11-25T10:15:00Z', conditions: ['key'] }],
  ])('%s is invalid', (_, policy) => {
    expect(() => parsePolicy(encode(policy))).toThrow('Invalid Policy')
  })
})
