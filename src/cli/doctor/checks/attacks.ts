/** What somebody with a grant, or without, would try: each must be refused by the storage itself. */
import { createHash } from 'node:crypto'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { signGet, signPut } from '../../../server/presign.js'
import { statusOf } from '../../../server/storage.js'
import { type Check, expect, LeftOut, Wrong } from '../../check.js'
import { exchange, type Reply } from '../browser.js'
import { content, type OwnFile, type Place, sendPut } from '../place.js'
import { optionRemedy, policyRemedy } from '../remedies.js'
import { sendForm } from './page.js'

const longer = new Uint8Array(content.length + 1).fill(7)
const others = new Uint8Array(content.length).fill(7)
/** What an attacker would like to read. */
const secret = new TextEncoder().encode('an object of somebody else')

function expectRefused(reply: Reply): string {
  expect(!reply.ok, `It is answered ${reply.told}.`)
  return reply.told
}

/** What lies under a key of ours; null for nothing. */
async function bytesOf({ storage }: Place, { key, bucket }: OwnFile): Promise<Buffer | null> {
  try {
    const { Body } = await storage.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    return Buffer.from((await Body?.transformToByteArray()) ?? [])
  } catch (thrown) {
    if (statusOf(thrown) === 404) return null
    throw thrown
  }
}

const withoutQuery = async (place: Place, file: OwnFile) => {
  const { origin, pathname } = new URL(await signGet(place.storage, file, 'attachment', 60))
  return `${origin}${pathname}`
}

const keepPrivate = {
  text: 'Take away public access: the ACL and every policy statement that allows Principal "*" to get or list; on AWS turn Block Public Access on.',
  document: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
}

