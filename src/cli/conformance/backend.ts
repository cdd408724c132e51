/** The backend under test, as the field would call it; and the storage, as a browser would send to it. */
import { type GrantBody, isObject, parseGrant } from '../../protocol/index.js'
import { expect, LeftOut, Wrong } from '../check.js'

/** A file that is sent. */
export interface Sample {
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** An answer of the backend. */
export interface Answer {
  readonly status: number
  /** Undefined where the body is not JSON. */
  readonly json: unknown
}

/** What a call may say otherwise than the command line does. */
export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** In place of the host's own headers. */
  readonly withoutOwnHeaders?: boolean
}

export interface Backend {
  readonly hasOwnHeaders: boolean
  /** Small, and as the rules want it. */
  readonly sample: Sample
  /** Large enough for parts. */
  readonly large: Sample
  /** Sends the EICAR test file, which every scanner refuses. */
  readonly sendsEicar: boolean
  /** Calls with `field` and `context` added. Text goes as it is. */
  call(body: object | string, options?: CallOptions): Promise<Answer>
  /** Ids of what was stored or begun, to be discarded in the end. */
  readonly begun: Set<string>
}

export interface Target {
  readonly url: string
  readonly field: string | undefined
  readonly context: Readonly<Record<string, string>> | undefined
  readonly headers: Readonly<Record<string, string>>
}

/** One way to call: redirects are not followed, since a login page would pass for an answer. */
export function callerOf({ url, field, context, headers: own }: Target, signal: AbortSignal): Backend['call'] {
  return async (body, { headers = {}, withoutOwnHeaders = false } = {}) => {
    const common = { ...(field === undefined ? {} : { field }), ...(context === undefined ? {} : { context }) }
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        ...(withoutOwnHeaders ? {} : own),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify({ ...common, ...body }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(60_000)]),
    })
    const text = await response.text()
    try {
      return { status: response.status, json: JSON.parse(text) as unknown }
    } catch {
      return { status: response.status, json: undefined }
    }
  }
}

/** The error of an answer; null where it has none. */
export function errorOf({ json }: Pick<Answer, 'json'>): { code: string; limit: unknown } | null {
  const error = isObject(json) && isObject(json.error) ? json.error : null
  return error !== null && typeof error.code === 'string' ? { code: error.code, limit: error.limit } : null
}

/** `404 not-stored`, `200`. */
export function told(answer: Answer): string {
  const code = errorOf(answer)?.code
  const notJson = answer.json === undefined ? ', not JSON' : ''
  return code === undefined ? `${answer.status}${notJson}` : `${answer.status} ${code}`
}

/** An optional action that the backend doesn't have. */
const isMissing = (answer: Answer): boolean =>
  errorOf(answer)?.code === 'unknown-action' ||
  answer.status === 405 ||
  answer.status === 501 ||
  (answer.status === 404 && errorOf(answer)?.code !== 'not-stored')

/** Calls an optional action. @throws LeftOut where the backend has it not. */
export async function optional(
  backend: Backend,
  body: { readonly action: string; readonly [member: string]: unknown },
): Promise<Answer> {
  const answer = await backend.call(body)
  if (isMissing(answer)) throw new LeftOut(`${body.action} is optional and not there (${told(answer)}).`)
  return answer
}

/** @throws Wrong unless the answer is an error of this status and code, as the protocol spells errors. */
export function expectError(answer: Answer, status: number, code: string, what: string): void {
  const error = errorOf(answer)
  expect(
    answer.status === status && error?.code === code,
    `${what}: ${told(answer)} in place of ${status} ${code}${error === null ? ', without { error: { code, message } }' : ''}.`,
  )
}

/** @throws Wrong unless 200 with a JSON object. */
export function expectObject(answer: Answer, what: string): Readonly<Record<string, unknown>> {
  expect(answer.status === 200, `${what}: ${told(answer)} in place of 200.`)
  const { json } = answer
  expect(isObject(json), `${what}: the answer is not a JSON object.`)
  return json
}

let count = 0
/** A request for a grant. */
export const requestFor = (sample: Sample, more: object = {}) => ({
  key: `conformance-${++count}-${Math.random().toString(36).slice(2)}`,
  name: sample.name,
  size: sample.bytes.length,
  type: sample.type,
  ...more,
})

/** Asks for grants and gives them in the order of the files, matched as the field matches them. @throws Wrong */
export async function grantsFor(
  backend: Backend,
  files: readonly { readonly key: string; readonly size: number; readonly id?: string }[],
  more: object = {},
): Promise<unknown[]> {
  const { grants } = expectObject(await backend.call({ action: 'presign', files, ...more }), 'presign')
  expect(Array.isArray(grants), 'presign: the answer has no list `grants`.')
  const list = grants as unknown[]
  const keyed = list.filter((grant) => isObject(grant) && grant.key !== undefined)
  if (keyed.length === 0) {
    expect(
      list.length === files.length,
      `presign: ${list.length} grants for ${files.length} files, and none has a key.`,
    )
    return list
  }
  return files.map(({ key }) => {
    const found = list.filter((grant) => isObject(grant) && grant.key === key)
    expect(found.length === 1, `presign: ${found.length} grants with the key of one file.`)
    return found[0]
  })
}

