import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { sourceAliases } from '../sourceAliases.ts'

/** Serves the page that the pictures are taken of, from the sources. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  cacheDir: fileURLToPath(new URL('../../.cache/vite-screenshots', import.meta.url)),
  plugins: [react()],
  resolve: { alias: sourceAliases },
  server: { port: 0, hmr: false },
  optimizeDeps: {
    include: ['react', 'react-dom/client', 'react/jsx-dev-runtime', 'zustand/vanilla'],
  },
  logLevel: 'error',
})
