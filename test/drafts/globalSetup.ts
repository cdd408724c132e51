import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { sourceAliases } from '../../scripts/sourceAliases.ts'
import { builtPage } from './place.js'

/** Builds the page from the sources, for development: developers' warnings are part of what is looked at. */
export default async function globalSetup() {
  process.env.NODE_ENV = 'development'
  await build({
    mode: 'development',
    configFile: false,
    root: fileURLToPath(new URL('./page', import.meta.url)),
    plugins: [react()],
    resolve: { alias: sourceAliases },
    build: { outDir: builtPage, emptyOutDir: true },
    logLevel: 'warn',
  })
}