/** A grant as the field reads it. @throws Wrong */
export function readGrant(value: unknown): GrantBody & { readonly id: string } {
  const result = parseGrant(value, false)
  if (!result.ok) {
    const { code, hint } = result.failure
    throw new Wrong(hint ?? `The file was refused as ${code}: choose another by --file, --field or --context.`)
  }
  return { ...(value as GrantBody), id: result.grant.id }
}

/** One grant for one file. @throws Wrong */
export async function grantFor(backend: Backend, sample: Sample, more: object = {}) {
  const [grant] = await grantsFor(backend, [requestFor(sample, more)])
  return readGrant(grant)
}

/** Where a grant's bytes go: the storage's own name for the file. */
export function placeOf(grant: GrantBody): string {
  if (grant.method === 'POST') return `${grant.url} ${grant.fields.key ?? ''}`
  const url = grant.method === 'MULTIPART' ? grant.parts[0]?.url : grant.url
  if (url === undefined) return ''
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

/** The code in S3's XML. */
const storageCode = (text: string): string => /<Code>([A-Za-z0-9]+)<\/Code>/.exec(text)?.[1] ?? ''

export interface StorageAnswer {
  readonly ok: boolean
  /** Status and code. */
  readonly told: string
}

async function storageAnswer(url: string, init: RequestInit): Promise<StorageAnswer> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(120_000) })
  const text = await response.text()
  return { ok: response.ok, told: `${response.status} ${storageCode(text)}`.trim() }
}

/** Sends one body by a PUT or POST grant. */
export function send(backend: Backend, grant: GrantBody, sample: Pick<Sample, 'bytes'>): Promise<StorageAnswer> {
  backend.begun.add(String(grant.id))
  if (grant.method === 'MULTIPART') throw new LeftOut('Files of this size are sent in parts.')
  if (grant.method === 'POST') {
    const form = new FormData()
    for (const [name, value] of Object.entries(grant.fields)) form.append(name, value)
    form.append('file', new Blob([sample.bytes]))
    return storageAnswer(grant.url, { method: 'POST', body: form })
  }
  return storageAnswer(grant.url, { method: 'PUT', headers: { ...grant.headers }, body: sample.bytes })
}

/** Sends one part. */
export const sendPart = (
  part: { url: string; headers?: Readonly<Record<string, string>> },
  bytes: Uint8Array<ArrayBuffer>,
) => storageAnswer(part.url, { method: 'PUT', headers: { ...part.headers }, body: bytes })

/** Grants and stores one file; resolves to its id. @throws Wrong */
export async function store(backend: Backend, sample: Sample = backend.sample): Promise<string> {
  const grant = await grantFor(backend, sample)
  const sent = await send(backend, grant, sample)
  expect(sent.ok, `The storage answered ${sent.told} to a ${grant.method ?? 'PUT'} sent just as granted.`)
  return grant.id
}

const wait = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

/** Asks `complete` until a scan is through, at most ten times. @throws LeftOut, Wrong */
export async function complete(backend: Backend, reference: { id: string; upload?: string }): Promise<Answer> {
  for (let time = 0; ; time++) {
    const answer = await optional(backend, { action: 'complete', ...reference })
    if (answer.status !== 202) return answer
    const { json } = answer
    expect(
      isObject(json) &&
        json.status === 'checking' &&
        typeof json.retryAfter === 'number' &&
        String(json.id) === reference.id,
      'complete: 202 without { id, "status": "checking", "retryAfter": seconds }.',
    )
    expect(time < 10, 'complete: still `checking` after ten times.')
    await wait(Math.min(60, Math.max(0.01, json.retryAfter as number)))
  }
}

/** @throws Wrong unless the file counts as stored, of this size. */
export function expectStored(answer: Answer, id: string, size: number, what: string): void {
  const { id: answered, size: stored } = expectObject(answer, what)
  expect(String(answered) === id, `${what}: the answer is for another id.`)
  expect(stored === size, `${what}: size ${String(stored)} in place of ${size}.`)
}

/** An id that nobody issued: another character at its middle. */
export function forged(id: string): string {
  const at = Math.floor(id.length / 2)
  const other = id[at] === 'a' ? 'b' : 'a'
  return /^\d+$/.test(id) ? `${id}${id}9` : `${id.slice(0, at)}${other}${id.slice(at + 1)}`
}
