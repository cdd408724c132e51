// `doctor` on a storage as it should be, and on one that is broken on purpose, row by row.
import { readFileSync } from 'node:fs'
import {
  DeleteBucketPolicyCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
} from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { differenceOf } from '../../src/cli/doctor/apply.js'
import { isInnerHost, isLoopback } from '../../src/protocol/storageAdvice.js'
import { corsRules, lifecycleRules } from '../../src/server/storeSetup.js'
import { storeRecords } from '../../src/server/stores.js'
import type { Terminal } from '../../src/cli/terminal.js'
import type { FaultableRequest, FaultHook } from '../../src/testing/storage/index.js'
import { describeOnCeph, describeOnStandIn, onCeph, openStorage, type Place } from '../server/harness.js'
import { rowsOf, runInTerminal } from './terminal.js'

const page = 'http://localhost:3000'
const good: FaultHook = () => undefined
let fault: FaultHook = good
let place: Place

beforeAll(async () => {
  place = await openStorage({ fault: (request) => fault(request) })
})
beforeEach(async () => {
  const { client, bucket } = place
  const CORSRules = corsRules([page], storeRecords.aws.can) as never
  await client.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules } }))
  const Rules = lifecycleRules({ bucket, claimBy: 'none' }) as never
  await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules } }))
})
afterEach(() => {
  fault = good
})
afterAll(() => place.stop())

const doctor = (args: readonly string[] = [], own: Partial<Terminal> = {}) => {
  const { endpoint, bucket, accessKeyId, secretAccessKey } = place
  // The SDK finds the keys in the process's environment, as the command's users give them.
  process.env.AWS_ACCESS_KEY_ID = accessKeyId
  process.env.AWS_SECRET_ACCESS_KEY = secretAccessKey
  const env = { S3_ENDPOINT: endpoint, S3_BUCKET: bucket }
  return runInTerminal(['doctor', '--origin', page, ...args], { env, ...own })
}

async function whatIsLeft(): Promise<unknown[]> {
  const { client, bucket } = place
  const objects = await client.send(new ListObjectsV2Command({ Bucket: bucket }))
  const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))
  return [...(objects.Contents ?? []), ...(uploads.Uploads ?? [])]
}

const copyRow = 'a grant does not copy another’s object'

test('a bucket that is set up works, but for what the store itself does, and nothing is left in it', async () => {
  const ran = await doctor(['--json'])
  const wrong = rowsOf(ran).filter(({ state }) => state === 'fails' || state === 'warning')
  expect(wrong.map(({ name }) => name)).toEqual(onCeph ? [copyRow] : [])
  expect(ran.status).toBe(onCeph ? 1 : 0)
  expect(await whatIsLeft()).toEqual([])
})

const is =
  (fits: (request: FaultableRequest) => boolean, status = 200): FaultHook =>
  (request) =>
    fits(request) ? { status } : undefined
const isSignedPut = ({ method, query }: FaultableRequest) => method === 'PUT' && query.has('X-Amz-Signature')
const isAnonymous = ({ query, headers }: FaultableRequest) =>
  !query.has('X-Amz-Signature') && headers.authorization === undefined

/** The first look finds the object; the second, after it is gone, is refused, as it is where the bucket can't be listed. */
const secondHeadDenied = (): FaultHook => {
  let heads = 0
  return ({ method }) => (method === 'HEAD' && ++heads === 2 ? { status: 403 } : undefined)
}

