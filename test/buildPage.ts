/** A page of a test, built from the sources for development: what React and the library warn of is looked at. */
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { sourceAliases } from '../scripts/sourceAliases.ts'

export async function buildPage(root: string, outDir: string): Promise<void> {
  process.env.NODE_ENV = 'development'
  await build({
    mode: 'development',
    configFile: false,
    root,
    plugins: [react()],
    resolve: { alias: sourceAliases },
    build: { outDir, emptyOutDir: true, minify: false },
    logLevel: 'warn',
  })
}
