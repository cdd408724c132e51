/** The page's own origin: the built pages, and the protocols behind the same line as the storage. */
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { answerBetterUpload } from './betterUploadProtocol.mjs'
import { answerOurs } from './ourProtocol.mjs'
import { afterRoundTrip, readBody, shapedServer } from './shaping.mjs'
import { answerUppy } from './uppyProtocol.mjs'

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' }

/**
 * @param {() => import('./storage.mjs').Run} current
 * @param {Parameters<typeof shapedServer>[1]} loss
 * @param {{ pages: string, storage: (names: number) => string }} settings `storage`: its origins in turn
 */
export function apiServer(current, loss, { pages, storage }) {
  return shapedServer(current, loss, (request, response) => {
    const url = new URL(request.url ?? '/', 'http://api')
    const served = request.method === 'POST' ? call(request, url) : page(url)
    served.then(
      ({ status, type, body, delayed, onSent }) => {
        const send = () => {
          response.writeHead(status, { 'content-type': type }).end(body)
          onSent()
        }
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
    // The peers' calls have no action, and all of them ask for grants.
    const grants = (body.action ?? 'presign') === 'presign'
    if (grants) run.ledger.grantsAsked()
    const answer = answerTo(pathname, body, run, searchParams)
    return {
      status: answer === null ? 400 : 200,
      type: 'application/json',
      body: JSON.stringify(answer ?? { error: { code: 'unknown-action', message: 'Unknown action.' } }),
      delayed: true,
      onSent: () => grants && run.ledger.grantsGiven(),
    }
  }

  /** @param {string} pathname @param {any} body @param {import('./storage.mjs').Run} run @param {URLSearchParams} query */
  function answerTo(pathname, body, run, query) {
    const names = Number(query.get('names') ?? run.names)
    const origin = () => storage(names)
    const method = query.get('method')
    if (pathname === '/api/better-upload') return answerBetterUpload(body, run, origin())
    if (pathname === '/api/uppy') return answerUppy(body, run, { origin, method })
    return answerOurs(body, run, { origin, method })
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
      onSent: () => {},
    }
  }
}
