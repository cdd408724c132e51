/** Reading a call: its body within bounds, then each action's members by schema. Whatever does not fit is `invalid`. */
import * as v from 'valibot'
import { Refusal } from './refusal.js'
import type { Settings } from './settings.js'

const noControls = v.regex(/^\P{Cc}*$/u)
const text = (longest: number) => v.pipe(v.string(), v.maxLength(longest))
const wholeNumber = v.pipe(
  v.number(),
  v.check((value) => Number.isSafeInteger(value) && !Object.is(value, -0)),
  v.minValue(0),
)
const sha256 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{43}=$/))

const context = v.optional(
  v.pipe(
    v.record(text(64), text(1024)),
    v.check((members) => Object.keys(members).length <= 32),
  ),
)

const common = { field: v.optional(text(256)), context }

const file = v.object({
  key: v.pipe(text(128), v.minLength(1)),
  name: text(1024),
  size: wholeNumber,
  type: v.pipe(text(255), noControls),
  path: v.optional(text(2048)),
  checksum: v.optional(sha256),
  partChecksums: v.optional(v.boolean()),
  // Ours are shorter; a host's own may be anything.
  id: v.optional(text(2048)),
})

const reference = { ...common, id: v.string(), upload: v.optional(v.string()) }
const partNumber = v.pipe(wholeNumber, v.minValue(1), v.maxValue(10_000))

/** The members of each action. Strange members are left out. */
export const schemas = {
  presign: v.object({ ...common, files: v.pipe(v.array(file), v.minLength(1)) }),
  'presign-parts': v.object({
    ...common,
    id: v.string(),
    upload: v.string(),
    partNumbers: v.pipe(v.array(partNumber), v.minLength(1)),
    checksums: v.optional(v.array(sha256)),
  }),
  'list-parts': v.object({ ...common, id: v.string(), upload: v.string() }),
  complete: v.object({ ...reference, checksum: v.optional(sha256) }),
  abort: v.object(reference),
  describe: v.object({ ...common, ids: v.array(v.string()) }),
  discard: v.object({ ...common, ids: v.array(v.string()) }),
  rules: v.object(common),
}

export type Action = keyof typeof schemas
export type Body<Name extends Action> = v.InferOutput<(typeof schemas)[Name]>

/** What a single member may take in the worst case: the limit told for a body that is too long. */
const generousMemberBytes = 10_240

async function boundedText(request: Request, most: number): Promise<string> {
  const tooLarge = () =>
    new Refusal('batch-too-large', {
      limit: Math.max(1, Math.floor(most / generousMemberBytes)),
      message: `At most ${most} bytes.`,
    })
  if (Number(request.headers.get('content-length') ?? 0) > most) throw tooLarge()
  if (request.body === null) return ''
  const reader = request.body.getReader()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let read = 0
  let whole = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return whole + decoder.decode()
    read += value.byteLength
    if (read > most) {
      await reader.cancel()
      throw tooLarge()
    }
    whole += decoder.decode(value, { stream: true })
  }
}

const invalid = (message: string) => new Refusal('invalid', { message })

/** Reads the body's JSON object and the action it names. @throws Refusal */
export async function readBody(
  request: Request,
  { actions, maxBodyBytes }: Settings,
): Promise<Record<string, unknown> & { action: Action }> {
  const type = (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase()
  // A form or a text/plain body is what a foreign page can send without asking; JSON it cannot.
  if (type !== 'application/json') throw new Refusal('content-type', { message: 'Send application/json.' })
  const text = await boundedText(request, maxBodyBytes).catch((thrown: unknown) => {
    if (thrown instanceof TypeError) throw invalid('The body is not UTF-8.')
    throw thrown
  })
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw invalid('The body is not JSON.')
  }
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, 'action'))
    throw invalid('The action is missing.')
  const { action } = body as { action: unknown }
  if (typeof action !== 'string') throw invalid('The action is not a string.')
  if (!Object.hasOwn(schemas, action) || !actions.has(action)) {
    throw new Refusal('unknown-action', { message: 'This endpoint does not know the action.' })
  }
  return body as Record<string, unknown> & { action: Action }
}

/** Reads an action's members. @throws Refusal: `batch-too-large` over the limit of members, else `invalid`. */
export function readAction<Name extends Action>(
  name: Name,
  body: Record<string, unknown>,
  { maxMembers }: Settings,
): Body<Name> {
  for (const list of ['files', 'ids', 'partNumbers'] as const) {
    const members = Object.hasOwn(body, list) ? body[list] : undefined
    if (Array.isArray(members) && members.length > maxMembers) {
      throw new Refusal('batch-too-large', { limit: maxMembers, message: `At most ${maxMembers} ${list} a call.` })
    }
  }
  const read = v.safeParse(schemas[name], body, { abortEarly: true })
  if (read.success) return read.output as Body<Name>
  // The path names a member of ours or a number; the value itself is not repeated.
  throw invalid(`Not as the protocol says: ${v.getDotPath(read.issues[0]) ?? 'the body'}.`)
}
