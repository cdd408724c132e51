// Pictures of each layout and state, for people to look at: `npm run screenshots` writes them to .cache/screenshots.
//   node scripts/screenshots.mjs [SCENE…]
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { createServer } from 'vite'
import { chromiumLaunch } from './chromium.mjs'

const folder = '.cache/screenshots'
const scenes = ['empty', 'error', 'disabled', 'list', 'compact', 'single', 'sortable', 'many']
const looks = [
  { name: 'wide' },
  { name: '320', width: 320 },
  { name: 'dark', scheme: 'dark' },
  { name: 'forced', forcedColors: 'active' },
  { name: 'ko', locale: 'ko' },
  { name: 'ko-320-dark', locale: 'ko', width: 320, scheme: 'dark' },
  { name: 'rtl', dir: 'rtl' },
]

const only = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const server = await createServer({
  configFile: fileURLToPath(new URL('screenshots/vite.config.ts', import.meta.url)),
})
await server.listen()
const address = server.httpServer?.address()
const port = typeof address === 'object' && address !== null ? address.port : 0
const browser = await chromium.launch(chromiumLaunch)
try {
  for (const scene of scenes.filter((each) => only.length === 0 || only.includes(each))) {
    for (const { name, width = 900, scheme = 'light', forcedColors = 'none', locale = 'en', dir = 'ltr' } of looks) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme, forcedColors })
      page.on('pageerror', (cause) => console.error(`${scene} ${name}: ${cause}`))
      await page.goto(`http://localhost:${port}/?${new URLSearchParams({ scene, scheme, locale, dir })}`)
      await page.waitForSelector('body[data-ready]', { timeout: 60_000 })
      await page.screenshot({ path: `${folder}/${scene}-${name}.png`, fullPage: true })
      await page.close()
    }
  }
} finally {
  await browser.close()
  await server.close()
}
console.log(`Pictures are in ${folder}.`)
