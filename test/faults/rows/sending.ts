/** F27–F31: the connection breaks, or the answer is lost. */
import { PutObjectCommand } from '@aws-sdk/client-s3'
import type { Row } from '../row.js'
import { first, lose, on, refuse, reset, truncate } from '../wire.js'

const MiB = 1024 * 1024
/** Goes by `fetch` (PUT) or without upload listeners (POST). */
const small = 100_000
const connections = ['fresh', 'reused'] as const
const shares = [0, 0.5, 0.99]
const percent = (share: number) => `${share * 100} %`

// Chromium itself sends a request again whose reused connection broke: one send, two requests.
const puts = connections.flatMap((connection) =>
  [small, MiB].flatMap((size) =>
    shares.map((at): Row => {
      const words = `${size === small ? '100 kB' : '1 MiB'} reset at ${percent(at)}`
      return {
        fault: 'F27',
        words,
        size,
        connection,
        wire: [on('PUT', 1, reset(at))],
        expect: { sends: [1, 2], wire: { PUT: 2 } },
      }
    }),
  ),
)

const others: readonly Row[] = [
  ...connections.flatMap((connection) =>
    [small, MiB].map(
      (size): Row => ({
        fault: 'F27',
        words: `${size === small ? '100 kB' : '1 MiB'} reset at 50 %`,
        by: 'POST',
        size,
        connection,
        wire: [on('POST', 1, reset(0.5))],
        expect: { sends: [1, 2], wire: { POST: 2 } },
      }),
    ),
  ),
  ...connections.map(
    (connection): Row => ({
      fault: 'F27',
      words: 'part 2 of 3 reset at 50 %',
      by: 'MULTIPART',
      size: 15 * MiB,
      connection,
      wire: [on('PUT', 2, reset(0.5))],
      // Only that part goes again.
      expect: { sends: [3, 4], wire: { PUT: 4 }, calls: { complete: 1 } },
    }),
  ),
  {
    fault: 'F27',
    words: 'reset at the preflight, twice',
    wire: [on('OPTIONS', [1, 2], reset(0))],
    expect: { wire: { PUT: 1 } },
  },
  {
    fault: 'F27',
    words: 'refused for 2 s',
    wire: [on('OPTIONS', 1, refuse(100))],
    expect: { sends: [2, 8], wire: { PUT: 1 } },
  },
  {
    fault: 'F27',
    words: 'name not found (by DevTools), twice',
    own: (context) => context.route(/row\d+\//, (route) => route.abort('namenotresolved'), { times: 2 }),
    expect: { sends: [2, 8], wire: { PUT: 1 } },
  },
]

const lost = connections.flatMap((connection) =>
  [small, MiB].flatMap((size): Row[] => {
    const what = size === small ? '100 kB' : '1 MiB'
    return [
      {
        fault: 'F28',
        words: `${what}, answer lost once`,
        size,
        connection,
        wire: [on('PUT', 1, lose)],
        expect: { sends: [1, 2], calls: { complete: 1 } },
      },
      {
        fault: 'F28',
        words: `${what}, answer cut in the middle`,
        size,
        connection,
        wire: [on('PUT', 1, truncate)],
        expect: { sends: [1, 2] },
      },
      {
        fault: 'F29',
        words: `${what}, every answer lost for 30 s`,
        size,
        connection,
        wire: [on('PUT', 'all', lose, { within: 1_500 })],
      },
      {
        fault: 'F30',
        words: `${what}, answer lost once`,
        by: 'POST',
        size,
        connection,
        wire: [on('POST', 1, lose)],
        // The same key, by whatever the renewed grant says.
        expect: { sends: [1, 3], also: ({ issued }) => oneKey(issued) },
      },
    ]
  }),
)

function oneKey(issued: readonly { key: string }[]): void {
  const keys = new Set(issued.map(({ key }) => key).slice(-2))
  if (keys.size !== 1 && issued.length > 2) throw new Error(`Sent to ${[...keys].join(' and ')}`)
}

export const sendingRows: readonly Row[] = [
  ...puts,
  ...others,
  ...lost,
  {
    fault: 'F31',
    words: '412, but the object is another',
    wire: ({ storage }) => [
      on(
        'PUT',
        1,
        first((path) => {
          const Key = path.replace(`/${storage.bucket}/`, '')
          return storage.client.send(new PutObjectCommand({ Bucket: storage.bucket, Key, Body: 'of another size' }))
        }),
      ),
    ],
    expect: {
      sends: 2,
      also({ issued }, { ids }) {
        if (issued.length !== 2 || ids[0] !== issued[1]?.id) throw new Error('It has no new grant with a new key.')
      },
    },
  },
]
