import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPage } from '../buildPage.ts'

const built = fileURLToPath(new URL('../../.cache/acceptance-page', import.meta.url))
const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** Builds the page and serves it. */
export default async function globalSetup() {
  await buildPage(fileURLToPath(new URL('./page', import.meta.url)), built)
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page.invalid')
    const path = join(built, pathname === '/' ? 'index.html' : pathname)
    response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream')
    createReadStream(path)
      .on('error', () => response.writeHead(404).end())
      .pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  process.env.ACCEPTANCE_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return () => {
    server.closeAllConnections()
    server.close()
  }
}
