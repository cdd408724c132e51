/** The host's site: the page under test, and one real backend for each row. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { sourceAliases } from '../../scripts/sourceAliases.js'
import { toNodeListener } from '../../src/server/node.js'

export interface Site {
  readonly url: string
  /** Answers what is sent to `/api/NAME`. */
  readonly apis: Map<string, (request: Request) => Promise<Response>>
  close(): Promise<void>
}

async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [react()],
    resolve: { alias: sourceAliases },
    define: { 'process.env.NODE_ENV': '"development"' },
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      rollupOptions: { input: fileURLToPath(new URL('page.tsx', import.meta.url)), output: { codeSplitting: false } },
    },
  })
  const [output] = [built].flat()
  const chunk = output !== undefined && 'output' in output ? output.output[0] : undefined
  if (chunk === undefined) throw new Error('The page was not built.')
  return chunk.code
}

const html = `<!doctype html><meta charset="utf-8"><title>Faults</title><link rel="icon" href="data:,">
<input type="file" id="chosen" multiple><div id="field"></div><script type="module" src="/page.js"></script>`

/** Answers every request of the page itself, as an offline-first site's does. */
const serviceWorker = `addEventListener('install', () => skipWaiting())
addEventListener('activate', (event) => event.waitUntil(clients.claim()))
addEventListener('fetch', (event) => event.respondWith(fetch(event.request)))`

export async function openSite(): Promise<Site> {
  const script = await bundle()
  const apis: Site['apis'] = new Map()
  const text = (type: string, body: string, headers: Record<string, string> = {}) =>
    new Response(body, { headers: { 'content-type': type, ...headers } })
  const server: Server = createServer(
    toNodeListener(async (request) => {
      const { pathname, searchParams } = new URL(request.url)
      const api = apis.get(pathname)
      if (api !== undefined) return api(request)
      const csp = searchParams.get('csp')
      if (pathname === '/') return text('text/html', html, csp === null ? {} : { 'content-security-policy': csp })
      if (pathname === '/page.js') return text('text/javascript', script)
      if (pathname === '/worker.js') return text('text/javascript', serviceWorker)
      if (pathname === '/elsewhere') return text('text/html', '<!doctype html><title>Elsewhere</title>')
      return new Response(null, { status: 404 })
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apis,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
