// Attacks on grants: what was signed is changed on the wire, used again, or used for something else.
import { GetObjectCommand, HeadObjectCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3'
import { expect } from 'vitest'
import { bucketPolicy } from '../../../src/server.js'
import { bytes, exists, head, send, twoMinutesAgo } from '../harness.js'
import { anna, type Attack, type Form, type Ground, type Put, rest, withFields, withHeaders } from './attack.js'

const MiB = 1024 * 1024
const other = (size: number) => new Uint8Array(size).fill(9)
const sendPart = (url: string | undefined, size: number) => fetch(url ?? '', { method: 'PUT', body: bytes(size) })

/** A PUT by which the storage would copy Anna's file to Bob's key. */
async function copying(ground: Ground): Promise<{ granted: Put; copied: Response }> {
  const victim = await ground.stored()
  const granted = await ground.put(ground.asBob())
  const source = { 'x-amz-copy-source': `/${ground.place.bucket}/${victim.key}` }
  return { granted, copied: await send(withHeaders(granted, source), bytes(5)) }
}

export const onGrants: readonly Attack[] = [
  {
    id: 'A7',
    does: 'size, type, charset, key or expiry of a PUT changed on the wire',
    seen: '403, and nothing is stored',
    async run(ground) {
      const changes: ((granted: Put) => [Put, number])[] = [
        (granted) => [granted, 6],
        (granted) => [granted, 4],
        (granted) => [withHeaders(granted, { 'content-type': 'text/html' }), 5],
        (granted) => [withHeaders(granted, { 'content-type': 'image/png; charset=utf-8' }), 5],
        (granted) => [{ ...granted, url: granted.url.replace(/[0-9a-f]{32}/, '0'.repeat(32)) }, 5],
        (granted) => [{ ...granted, url: granted.url.replace('X-Amz-Expires=900', 'X-Amz-Expires=9000') }, 5],
      ]
      for (const change of changes) {
        const granted = await ground.put()
        const [changed, size] = change(granted)
        await ground.isRefused(await send(changed, bytes(size)), granted)
      }
    },
  },
  {
    id: 'A7',
    does: 'size, type, key or a field of a form POST changed on the wire',
    seen: '403 or EntityTooLarge and EntityTooSmall, and nothing is stored',
    async run(ground) {
      const changes: ((granted: Form) => [Form, number])[] = [
        (granted) => [granted, 6],
        (granted) => [granted, 4],
        (granted) => [withFields(granted, { 'Content-Type': 'text/html' }), 5],
        (granted) => [withFields(granted, { key: `uploads/${'0'.repeat(32)}` }), 5],
        (granted) => [withFields(granted, { success_action_redirect: 'https://evil.example' }), 5],
      ]
      for (const change of changes) {
        const granted = await ground.form()
        const [changed, size] = change(granted)
        await ground.isRefused(await send(changed, bytes(size)), granted, [400, 403])
      }
    },
  },
  {
    id: 'A7',
    does: 'a part longer than granted, and a whole of another size',
    seen: 'the part is refused; an upload with a part missing never becomes a file',
    async run(ground) {
      const server = ground.server({ methods: ['MULTIPART'], partSize: 5 * MiB })
      const granted = await ground.parts(server, 5 * MiB + 1)
      expect((await sendPart(granted.parts[1]?.url, 2)).status).toBe(403)
      expect((await sendPart(granted.parts[1]?.url, 1)).status).toBe(200)
      const { id, upload } = granted
      expect((await server.call({ action: 'complete', id, upload, ...rest })).status).toBe(404)
      await ground.isRefused(new Response(null, { status: 403 }), granted)
    },
  },
  {
    id: 'A8',
    does: '`x-amz-acl: public-read` added to a PUT or a form',
    seen: '403, and nothing is stored',
    async run(ground) {
      const put = await ground.put()
      await ground.isRefused(await send(withHeaders(put, { 'x-amz-acl': 'public-read' }), bytes(5)), put)
      const form = await ground.form()
      await ground.isRefused(await send(withFields(form, { acl: 'public-read' }), bytes(5)), form)
    },
  },
  {
    id: 'A9',
    does: '`x-amz-copy-source` added to a form POST or its fields',
    seen: 'nothing is copied: the form is immune',
    async run(ground) {
      const victim = await ground.stored()
      const source = `/${ground.place.bucket}/${victim.key}`
      const granted = await ground.form()
      const response = await send(withFields(granted, { 'x-amz-copy-source': source }), other(5))
      if (!response.ok) return ground.isRefused(response, granted, [400, 403])
      const stored = await ground.place.client.send(
        new GetObjectCommand({ Bucket: ground.place.bucket, Key: ground.key(granted) }),
      )
      expect(await stored.Body?.transformToByteArray()).toEqual(other(5))
    },
  },
  {
    id: 'A9',
    on: 'ceph',
    does: '`x-amz-copy-source` added to a PUT, without and with the Deny policy',
    seen: 'without it the gateway copies; with it 403, and plain uploads go through',
    async run(ground) {
      const before = await copying(ground)
      expect(before.copied.status).toBe(200)
      const { Statement } = bucketPolicy({ bucket: ground.place.bucket })
      const deny = Statement.filter(({ Effect }) => Effect === 'Deny').slice(0, 1)
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: deny })
      await ground.place.client.send(new PutBucketPolicyCommand({ Bucket: ground.place.bucket, Policy }))
      const { granted, copied } = await copying(ground)
      await ground.isRefused(copied, granted)
      expect((await send(granted, bytes(5))).status).toBe(200)
    },
  },
  {
    id: 'A10',
    does: 'tags, a redirect, cache-control, content-encoding and another disposition sent along',
    seen: 'refused, or harmless: a download says all of it itself',
    async run(ground) {
      const server = ground.server()
      const granted = await ground.put(server)
      const headers = { 'cache-control': 'public, max-age=31536000', 'content-encoding': 'gzip' }
      const response = await send(withHeaders(granted, headers), bytes(5))
      if (!response.ok) return ground.isRefused(response, granted)
      const download = await server.uploads.presignDownload(String(granted.id), anna)
      const got = await fetch(download?.url ?? '', { method: 'GET', headers: { 'accept-encoding': 'identity' } })
      expect(got.headers.get('cache-control')).toBe('private, no-cache')
      expect(got.headers.get('content-disposition')).toMatch(/^attachment/)
      await got.body?.cancel().catch(() => {})
      const inline = await ground.put(server)
      await ground.isRefused(await send(withHeaders(inline, { 'content-disposition': 'inline' }), bytes(5)), inline)
    },
  },
  {
    id: 'A21',
    does: "another's file discarded or aborted, and one's own twice, beside a complete",
    seen: 'it stays; one’s own is gone, and nothing throws',
    async run(ground) {
      const { id, key } = await ground.stored()
      const bob = ground.asBob()
      expect((await bob.call({ action: 'discard', ids: [id], ...rest })).status).toBe(200)
      expect((await bob.call({ action: 'abort', id, ...rest })).status).toBe(400)
      expect(await exists(ground.place, key)).toBe(true)
      const anna = ground.server()
      const raced = await Promise.all([
        anna.call({ action: 'discard', ids: [id, id], ...rest }),
        anna.call({ action: 'complete', id, ...rest }),
        anna.call({ action: 'discard', ids: [id], ...rest }),
      ])
      for (const { status } of raced) expect([200, 404]).toContain(status)
      expect(await exists(ground.place, key)).toBe(false)
    },
  },
  {
    id: 'A22',
    does: 'a PUT URL used again after the answer was verified',
    seen: '412, and the file is as it was',
    async run(ground) {
      const server = ground.server()
      const { id, granted } = await ground.stored(server)
      expect(await ground.problems(server, [id])).toEqual([])
      expect((await send(granted, other(5))).status).toBe(412)
      const { Body } = await ground.place.client.send(
        new GetObjectCommand({ Bucket: ground.place.bucket, Key: ground.key(granted) }),
      )
      expect(await Body?.transformToByteArray()).toEqual(bytes(5))
    },
  },
  {
    id: 'A22',
    does: 'a form sent again after the answer was claimed, and once it has ended',
    seen: 'what was claimed is another object; an ended form is refused',
    async run(ground) {
      const server = ground.server({ methods: ['POST'] })
      const granted = await ground.form(server)
      expect((await send(granted, bytes(5))).ok).toBe(true)
      const claim = await server.uploads.claim([String(granted.id)], anna)
      if (!claim.ok) throw new Error(JSON.stringify(claim))
      expect((await send(granted, other(5))).ok).toBe(true)
      const { Body } = await ground.place.client.send(
        new GetObjectCommand({ Bucket: ground.place.bucket, Key: claim.files[0]?.key }),
      )
      expect(await Body?.transformToByteArray()).toEqual(bytes(5))
      const ended = await twoMinutesAgo(() => ground.form(ground.server({ methods: ['POST'], expiresIn: 60 })))
      await ground.isRefused(await send(ended, bytes(5)), ended)
    },
  },
  {
    id: 'A23',
    does: 'parts of another upload, more than granted, part 0 and 10,001, a token changed',
    seen: 'invalid: the upload, its size and its parts are inside the token',
    async run(ground) {
      const server = ground.server({ methods: ['MULTIPART'] })
      const [mine, foreign] = [await ground.parts(server), await ground.parts(server)]
      const { id, upload } = mine
      const asked = [
        { partNumbers: [0] },
        { partNumbers: [2] },
        { partNumbers: [10_001] },
        { partNumbers: [1], upload: foreign.upload },
        { partNumbers: [1], upload: `${upload}A` },
        { partNumbers: [1], id: foreign.id },
      ]
      for (const members of asked) {
        const { status, body } = await server.call({ action: 'presign-parts', id, upload, ...rest, ...members })
        expect([status, body.error.code]).toEqual([400, 'invalid'])
      }
      expect((await server.call({ action: 'complete', id, upload: foreign.upload, ...rest })).status).toBe(400)
    },
  },
  {
    id: 'A13',
    does: 'a page, a picture with scripts and a text sent to be opened from the storage',
    seen: 'stored and downloaded as an attachment, and no type that a browser runs',
    async run(ground) {
      const server = ground.server()
      for (const [name, type] of [
        ['a.html', 'text/html'],
        ['a.svg', 'image/svg+xml'],
        ['a.xml', 'text/xml'],
        ['a.js', 'text/javascript'],
      ] as const) {
        const { id, key } = await ground.stored(server, { name, type })
        const { url } = (await server.uploads.presignDownload(id, anna)) ?? { url: '' }
        const response = await fetch(url)
        expect(response.headers.get('content-disposition')).toMatch(/^attachment/)
        expect(response.headers.get('content-type')).toBe('application/octet-stream')
        const stored = await ground.place.client.send(new HeadObjectCommand({ Bucket: ground.place.bucket, Key: key }))
        expect(stored.ContentDisposition).toBe('attachment')
      }
    },
  },
  {
    id: 'A14',
    does: '`photo.jpg.php`, `a.pdf\\0.exe`, upper case, and a type that does not fit the extension',
    seen: 'judged by the last extension, and stored with the type our table gives it',
    async run(ground) {
      const server = ground.server({ rules: { accept: '.jpg,.pdf' } })
      const files = ['photo.jpg.php', 'a.pdf\0.exe', 'PHOTO.JPG', 'a.pdf'].map((name, at) => ({
        key: `k${at}`,
        name,
        size: 5,
        type: 'image/jpeg',
      }))
      const { body } = await server.call({ action: 'presign', files, ...rest })
      const outcomes = body.grants.map(({ error }: { error?: { code: string } }) => error?.code ?? 'granted')
      expect(outcomes).toEqual(['file-type', 'file-type', 'granted', 'granted'])
      const pdf = body.grants[3] as Put
      expect(pdf.headers?.['content-type']).toBe('application/pdf')
      expect((await send(pdf, bytes(5))).status).toBe(200)
      expect((await head(ground.place, ground.key(pdf))).ContentType).toBe('application/pdf')
    },
  },
]
