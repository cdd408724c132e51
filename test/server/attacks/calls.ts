// Attacks on the endpoint: names, bodies, foreign pages, too much, and what its answers and logs tell.
import { expect } from 'vitest'
import {
  contentDisposition,
  contentSecurityPolicy,
  corsRules,
  type LogEntry,
  storeRecords,
} from '../../../src/server.js'
import { aFile, bytes, secret, send } from '../harness.js'
import { anna, type Attack, rest } from './attack.js'

const evilNames = [
  '../../etc/passwd',
  '..\\..\\boot.ini',
  '/etc/passwd',
  'a\0b.pdf',
  'a\nb.pdf',
  'gpj.\u202eexe',
  'a\u200b.pdf',
  '\ud800.pdf',
  'CON',
  'a.',
  'x'.repeat(1_000),
  '이력서.pdf'.normalize('NFD'),
]

export const onCalls: readonly Attack[] = [
  {
    id: 'A11',
    does: 'names with paths, NUL, newlines, overrides, lone surrogates, devices, 1,000 characters',
    seen: 'never in the key; kept well-formed, without them, in 180 bytes',
    async run(ground) {
      const server = ground.server()
      for (const name of evilNames) {
        const granted = await ground.put(server, { name })
        expect(ground.key(granted)).toMatch(/^uploads\/[a-z0-9/-]*[0-9a-f]{32}$/)
        const download = await server.uploads.presignDownload(String(granted.id), anna)
        expect(Buffer.byteLength(download?.name ?? '')).toBeLessThanOrEqual(180)
        expect(download?.name).not.toMatch(/[\p{Cc}/\\\u202a-\u202e\u2066-\u2069\ud800-\udfff]/u)
        expect(download?.name).toBe(download?.name.normalize('NFC'))
      }
    },
  },
  {
    id: 'A12',
    does: 'CR LF, quotes and semicolons put into Content-Disposition',
    seen: 'one header with one name, for any string',
    async run() {
      for (const name of [...evilNames, 'a"; filename=evil.exe; x="', 'a.pdf\r\nset-cookie: a=b', "a'%22.pdf"]) {
        const header = contentDisposition(name)
        expect(() => new Headers({ 'content-disposition': header })).not.toThrow()
        expect(header).toMatch(/^attachment; filename="[^"\r\n]*"(; filename\*=UTF-8''[\w%.!#$&+^`|~-]*)?$/)
      }
    },
  },
  {
    id: 'A15',
    does: '`__proto__`, nesting, too many files, too long a body, numbers that are none, a type with CR LF',
    seen: '400 or 413 with a code, before any work is done',
    async run(ground) {
      let asked = 0
      const server = ground.server({
        authorize: () => {
          asked += 1
          return { subject: 'anna' }
        },
      })
      const size = (text: string) =>
        `{"action":"presign","files":[{"key":"k","name":"a.png","type":"image/png","size":${text}}]}`
      const bodies: [body: unknown, status: number][] = [
        ['{"__proto__":{"action":"presign"}}', 400],
        [`{"action":"presign","files":${'['.repeat(9_000)}${']'.repeat(9_000)}}`, 400],
        ...['"5"', '-0', '-1', '1e400', '9007199254740992', 'null'].map((text): [string, number] => [size(text), 400]),
        [{ action: 'presign', files: [aFile({ type: 'image/png\r\nx-amz-acl: public-read' })] }, 400],
        [{ action: 'presign', files: [aFile({ type: `image/${'x'.repeat(10_000)}` })] }, 400],
        [{ action: 'presign', files: Array.from({ length: 201 }, () => aFile()) }, 413],
        [{ action: 'rules', field: 'x'.repeat(300_000) }, 413],
      ]
      for (const [body, status] of bodies) expect((await server.call(body)).status).toBe(status)
      expect(asked).toBe(0)
    },
  },
  {
    id: 'A16',
    does: 'a foreign page sends a form, a no-cors fetch, or its own origin',
    seen: '415 or 403, and no CORS header',
    async run(ground) {
      const server = ground.server()
      const rules = { action: 'rules' }
      for (const headers of [
        { 'content-type': 'application/x-www-form-urlencoded' },
        { 'content-type': 'text/plain' },
        { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
        { host: 'app.example', origin: 'https://evil.example' },
      ] as Record<string, string>[]) {
        const answer = await server.call(rules, headers)
        expect([403, 415]).toContain(answer.status)
        expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      }
    },
  },
  {
    id: 'A17',
    does: '`authorize` throws, forgets to answer, or says no',
    seen: 'nothing is issued, and the answer tells nothing',
    async run(ground) {
      const hooks = [() => undefined, () => null, () => Promise.reject(new Error('hunter2')), () => ({}) as never]
      for (const authorize of hooks) {
        const server = ground.server({ authorize: authorize as never })
        const { status, body } = await server.call({ action: 'presign', files: [aFile()] })
        expect([403, 500]).toContain(status)
        expect(JSON.stringify(body)).not.toMatch(/hunter2|X-Amz|grants/)
      }
    },
  },
  {
    id: 'A18',
    does: 'calls without an end from one person',
    seen: 'the host’s hook bounds them with 429 and Retry-After; nothing is kept for a grant',
    async run(ground) {
      let left = 3
      const server = ground.server({ limitRate: ({ members }) => ((left -= members) < 0 ? 30 : undefined) })
      const statuses: number[] = []
      for (let n = 0; n < 5; n += 1) statuses.push((await server.call({ action: 'presign', files: [aFile()] })).status)
      expect(statuses).toEqual([200, 200, 200, 429, 429])
    },
  },
  {
    id: 'A19',
    does: 'a download route asked for `https://evil`, `//evil`, `javascript:` in the place of an id',
    seen: 'it leads nowhere: a route takes an id, never a URL',
    async run(ground) {
      const { uploads } = ground.server()
      for (const id of [
        'https://evil.example/',
        '//evil.example',
        '\\\\evil',
        'javascript:alert(1)',
        'data:text/html,x',
      ]) {
        const response = await uploads.redirectToDownload(id, anna)
        expect(response.status).toBe(404)
        expect(response.headers.get('location')).toBeNull()
      }
    },
  },
  {
    id: 'A20',
    does: 'logs, errors and messages read for signatures, policies, tokens and secrets',
    seen: 'none of them is in any',
    async run(ground) {
      const entries: LogEntry[] = []
      const onLog = (entry: LogEntry) => void entries.push(entry)
      const server = ground.server({ methods: ['MULTIPART'], onLog })
      const granted = await ground.parts(server)
      const { id, upload } = granted
      await server.call({ action: 'complete', id, upload, ...rest })
      await server.call({ action: 'abort', id, upload, ...rest })
      await server.call({ action: 'presign-parts', id, upload, partNumbers: [9], ...rest })
      const away = ground.server({
        onLog,
        methods: ['MULTIPART'],
        storage: {
          region: 'us-east-1',
          bucket: 'bucket',
          endpoint: 'http://127.0.0.1:9',
          credentials: { accessKeyId: 'access', secretAccessKey: 'hunter2hunter2' },
        },
      })
      const failed = await away.call({ action: 'presign', files: [aFile()], ...rest })
      expect(failed.status).toBe(503)
      expect(entries.length).toBeGreaterThan(0)
      const told = JSON.stringify([entries, failed.body], (_, value: unknown) =>
        value instanceof Error ? `${value.message} ${value.stack} ${String(value.cause)}` : value,
      )
      expect(told).not.toMatch(/X-Amz-|Signature|hunter2|127\.0\.0\.1:9\//)
      for (const kept of [secret, String(upload), String(id)]) expect(told).not.toContain(kept)
    },
  },
  {
    id: 'A25',
    does: 'markup in a file’s name, and in what the storage answers',
    seen: 'a name is JSON that nobody sniffs; the storage’s words go no further',
    async run(ground) {
      const server = ground.server()
      const name = '<img src=x onerror=alert(1)>.png'
      const { id } = await ground.stored(server, { name })
      const answer = await server.call({ action: 'describe', ids: [id], ...rest })
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.body.files[0].name).toBe(name)
      const missing = await server.call({ action: 'complete', id: (await ground.put(server)).id, ...rest })
      expect(JSON.stringify(missing.body)).not.toMatch(/</)
    },
  },
  {
    id: 'A26',
    does: 'the server side imported into a page',
    seen: 'it throws with the reason',
    async run() {
      await expect(import('../../../src/server/browser.js')).rejects.toThrow(/on the server only/)
    },
  },
  {
    id: 'A27',
    does: 'a bucket that any page may send to, a page that may send anywhere',
    seen: 'the rules we give name the page’s origin and the storage’s, and no star',
    async run(ground) {
      for (const { can } of Object.values(storeRecords)) {
        const [rule] = corsRules(['https://app.example'], can)
        expect(rule?.AllowedOrigins).toEqual(['https://app.example'])
        expect(JSON.stringify(rule)).not.toContain('*')
      }
      const policy = contentSecurityPolicy([ground.place.endpoint])
      expect(policy).toContain(`connect-src 'self' ${ground.place.endpoint}`)
      expect(policy).not.toContain('*')
    },
  },
  {
    id: 'A28',
    does: 'a file that a scanner refuses, its `complete` left out',
    seen: 'never in an answer that is verified, whatever the page asks',
    async run(ground) {
      const server = ground.server({ onStored: () => ({ status: 'unsafe' }) })
      const granted = await ground.put(server)
      await send(granted, bytes(5))
      const id = String(granted.id)
      expect(await ground.problems(server, [id])).toEqual(['unsafe'])
      const completed = await server.call({ action: 'complete', id, ...rest })
      expect([completed.status, completed.body.error.code]).toEqual([422, 'unsafe'])
      const waiting = ground.server({ onStored: () => ({ status: 'checking', retryAfter: 1 }) })
      expect(await ground.problems(waiting, [(await ground.stored(waiting)).id])).toEqual(['checking'])
    },
  },
]
