// URLs by a signer who may not store, or whose signature is wrong: told as what the page can read of it.
import { PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { expect, test } from '@playwright/test'
import { createTestStorage, type TestStorage } from '../../src/testing/storage/index.js'
import { Applicant } from './applicant.js'

const isCeph = process.env.FAF_STORAGE === 'ceph'
const Bucket = 'demo'

const s3 = (endpoint: string, accessKeyId: string, secretAccessKey: string) =>
  new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })

/** On Ceph a policy denies the demo's own signer this prefix; the stand-in has a user who may do nothing. */
let signer: S3Client
/** Storage refuses its signature itself: such a 403 carries no CORS headers. */
let stranger: S3Client
let standIn: TestStorage | null = null
test.beforeAll(async ({ request }) => {
  if (!isCeph) {
    standIn = await createTestStorage({
      users: [{ accessKeyId: 'guest', secretAccessKey: 'secret', allow: () => false }],
      buckets: [Bucket],
      cors: [{ allowedOrigins: ['*'], allowedMethods: ['PUT', 'POST'], allowedHeaders: ['*'] }],
    })
    signer = s3(standIn.endpoint, 'guest', 'secret')
    stranger = s3(standIn.endpoint, 'guest', 'wrong')
    return
  }
  const file = { key: 'k', name: 'a.png', size: 1, type: 'image/png' }
  const answer = await request.post('/api/uploads', { data: { action: 'presign', field: 'photo', files: [file] } })
  const { grants } = await answer.json()
  signer = s3(new URL(grants[0].url).origin, 'testaccess', 'testsecretkey')
  stranger = s3(new URL(grants[0].url).origin, 'testaccess', 'wrong')
  const Resource = [`arn:aws:s3:::${Bucket}/denied/*`]
  const Statement = [{ Effect: 'Deny', Principal: { AWS: ['*'] }, Action: ['s3:PutObject'], Resource }]
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
  await signer.send(new PutBucketPolicyCommand({ Bucket, Policy }))
})
test.afterAll(() => standIn?.stop())

const denied = 'You are not allowed to upload here.'
const refused = 'The storage refused this file.'
for (const { by, method, size, told } of [
  { by: 'without the permission', method: 'POST', size: 5, told: denied },
  { by: 'without the permission', method: 'PUT', size: 5, told: denied },
  { by: 'whose signature is wrong', method: 'PUT', size: 5, told: refused },
  { by: 'whose signature is wrong', method: 'PUT', size: 3 * 1024 * 1024, told: refused },
] as const) {
  test(`a ${method} of ${size} bytes by a signer ${by} is told, after one fresh grant`, async ({ page }) => {
    const I = new Applicant(page)
    let sends = 0
    page.on('request', (sent) => {
      if (sent.url().includes('/denied/') || (sent.method() === 'POST' && sent.url().endsWith(`/${Bucket}`))) sends += 1
    })
    const asked: { id?: string }[] = []
    await page.route('**/api/uploads', async (route) => {
      const call = route.request().postDataJSON()
      if (call.action !== 'presign') return route.continue()
      asked.push(...call.files)
      const answer = await (await route.fetch()).json()
      const grants = await Promise.all(
        answer.grants.map(async (granted: { url: string }, index: number) => {
          const s3client = by === 'without the permission' ? signer : stranger
          const object = { Bucket, Key: `denied/${index}` }
          if (method === 'POST') {
            const { url, fields } = await createPresignedPost(s3client, {
              ...object,
              Fields: { 'Content-Type': 'image/png' },
            })
            return { ...granted, method, url, fields }
          }
          const { fields: _, ...rest } = granted as { url: string; fields?: unknown }
          return { ...rest, method, url: await getSignedUrl(s3client, new PutObjectCommand(object)) }
        }),
      )
      await route.fulfill({ json: { grants } })
    })
    await I.openTheForm()
    await I.add('ID photo', { name: '증명사진.png', mimeType: 'image/png', buffer: Buffer.alloc(size) })
    await I.see('ID photo', ['증명사진.png'], 'failed')
    await expect(I.rows('ID photo').first()).toContainText(told)
    // Storage's own code is told where it can be read. The fresh grant is for the same id, and nothing is stored or counted.
    expect(sends).toBe(2)
    expect(asked.map(({ id }) => typeof id)).toEqual(['undefined', 'string'])
    expect(await I.ids('ID photo')).toEqual([])
  })
}
