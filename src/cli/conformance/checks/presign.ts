/** Grants: matched, distinct, renewed, and worth no more than they say. */
import { isObject } from '../../../protocol/index.js'
import { type Check, expect, LeftOut } from '../../check.js'
import {
  type Backend,
  complete,
  errorOf,
  expectError,
  forged,
  grantFor,
  grantsFor,
  placeOf,
  readGrant,
  requestFor,
  send,
  store,
} from '../backend.js'

export const presignChecks: readonly Check<Backend>[] = [
  {
    name: 'each file of a call gets a grant of its own',
    level: 'must',
    async run(backend) {
      const files = [requestFor(backend.sample), requestFor(backend.sample), requestFor(backend.sample)]
      const grants = (await grantsFor(backend, files)).map(readGrant)
      expect(new Set(grants.map(({ id }) => id)).size === files.length, 'Two files got the same id.')
      expect(new Set(grants.map(placeOf)).size === files.length, 'Two files got the same place in storage.')
      return '3 files of one name got 3 ids and 3 places.'
    },
    remedy: () => ({
      text: 'Answer one grant for each file, with the file’s `key` (or without keys in the same order and number). Id and storage key are new for each, never made of the name.',
      document: { grants: [{ key: 'as requested', id: '…', method: 'PUT', url: 'https://…', headers: {} }] },
    }),
  },
  {
    name: 'a grant says how long it lives',
    level: 'should',
    async run(backend) {
      const grant = await grantFor(backend, backend.sample)
      const url = 'url' in grant ? grant.url : (grant.parts[0]?.url ?? '')
      const inUrl = url === '' ? null : new URL(url).searchParams.get('X-Amz-Expires')
      const seconds = grant.expiresIn ?? (inUrl === null ? undefined : Number(inUrl))
      expect(seconds !== undefined, 'Neither `expiresIn` nor X-Amz-Expires is there.')
      expect(
        Number.isFinite(seconds) && seconds > 0 && seconds <= 604_800,
        `expiresIn is ${String(seconds)}, not seconds up to a week.`,
      )
      return `${seconds} s.`
    },
    remedy: () => ({
      text: 'Give `expiresIn` in seconds from issue: the field then renews before the end instead of failing first.',
    }),
  },
  {
    name: 'bytes sent as granted are stored',
    level: 'must',
    async run(backend) {
      const grant = await grantFor(backend, backend.sample)
      const sent = await send(backend, grant, backend.sample)
      expect(sent.ok, `The storage answered ${sent.told} to a ${grant.method ?? 'PUT'} sent just as granted.`)
      return `By ${grant.method ?? 'PUT'}: ${sent.told}.`
    },
    remedy: () => ({
      text: 'List in `headers` (PUT) or `fields` (POST) everything that was signed; sign no checksum of an empty body (SDK: requestChecksumCalculation WHEN_REQUIRED). `doctor` looks at the bucket.',
    }),
  },
  {
    name: 'bytes of another length are not taken for the file',
    level: 'must',
    async run(backend) {
      const grant = await grantFor(backend, backend.sample)
      const longer = new Uint8Array(backend.sample.bytes.length + 1)
      longer.set(backend.sample.bytes)
      const sent = await send(backend, grant, { bytes: longer })
      if (!sent.ok) return `The storage refuses one byte more: ${sent.told}.`
      const answer = await complete(backend, { id: grant.id }).catch((thrown: unknown) => {
        if (!(thrown instanceof LeftOut)) throw thrown
        return null
      })
      expect(answer !== null, 'The storage takes one byte more than was granted, and there is no `complete` to notice.')
      expect(
        answer.status !== 200,
        'The storage takes one byte more than was granted, and `complete` says that all is well.',
      )
      expectError(answer, 404, 'not-stored', 'complete of a file of another size')
      expect(
        grant.confirm === true,
        'Only `complete` notices another length, and the grant does not ask for it (`confirm: true`).',
      )
      return 'The storage takes it; `complete`, which the grant asks for, does not.'
    },
    remedy: () => ({
      text: 'Sign content-length into a PUT, give a form policy ["content-length-range", size, size]; where the storage doesn’t hold to it, set `confirm: true` and compare the size in `complete`.',
    }),
  },
  {
    name: 'a stored file is not replaced by sending again',
    level: 'should',
    async run(backend) {
      const grant = await grantFor(backend, backend.sample)
      const first = await send(backend, grant, backend.sample)
      expect(first.ok, `The first time is answered ${first.told}.`)
      const again = await send(backend, grant, backend.sample)
      if (grant.method === 'POST') throw new LeftOut('A form POST can always be sent again while its policy lives.')
      expect(!again.ok, `The second PUT is answered ${again.told}: it replaces what was handed in.`)
      return `The second PUT: ${again.told}.`
    },
    remedy: () => ({
      text: 'Sign `if-none-match: *` into a PUT and list it in `headers`: the storage answers 412 to the second.',
    }),
  },
  {
    name: 'a renewed grant is for the same id and place',
    level: 'must',
    async run(backend) {
      const file = requestFor(backend.sample)
      const grant = readGrant((await grantsFor(backend, [file]))[0])
      const renewed = readGrant((await grantsFor(backend, [{ ...file, id: grant.id }]))[0])
      expect(renewed.id === grant.id, 'The renewed grant has another id: the file would be stored twice.')
      const sent = await send(backend, renewed, backend.sample)
      expect(sent.ok, `Sent by the renewed grant, the storage answers ${sent.told}.`)
      if (renewed.method === grant.method)
        expect(placeOf(renewed) === placeOf(grant), 'The renewed grant names another place in storage.')
      return 'Same id, same place; the renewed grant stores.'
    },
    remedy: () => ({
      text: 'A file of `presign` with an `id` renews: sign again for that id’s storage key, and answer the same id.',
    }),
  },
  {
    name: 'an id is renewed only as it was issued',
    level: 'must',
    async run(backend) {
      const { id } = await grantFor(backend, backend.sample)
      const tries: readonly (readonly [string, object])[] = [
        ['A forged id', { id: forged(id) }],
        ['An id for a file of another size', { id, size: backend.sample.bytes.length + 1 }],
      ]
      for (const [what, more] of tries) {
        const answer = await backend.call({ action: 'presign', files: [requestFor(backend.sample, more)] })
        const inPlace =
          isObject(answer.json) && Array.isArray(answer.json.grants) ? (answer.json.grants[0] as unknown) : undefined
        const refused = errorOf({ json: inPlace }) !== null || (answer.status >= 400 && answer.status < 500)
        expect(refused, `${what} is renewed.`)
      }
      return 'A forged id and another size are refused.'
    },
    remedy: () => ({
      text: 'Before renewing check that the id is genuine, this person’s and for a file of this size and type; else answer in the file’s place:',
      document: {
        grants: [{ key: 'as requested', error: { code: 'invalid', message: 'This id cannot be renewed.' } }],
      },
    }),
  },
  {
    name: 'a checksum of other bytes is noticed',
    level: 'should',
    async run(backend) {
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('other bytes'))
      const checksum = Buffer.from(digest).toString('base64')
      const grant = await grantFor(backend, backend.sample, { checksum })
      const sent = await send(backend, grant, backend.sample)
      if (!sent.ok) return `The storage refuses it: ${sent.told}.`
      if (grant.confirm !== true) throw new LeftOut('Checksums are optional, and the grant asks for no `complete`.')
      const answer = await complete(backend, { id: grant.id })
      if (answer.status === 200) throw new LeftOut('Checksums are optional, and not compared.')
      expectError(answer, 422, 'damaged', 'complete of other bytes than the checksum’s')
      return '`complete` answers 422 damaged.'
    },
    remedy: () => ({
      text: 'Where a checksum is compared, answer 422 in this shape.',
      document: { error: { code: 'damaged', message: '…' } },
    }),
  },
  {
    name: 'a granted file that was never sent is not taken for stored',
    level: 'must',
    async run(backend) {
      // Asked of a stored one first: whether the backend has the action at all.
      await complete(backend, { id: await store(backend) })
      const { id } = await grantFor(backend, backend.sample)
      expectError(
        await backend.call({ action: 'complete', id }),
        404,
        'not-stored',
        'complete of a file that was never sent',
      )
      return '404 not-stored'
    },
    remedy: () => ({
      text: '`complete` looks at the storage itself (HeadObject), not at what the page says; without the object as granted it answers 404.',
      document: { error: { code: 'not-stored', message: 'The file is not stored as it was granted.' } },
    }),
  },
  {
    name: 'rules are told as the protocol spells them',
    level: 'must',
    async run(backend) {
      const answer = await backend.call({ action: 'rules' })
      if (answer.status >= 400 && errorOf(answer)?.code !== 'invalid')
        throw new LeftOut('rules is optional and not there.')
      expect(
        answer.status === 200 && isObject(answer.json) && isObject(answer.json.rules),
        'The answer is not { rules: { … } }.',
      )
      const { accept, ...limits } = answer.json.rules
      const isMap = isObject(accept) && Object.values(accept).every((list) => Array.isArray(list))
      expect(
        accept === undefined || typeof accept === 'string' || isMap,
        '`accept` is neither a string nor a map of lists.',
      )
      for (const name of ['minFiles', 'maxFiles', 'minSize', 'maxSize', 'maxTotalSize']) {
        const limit = limits[name]
        expect(
          limit === undefined || (Number.isSafeInteger(limit) && (limit as number) >= 0),
          `\`${name}\` is not a whole number.`,
        )
      }
      return `${Object.keys(answer.json.rules).join(', ') || 'No limits'}.`
    },
    remedy: () => ({
      text: 'All members are optional; sizes are bytes.',
      document: { rules: { accept: '.pdf,image/*', maxFiles: 5, maxSize: 10_485_760 } },
    }),
  },
  {
    name: 'an unsafe file is refused for good',
    level: 'must',
    async run(backend) {
      if (!backend.sendsEicar) throw new LeftOut('Only tried with --eicar, where a scanner is connected.')
      // In two pieces, so that no scanner refuses this very source.
      const text = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('')
      const id = await store(backend, { ...backend.sample, bytes: new TextEncoder().encode(text) })
      expectError(await complete(backend, { id }), 422, 'unsafe', 'complete of the EICAR test file')
      return '422 unsafe'
    },
    remedy: () => ({
      text: 'While the scan runs answer 202 { id, "status": "checking", "retryAfter": seconds }; then 422 where the scanner refuses.',
      document: { error: { code: 'unsafe', message: 'The file is not safe.' } },
    }),
  },
]
