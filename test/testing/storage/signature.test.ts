import { describe, expect, it } from 'vitest'
import { splitTarget, type StorageRequest } from '../../../src/testing/storage/request.js'
import {
  authenticate,
  authenticateForm,
  canonicalRequest,
  refuseExpired,
} from '../../../src/testing/storage/signature.js'

// The examples of "Authenticating Requests (AWS Signature Version 4)" in Amazon's S3 API reference.
const user = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }
const signedAt = Date.parse('2013-05-24T00:00:00Z')
const verification = { users: [user], region: 'us-east-1', now: signedAt }
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

function aRequest(
  target: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): StorageRequest {
  const none = (async function* () {})()
  return {
    method,
    ...splitTarget(target),
    bucket: '',
    key: '',
    headers: { host: 'examplebucket.s3.amazonaws.com', ...headers },
    body: none,
  }
}

const getHeaders = {
  range: 'bytes=0-9',
  'x-amz-content-sha256': emptyHash,
  'x-amz-date': '20130524T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
}
const presigned =
  '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404'

const code = (attempt: () => unknown): string => {
  try {
    attempt()
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
  return 'accepted'
}

describe('a signature in the Authorization header', () => {
  it('of a GET with a range is accepted', () => {
    expect(authenticate(aRequest('/test.txt', { headers: getHeaders }), verification)).toEqual({
      user,
      payload: emptyHash,
    })
  })

  it('of a PUT whose key needs encoding is accepted', () => {
    const headers = {
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-date': '20130524T000000Z',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    }
    expect(code(() => authenticate(aRequest('/test%24file.text', { method: 'PUT', headers }), verification))).toBe(
      'accepted',
    )
    // The same path, encoded less: S3 encodes once more by itself.
    expect(code(() => authenticate(aRequest('/test$file.text', { method: 'PUT', headers }), verification))).toBe(
      'accepted',
    )
  })

  it('of a subresource without a value is accepted', () => {
    const headers = {
      ...getHeaders,
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    }
    expect(code(() => authenticate(aRequest('/?lifecycle', { headers }), verification))).toBe('accepted')
  })

  it.each([
    ['a changed header', { range: 'bytes=0-10' }, 'SignatureDoesNotMatch'],
    ['another host', { host: 'evil.example' }, 'SignatureDoesNotMatch'],
    ['an x-amz header that was not signed', { 'x-amz-acl': 'public-read' }, 'AccessDenied'],
    ['no payload hash', { 'x-amz-content-sha256': undefined }, 'InvalidRequest'],
    ['another payload hash', { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, 'SignatureDoesNotMatch'],
    ['a date of another day', { 'x-amz-date': '20130525T000000Z' }, 'AuthorizationHeaderMalformed'],
    ['no date', { 'x-amz-date': undefined }, 'AccessDenied'],
    ['version 2', { authorization: 'AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=' }, 'InvalidRequest'],
    [
      'another region',
      { authorization: getHeaders.authorization.replace('us-east-1', 'eu-west-1') },
      'AuthorizationHeaderMalformed',
    ],
    [
      'another service',
      { authorization: getHeaders.authorization.replace('/s3/', '/ec2/') },
      'AuthorizationHeaderMalformed',
    ],
    [
      'no signature',
      { authorization: getHeaders.authorization.replace(/,Signature=.*/, '') },
      'AuthorizationHeaderMalformed',
    ],
    ['the host not signed', { authorization: getHeaders.authorization.replace('host;', '') }, 'AccessDenied'],
    ['a session nobody has', { 'x-amz-security-token': 'token' }, 'InvalidToken'],
  ])('with %s is refused', (_, change, expected) => {
    const headers = Object.fromEntries(
      Object.entries({ ...getHeaders, ...change }).filter((entry): entry is [string, string] => entry[1] !== undefined),
    )
    expect(code(() => authenticate(aRequest('/test.txt', { headers }), verification))).toBe(expected)
  })

  it.each([
    [-16, 'RequestTimeTooSkewed'],
    [-15, 'accepted'],
    [15, 'accepted'],
    [16, 'RequestTimeTooSkewed'],
  ])('on a clock %d minutes off is %s', (minutes, expected) => {
    const now = signedAt + minutes * 60_000
    expect(code(() => authenticate(aRequest('/test.txt', { headers: getHeaders }), { ...verification, now }))).toBe(
      expected,
    )
  })

  it('beside one in the query is refused', () => {
    expect(code(() => authenticate(aRequest(presigned, { headers: getHeaders }), verification))).toBe('InvalidArgument')
  })
})

describe('a signature in the query', () => {
  it('of a presigned GET is accepted to the last second of its day', () => {
    const now = signedAt + 86_400_000 - 1
    expect(authenticate(aRequest(presigned), { ...verification, now })).toEqual({ user, payload: 'UNSIGNED-PAYLOAD' })
    expect(code(() => authenticate(aRequest(presigned), { ...verification, now: now + 1 }))).toBe('AccessDenied')
  })

  it('is not valid more than 15 minutes before it was made', () => {
    expect(code(() => authenticate(aRequest(presigned), { ...verification, now: signedAt - 15 * 60_000 }))).toBe(
      'accepted',
    )
    expect(code(() => authenticate(aRequest(presigned), { ...verification, now: signedAt - 15 * 60_000 - 1 }))).toBe(
      'AccessDenied',
    )
  })

  it('is the same in whatever order the parameters come', () => {
    const [path = '', query = ''] = presigned.split('?')
    expect(code(() => authenticate(aRequest(`${path}?${query.split('&').reverse().join('&')}`), verification))).toBe(
      'accepted',
    )
  })

  it.each([
    ['X-Amz-Expires', '604801'],
    ['X-Amz-Expires', '-5'],
    ['X-Amz-Expires', 'NaN'],
    ['X-Amz-Date', 'yesterday'],
    ['X-Amz-Credential', 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3'],
    ['X-Amz-Credential', ''],
  ])('with %s=%s is malformed', (name, value) => {
    const url = new URL(presigned, 'http://storage')
    url.searchParams.set(name, value)
    expect(code(() => authenticate(aRequest(url.pathname + url.search), verification))).toBe(
      'AuthorizationQueryParametersError',
    )
  })

  it('tells what the storage signed, so that both sides can be compared', () => {
    try {
      authenticate(aRequest(presigned.replace('test.txt', 'tent.txt')), verification)
      expect.unreachable()
    } catch (error) {
      const { details } = error as { details: Record<string, string> }
      expect(details.CanonicalRequest).toContain('GET\n/tent.txt\n')
      expect(details.StringToSign).toContain('20130524/us-east-1/s3/aws4_request')
      expect(JSON.stringify(details)).not.toContain(user.secretAccessKey)
    }
  })
})

describe('the canonical request', () => {
  it('sorts the query by encoded name and value, not by the text of pairs', () => {
    const canonical = canonicalRequest(aRequest('/b?a-=1&a=2&a=1&%7Bx=3&A=4'), ['host'], 'UNSIGNED-PAYLOAD')
    expect(canonical.split('\n')[2]).toBe('%7Bx=3&A=4&a=1&a=2&a-=1')
  })

  it('keeps dots and double slashes of a path, and encodes all but the unreserved', () => {
    expect(canonicalRequest(aRequest("/b/./..//a~b!'()*+ü"), [], '').split('\n')[1]).toBe(
      '/b/./..//a~b%21%27%28%29%2A%2B%C3%BC',
    )
  })

  it('trims header values and folds their spaces', () => {
    expect(canonicalRequest(aRequest('/', { headers: { 'x-note': '  a   b ' } }), ['x-note'], '')).toContain(
      'x-note:a b\n',
    )
  })
})

describe('the time of a presigned URL, on its own', () => {
  const query = (text: string) => new URLSearchParams(text)
  it('is over or not, whoever signed', () => {
    const signed = query('X-Amz-Date=20130524T000000Z&X-Amz-Expires=60')
    expect(code(() => refuseExpired(signed, signedAt + 59_999))).toBe('accepted')
    expect(code(() => refuseExpired(signed, signedAt + 60_000))).toBe('AccessDenied')
  })

  it('is over when it cannot be read', () => {
    expect(code(() => refuseExpired(query('X-Amz-Date=x&X-Amz-Expires=60'), signedAt))).toBe('AccessDenied')
    expect(code(() => refuseExpired(query('X-Amz-Date=20130524T000000Z&X-Amz-Expires=x'), signedAt))).toBe(
      'AccessDenied',
    )
  })

  it('does not matter to what is not presigned', () => {
    expect(code(() => refuseExpired(query('uploads'), signedAt))).toBe('accepted')
  })
})

describe('temporary credentials', () => {
  const temporary = { ...user, sessionToken: 'token', expiresAt: signedAt + 1000 }
  const withToken = { ...getHeaders, 'x-amz-security-token': 'token' }

  it('need their token', () => {
    const request = aRequest('/test.txt', { headers: getHeaders })
    expect(code(() => authenticate(request, { ...verification, users: [temporary] }))).toBe('InvalidToken')
  })

  it('end', () => {
    const request = aRequest('/test.txt', { headers: withToken })
    const at = (now: number) => code(() => authenticate(request, { ...verification, users: [temporary], now }))
    // The signature is older than the token, which nobody signed here: a later refusal.
    expect(at(signedAt)).toBe('AccessDenied')
    expect(at(signedAt + 1000)).toBe('ExpiredToken')
  })
})

describe('a form', () => {
  it('without a policy is signed by nobody', () => {
    expect(authenticateForm(new Map([['key', 'a']]), verification)).toBeNull()
  })

  it.each(['x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'x-amz-signature'])('without %s is refused', (name) => {
    const fields = new Map([
      ['policy', 'e30='],
      ['x-amz-algorithm', 'AWS4-HMAC-SHA256'],
      ['x-amz-credential', `${user.accessKeyId}/20130524/us-east-1/s3/aws4_request`],
      ['x-amz-date', '20130524T000000Z'],
      ['x-amz-signature', 'x'],
    ])
    expect(code(() => authenticateForm(fields, verification))).toBe('SignatureDoesNotMatch')
    fields.delete(name)
    expect(code(() => authenticateForm(fields, verification))).toBe('InvalidArgument')
  })
})