export const attackChecks: readonly Check<Place>[] = [
  {
    name: 'a PUT of another length is refused',
    level: 'must',
    async run(place) {
      const reply = await sendPut(place, { body: longer })
      if (!place.can.signsLength && reply.ok)
        throw new LeftOut('Not refused, as is known of this store: the field asks for `complete`.')
      return expectRefused(reply)
    },
    remedy: () =>
      optionRemedy('Let the field ask for `complete` after each upload, which compares the size.', {
        store: { signsLength: false },
      }),
  },
  {
    name: 'a form POST of another length is refused',
    level: 'must',
    async run(place) {
      if (!place.can.formPost) throw new LeftOut('No form POST is used.')
      return expectRefused(await sendForm(place, place.newFile(), longer))
    },
    remedy: () =>
      optionRemedy('The store does not hold to content-length-range; let files go by PUT.', {
        store: { formPost: false },
      }),
  },
  {
    name: 'a PUT of another type is refused',
    level: 'must',
    run: async (place) => expectRefused(await sendPut(place, { headers: { 'content-type': 'text/html' } })),
    remedy: () => ({
      text: 'The storage does not hold to signed headers, so nothing that is signed can be relied on: is there a proxy that signs anew? Do not use it for uploads.',
    }),
  },
  {
    name: 'a second PUT does not replace the first',
    level: 'must',
    async run(place) {
      if (!place.can.ifNoneMatch) throw new LeftOut('if-none-match is not relied on at this store.')
      const file = place.newFile()
      const { url, headers } = await signPut(place.storage, file, 900)
      const put = { method: 'PUT', origin: place.options.origin, headers }
      const first = await exchange(url, { ...put, body: content })
      expect(first.ok, `The first is answered ${first.told}.`)
      return expectRefused(await exchange(url, { ...put, body: others }))
    },
    remedy: () =>
      optionRemedy(
        'The store does not know If-None-Match: a grant can be used again until it ends. Keep `expiresIn` short, and say so.',
        {
          store: { ifNoneMatch: false },
        },
      ),
  },
  {
    name: 'bytes other than their checksum are refused',
    level: 'must',
    async run(place) {
      const checksum = createHash('sha256').update(content).digest('base64')
      const file = place.newFile({ checksum })
      if (place.can.checksum === 'sha256') return expectRefused(await sendPut(place, { file, body: others }))
      // Tried all the same: whoever's store can do more than the record says may use it.
      const url = await getSignedUrl(
        place.storage.signer() as never,
        new PutObjectCommand({
          Bucket: file.bucket,
          Key: file.key,
          ContentLength: content.length,
          ChecksumSHA256: checksum,
        }) as never,
        {
          expiresIn: 60,
          signableHeaders: new Set(['host', 'content-length', 'x-amz-checksum-sha256']),
          unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
        },
      )
      const headers = { 'x-amz-checksum-sha256': checksum }
      const send = (body: Uint8Array) => exchange(url, { method: 'PUT', origin: place.options.origin, headers, body })
      if ((await send(others)).ok || !(await send(content)).ok)
        throw new LeftOut('The storage compares none; `readBack` of createUploads does, where you ask for checksums.')
      return `Refused. The store can do more than is known of it: store: { checksum: 'sha256' }.`
    },
    remedy: () =>
      optionRemedy('The storage compares no SHA-256; use `readBack` for it.', { store: { checksum: 'none' } }),
  },
  {
    name: 'an expired URL is refused',
    level: 'must',
    async run(place) {
      const file = place.newFile()
      const hourAgo = new Date(Date.now() - 3_600_000)
      const url = await getSignedUrl(
        place.storage.signer() as never,
        new PutObjectCommand({ Bucket: file.bucket, Key: file.key }) as never,
        { expiresIn: 60, signingDate: hourAgo },
      )
      return expectRefused(await exchange(url, { method: 'PUT', origin: place.options.origin, body: content }))
    },
    remedy: () => ({
      text: "The storage does not hold to X-Amz-Expires, or its clock is an hour behind: set it by NTP; else don't use it for uploads.",
    }),
  },
  {
    name: 'a grant does not make its object public',
    level: 'must',
    async run(place) {
      const file = place.newFile()
      const reply = await sendPut(place, { file, headers: { 'x-amz-acl': 'public-read' } })
      if (!reply.ok) return `x-amz-acl: public-read is answered ${reply.told}.`
      const read = await exchange(await withoutQuery(place, file), { method: 'GET', origin: null })
      expect(!read.ok, 'x-amz-acl: public-read is taken, and everybody can read the object.')
      return `x-amz-acl: public-read has no effect (${read.told} to a stranger).`
    },
    remedy: () => optionRemedy('The store knows ACLs: let them be signed.', { store: { acl: true } }),
  },
  {
    name: 'a grant does not copy another’s object',
    level: 'must',
    async run(place) {
      const victim = await place.put(secret)
      const file = place.newFile()
      const headers = { 'x-amz-copy-source': `/${victim.bucket}/${victim.key}` }
      const reply = await sendPut(place, { file, headers })
      if (!reply.ok) return `x-amz-copy-source is answered ${reply.told}.`
      const stored = await bytesOf(place, file)
      expect(
        stored?.equals(content) === true,
        'x-amz-copy-source is obeyed: whoever has a grant can read every object that the key can read.',
      )
      return 'x-amz-copy-source is ignored.'
    },
    remedy: policyRemedy,
  },
  {
    name: 'strangers can neither get, put nor list',
    level: 'must',
    async run(place) {
      const file = await place.put()
      const url = await withoutQuery(place, file)
      const tries: readonly (readonly [string, string, string])[] = [
        ['get an object', 'GET', url],
        ['put an object', 'PUT', url.replace(file.key, place.newFile().key)],
        ['list the bucket', 'GET', `${url.replace(file.key, '')}?list-type=2`],
      ]
      const told: string[] = []
      for (const [what, method, at] of tries) {
        const reply = await exchange(at, { method, origin: null, ...(method === 'PUT' ? { body: content } : {}) })
        if (reply.ok) throw new Wrong(`Without a signature everybody can ${what} (${reply.told}).`)
        told.push(reply.told)
      }
      return told.join(', ')
    },
    remedy: () => keepPrivate,
  },
]
