/** F20–F24: the grant ends, or storage refuses it. */
import { expect } from 'vitest'
import type { Api, Row } from '../row.js'
import { answer, on, s3Error, throttle } from '../wire.js'

const MiB = 1024 * 1024

/** The backend tells this lifetime whatever it signed, and answers its first call for grants so late, ms. */
const tells =
  (expiresIn: number, lateBy = 0): (() => Api) =>
  () => {
    let calls = 0
    return async ({ action }, next) => {
      const response = await next()
      if (action !== 'presign') return response
      const { grants } = (await response.json()) as { grants: object[] }
      calls += 1
      if (calls === 1) await new Promise((resolve) => setTimeout(resolve, lateBy))
      return Response.json({ grants: grants.map((grant) => ({ ...grant, expiresIn })) })
    }
  }

const refusal = (code: string, message?: string) => answer(403, s3Error(code, message))

export const grantRows: readonly Row[] = [
  {
    fault: 'F20',
    words: 'ends while queued: renewed ahead',
    files: 14,
    size: 300_000,
    server: { expiresIn: 30 },
    api: tells(2),
    // Six connections are busy for longer than a grant lives.
    wire: [on('PUT', [1, 2, 3, 4, 5, 6], throttle(135_000))],
    expect: {
      sends: 14,
      also({ issued, proxy }) {
        for (const put of proxy.log.filter(({ method }) => method === 'PUT')) {
          const grants = issued.filter(({ key, at }) => put.path.endsWith(key) && at < put.at)
          expect(put.at - Math.max(...grants.map(({ at }) => at)), 'age of the grant').toBeLessThan(2_000)
        }
      },
    },
  },
  {
    fault: 'F20',
    words: 'ends while sending',
    server: { expiresIn: 2 },
    wire: [on('PUT', 1, throttle(350_000))],
    expect: { sends: [1, 2] },
  },
  {
    fault: 'F20',
    words: 'ended unknown to the page: Ceph refuses the preflight',
    server: { expiresIn: 2 },
    api: tells(60, 2_100),
    timing: { callTimeout: 10_000 },
    // Tried once again, since most silences are the network's; then renewed.
    expect: { sends: 3, wire: { PUT: 1 }, calls: { presign: 2 } },
  },
  {
    fault: 'F20',
    words: 'ends between parts',
    by: 'MULTIPART',
    size: 15 * MiB,
    server: { expiresIn: 2 },
    // One part at a time.
    timing: { connectionBudget: 2 },
    wire: [on('PUT', [1, 2], throttle(3_500_000))],
    expect: { wire: { PUT: [3, 4] }, calls: { presign: [1, 2], 'presign-parts': [1, 3], complete: 1 } },
  },
  ...[100_000, MiB].flatMap((size): Row[] => [
    {
      fault: 'F21',
      words: `${size} bytes, 403 without CORS after the body, always`,
      size,
      wire: [on('PUT', 'all', answer(403, s3Error('SignatureDoesNotMatch'), { readable: false }))],
      expect: { ends: 'storage-rejected', hint: /signature/i, sends: 2, calls: { presign: 2 } },
    },
    {
      fault: 'F21',
      words: `${size} bytes, 403 without CORS after the body, once`,
      size,
      wire: [on('PUT', 1, answer(403, s3Error('SignatureDoesNotMatch'), { readable: false }))],
      expect: {
        sends: 2,
        calls: { presign: 2 },
        also: ({ issued }) => expect(new Set(issued.map(({ id, key }) => `${id} ${key}`)).size, 'ids and keys').toBe(1),
      },
    },
  ]),
  {
    fault: 'F22',
    words: '403 "Request has expired", once',
    wire: [on('PUT', 1, refusal('AccessDenied', 'Request has expired'))],
    expect: { sends: 2, calls: { presign: 2 } },
  },
  {
    fault: 'F22',
    words: '400 ExpiredToken, once',
    wire: [on('PUT', 1, answer(400, s3Error('ExpiredToken')))],
    expect: { sends: 2, calls: { presign: 2 } },
  },
  {
    fault: 'F23',
    words: "storage's clock is off: RequestTimeTooSkewed",
    wire: [on('PUT', 'all', refusal('RequestTimeTooSkewed'))],
    expect: {
      ends: 'storage-rejected',
      hint: /clock/i,
      storageCode: 'RequestTimeTooSkewed',
      sends: 2,
      calls: { presign: 2 },
    },
  },
  ...(['POST', 'PUT'] as const).flatMap((by): Row[] => [
    {
      fault: 'F24',
      words: 'AccessDenied that stays',
      by,
      wire: [on(by, 'all', refusal('AccessDenied'))],
      expect: { ends: 'denied', storageCode: 'AccessDenied', sends: 2 },
    },
    {
      fault: 'F24',
      words: 'SignatureDoesNotMatch that stays',
      by,
      wire: [on(by, 'all', refusal('SignatureDoesNotMatch'))],
      expect: { ends: 'storage-rejected', storageCode: 'SignatureDoesNotMatch', sends: 2 },
    },
  ]),
]