/** What is broken, the row that must find it, what it finds, and what its remedy must name. */
const broken: readonly [row: string, found: RegExp, remedy: RegExp, fault: FaultHook, args?: readonly string[]][] = [
  ["the server's key may", /NoSuchBucket/, /--bucket/, good, ['--bucket', 'another-bucket']],
  ["the server's key may", /not list/, /s3:ListBucket/, secondHeadDenied()],
  ['browsers can reach', /minio:9000/, /publicEndpoint/, good, ['--public-endpoint', 'http://minio:9000']],
  [
    'browsers can reach',
    /mixed content/,
    /https/,
    good,
    ['--public-endpoint', 'http://files.example.com', '--origin', 'https://forms.example.com'],
  ],
  [
    'the clocks agree',
    /behind/,
    /NTP/,
    (request) =>
      isAnonymous(request) ? { status: 403, headers: { date: 'Mon, 01 Jan 2024 00:00:00 GMT' } } : undefined,
  ],
  [
    'the region is',
    /eu-north-1/,
    /region/,
    (request) =>
      request.method === 'HEAD' ? { status: 200, headers: { 'x-amz-bucket-region': 'eu-north-1' } } : undefined,
  ],
  [
    'default settings',
    /BadDigest/,
    /WHEN_REQUIRED/,
    (request) => (request.query.has('x-amz-checksum-crc32') ? { status: 400, code: 'BadDigest' } : undefined),
  ],
  [
    'lets PUT go',
    /403/,
    /AllowedHeaders/,
    (request) => (request.method === 'OPTIONS' ? { status: 403, cors: false } : undefined),
  ],
  [
    'lets a form POST go',
    /origin/,
    /CORSRules/,
    (request) => (request.method === 'OPTIONS' ? { status: 200, cors: false } : undefined),
  ],
  [
    'a PUT stores',
    /Allow-Origin|not there/,
    /ExposeHeaders/,
    (request) => (isSignedPut(request) ? { status: 200, cors: false } : undefined),
  ],
  [
    'a form POST stores',
    /501/,
    /formPost":false/,
    is(({ method, headers }) => method === 'POST' && (headers['content-type'] ?? '').startsWith('multipart'), 501),
  ],
  [
    'parts are stored',
    /403/,
    /CORSRules/,
    (request) => (request.method === 'OPTIONS' ? { status: 403, cors: false } : undefined),
  ],
  [
    'a link downloads',
    /other bytes/,
    /response-content-disposition/,
    is(({ method, query }) => method === 'GET' && query.has('X-Amz-Signature')),
  ],
  [
    'other origins',
    /elsewhere/,
    /\*/,
    ({ method, headers }) =>
      method === 'OPTIONS'
        ? {
            status: 200,
            cors: false,
            headers: {
              'access-control-allow-origin': '*',
              'access-control-allow-methods': 'PUT',
              'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
            },
          }
        : undefined,
  ],
  ['a PUT of another length', /200/, /signsLength":false/, is((request) => isSignedPut(request))],
  ['a form POST of another length', /200/, /formPost":false/, is(({ method }) => method === 'POST')],
  ['another type', /200/, /proxy/, is(({ headers }) => headers['content-type'] === 'text/html')],
  ['a second PUT', /200/, /ifNoneMatch":false/, is((request) => isSignedPut(request))],
  ['their checksum', /200/, /checksum":"none/, is((request) => isSignedPut(request)), ['--store', 'aws']],
  ['an expired URL', /200/, /X-Amz-Expires/, is((request) => isSignedPut(request))],
  [
    'its object public',
    /everybody/,
    /acl":true/,
    is((request) => request.headers['x-amz-acl'] === 'public-read' || isAnonymous(request)),
  ],
  [copyRow, /obeyed/, /NoCopyThroughAGrant/, is(({ headers }) => headers['x-amz-copy-source'] !== undefined)],
  ['strangers can', /get an object/, /BlockPublicAcls/, is(isAnonymous)],
  ['unfinished uploads', /No rule/, /AbortIncompleteMultipartUpload/, is(({ query }) => query.has('lifecycle'), 404)],
  ['files that nobody handed in', /No rule/, /Expiration/, good, ['--claim', 'copy']],
]

describeOnStandIn('doctor', () => {
  test.each(broken)('%s … is told, with what mends it', async (row, found, remedy, seeded, args = []) => {
    fault = seeded
    const ran = await doctor(['--json', '--only', row, ...args])
    const [first, ...others] = rowsOf(ran)
    expect(others).toEqual([])
    expect(first?.found).toMatch(found)
    expect(first?.state).toMatch(/^(fails|warning)$/)
    expect(JSON.stringify(first?.remedy)?.replaceAll('\\"', '"')).toMatch(remedy)
    expect(ran.status).toBe(first?.state === 'fails' ? 1 : 0)
  })

  test('a rule that would delete saved answers is told', async () => {
    const { client, bucket } = place
    const Rules = lifecycleRules({ bucket, claimBy: 'copy' }) as never
    await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules } }))
    const none = rowsOf(await doctor(['--json', '--only', 'saved answers stay']))
    expect(none[0]).toMatchObject({ state: 'fails', found: expect.stringContaining('"unclaimed"') })
    const copied = rowsOf(await doctor(['--json', '--only', 'saved answers stay', '--claim', 'copy']))
    expect(copied[0]).toMatchObject({ state: 'works' })
  })

  test('a host’s own prefixes are those whose rules are looked at, and written', async () => {
    const { client, bucket } = place
    const ownPrefixes = { claimedPrefix: 'saved/', draftsPrefix: 'kept/' }
    const args = ['--json', '--only', 'saved answers stay', '--claim', 'copy']
    const own = [...args, '--claimed-prefix', 'saved/', '--drafts-prefix', 'kept/']
    const writeRules = (Rules: unknown) =>
      client.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket: bucket,
          LifecycleConfiguration: { Rules: Rules as never },
        }),
      )
    await writeRules([
      ...lifecycleRules({ bucket, claimBy: 'copy', ...ownPrefixes }),
      { ID: 'mine', Status: 'Enabled', Filter: { Prefix: 'saved/' }, Expiration: { Days: 365 } },
    ])
    expect(rowsOf(await doctor(args))[0]).toMatchObject({ state: 'works' })
    expect(rowsOf(await doctor(own))[0]).toMatchObject({ state: 'fails', found: expect.stringContaining('saved/') })
    await writeRules(lifecycleRules({ bucket, claimBy: 'copy' }))
    await doctor([...own, '--apply', '--yes'])
    const { Rules } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }))
    expect(Rules?.find(({ ID }) => ID === 'drafts')?.Filter).toEqual({ Prefix: 'kept/' })
  })

  test('what is printed holds no key and no signed URL, whatever fails', async () => {
    fault = (request) =>
      request.method === 'PUT' || request.method === 'OPTIONS' ? { status: 403, code: 'AccessDenied' } : undefined
    const { printed, complained, status } = await doctor()
    expect(status).toBe(1)
    expect(printed).toContain('What mends it:')
    expect(`${printed}${complained}`).not.toMatch(/X-Amz-(Signature|Credential)|testsecretkey|testaccess/)
  })

  test('Ctrl+C ends the rows, and takes away what was stored', async () => {
    const stop = new AbortController()
    let puts = 0
    fault = ({ method }) => {
      if (method === 'PUT' && ++puts === 4) stop.abort()
      return undefined
    }
    const { status } = await doctor(['--json'], { signal: stop.signal })
    expect(status).toBe(2)
    expect(puts).toBeGreaterThan(3)
    expect(await whatIsLeft()).toEqual([])
  })
})

