import { CopyObjectCommand, DeleteObjectsCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import type { StorageAction, StorageUser } from '../../../src/testing/storage/index.js'
import { formBody, send } from '../../contract/browser.js'
import { beginMultipart, refused, signedForm, signedGet, signedPut, stored } from '../../contract/grants.js'
import { aStorage, bucket, signingAs } from './standIn.js'

const aUser = (allow: StorageUser['allow'], more: Partial<StorageUser> = {}): StorageUser => ({
  accessKeyId: 'signer',
  secretAccessKey: 'signersecret',
  ...(allow && { allow }),
  ...more,
})
const only = (...actions: StorageAction[]) => aUser((action) => actions.includes(action))

async function asUser(user: StorageUser) {
  const storage = await aStorage({ users: [user] })
  return { storage, signing: signingAs(storage, user) }
}

describe('a user', () => {
  it('who may not put is refused a presigned PUT, readable: the signature was right', async () => {
    const { storage, signing } = await asUser(only('s3:GetObject'))
    const { url, headers } = await signedPut(signing, 'text')
    const answer = await send(url, { method: 'PUT', headers, body: 'text' })
    expect(answer).toMatchObject({ status: 403, code: 'AccessDenied', readable: true })
    expect(storage.objects(bucket)).toEqual([])
  })

  it('who may not put is refused a form and a multipart upload', async () => {
    const { signing } = await asUser(only('s3:GetObject'))
    const { url, fields } = await signedForm(signing)
    expect(await send(url, { method: 'POST', ...formBody(fields, { content: 'text' }) })).toMatchObject({
      status: 403,
      code: 'AccessDenied',
      readable: true,
    })
    expect(await refused(beginMultipart(signing))).toEqual({ status: 403, code: 'AccessDenied' })
  })

  it('may be confined to a prefix', async () => {
    const { storage, signing } = await asUser(aUser((_, key, of) => of === bucket && key.startsWith('uploads/')))
    const put = async (key: string) => {
      const { url, headers } = await signedPut(signing, 'text', { key })
      return (await send(url, { method: 'PUT', headers, body: 'text' })).status
    }
    expect([await put('uploads/a'), await put('answers/a')]).toEqual([200, 403])
    expect(storage.objects(bucket).map(({ key }) => key)).toEqual(['uploads/a'])
  })

  it('who may only write can neither read nor list nor copy', async () => {
    const { storage, signing } = await asUser(only('s3:PutObject'))
    await storage.signing.client.send(new PutObjectCommand({ Bucket: bucket, Key: 'secret', Body: 'text' }))
    expect(await send(await signedGet(signing, 'secret'))).toMatchObject({ status: 403, code: 'AccessDenied' })
    expect(await refused(signing.client.send(new ListObjectsV2Command({ Bucket: bucket })))).toMatchObject({
      status: 403,
    })
    const copy = signing.client.send(
      new CopyObjectCommand({ Bucket: bucket, Key: 'copy', CopySource: `${bucket}/secret` }),
    )
    expect(await refused(copy)).toEqual({ status: 403, code: 'AccessDenied' })
  })

  it('who may read but not list is not told whether a key is free', async () => {
    const reader = await asUser(only('s3:GetObject'))
    expect(await send(await signedGet(reader.signing, 'nothing'))).toMatchObject({ status: 403, code: 'AccessDenied' })
    const lister = await asUser(only('s3:GetObject', 's3:ListBucket'))
    expect(await send(await signedGet(lister.signing, 'nothing'))).toMatchObject({ status: 404, code: 'NoSuchKey' })
  })

  it('who may delete some of many is told which were not', async () => {
    const { storage, signing } = await asUser(aUser((action, key) => action !== 's3:DeleteObject' || key === 'mine'))
    for (const Key of ['mine', 'theirs'])
      await storage.signing.client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'text' }))
    const Objects = [{ Key: 'mine' }, { Key: 'theirs' }]
    const { Deleted, Errors } = await signing.client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }),
    )
    expect(Deleted).toEqual([{ Key: 'mine' }])
    expect(Errors).toMatchObject([{ Key: 'theirs', Code: 'AccessDenied' }])
    expect(await stored(storage.signing, 'theirs')).not.toBeNull()
  })

  it('needs another permission for tags', async () => {
    const { signing } = await asUser(only('s3:PutObject'))
    const { client } = signing
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'plain', Body: 'text' }))
    expect(
      await refused(client.send(new PutObjectCommand({ Bucket: bucket, Key: 'tagged', Body: 'text', Tagging: 'a=b' }))),
    ).toEqual({
      status: 403,
      code: 'AccessDenied',
    })
  })

  it('with temporary credentials is refused after their end, though the URL would still hold', async () => {
    let now = Date.now()
    const user = aUser(undefined, { sessionToken: 'session', expiresAt: now + 60_000 })
    const storage = await aStorage({ users: [user], now: () => now })
    const { client } = signingAs(storage, user)
    client.config.credentials = async () => ({
      accessKeyId: user.accessKeyId,
      secretAccessKey: user.secretAccessKey,
      sessionToken: 'session',
    })
    const signing = { ...storage.signing, client }
    const [first, second] = [await signedPut(signing, 'text'), await signedPut(signing, 'text')]
    expect(await send(first.url, { method: 'PUT', headers: first.headers, body: 'text' })).toMatchObject({
      status: 200,
    })
    now += 60_000
    expect(await send(second.url, { method: 'PUT', headers: second.headers, body: 'text' })).toMatchObject({
      status: 400,
      code: 'ExpiredToken',
    })
  })
})
