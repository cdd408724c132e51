/**
 * What the server side costs: grants for a thousand files in five calls, and a submitted answer of two hundred ids.
 *
 *   npm run build && node bench/serving.mjs            the figures
 *   npm run build && node bench/serving.mjs --check    fails where a bound is missed
 *
 * Seconds of one core (`process.cpuUsage`), which a busy machine hardly changes; the first round, which compiles, is
 * shown apart. `÷ signing` compares with the bare signatures by the AWS SDK alone.
 */
import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3'
import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { createUploads } from '../dist/server.js'
import { createTestStorage } from '../dist/testing/storage/index.js'

const rounds = 7
const subject = 'anna'
const storage = await createTestStorage({ buckets: ['answers'] })
const { endpoint, region, accessKeyId, secretAccessKey } = storage
const credentials = { accessKeyId, secretAccessKey }
const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
const uploadsBy = (/** @type {'PUT' | 'POST'} */ method) =>
  createUploads({
    storage: { client, bucket: 'answers', prefix: 'uploads/' },
    secret: 'a secret of more than thirty-two bytes, for benches',
    authorize: () => ({ subject }),
    methods: [method],
  })

const files = (/** @type {number} */ count) =>
  Array.from({ length: count }, (_, at) => ({ key: `k${at}`, name: `사진 ${at}.png`, size: 5, type: 'image/png' }))

async function call(uploads, body) {
  const headers = { 'content-type': 'application/json' }
  const request = new Request('http://localhost/', { method: 'POST', headers, body: JSON.stringify(body) })
  const response = await uploads.handler(request)
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  return response.json()
}

async function grantThousand(method) {
  const uploads = uploadsBy(method)
  for (let calls = 0; calls < 5; calls += 1) await call(uploads, { action: 'presign', files: files(200) })
}

async function signThousand(method) {
  const target = { Bucket: 'answers', Key: 'uploads/key' }
  for (let count = 0; count < 1_000; count += 1) {
    if (method === 'POST')
      await createPresignedPost(client, { ...target, Conditions: [['content-length-range', 5, 5]] })
    else await getSignedUrl(client, new PutObjectCommand({ ...target, ContentLength: 5 }), { expiresIn: 900 })
  }
}

/** Seconds of one core for each round, the first apart. */
async function cost(act) {
  const seconds = []
  for (let round = 0; round <= rounds; round += 1) {
    const before = process.cpuUsage()
    await act()
    const { user, system } = process.cpuUsage(before)
    seconds.push((user + system) / 1e6)
  }
  const [first, ...warm] = seconds
  warm.sort((a, b) => a - b)
  return { first, median: warm[Math.floor(warm.length / 2)], min: warm[0], max: warm.at(-1) }
}

async function storedIds(uploads) {
  const { grants } = await call(uploads, { action: 'presign', files: files(200) })
  for (const { url, fields } of grants) {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    form.append('file', new Blob(['12345']))
    const { status } = await fetch(url, { method: 'POST', body: form })
    if (status !== 204) throw new Error(`the storage answered ${status}`)
  }
  return grants.map(({ id }) => id)
}

const rows = []
for (const method of /** @type {const} */ (['POST', 'PUT'])) {
  const bare = await cost(() => signThousand(method))
  const ours = await cost(() => grantThousand(method))
  rows.push({ what: `1,000 grants in five calls, ${method}`, ...ours, ratio: ours.median / bare.median })
}
const uploads = uploadsBy('POST')
const ids = await storedIds(uploads)
const verified = await cost(async () => {
  const verification = await uploads.verifyAnswer(ids, { subject })
  if (!verification.ok) throw new Error(JSON.stringify(verification.problems))
})
// The stand-in answers in this process: its side of two hundred HEAD requests is in the figure.
rows.push({ what: 'an answer of 200 ids verified', ...verified, ratio: Number.NaN })
await storage.stop()
client.destroy()

const cell = (/** @type {number} */ value) => (Number.isNaN(value) ? '–' : value.toFixed(3)).padStart(9)
console.log(`${'seconds of one core'.padEnd(38)}    first   median      min      max  ÷ signing`)
for (const { what, first, median, min, max, ratio } of rows)
  console.log(`${what.padEnd(38)}${[first, median, min, max].map(cell).join('')}${cell(ratio)}`)

const bounds = [
  { what: '1,000 grants by form POST', is: rows[0].median, bound: 0.4 },
  { what: '1,000 grants by PUT', is: rows[1].median, bound: 1.5 },
  { what: 'an answer of 200 ids', is: rows[2].median, bound: 1 },
]
for (const { what, is, bound } of bounds)
  console.log(`${what}: ${is.toFixed(3)} s of ${bound} s ${is <= bound ? 'met' : 'MISSED'}`)
process.exit(process.argv.includes('--check') && bounds.some(({ is, bound }) => is > bound) ? 1 : 0)
