/** The built page and its assets. Every path of the app gives the same page. */
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Language } from '../shared/languages.ts'

const built = fileURLToPath(new URL('../client', import.meta.url))
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** A built asset, or null. Names carry a hash, so they never change. */
export async function asset(path: string): Promise<Response | null> {
  const file = join(built, normalize(path))
  if (!file.startsWith(join(built, 'assets'))) return null
  const found = await stat(file).catch(() => null)
  if (!found?.isFile()) return null
  return new Response(Readable.toWeb(createReadStream(file)) as ReadableStream, {
    headers: {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'cache-control': 'public, max-age=31536000, immutable',
    },
  })
}

/** The page in a language, with what it shows embedded: no request of its own for a saved answer. */
export async function page(
  lang: Language,
  shown: { readonly view: string; readonly lang: string; readonly saved: unknown },
  status: number,
): Promise<Response> {
  const html = await readFile(join(built, 'index.html'), 'utf8')
  const embedded = JSON.stringify(shown).replaceAll('<', '\\u003c')
  const body = html
    .replace('<html lang="en">', `<html lang="${lang}">`)
    .replace('<!--shown-->', () => `<script type="application/json" id="shown">${embedded}</script>`)
  return new Response(body, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      // An answer is nobody else's to see. A form that may not be stored would not be there any more on "back".
      'cache-control': shown.saved === null ? 'no-cache' : 'no-store',
    },
  })
}
