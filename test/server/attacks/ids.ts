// Attacks on ids: what is forged, foreign, old or said twice.
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { expect, vi } from 'vitest'
import { bytes, secret } from '../harness.js'
import { anna, type Attack, rest } from './attack.js'

const twinsOf = (id: string): string[] => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(id.at(-1) ?? '')
  return [1, 2, 3].map((step) => id.slice(0, -1) + alphabet[(last & ~3) | ((last + step) & 3)])
}

export const onIds: readonly Attack[] = [
  {
    id: 'A1',
    does: 'an id forged, cut, empty, 1 MB long, or no string',
    seen: 'invalid, and nothing throws',
    async run(ground) {
      const server = ground.server()
      const { id } = await ground.stored(server)
      const forged = ['', 'x', id.slice(1), id.slice(0, -4), `${id}A`, 'A'.repeat(1_000_000), '../../etc/passwd']
      for (const given of forged) expect(await ground.problems(server, [given])).toEqual(['invalid'])
      for (const given of [7, null, {}, [id]]) expect(await ground.problems(server, [given])).toEqual(['invalid'])
      expect(await server.uploads.presignDownload('A'.repeat(1_000_000), anna)).toBeNull()
    },
  },
  {
    id: 'A2',
    does: "another person's id",
    seen: 'the same answer as for an unknown and a forged one; keys have 128 random bits',
    async run(ground) {
      const { id, key } = await ground.stored()
      const bob = ground.asBob()
      const asked = [id, `${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}`, 'unknown']
      const { body } = await bob.call({ action: 'describe', ids: asked, ...rest })
      expect(body.files).toEqual(asked.map((of) => ({ id: of, error: { code: 'invalid' } })))
      expect(await ground.problems(bob, [id], { subject: 'bob' })).toEqual(['invalid'])
      expect(key).toMatch(/[0-9a-f]{32}$/)
    },
  },
  {
    id: 'A3',
    does: 'an id of another question or another form',
    seen: 'invalid: both are inside the signature',
    async run(ground) {
      const server = ground.server()
      const { id } = await ground.stored(server)
      for (const other of [{ field: 'video' }, { context: { form: '8' } }, { context: {} }])
        expect(await ground.problems(server, [id], other)).toEqual(['invalid'])
      expect(await ground.problems(server, [id])).toEqual([])
    },
  },
  {
    id: 'A4',
    does: 'the same id twice, and in the other spellings of base64url',
    seen: 'duplicate, and one spelling only',
    async run(ground) {
      const server = ground.server()
      const { id } = await ground.stored(server)
      expect(await ground.problems(server, [id, id])).toEqual(['duplicate'])
      for (const twin of twinsOf(id)) {
        expect(twin).not.toBe(id)
        expect(await ground.problems(server, [twin])).toEqual(['invalid'])
      }
    },
  },
  {
    id: 'A5',
    does: 'an id whose file was never sent, was deleted, or was replaced by another',
    seen: 'not-stored: the storage is asked',
    async run(ground) {
      const server = ground.server()
      expect(await ground.problems(server, [String((await ground.put(server)).id)])).toEqual(['not-stored'])
      const { id, key } = await ground.stored(server)
      const other = { Bucket: ground.place.bucket, Key: key, Body: bytes(6), ContentType: 'image/png' }
      await ground.place.client.send(new PutObjectCommand(other))
      expect(await ground.problems(server, [id])).toEqual(['not-stored'])
      await server.call({ action: 'discard', ids: [id], ...rest })
      expect(await ground.problems(server, [id])).toEqual(['not-stored'])
    },
  },
  {
    id: 'A6',
    does: 'an id of the day before yesterday',
    seen: 'expired in a new answer; a saved one, and its download, go on',
    async run(ground) {
      const server = ground.server()
      const { id } = await ground.stored(server)
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 48 * 3600 * 1000 })
      try {
        expect(await ground.problems(server, [id])).toEqual(['expired'])
        expect(await server.uploads.presignDownload(id, anna)).not.toBeNull()
      } finally {
        vi.useRealTimers()
      }
      expect(await ground.problems(server, [id], { maxAge: -1 })).toEqual(['expired'])
      expect(await ground.problems(server, [id], { maxAge: -1, saved: [id] })).toEqual([])
    },
  },
  {
    id: 'A24',
    does: 'a secret that is short, missing, retired or guessed',
    seen: 'it refuses to start; ids of a retired secret are invalid, of an older one good',
    async run(ground) {
      for (const short of ['', 'short', 'x'.repeat(31)]) expect(() => ground.server({ secret: short })).toThrow(/32/)
      const newer = 'another secret of more than thirty-two bytes'
      const { id } = await ground.stored()
      expect(await ground.problems(ground.server({ secret: [newer, secret] }), [id])).toEqual([])
      expect(await ground.problems(ground.server({ secret: newer }), [id])).toEqual(['invalid'])
      expect(await ground.problems(ground.server({ secret: [newer] }), [id])).toEqual(['invalid'])
    },
  },
]
