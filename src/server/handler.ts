/**
 * The protocol over HTTP: Request in, Response out, on Web globals alone. Reads a call, asks the host's `authorize`,
 * hands it to its action. It never rejects, and no answer tells of anything inside.
 */
import { mergeRules } from './fileRules.js'
import type { Call } from './call.js'
import { complete } from './complete.js'
import { discard } from './discard.js'
import { describe } from './download.js'
import { presign, requestedFile } from './grants.js'
import { type LogEntry, loggedError } from './log.js'
import { createCompleter } from './multipart.js'
import type { Permission } from './options.js'
import { checkOrigin, corsHeaders, preflight } from './origin.js'
import { abort, listParts, presignParts } from './parts.js'
import { Refusal } from './refusal.js'
import { type Action, type Body, readAction, readBody } from './requests.js'
import type { Settings } from './settings.js'
import { readBy } from './standardSchema.js'
import { statusOf, storageCodeOf } from './storage.js'

type Actions = { readonly [Name in Action]: (call: Call<Name>) => Promise<object> }

function actionsOf(settings: Settings): Actions {
  const completeUpload = createCompleter(settings.storage)
  return {
    presign: (call) => presign(call, settings),
    'presign-parts': (call) => presignParts(call, settings),
    'list-parts': (call) => listParts(call, settings),
    complete: (call) => complete(call, settings, completeUpload),
    abort: (call) => abort(call, settings),
    describe: (call) => describe(call, settings),
    discard: (call) => discard(call, settings),
    rules: async (call) => ({ rules: call.rules }),
  }
}

/** The ids a call names. */
const idsIn = (body: Body<Action>): readonly string[] =>
  'ids' in body ? body.ids : 'id' in body ? [body.id] : 'files' in body ? body.files.flatMap(({ id }) => id ?? []) : []

const membersIn = (body: Body<Action>): number =>
  'files' in body ? body.files.length : 'partNumbers' in body ? body.partNumbers.length : idsIn(body).length

async function permissionFor(
  request: Request,
  action: Action,
  body: Body<Action>,
  settings: Settings,
): Promise<Permission> {
  const permission = await settings.authorize({
    request,
    action,
    field: body.field,
    context: body.context ?? {},
    files: 'files' in body ? body.files.map(requestedFile) : [],
    ids: idsIn(body),
  })
  if (permission === null || permission === undefined) throw new Refusal('denied', { message: 'Not allowed.' })
  // An empty subject is a session that was not there: all such people would share their files.
  if (typeof permission.subject === 'string' && permission.subject !== '') return permission
  throw new TypeError('authorize: subject must be a string, and not empty.')
}

/** No answer came from the storage: the codes of Node and of other runtimes for a way that is cut. */
const isCut = (thrown: unknown): boolean => {
  const { name, code } = (thrown ?? {}) as { name?: unknown; code?: unknown }
  return (
    ['TimeoutError', 'NetworkingError'].includes(String(name)) ||
    /^E(CONN|HOST|NET|TIMEDOUT|PIPE|AI_|NOTFOUND)/.test(String(code))
  )
}

/** What may be told of an error: a refusal as it is; a storage that is busy or away as that; all else as `server`. */
function refusalFor(thrown: unknown, signal: AbortSignal): Refusal {
  if (thrown instanceof Refusal) return thrown
  // Nobody reads this answer; the log should not take it for an error of ours.
  if (signal.aborted) return new Refusal('aborted', { status: 499, cause: thrown })
  const status = statusOf(thrown)
  return status === 503 || status === 429 || storageCodeOf(thrown) === 'SlowDown' || isCut(thrown)
    ? new Refusal('unavailable', { message: 'The storage is busy.', retryAfter: 1, cause: thrown })
    : new Refusal('server', { message: 'Something went wrong.', cause: thrown })
}

function answer(status: number, body: object, headers: Record<string, string>): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  })
}

function refuse({ code, message, limit, status, retryAfter }: Refusal, headers: Record<string, string>): Response {
  return answer(
    status,
    { error: { code, message, ...(limit === undefined ? {} : { limit }) } },
    {
      ...headers,
      ...(retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfter)) }),
      ...(status === 405 ? { allow: 'POST' } : {}),
    },
  )
}

/** The body with its context as the host's schema gives it. @throws Refusal `invalid` */
async function withContext<Name extends Action>(body: Body<Name>, { contextSchema }: Settings): Promise<Body<Name>> {
  if (contextSchema === undefined) return body
  const read = await readBy(contextSchema, body.context ?? {})
  if ('wrongAt' in read) throw new Refusal('invalid', { message: `The context does not fit: ${read.wrongAt || 'it'}.` })
  const members = Object.entries(read.value).filter(([, value]) => value !== undefined)
  if (members.some(([, value]) => typeof value !== 'string')) throw new TypeError('context: give a record of strings.')
  return { ...body, context: Object.fromEntries(members) }
}

type Draft = { -readonly [Member in keyof LogEntry]?: LogEntry[Member] }

async function perform(
  request: Request,
  settings: Settings,
  actions: Actions,
  entry: Draft,
): Promise<[number, object]> {
  if (request.method !== 'POST') throw new Refusal('method-not-allowed', { message: 'POST only.' })
  checkOrigin(request, settings.allowedOrigins)
  const json = await readBody(request, settings)
  const action = json.action
  entry.action = action
  const body = await withContext(readAction(action, json, settings), settings)
  entry.members = membersIn(body)
  if (body.field !== undefined) entry.field = body.field
  const { subject, rules } = await permissionFor(request, action, body, settings)
  entry.subject = subject
  const wait = await settings.limitRate?.({
    request,
    action,
    subject,
    field: body.field,
    members: Math.max(1, entry.members),
  })
  if (typeof wait === 'number') throw new Refusal('rate-limited', { message: 'Too many calls.', retryAfter: wait })
  const who = { subject, field: body.field, context: body.context }
  const merged = mergeRules(await settings.rulesFor(who), rules)
  const act = actions[action] as (call: Call<Action>) => Promise<object>
  const result = await act({ body, who, rules: merged, signal: request.signal })
  return ['status' in result && result.status === 'checking' ? 202 : 200, result]
}

/** Makes the handler. */
export function createHandler(settings: Settings): (request: Request) => Promise<Response> {
  const actions = actionsOf(settings)
  const { allowedOrigins, onLog } = settings
  return async (request) => {
    if (request.method === 'OPTIONS' && allowedOrigins.size > 0) return preflight(request, allowedOrigins)
    const startedAt = Date.now()
    const entry: Draft = {}
    const headers = corsHeaders(request, allowedOrigins)
    const log = (rest: Partial<LogEntry> & { status: number }) => {
      try {
        onLog?.({ action: null, ...entry, ...rest, durationMs: Date.now() - startedAt })
      } catch {
        // A host's log that fails is no reason to fail the call.
      }
    }
    try {
      const [status, body] = await perform(request, settings, actions, entry)
      log({ status })
      return answer(status, body, headers)
    } catch (thrown) {
      const refusal = refusalFor(thrown, request.signal)
      const { status, code } = refusal
      log({ status, code, ...(status >= 500 ? { error: loggedError(refusal) } : {}) })
      return refuse(refusal, headers)
    }
  }
}
