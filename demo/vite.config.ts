import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { sourceAliases } from '../scripts/sourceAliases.ts'

/** The demo runs on the library's sources: `vite build` makes the page, `vite build --ssr` the server. */
export default defineConfig(({ isSsrBuild }) => ({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  resolve: { alias: sourceAliases },
  build: isSsrBuild
    ? { outDir: 'dist/server', emptyOutDir: true, ssr: 'server/main.ts', target: 'node20' }
    : { outDir: 'dist/client', emptyOutDir: true },
  logLevel: 'warn',
}))
