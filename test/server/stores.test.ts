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
import { createTestStorage } from '../../src/testing/storage/index.js'
import { bytes, describeOnStandIn, openStorage, type Place, send, serve } from './harness.js'

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

  test('makes no rule that would delete claimed files', () => {
    for (const prefix of ['', 'a/']) {
      const options = { bucket: 'b', prefix, claimedPrefix: 'a/b/' }
      expect(() => lifecycleRules(options)).toThrow(/prefix/)
      expect(lifecycleRules({ ...options, claimBy: 'none' })).toHaveLength(1)
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

describeOnStandIn('a key with the documented policy', () => {
  test.each(['copy', 'tag'] as const)('may do all it has to, with claims by %s, and no more', async (claimBy) => {
    const options: SetupOptions = { bucket: 'least', claimBy }
    const { Statement } = signerPolicy(options)
    const allow = (action: string, key: string) =>
      Statement.some(({ Action, Resource }) => {
        const places = [Resource].flat().map((arn) => arn.replace(/^arn:aws:s3:::least\/?/, '').replace(/\*$/, ''))
        return (
          Action.includes(action) && places.some((at) => (key === '' ? at === '' : at !== '' && key.startsWith(at)))
        )
      })
    const own = await createTestStorage({
      buckets: ['least'],
      users: [{ accessKeyId: 'least', secretAccessKey: 'x', allow }],
    })
    const storage = {
      endpoint: own.endpoint,
      region: own.region,
      bucket: 'least',
      prefix: 'uploads/',
      credentials: { accessKeyId: 'least', secretAccessKey: 'x' },
    }
    const server = serve({ storage, claimBy })
    const granted = await server.grant()
    expect((await send(granted, bytes(5))).status).toBe(204)
    const who = { subject: 'anna' }
    for (const act of [server.uploads.verifyAnswer, server.uploads.keep, server.uploads.claim])
      expect(await act([granted.id], who)).toMatchObject({ ok: true })
    expect(await server.uploads.sweep()).toEqual({ aborted: 0, open: 0 })
    expect(await server.uploads.deleteAnswer([granted.id], who)).toMatchObject([{ status: 'deleted' }])
    expect(own.objects('least')).toEqual([])
    const elsewhere = serve({ storage, claimBy, methods: ['PUT'], objectFor: () => ({ prefix: 'elsewhere/' }) })
    expect((await send(await elsewhere.grant(), bytes(5))).status).toBe(403)
    await own.stop()
  })
})
