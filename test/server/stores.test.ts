// What is known of stores, and that the documented set-up is the one the code makes.
import { readFileSync } from 'node:fs'
import {
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  bucketPolicy,
  contentSecurityPolicy,
  corsRules,
  lifecycleRules,
  type SetupOptions,
  signerPolicy,
  type StoreName,
  storeRecords,
} from '../../src/server.js'
import { openStorage, type Place } from './harness.js'

const page = readFileSync(new URL('../../docs/storages.md', import.meta.url), 'utf8')
const documents = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => JSON.parse(json ?? '') as unknown)
const setup: SetupOptions = { bucket: 'BUCKET' }
const origins = ['https://forms.example.com']

describe('docs/storages.md', () => {
  test.each<StoreName>(['aws', 'ceph', 'r2', 'b2'])('shows the CORS rule of %s', (store) => {
    expect(documents).toContainEqual({ CORSRules: corsRules(origins, storeRecords[store].can) })
  })

  test('shows both policies, and the lifecycle rules of each way to claim', () => {
    expect(documents).toContainEqual(bucketPolicy(setup))
    expect(documents).toContainEqual(signerPolicy(setup))
    for (const claimBy of ['copy', 'tag', 'none'] as const)
      expect(documents).toContainEqual({ Rules: lifecycleRules({ ...setup, claimBy }) })
  })

  test('shows the CSP', () => {
    expect(page).toContain(`\n${contentSecurityPolicy(['https://BUCKET.s3.REGION.amazonaws.com'])}\n`)
  })

  test('has a row for every store that says what its record says', () => {
    const said = (value: boolean) => (value ? 'yes' : '–')
    for (const { name, can } of Object.values(storeRecords)) {
      const figures = [
        can.formPost,
        can.ifNoneMatch,
        can.acl,
        can.checksum === 'sha256',
        can.signsLength,
        can.equalParts,
        can.tags,
        can.multipartTags,
        can.versions,
      ]
      expect(page).toContain(`| \`${name}\` | ${figures.map(said).join(' | ')} |`)
    }
  })
})

describe('the set-up', () => {
  let place: Place
  beforeAll(async () => {
    place = await openStorage()
  })
  afterAll(() => place.stop())

  test('is taken by the storage as it is', async () => {
    const { client, bucket } = place
    const CORSRules = corsRules(origins, storeRecords.ceph.can, { claimBy: 'tag', headers: ['x-amz-meta-owner'] })
    await client.send(
      new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules: CORSRules as never } }),
    )
    const cors = await client.send(new GetBucketCorsCommand({ Bucket: bucket }))
    expect(cors.CORSRules?.[0]?.AllowedHeaders?.toSorted()).toEqual([
      'content-disposition',
      'content-type',
      'if-none-match',
      'x-amz-acl',
      'x-amz-meta-owner',
      'x-amz-tagging',
    ])
    for (const claimBy of ['copy', 'tag', 'none'] as const) {
      const Rules = lifecycleRules({ ...setup, claimBy }) as never
      await client.send(
        new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules } }),
      )
      const stored = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }))
      expect(stored.Rules?.map(({ ID }) => ID).toSorted()).toEqual(
        claimBy === 'none' ? ['unfinished'] : ['drafts', 'unclaimed', 'unfinished'],
      )
    }
  })

  test('names the prefixes a host has chosen, and no other', () => {
    const options: SetupOptions = { bucket: 'b', prefix: 'in/', claimedPrefix: 'kept/', draftsPrefix: 'later/' }
    expect(JSON.stringify([signerPolicy(options), lifecycleRules(options), bucketPolicy(options)])).not.toMatch(
      /uploads|answers|drafts\//,
    )
    const [files] = signerPolicy({ ...options, claimBy: 'tag' }).Statement
    expect(files?.Resource).toEqual(['arn:aws:s3:::b/in/*'])
    expect(files?.Action).toContain('s3:PutObjectTagging')
  })
})
