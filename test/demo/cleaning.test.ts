import {
  GetBucketLifecycleConfigurationCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { expect, onTestFinished, test } from 'vitest'
import { createTestStorage } from '../../src/testing/storage/index.js'
import { deleteUnclaimed, prefixes, writeRules } from '../../demo/server/cleaning.ts'

async function aBucket() {
  const { endpoint, region, accessKeyId, secretAccessKey, stop } = await createTestStorage({ buckets: ['demo'] })
  const client = new S3Client({ endpoint, region, credentials: { accessKeyId, secretAccessKey }, forcePathStyle: true })
  onTestFinished(async () => {
    client.destroy()
    await stop()
  })
  const keys = async () =>
    (await client.send(new ListObjectsV2Command({ Bucket: 'demo' }))).Contents?.map(({ Key }) => Key) ?? []
  return { client, keys }
}

const hour = 60 * 60 * 1000

test('what nobody handed in is deleted after two days; saved answers, drafts and others’ files stay', async () => {
  const { client, keys } = await aBucket()
  const all = [...Object.values(prefixes), 'uploads/'].map((prefix) => `${prefix}a.pdf`).sort()
  for (const Key of all) await client.send(new PutObjectCommand({ Bucket: 'demo', Key, Body: 'a' }))
  await deleteUnclaimed(client, 'demo', Date.now() + 47 * hour)
  expect(await keys()).toEqual(all)
  await deleteUnclaimed(client, 'demo', Date.now() + 49 * hour)
  expect(await keys()).toEqual(all.filter((key) => !key.startsWith(prefixes.prefix)))
})

test('the rules that a new bucket is given reach the demo’s own uploads and drafts alone', async () => {
  const { client } = await aBucket()
  await writeRules(client, 'demo')
  const { Rules = [] } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: 'demo' }))
  expect(Rules.map(({ Filter, Expiration }) => [Filter?.Prefix, Expiration?.Days])).toEqual([
    [prefixes.prefix, undefined],
    [prefixes.prefix, 2],
    [prefixes.draftsPrefix, 30],
  ])
})