describe('doctor --apply', () => {
  test('shows the difference, writes when told yes, and keeps what others have put there', async () => {
    const { client, bucket } = place
    const other = { AllowedOrigins: ['https://other.example'], AllowedMethods: ['GET'] }
    await client.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules: [other] } }))
    const asked: string[] = []
    const ask = async (question: string) => {
      asked.push(question)
      return 'yes'
    }
    const own = { isInteractive: true, ask }
    const before = rowsOf(await doctor(['--json', '--only', 'lets PUT go']))
    expect(before[0]).toMatchObject({ state: 'fails' })
    const ran = await doctor(['--json', '--only', 'lets PUT go', '--apply', '--claim', 'copy'], own)
    expect(ran.complained).toContain('+     "AllowedHeaders": [')
    expect(asked.length).toBeGreaterThan(0)
    expect(rowsOf(ran).find(({ name }) => name.includes('lets PUT go'))).toMatchObject({ state: 'works' })
    const { CORSRules } = await client.send(new GetBucketCorsCommand({ Bucket: bucket }))
    expect(CORSRules?.map(({ AllowedOrigins }) => AllowedOrigins)).toEqual([[page], ['https://other.example']])
    const { Rules } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }))
    expect(Rules?.map(({ ID }) => ID).toSorted()).toEqual(['drafts', 'unclaimed', 'unfinished'])
    const again = await doctor(['--json', '--only', 'lets PUT go', '--apply', '--claim', 'copy'], own)
    expect(again.complained).toContain('CORS: It is as it should be.')
    expect(again.complained).toContain('lifecycle: It is as it should be.')
  })

  test('writes nothing where the person does not say yes', async () => {
    const { client, bucket } = place
    const CORSRules = [{ AllowedOrigins: ['https://other.example'], AllowedMethods: ['GET'] }]
    await client.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules } }))
    const ran = await doctor(['--json', '--only', 'lets PUT go', '--apply'], {
      isInteractive: true,
      ask: async () => '',
    })
    expect(ran.complained).toContain('It stays as it is.')
    const after = await client.send(new GetBucketCorsCommand({ Bucket: bucket }))
    expect(after.CORSRules).toMatchObject(CORSRules)
  })
})

