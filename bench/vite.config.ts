import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { sourceAliases } from '../scripts/sourceAliases.ts'
import { builtPages } from './lib/contenders.mjs'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The pages as a host would ship them: production builds of React and of the package's sources. */
export default defineConfig({
  root: here('pages'),
  logLevel: 'warn',
  plugins: [react()],
  resolve: { alias: sourceAliases, dedupe: ['react', 'react-dom'] },
  build: {
    outDir: here('dist'),
    emptyOutDir: true,
    target: 'es2022',
    rollupOptions: { input: builtPages.map((page) => here(`pages/${page}.html`)) },
  },
})
