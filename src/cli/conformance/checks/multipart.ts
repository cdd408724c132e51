/** Files sent in parts. Needs a backend that answers MULTIPART for `--large` bytes. */
import { isObject, parseSignedParts, type SignedPart } from '../../../protocol/index.js'
import { type Check, expect, LeftOut } from '../../check.js'
import {
  type Backend,
  complete,
  errorOf,
  expectError,
  expectObject,
  expectStored,
  grantsFor,
  optional,
  readGrant,
  requestFor,
  sendPart,
  told,
} from '../backend.js'

interface Begun {
  readonly id: string
  readonly upload: string
  readonly partSize: number
  readonly partCount: number
  readonly parts: readonly SignedPart[]
}

async function begin(backend: Backend): Promise<Begun> {
  const [value] = await grantsFor(backend, [requestFor(backend.large)])
  const error = errorOf({ json: value })
  if (error !== null) throw new LeftOut(`A file of ${backend.large.bytes.length} bytes is refused (${error.code}).`)
  const grant = readGrant(value)
  if (grant.method !== 'MULTIPART')
    throw new LeftOut(
      `A file of ${backend.large.bytes.length} bytes is granted as ${grant.method ?? 'PUT'}; say more by --large.`,
    )
  const { id, upload, partSize, parts } = grant
  backend.begun.add(id)
  return { id, upload, partSize, parts, partCount: Math.ceil(backend.large.bytes.length / partSize) }
}

async function urlsFor(backend: Backend, { id, upload }: Begun, partNumbers: readonly number[]): Promise<SignedPart[]> {
  const answer = expectObject(await backend.call({ action: 'presign-parts', id, upload, partNumbers }), 'presign-parts')
  const parts = parseSignedParts(answer.parts, false)
  expect(parts !== null, 'presign-parts: `parts` is not a list of { partNumber, url }.')
  for (const partNumber of partNumbers)
    expect(
      parts.some((part) => part.partNumber === partNumber),
      `presign-parts: no URL for part ${partNumber}.`,
    )
  return parts
}

const bytesOf = ({ large }: Backend, { partSize }: Begun, partNumber: number) =>
  large.bytes.slice((partNumber - 1) * partSize, partNumber * partSize)

