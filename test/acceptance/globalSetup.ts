import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { sourceAliases } from '../../scripts/sourceAliases.ts'

const built = fileURLToPath(new URL('../../.cache/acceptance-page', import.meta.url))
const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** Builds the page from the sources, for development (what React warns of is looked at), and serves it. */
export default async function globalSetup() {
  process.env.NODE_ENV = 'development'
  await build({
    mode: 'development',
    configFile: false,
    root: fileURLToPath(new URL('./page', import.meta.url)),
    plugins: [react()],
    resolve: { alias: sourceAliases },
    build: { outDir: built, emptyOutDir: true, minify: false },
    logLevel: 'warn',
  })
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
