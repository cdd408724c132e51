// The built Storybook, as a visitor finds it: its index, its frame, and a story that plays through.
import { createReadStream, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { chromium } from 'playwright'
import { chromiumLaunch } from './chromium.mjs'

const root = 'storybook-static'
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json' }
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  const path = join(root, normalize(pathname === '/' ? '/index.html' : pathname))
  response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream')
  createReadStream(path)
    .on('error', () => response.writeHead(404).end())
    .pipe(response)
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address()
const { entries } = JSON.parse(readFileSync(join(root, 'index.json'), 'utf8'))
const stories = Object.values(entries).filter(({ type }) => type === 'story')
const browser = await chromium.launch(chromiumLaunch)
try {
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${port}/`)
  await page
    .getByRole('link', { name: 'Skip to content' })
    .or(page.locator('#storybook-explorer-tree'))
    .first()
    .waitFor()
  await page.goto(`http://127.0.0.1:${port}/iframe.html?id=${stories[0].id}&viewMode=story`)
  await page.locator('[data-faf-root]').first().waitFor()
} finally {
  await browser.close()
  server.close()
}
console.log(`Storybook: ${stories.length} stories`)
if (stories.length < 50) process.exit(1)
