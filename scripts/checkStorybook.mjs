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
const manual = Object.values(entries).filter(({ type }) => type === 'docs')
const browser = await chromium.launch(chromiumLaunch)
try {
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${port}/`)
  await page
    .getByRole('link', { name: 'Skip to content' })
    .or(page.locator('#storybook-explorer-tree'))
    .first()
    .waitFor()
  const frame = (id, viewMode) => page.goto(`http://127.0.0.1:${port}/iframe.html?id=${id}&viewMode=${viewMode}`)
  await frame(stories[0].id, 'story')
  await page.locator('[data-faf-root]').first().waitFor()
  // Every page of the manual has its text, and its stories play.
  for (const { id, title } of manual) {
    await frame(id, 'docs')
    await page.locator('#storybook-docs h1').first().waitFor()
    const text = await page.locator('#storybook-docs').innerText()
    if (text.length < 400) throw new Error(`${title} is empty.`)
  }
  await frame('manual-states--docs', 'docs')
  await page.frameLocator('iframe[id*=row--waiting]').locator('[data-state=queued]').waitFor()
  // No storage is behind files alone: the live story says so, and goes on in the page.
  await frame('live--round-trip', 'story')
  await page.getByRole('note').waitFor()
  await page.getByRole('link', { name: 'recording.bin' }).waitFor()
} finally {
  await browser.close()
  server.close()
}
console.log(`Storybook: ${stories.length} stories, ${manual.length} pages of the manual`)
if (stories.length < 50 || manual.length < 10) process.exit(1)
