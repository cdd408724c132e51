import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { sourceAliases } from '../scripts/sourceAliases.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The pages as a host would ship them: production builds of React, the peers and the package's sources. */
export default defineConfig({
  root: here('pages'),
  logLevel: 'warn',
  plugins: [react()],
  resolve: { alias: sourceAliases, dedupe: ['react', 'react-dom'] },
  build: {
    outDir: here('dist'),
    emptyOutDir: true,
    target: 'es2022',
  },
})
