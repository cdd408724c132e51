/** The page's own origin: the built pages, and both protocols behind the same line as the storage. */
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { answerBetterUpload } from './betterUploadProtocol.mjs'
import { answerOurs } from './ourProtocol.mjs'
import { afterRoundTrip, readBody, shapedServer } from './shaping.mjs'

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' }

/**
 * @param {() => import('./storage.mjs').Run} current
 * @param {{ pages: string, storage: () => string }} settings
 */
export function apiServer(current, { pages, storage }) {
  return shapedServer(current, (request, response) => {
    const url = new URL(request.url ?? '/', 'http://api')
    const served = request.method === 'POST' ? call(request, url) : page(url)
    served.then(
      ({ status, type, body, delayed }) => {
        const send = () => response.writeHead(status, { 'content-type': type }).end(body)
        if (delayed) afterRoundTrip(current(), send)
        else send()
      },
      (thrown) => response.destroy(thrown),
    )
  })

  /** @param {import('node:http').IncomingMessage} request @param {URL} url */
  async function call(request, { pathname, searchParams }) {
    const run = current()
    run.ledger.counts.calls += 1
    /** @type {Buffer[]} */
    const chunks = []
    await readBody(request, { rtt: run.rtt, rate: null }, (chunk) => chunks.push(chunk))
    const body = JSON.parse(Buffer.concat(chunks).toString())
    const answer =
      pathname === '/api/better-upload'
        ? answerBetterUpload(body, run, storage())
        : answerOurs(body, run, { storage: storage(), method: searchParams.get('method') })
    return {
      status: answer === null ? 400 : 200,
      type: 'application/json',
      body: JSON.stringify(answer ?? { error: { code: 'unknown-action', message: 'Unknown action.' } }),
      delayed: true,
    }
  }

  /** @param {URL} url */
  async function page({ pathname }) {
    const extension = extname(pathname)
    const body = await readFile(join(pages, pathname)).catch(() => null)
    return {
      status: body === null ? 404 : 200,
      type: types[/** @type {keyof typeof types} */ (extension)] ?? 'application/octet-stream',
      body: body ?? '',
      delayed: false,
    }
  }
}
