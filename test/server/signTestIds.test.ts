// Ids for backends' own tests are like those of the field.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createUploads, signTestIds, testSecret, type StorageOptions } from '../../src/server.js'
import { anna, nowhere, openStorage, type Place, secret, serve, storageOptions } from './harness.js'

let place: Place
beforeAll(async () => {
  place = await openStorage()
})
afterAll(() => place.stop())

const who = { field: 'documents', subject: 'anna' }

test('signTestIds signs what verifyAnswer takes, and puts the files there when asked', async () => {
  const storage = storageOptions(place)
  const { uploads } = serve({ storage, rules: { accept: '.pdf,.png' } })
  const files = [
    { name: '이력서.pdf', body: '%PDF-1.7' },
    { name: 'photo.png', size: 7 },
  ]
  const ids = await signTestIds(files, { ...who, secret, storage, store: true })
  expect(await uploads.verifyAnswer(ids, who)).toMatchObject({
    ok: true,
    files: [
      { id: ids[0], name: '이력서.pdf', size: 8, type: 'application/pdf' },
      { id: ids[1], name: 'photo.png', size: 7, type: 'image/png' },
    ],
  })
  expect(await uploads.verifyAnswer(ids, { ...who, subject: 'bob' })).toMatchObject({ ok: false })
  const [missing] = await signTestIds([{ name: 'a.png' }], { ...who, secret, storage })
  expect(await uploads.verifyAnswer([missing], who)).toEqual({
    ok: false,
    problems: [{ id: missing, code: 'not-stored' }],
  })
  const old = new Date(Date.now() - 25 * 3600 * 1000)
  const [late] = await signTestIds([{ name: 'a.png' }], { ...who, secret, storage, issuedAt: old })
  expect(await uploads.verifyAnswer([late], who)).toEqual({ ok: false, problems: [{ id: late, code: 'expired' }] })
})

test('with the secret of tests alone it needs no more than the files and the person', async () => {
  const storage = { ...nowhere, bucket: 'test' } as StorageOptions
  const uploads = createUploads({ storage, secret: testSecret, authorize: () => anna })
  const ids = await signTestIds([{ name: 'a.png' }], who)
  expect(await uploads.presignDownload(ids[0] ?? '', who)).toMatchObject({ name: 'a.png', type: 'image/png' })
})

test('the secret of tests signs for no storage that others can reach', () => {
  const storage: StorageOptions = { region: 'eu-north-1', bucket: 'b' }
  for (const given of [testSecret, ['x'.repeat(32), testSecret]])
    expect(() => createUploads({ storage, secret: given, authorize: () => anna })).toThrow(/testSecret/)
})
