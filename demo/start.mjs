// `npm start`: builds the demo from the sources (a second or two) and serves it.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = dirname(fileURLToPath(import.meta.url))
if (!process.env.DEMO_BUILT) {
  await build({ root, configFile: `${root}/vite.config.ts` })
  await build({ root, configFile: `${root}/vite.config.ts`, build: { ssr: 'server/main.ts' } })
}
const { serve } = await import('./dist/server/main.js')
const { url, storage, close } = await serve(process.env)
console.log(`Demo: ${url}  (storage: ${storage})`)
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => close().then(() => process.exit(0)))
}
