/** The demo's server: the page, presigned URLs, and saved answers. */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createUploads } from 'file-answer-field/server'
import { toNodeListener } from 'file-answer-field/server/node'
import { languageOf } from '../shared/languages.ts'
import { many, questions } from '../shared/questions.ts'
import { createAnswersApi } from './answers.ts'
import { prefixes } from './cleaning.ts'
import { openDatabase } from './database.ts'
import { asset, page } from './pages.ts'
import { secretIn } from './secret.ts'
import { openStorage } from './storage.ts'

/** Who asks: a random name in a cookie, as a login would give one. */
const sessionOf = (request: Request): string | null =>
  /(?:^|;\s*)session=([\w-]{22})(?:;|$)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? null

const hourMs = 60 * 60 * 1000

export async function serve(env: NodeJS.ProcessEnv): Promise<{ url: string; storage: string; close(): Promise<void> }> {
  const dataDirectory = env.DEMO_DATA ?? fileURLToPath(new URL('../../.data', import.meta.url))
  const storage = await openStorage(env, dataDirectory)
  const database = openDatabase(dataDirectory)
  const uploads = createUploads({
    storage: {
      endpoint: storage.endpoint,
      region: storage.region,
      bucket: storage.bucket,
      credentials: storage.credentials,
      prefix: prefixes.prefix,
    },
    draftsPrefix: prefixes.draftsPrefix,
    claimedPrefix: prefixes.claimedPrefix,
    secret: secretIn(dataDirectory),
    authorize: ({ request, field }) => {
      const subject = sessionOf(request)
      return subject !== null && [...questions, many].some(({ name }) => name === field) ? { subject } : null
    },
    rules: ({ field }) => {
      const { accept, maxFiles, maxSize } = [...questions, many].find(({ name }) => name === field) ?? { maxFiles: 0 }
      return { maxFiles, ...(accept === undefined ? {} : { accept }), ...(maxSize === undefined ? {} : { maxSize }) }
    },
  })
  const answers = createAnswersApi({ uploads, database })
  /** Uploads that were never completed, and files that nobody handed in. */
  const clean = () =>
    Promise.all([uploads.sweep(), storage.clean()]).catch((error: unknown) =>
      console.warn(`Not cleaned: ${error instanceof Error ? error.name : error}`),
    )
  void clean()
  const cleaning = setInterval(clean, hourMs)

  async function route(request: Request, subject: string): Promise<Response> {
    const url = new URL(request.url)
    const { pathname } = url
    const { method } = request
    if (pathname === '/api/uploads') return uploads.handler(request)
    if (pathname === '/api/answers' && method === 'POST') return answers.create(request, subject)
    const api = /^\/api\/answers\/([\w-]+)$/.exec(pathname)?.[1]
    if (api !== undefined && method === 'GET') return answers.read(api)
    if (api !== undefined && method === 'PUT') return answers.update(request, api, subject)
    if (method !== 'GET' && method !== 'HEAD') return new Response(null, { status: 405 })
    const lang = languageOf(url.searchParams.get('lang'), request.headers.get('accept-language'))
    if (pathname === '/') return page(lang, { view: 'form', lang, saved: null }, 200)
    if (pathname === '/many') return page(lang, { view: 'many', lang, saved: null }, 200)
    const [, id, isEdit] = /^\/answers\/([\w-]+?)(\/edit)?$/.exec(pathname) ?? []
    if (id !== undefined) {
      const saved = await answers.find(id)
      return page(
        lang,
        { view: saved === null ? 'unknown' : isEdit ? 'form' : 'saved', lang, saved },
        saved === null ? 404 : 200,
      )
    }
    return (await asset(pathname)) ?? page(lang, { view: 'unknown', lang, saved: null }, 404)
  }

  const server = createServer(
    toNodeListener(async (request) => {
      const known = sessionOf(request)
      if (known !== null) return route(request, known)
      const session = randomBytes(16).toString('base64url')
      const headers = new Headers(request.headers)
      headers.append('cookie', `session=${session}`)
      const response = await route(new Request(request, { headers }), session)
      const withCookie = new Response(response.body, response)
      withCookie.headers.append('set-cookie', `session=${session}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000`)
      return withCookie
    }),
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(Number(env.PORT ?? 4173), resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://localhost:${port}`,
    storage: storage.endpoint,
    async close() {
      clearInterval(cleaning)
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      database.close()
      await storage.stop()
    },
  }
}
