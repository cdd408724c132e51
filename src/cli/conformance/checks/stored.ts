/** What becomes of a stored file: told, downloaded, kept by `abort`, taken by `discard`. */
import { isObject } from '../../../protocol/index.js'
import { type Check, expect, LeftOut } from '../../check.js'
import {
  type Backend,
  complete,
  expectError,
  expectObject,
  expectStored,
  forged,
  optional,
  store,
  told,
} from '../backend.js'

/** The answer to the last question of a row that is asked by an optional `complete`; null without one. */
const completeIfThere = (backend: Backend, id: string) =>
  complete(backend, { id }).catch((thrown: unknown) => {
    if (thrown instanceof LeftOut) return null
    throw thrown
  })

export const storedChecks: readonly Check<Backend>[] = [
  {
    name: 'complete tells that a file is stored, as often as asked',
    level: 'must',
    async run(backend) {
      const id = await store(backend)
      const size = backend.sample.bytes.length
      expectStored(await complete(backend, { id }), id, size, 'complete')
      expectStored(await complete(backend, { id }), id, size, 'complete, asked again')
      return `200 with id and size, twice.`
    },
    remedy: () => ({
      text: '`complete` is legal for every method and idempotent: asked again after a lost answer it answers the same.',
      document: { id: 'as asked', size: 1024 },
    }),
  },
  {
    name: 'a forged id is refused by every action',
    level: 'must',
    async run(backend) {
      const id = forged(await store(backend))
      const completed = await completeIfThere(backend, id)
      if (completed !== null)
        expect(completed.status >= 400 && completed.status < 500, `complete of a forged id: ${told(completed)}.`)
      const described = await backend.call({ action: 'describe', ids: [id] })
      if (described.status === 200 && isObject(described.json) && Array.isArray(described.json.files)) {
        const [file] = described.json.files as unknown[]
        expect(!isObject(file) || file.url === undefined, 'describe gives a link for a forged id.')
      }
      return completed === null ? 'No link for a forged id.' : `complete: ${told(completed)}.`
    },
    remedy: () => ({
      text: 'Sign ids (HMAC over id, person, field and context, compared in constant time), or look them up in your database with their owner; unknown, foreign and forged ids get the same answer.',
      document: { error: { code: 'invalid', message: 'This id is not valid here.' } },
    }),
  },
  {
    name: 'describe tells name, size, type and a link for each id, in order',
    level: 'must',
    async run(backend) {
      const id = await store(backend)
      const unknown = forged(id)
      const { files } = expectObject(await optional(backend, { action: 'describe', ids: [unknown, id] }), 'describe')
      expect(Array.isArray(files) && files.length === 2, 'The answer is not one member for each id.')
      const [first, second] = files as unknown[]
      expect(isObject(first) && String(first.id) === unknown, 'The members are not in the order of the ids.')
      expect(
        isObject(first.error) && typeof first.error.code === 'string',
        'An unknown id is not told as { id, error: { code } }.',
      )
      expect(isObject(second) && String(second.id) === id && second.error === undefined, 'The stored file is not told.')
      const { name, size, type, url } = second
      expect(typeof name === 'string' && name !== '', '`name` is missing.')
      expect(
        size === backend.sample.bytes.length,
        `\`size\` is ${String(size)} in place of ${backend.sample.bytes.length}.`,
      )
      expect(typeof type === 'string', '`type` is missing.')
      expect(typeof url === 'string' && /^https?:\/\//.test(url), '`url` is not an absolute http(s) URL.')
      const download = await fetch(url as string, { signal: AbortSignal.timeout(60_000) })
      const bytes = new Uint8Array(await download.arrayBuffer())
      expect(download.ok, `The link answers ${download.status}.`)
      expect(Buffer.compare(bytes, backend.sample.bytes) === 0, 'The link gives other bytes than were sent.')
      return 'The stored file is told and downloads; the unknown id has an error.'
    },
    remedy: () => ({
      text: 'One member for each id, in the order asked.',
      document: {
        files: [
          { id: 'as asked', name: 'cv.pdf', size: 1024, type: 'application/pdf', url: 'https://…', expiresIn: 900 },
          { id: 'as asked', error: { code: 'invalid' } },
        ],
      },
    }),
  },
  {
    name: 'a link downloads and is not shown as a page',
    level: 'should',
    async run(backend) {
      const id = await store(backend)
      const { files } = expectObject(await optional(backend, { action: 'describe', ids: [id] }), 'describe')
      const url = Array.isArray(files) && isObject(files[0]) ? files[0].url : undefined
      if (typeof url !== 'string') throw new LeftOut('There is no link.')
      const download = await fetch(url, { signal: AbortSignal.timeout(60_000) })
      await download.arrayBuffer()
      const disposition = download.headers.get('content-disposition') ?? ''
      expect(/^attachment/i.test(disposition), `Its content-disposition is ${JSON.stringify(disposition)}.`)
      return 'content-disposition: attachment.'
    },
    remedy: () => ({
      text: "Sign response-content-disposition: attachment; filename*=UTF-8''… into the link; inline only for types that you list.",
    }),
  },
  {
    name: 'abort leaves a stored file alone, as often as asked',
    level: 'must',
    async run(backend) {
      const id = await store(backend)
      for (const time of ['abort', 'abort, asked again'])
        expectObject(await optional(backend, { action: 'abort', id }), time)
      const answer = await completeIfThere(backend, id)
      if (answer === null) return '{}, twice.'
      expectStored(answer, id, backend.sample.bytes.length, 'complete after abort')
      return '{}, twice; the file is still there.'
    },
    remedy: () => ({
      text: '`abort` ends an open multipart upload; what is stored stays. It answers {} and may be repeated.',
      document: {},
    }),
  },
  {
    name: 'discard takes a file away, and answers alike for every id',
    level: 'must',
    async run(backend) {
      const id = await store(backend)
      const before = await completeIfThere(backend, id)
      expectObject(await optional(backend, { action: 'discard', ids: [id] }), 'discard')
      for (const [what, other] of [
        ['discard, asked again', id],
        ['discard of a forged id', forged(id)],
      ] as const)
        expectObject(await backend.call({ action: 'discard', ids: [other] }), what)
      if (before === null) return '{} for stored, discarded and forged ids.'
      expectError(await backend.call({ action: 'complete', id }), 404, 'not-stored', 'complete of a discarded file')
      return '{} for stored, discarded and forged ids; the file is gone.'
    },
    remedy: () => ({
      text: '`discard` deletes what is this person’s, passes over the rest in silence, and answers {} each time.',
      document: {},
    }),
  },
]
