/** What a page does: asks by preflight, sends by PUT, form and parts, reads the answer, downloads. */
import { createCompleter } from '../../../server/multipart.js'
import { beginUpload } from '../../../server/multipart.js'
import { signGet, signPart, signPost, signPut } from '../../../server/presign.js'
import { storedAsGranted } from '../../../server/storage.js'
import { type Check, expect, LeftOut, Wrong } from '../../check.js'
import { exchange, exposes, isReadable, preflight, type Reply } from '../browser.js'
import { content, type OwnFile, type Place, sendPut } from '../place.js'
import { corsRemedy, optionRemedy } from '../remedies.js'

/** A form as a browser writes it. */
export function formOf(fields: Readonly<Record<string, string>>, bytes: Uint8Array) {
  const boundary = `----doctor${Math.random().toString(36).slice(2)}`
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const file = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="blob"\r\ncontent-type: application/octet-stream\r\n\r\n`
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([Buffer.from(parts.join('') + file), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  }
}

/** Signs a form POST as the server does and sends it as a page would. */
export async function sendForm(place: Place, file: OwnFile, bytes: Uint8Array = content): Promise<Reply> {
  const { url, fields } = await signPost(place.storage, file, 900)
  return exchange(url, { method: 'POST', origin: place.options.origin, ...formOf(fields, bytes) })
}

async function expectStored({ storage }: Place, file: OwnFile, how: string): Promise<void> {
  expect(
    (await storedAsGranted(storage, file)) !== null,
    `${how} was answered well, and the object is not there as it was sent.`,
  )
}

async function expectPreflight(place: Place, url: string, method: string, headers: readonly string[]): Promise<void> {
  const refused = await preflight(url, { origin: place.options.origin, method, headers })
  if (refused !== null) throw new Wrong(`From ${place.options.origin} ${refused}.`)
}

const noForms = (place: Place) => {
  if (!place.can.formPost) throw new LeftOut(`${place.record.title} takes no form POST; PUT is used.`)
}

export const pageChecks: readonly Check<Place>[] = [
  {
    name: 'a preflight lets PUT go with the headers of a grant',
    level: 'must',
    async run(place) {
      const { url, headers } = await signPut(place.storage, place.newFile(), 900)
      await expectPreflight(place, url, 'PUT', Object.keys(headers))
      return Object.keys(headers).join(', ')
    },
    remedy: corsRemedy,
  },
  {
    name: 'a preflight lets a form POST go',
    level: 'must',
    async run(place) {
      noForms(place)
      const { url } = await signPost(place.storage, place.newFile(), 900)
      await expectPreflight(place, url, 'POST', [])
      return 'It does.'
    },
    remedy: corsRemedy,
  },
  {
    name: 'a PUT stores, and the page can read the answer and its ETag',
    level: 'must',
    async run(place) {
      const file = place.newFile()
      const reply = await sendPut(place, { file })
      expect(reply.ok, `It is answered ${reply.told}.`)
      await expectStored(place, file, 'It')
      expect(
        isReadable(reply, place.options.origin),
        'It is stored, but the answer has no Access-Control-Allow-Origin for the page.',
      )
      expect(exposes(reply, 'etag'), 'Access-Control-Expose-Headers lacks ETag.')
      return `${reply.told}; ETag can be read.`
    },
    remedy: corsRemedy,
  },
  {
    name: 'a form POST stores, and the page can read the answer',
    level: 'must',
    async run(place) {
      noForms(place)
      const file = place.newFile()
      const reply = await sendForm(place, file)
      if (!reply.ok)
        throw new Wrong(
          `It is answered ${reply.told}.`,
          optionRemedy('Let files go by PUT.', { store: { formPost: false } }),
        )
      await expectStored(place, file, 'It')
      expect(
        isReadable(reply, place.options.origin),
        'It is stored, but the answer has no Access-Control-Allow-Origin for the page.',
      )
      return reply.told
    },
    remedy: corsRemedy,
  },
  {
    name: 'parts are stored and put together',
    level: 'must',
    async run(place) {
      const file = place.newFile()
      const { storage } = place
      const signal = new AbortController().signal
      const uploadId = await beginUpload(storage, file, { sha256: false, signal })
      place.began(file, uploadId)
      const part = { uploadId, partNumber: 1, size: content.length }
      const { url } = await signPart(storage, file, part, 900)
      await expectPreflight(place, url, 'PUT', [])
      const reply = await exchange(url, { method: 'PUT', origin: place.options.origin, body: content })
      expect(reply.ok, `A part is answered ${reply.told}.`)
      expect(
        isReadable(reply, place.options.origin),
        'The answer to a part has no Access-Control-Allow-Origin for the page.',
      )
      const plan = {
        uploadId,
        size: content.length,
        partSize: content.length,
        partCount: 1,
        endsAt: 0,
        partChecksums: false,
      }
      expect((await createCompleter(storage)(file, plan, undefined)) !== null, 'The upload could not be completed.')
      return 'Begun, sent, listed and completed.'
    },
    remedy: corsRemedy,
  },
  {
    name: 'a link downloads under the file’s own name',
    level: 'must',
    async run(place) {
      const file = await place.put()
      const url = await signGet(place.storage, file, 'attachment', 60)
      const reply = await exchange(url, { method: 'GET', origin: place.options.origin })
      expect(reply.ok, `It is answered ${reply.told}.`)
      expect(reply.body.equals(content), 'It gives other bytes than were stored.')
      const disposition = reply.headers['content-disposition'] ?? ''
      expect(
        disposition.startsWith('attachment') && disposition.includes(encodeURIComponent(file.name)),
        'The answer lacks the signed content-disposition: files would open as pages, without their names.',
      )
      return 'With its signed content-disposition.'
    },
    remedy: () => ({
      text: 'The storage (or a CDN before it) has to obey response-content-disposition of a signed GET: let the CDN pass the query.',
    }),
  },
  {
    name: 'a page can read what a link gives',
    level: 'should',
    async run(place) {
      const file = await place.put()
      const url = await signGet(place.storage, file, 'attachment', 60)
      const reply = await exchange(url, { method: 'GET', origin: place.options.origin })
      expect(
        isReadable(reply, place.options.origin),
        'The answer to GET has no Access-Control-Allow-Origin for the page.',
      )
      return 'It can.'
    },
    remedy: corsRemedy,
  },
  {
    name: 'pages of other origins are not let in',
    level: 'should',
    async run(place) {
      const { url, headers } = await signPut(place.storage, place.newFile(), 900)
      const origin = 'https://elsewhere.example'
      const refused = await preflight(url, { origin, method: 'PUT', headers: Object.keys(headers) })
      expect(refused !== null, 'A preflight from https://elsewhere.example is let through.')
      return `From elsewhere ${refused}.`
    },
    remedy: (place) => ({
      ...corsRemedy(place),
      text: `Name your own origins in place of "*". ${corsRemedy(place).text}`,
    }),
  },
]
