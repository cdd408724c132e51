/** How calls are read and refused, whatever the action. */
import { maxMembersPerCall } from '../../../protocol/index.js'
import { type Check, expect, LeftOut, Wrong } from '../../check.js'
import { type Backend, errorOf, expectError, expectObject, grantsFor, readGrant, requestFor, told } from '../backend.js'

const errorShape = { error: { code: 'invalid', message: 'For developers.' } }

export const callChecks: readonly Check<Backend>[] = [
  {
    name: 'presign answers a call of the protocol',
    level: 'must',
    async run(backend) {
      const answer = await backend.call({ action: 'presign', files: [requestFor(backend.sample)] })
      expect(answer.status < 300 || answer.status >= 400, `It redirects (${answer.status}), probably to a login page.`)
      expect(answer.json !== undefined, `The answer is not JSON (${answer.status}).`)
      expect(answer.status === 200, `The answer is ${told(answer)}.`)
      return 'A POST with JSON is answered with 200 and JSON.'
    },
    remedy: () => ({
      text: 'One URL takes POST with application/json and answers JSON. Where a login is needed give it by --header, such as --header "cookie: session=…"; refuse with 401 or 403, never with a redirect.',
    }),
  },
  {
    name: 'an unknown action is refused as unknown-action',
    level: 'must',
    async run(backend) {
      expectError(await backend.call({ action: 'conformance-unknown' }), 400, 'unknown-action', 'An unknown action')
      return '400 unknown-action'
    },
    remedy: () => ({
      text: 'Answer 400 to every action that you don’t have: the field then does without, and doesn’t ask again.',
      document: { error: { code: 'unknown-action', message: 'This endpoint does not know the action.' } },
    }),
  },
  {
    name: 'a malformed call is refused and breaks nothing',
    level: 'must',
    async run(backend) {
      const malformed: readonly (readonly [string, object | string])[] = [
        ['A body that is not JSON', '{'],
        ['A list in place of an object', '[]'],
        ['A call without action', { files: [] }],
        ['presign without files', { action: 'presign' }],
        ['presign with files of another kind', { action: 'presign', files: [7, null] }],
        ['A size that is no whole number', { action: 'presign', files: [requestFor(backend.sample, { size: 1.5 })] }],
        ['A negative size', { action: 'presign', files: [requestFor(backend.sample, { size: -1 })] }],
      ]
      for (const [what, body] of malformed) {
        const answer = await backend.call(body)
        const grants = (answer.json as { grants?: unknown } | null | undefined)?.grants
        const refusedInPlace = Array.isArray(grants) && grants.every((grant) => errorOf({ json: grant }) !== null)
        expect(
          refusedInPlace || (answer.status >= 400 && answer.status < 500 && errorOf(answer) !== null),
          `${what}: ${told(answer)} in place of 400 invalid.`,
        )
      }
      return `${malformed.length} malformed calls are refused.`
    },
    remedy: () => ({
      text: 'Check every member before use, and answer 400 (never 500) in this shape.',
      document: errorShape,
    }),
  },
  {
    name: 'unknown members are ignored',
    level: 'must',
    async run(backend) {
      const file = requestFor(backend.sample, { ofALaterVersion: { a: [1] } })
      const [grant] = await grantsFor(backend, [file], { ofALaterVersion: true })
      readGrant(grant)
      return 'A call and a file with members of a later version are granted.'
    },
    remedy: () => ({
      text: 'Read the members you know and pass over the others: later versions of the field send more.',
    }),
  },
  {
    name: 'a call with more members than the limit is refused with the limit',
    level: 'must',
    async run(backend) {
      const files = Array.from({ length: maxMembersPerCall + 1 }, () => requestFor(backend.sample))
      const answer = await backend.call({ action: 'presign', files })
      if (answer.status === 200) {
        const { grants } = expectObject(answer, 'presign')
        expect(Array.isArray(grants) && grants.length === files.length, `${files.length} files got fewer grants.`)
        throw new Wrong(`${files.length} files in one call are granted.`)
      }
      expectError(answer, 413, 'batch-too-large', `${files.length} files in one call`)
      const limit = errorOf(answer)?.limit
      expect(
        typeof limit === 'number' && Number.isSafeInteger(limit) && limit >= 1 && limit <= maxMembersPerCall,
        `413 batch-too-large without a usable limit (${String(limit)}).`,
      )
      const fitting = await grantsFor(backend, files.slice(0, limit))
      for (const grant of fitting) readGrant(grant)
      return `At most ${limit} files a call; that many are granted.`
    },
    remedy: () => ({
      text: `At most ${maxMembersPerCall} files, ids or parts a call: over your limit answer 413 with it, and the field splits the call.`,
      document: { error: { code: 'batch-too-large', message: 'At most 200 files a call.', limit: 200 } },
    }),
  },
  {
    name: 'a call of a stranger is refused',
    level: 'must',
    async run(backend) {
      if (!backend.hasOwnHeaders) throw new LeftOut('No --header was given that could be left out.')
      const files = [requestFor(backend.sample)]
      const answer = await backend.call({ action: 'presign', files }, { withoutOwnHeaders: true })
      expect(answer.status === 401 || answer.status === 403, `Without your --header the answer is ${told(answer)}.`)
      return `Without your --header: ${told(answer)}.`
    },
    remedy: () => ({
      text: 'Decide by your own session, before anything is signed, whether this person may answer this question; else answer 401 or 403.',
      document: { error: { code: 'denied', message: 'Not allowed.' } },
    }),
  },
  {
    name: 'another site cannot call in a visitor’s name',
    level: 'should',
    async run(backend) {
      const call = { action: 'presign', files: [requestFor(backend.sample)] }
      const asText = await backend.call(call, { headers: { 'content-type': 'text/plain' } })
      expect(asText.status >= 400, `A call as text/plain, which any page can send, is answered ${told(asText)}.`)
      return `A call as text/plain is refused: ${told(asText)}.`
    },
    remedy: () => ({
      text: 'Take application/json only (else 415 content-type): other pages can’t send that without a preflight. Check Sec-Fetch-Site or Origin too.',
    }),
  },
]
