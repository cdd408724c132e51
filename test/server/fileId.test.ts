import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { concat, fromBase64Url, toBase64Url } from '../../src/server/bytes.js'
import { createFileIds, newKey } from '../../src/server/fileId.js'
import type { GrantedFile, Who } from '../../src/server/grantedFile.js'
import { createKeyring } from '../../src/server/keyring.js'
import { safeName } from '../../src/server/names.js'
import { issueUploadToken, readUploadToken } from '../../src/server/uploadToken.js'
import { secret } from './harness.js'

const ids = createFileIds(createKeyring(secret), 'bucket')
const anna: Who = { subject: 'anna', field: 'documents', context: { form: '7', step: '2' } }

const aGranted = (file: Partial<GrantedFile> = {}): GrantedFile => ({
  bucket: 'bucket',
  key: newKey('uploads/'),
  name: '이력서.pdf',
  size: 20_480,
  type: 'application/pdf',
  issuedAt: 1_790_000_000,
  ...file,
})

const anyFile: fc.Arbitrary<GrantedFile> = fc.record({
  bucket: fc.constantFrom('bucket', 'another-bucket', 'x'.repeat(63)),
  key: fc.constantFrom('', 'uploads/', `${'p'.repeat(99)}/`).map(newKey),
  name: fc.string({ unit: 'binary', maxLength: 400 }).map((name) => safeName(name)),
  size: fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER)),
  type: fc.constantFrom('image/png', 'application/octet-stream', `application/${'x'.repeat(88)}`),
  issuedAt: fc.integer({ min: 0, max: 2 ** 40 - 1 }),
})
const anyWho: fc.Arbitrary<Who> = fc.record({
  subject: fc.string(),
  field: fc.option(fc.string(), { nil: undefined }),
  context: fc.option(fc.dictionary(fc.string(), fc.string()), { nil: undefined }),
})

describe('an id', () => {
  test('carries the file and is read back by the person and question it was issued for', async () => {
    await fc.assert(
      fc.asyncProperty(anyFile, anyWho, async (file, who) => {
        const id = await ids.issue(file, who)
        expect(id).toMatch(/^[\w-]{1,512}$/)
        const read = await ids.read(id, who)
        expect({ ...read, name: '' }).toEqual({ ...file, name: '' })
        expect(file.name.startsWith(read?.name.replace(/\.[^.]*$/, '') ?? '?')).toBe(true)
        if (file.key.length < 50 && file.bucket === 'bucket' && file.type.length < 50) {
          expect(read?.name).toBe(file.name)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('is null for another subject, field or context', async () => {
    const id = await ids.issue(aGranted(), anna)
    for (const other of [
      { ...anna, subject: 'bob' },
      { ...anna, field: 'other' },
      { ...anna, field: undefined },
      { ...anna, context: {} },
      { ...anna, context: { form: '7' } },
      { ...anna, context: { form: '72', step: '' } },
      { subject: 'anna' },
    ]) {
      expect(await ids.read(id, other)).toBeNull()
    }
    expect(await ids.read(id, { ...anna, context: { step: '2', form: '7' } })).not.toBeNull()
  })

  test('is null when any one character is changed, left out or added', async () => {
    const id = await ids.issue(aGranted(), anna)
    for (let at = 0; at < id.length; at++) {
      const changed = id[at] === 'A' ? 'B' : 'A'
      expect(await ids.read(id.slice(0, at) + changed + id.slice(at + 1), anna)).toBeNull()
      expect(await ids.read(id.slice(0, at) + id.slice(at + 1), anna)).toBeNull()
    }
    for (const more of [`${id}A`, `${id}=`, ` ${id}`, `${id}\n`, `${id}.`]) {
      expect(await ids.read(more, anna)).toBeNull()
    }
  })

  test('has one spelling only: base64url twins of the same bytes are null', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    for (const name of ['a.pdf', 'ab.pdf', 'abc.pdf']) {
      const id = await ids.issue(aGranted({ name }), anna)
      const twins = [...alphabet].map((last) => id.slice(0, -1) + last).filter((twin) => twin !== id)
      for (const twin of twins) expect(await ids.read(twin, anna)).toBeNull()
    }
  })

  test('is null for junk of any kind, and reading never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.anything(), fc.string(), fc.base64String()), async (junk) => {
        expect(await ids.read(junk, anna)).toBeNull()
      }),
      { numRuns: 500 },
    )
    expect(await ids.read('', anna)).toBeNull()
  })

  test('that is too long is null before anything is computed', async () => {
    const id = await ids.issue(aGranted(), anna)
    const verify = vi.spyOn(globalThis.crypto.subtle, 'verify')
    const long = toBase64Url(concat(fromBase64Url(id) ?? new Uint8Array(), new Uint8Array(1_000_000)))
    expect(await ids.read(long, anna)).toBeNull()
    expect(verify).not.toHaveBeenCalled()
    expect(await ids.read(id, anna)).not.toBeNull()
    expect(verify).toHaveBeenCalledTimes(1)
    verify.mockRestore()
  })

  test('signed by an older secret is read, by a retired one is null', async () => {
    const old = createFileIds(createKeyring(`old ${secret}`), 'bucket')
    const rotated = createFileIds(createKeyring([secret, `old ${secret}`]), 'bucket')
    const id = await old.issue(aGranted(), anna)
    expect(await rotated.read(id, anna)).not.toBeNull()
    expect(await ids.read(id, anna)).toBeNull()
    expect(await old.read(await rotated.issue(aGranted(), anna), anna)).toBeNull()
  })

  test('never repeats a key, and keys hold a–z, 0–9, "-" and "/" alone', () => {
    const keys = Array.from({ length: 1000 }, () => newKey('uploads/'))
    expect(new Set(keys).size).toBe(1000)
    for (const key of keys) expect(key).toMatch(/^uploads\/[0-9a-f]{32}$/)
  })
})

describe('an upload token', () => {
  const keyring = createKeyring(secret)
  const plan = {
    uploadId: '2~abc',
    size: 20_000_000,
    partSize: 8_388_608,
    partCount: 3,
    partChecksums: false,
    endsAt: 1_790_000_000,
  }

  test('is read back for its own id and for no other', async () => {
    const upload = await issueUploadToken(keyring, 'id-1', plan)
    expect(await readUploadToken(keyring, 'id-1', upload)).toEqual(plan)
    expect(await readUploadToken(keyring, 'id-2', upload)).toBeNull()
  })

  test('is not an id, nor is an id a token', async () => {
    const id = await ids.issue(aGranted(), anna)
    expect(await readUploadToken(keyring, id, id)).toBeNull()
    expect(await ids.read(await issueUploadToken(keyring, id, plan), anna)).toBeNull()
  })

  test('is null for junk', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.anything(), fc.base64String()), async (junk) => {
        expect(await readUploadToken(keyring, 'id', junk)).toBeNull()
      }),
    )
  })
})

test('base64url decodes to what was encoded, and refuses everything else', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (array) => {
      const bytes = new Uint8Array(array)
      expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes)
    }),
  )
  for (const text of ['A', 'AB', 'A+==', 'AA==', 'a b', 'ä']) expect(fromBase64Url(text)).toBeNull()
})

test('a secret that is missing or short refuses to start', () => {
  for (const bad of ['', 'x'.repeat(31), [], [secret, 'short'], undefined as never, [undefined] as never]) {
    expect(() => createKeyring(bad)).toThrow(/secret/)
  }
  expect(() => createKeyring('비밀'.repeat(6))).not.toThrow()
})