describeOnCeph('doctor on Ceph', () => {
  test('finds that a grant copies others’ objects, and mends it with --apply', async () => {
    await place.client.send(new DeleteBucketPolicyCommand({ Bucket: place.bucket }))
    const before = rowsOf(await doctor(['--json', '--only', copyRow]))
    expect(before[0]).toMatchObject({ state: 'fails', found: expect.stringContaining('obeyed') })
    const ran = await doctor(['--json', '--apply', '--yes'])
    expect(rowsOf(ran).filter(({ state }) => state === 'fails')).toEqual([])
    expect(ran.status).toBe(0)
    const { Policy } = await place.client.send(new GetBucketPolicyCommand({ Bucket: place.bucket }))
    // No TLS here: the statement that demands it would lock everybody out.
    expect(JSON.parse(Policy ?? '').Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual(['NoCopyThroughAGrant'])
  })
})

test.each([
  [[], 'Give the bucket'],
  [['--bucket', 'b'], 'Give the region'],
  [['--bucket', 'b', '--region', 'r'], '--origin'],
  [['--bucket', 'b', '--region', 'r', '--origin', 'https://a.example/path'], '--origin'],
  [['--bucket', 'b', '--region', 'r', '--origin', 'https://a.example', '--store', 'x'], '--store: one of aws'],
  [
    ['--bucket', 'b', '--region', 'r', '--origin', 'https://a.example', '--claim', 'copy', '--prefix', ''],
    "The prefixes and --claim don't fit",
  ],
  ...[
    [['--claim', 'tag', '--claimed-prefix', 'saved/'], '--claimed-prefix goes with --claim copy'],
    [['--drafts-prefix', 'kept/'], '--drafts-prefix goes with --claim copy'],
    [['--claim', 'copy', '--claimed-prefix', 'saved'], 'claimedPrefix: must end with "/"'],
    [['--claim', 'copy', '--claimed-prefix', 'uploads/saved/'], 'the rule would delete them'],
    [['--claim', 'copy', '--drafts-prefix', 'answers/drafts/'], 'one lies in the other'],
    [['--claim', 'copy', '--claimed-prefix', 'up/', '--prefix', 'up/loads/'], 'lies in claimedPrefix'],
  ].map(([args, why]): [string[], string] => [
    ['--bucket', 'b', '--region', 'r', '--origin', 'https://a.example', ...(args as string[])],
    why as string,
  ]),
  [['--bucket', 'b', '--region', 'r', '--origin', 'https://a.example', '--prefix', '/x'], 'storage.prefix'],
  [['--bucket', 'b', '--region', 'r', '--origin', 'https://a.example', '--apply'], '--yes'],
])('doctor %j ends with 2 and says why', async (args, why) => {
  const { status, complained } = await runInTerminal(['doctor', ...args])
  expect(status).toBe(2)
  expect(complained).toContain(why)
})

test.each(['minio', 'storage.internal', 's3.default.svc', '10.0.0.5', '172.20.1.1', '[fd00::1]', '[fe80::1]'])(
  '%s is a name of an inner network',
  (host) => expect(isInnerHost(host)).toBe(true),
)
test.each(['files.example.com', 'bucket.s3.eu-north-1.amazonaws.com', '172.32.0.1', '8.8.8.8', '[2001:db8::1]'])(
  '%s is no name of an inner network',
  (host) => expect(isInnerHost(host)).toBe(false),
)
test.each(['localhost', '127.0.0.1', '[::1]'])('%s is this machine', (host) => expect(isLoopback(host)).toBe(true))

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
/** As GitHub makes them. */
const anchorsIn = (page: string) =>
  [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
test('every heading of the docs that a remedy names is there', () => {
  const folder = 'src/cli/doctor/'
  const sources = ['remedies.ts', 'command.ts', 'apply.ts', 'checks/reach.ts', 'checks/tidiness.ts'].map((name) =>
    read(folder + name),
  )
  const named = [...sources.join('').matchAll(/(docs\/\w+\.md)#([a-z-]+)/g)]
  expect(named.length).toBeGreaterThan(3)
  for (const [, page = '', anchor] of named) expect(anchorsIn(read(page))).toContain(anchor)
  for (const [, anchor] of sources[0]?.matchAll(/byHand\(place, '([a-z-]+)'\)/g) ?? [])
    expect(anchorsIn(read('docs/storages.md'))).toContain(anchor)
})

test('a difference keeps what is common and names what comes and goes', () => {
  expect(differenceOf('a\nb\nc', 'a\nx\nc\nd')).toBe('  a\n- b\n+ x\n  c\n+ d')
})