async function sendAll(backend: Backend, begun: Begun, partNumbers: readonly number[]): Promise<void> {
  const known = begun.parts
  const unknown = partNumbers.filter((number) => !known.some(({ partNumber }) => partNumber === number))
  const more = unknown.length === 0 ? [] : await urlsFor(backend, begun, unknown)
  for (const number of partNumbers) {
    const part = [...known, ...more].find(({ partNumber }) => partNumber === number)
    expect(part !== undefined, `There is no URL for part ${number}.`)
    const sent = await sendPart(part, bytesOf(backend, begun, number))
    expect(sent.ok, `The storage answered ${sent.told} to part ${number}.`)
  }
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

async function listed(backend: Backend, { id, upload }: Begun): Promise<Map<number, unknown>> {
  const { parts } = expectObject(await optional(backend, { action: 'list-parts', id, upload }), 'list-parts')
  expect(Array.isArray(parts), 'list-parts: the answer has no list `parts`.')
  return new Map(
    (parts as unknown[]).map((part) => {
      expect(
        isObject(part) && Number.isSafeInteger(part.partNumber) && typeof part.etag === 'string',
        'list-parts: a part is not { partNumber, etag, size }.',
      )
      return [part.partNumber as number, part.size]
    }),
  )
}

export const multipartChecks: readonly Check<Backend>[] = [
  {
    name: 'a large file is stored in parts',
    level: 'must',
    async run(backend) {
      const begun = await begin(backend)
      expect(begun.partCount <= 10_000, `${begun.partCount} parts are more than storage takes.`)
      await sendAll(backend, begun, numbers(begun.partCount))
      const reference = { id: begun.id, upload: begun.upload }
      expectStored(await complete(backend, reference), begun.id, backend.large.bytes.length, 'complete')
      expectStored(await complete(backend, reference), begun.id, backend.large.bytes.length, 'complete, asked again')
      return `${begun.partCount} parts of ${begun.partSize} bytes; complete answered twice.`
    },
    remedy: () => ({
      text: 'complete puts together the parts that the storage lists, and afterwards answers by the object itself (HeadObject), since the upload is no more: so it may be asked again.',
      document: { id: 'as asked', size: 52_428_800 },
    }),
  },
  {
    name: 'URLs of parts are given again, and only for parts of the file',
    level: 'must',
    async run(backend) {
      const begun = await begin(backend)
      await urlsFor(backend, begun, numbers(Math.min(2, begun.partCount)))
      const { id, upload } = begun
      const beyond = await backend.call({ action: 'presign-parts', id, upload, partNumbers: [begun.partCount + 1] })
      expectError(beyond, 400, 'invalid', 'presign-parts beyond the last part')
      const forgedUpload = await backend.call({ action: 'presign-parts', id, upload: `${upload}x`, partNumbers: [1] })
      expect(
        forgedUpload.status >= 400 && forgedUpload.status < 500,
        `presign-parts of a forged upload: ${told(forgedUpload)}.`,
      )
      await backend.call({ action: 'abort', id, upload })
      return 'Parts are signed again; beyond the last and for a forged upload they are refused.'
    },
    remedy: () => ({
      text: '`upload` is a token that you sign: upload id, size, part size, count and end, bound to the id. presign-parts checks it and signs each part with its exact length.',
      document: { parts: [{ partNumber: 17, url: 'https://…' }], expiresIn: 900 },
    }),
  },
  {
    name: 'the parts that have arrived are listed',
    level: 'must',
    async run(backend) {
      const begun = await begin(backend)
      expect((await listed(backend, begun)).size === 0, 'list-parts tells parts before any was sent.')
      await sendAll(backend, begun, [1])
      const parts = await listed(backend, begun)
      const size = bytesOf(backend, begun, 1).length
      expect(
        parts.size === 1 && parts.get(1) === size,
        `list-parts does not tell part 1 with its ${size} bytes, and it alone.`,
      )
      if (begun.partCount > 1) {
        const early = await complete(backend, { id: begun.id, upload: begun.upload })
        expectError(early, 404, 'not-stored', 'complete before all parts are there')
        expect((await listed(backend, begun)).size === 1, 'complete before the end took the part away.')
      }
      await sendAll(backend, begun, numbers(begun.partCount).slice(1))
      const done = await complete(backend, { id: begun.id, upload: begun.upload })
      expectStored(done, begun.id, backend.large.bytes.length, 'complete after the rest')
      return 'Listed as stored; complete waits for all of them.'
    },
    remedy: () => ({
      text: 'list-parts tells what the storage lists (all its pages), with the size of each; complete answers 404 not-stored while one is missing, and leaves the others.',
      document: { parts: [{ partNumber: 1, etag: '"9b2c…"', size: 8_388_608 }] },
    }),
  },
  {
    name: 'an upload is given up by abort, as often as asked',
    level: 'must',
    async run(backend) {
      const begun = await begin(backend)
      const { id, upload } = begun
      await sendAll(backend, begun, [1])
      for (const what of ['abort', 'abort, asked again'])
        expectObject(await optional(backend, { action: 'abort', id, upload }), what)
      expectError(await backend.call({ action: 'complete', id, upload }), 404, 'not-stored', 'complete after abort')
      const parts = await backend.call({ action: 'list-parts', id, upload })
      if (parts.status === 200)
        expect((await listed(backend, begun)).size === 0, 'The parts of an aborted upload are still listed.')
      else expectError(parts, 404, 'not-stored', 'list-parts after abort')
      return '{}, twice; the parts are gone.'
    },
    remedy: () => ({
      text: 'abort ends the upload in storage and answers {} also where it has ended before.',
      document: {},
    }),
  },
]
