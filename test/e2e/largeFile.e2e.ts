import { once } from 'node:events'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { build, type Rollup } from 'vite'
import { sourceAliases } from '../../scripts/sourceAliases.ts'
import { createUploadHandler } from '../../src/server.ts'
import { toNodeListener } from '../../src/server/node.ts'
import { createTestStorage } from '../../src/testing/storage/index.ts'

const size = 20e9
const partSize = 8 * 1024 ** 2
/** Parts that storage takes; the others are read, and never answered. */
const taken = 3

/** A page with one field whose removals end soon. */
const page = `
  import { createElement } from 'react'
  import { createRoot } from 'react-dom/client'
  import { FileAnswerField } from 'file-answer-field'
  import { createFileAnswer } from 'file-answer-field/engine'
  const answer = createFileAnswer({ endpoint: '/api/uploads', field: 'film', timing: { undo: 500 } })
  createRoot(document.body).render(createElement(FileAnswerField, { label: 'Film', answer }))
`

async function bundle(): Promise<string> {
  const name = 'virtual:page'
  const plugin = {
    name,
    resolveId: (id: string) => (id === name ? `${import.meta.dirname}/page.js` : undefined),
    load: (id: string) => (id === `${import.meta.dirname}/page.js` ? page : undefined),
  }
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias: sourceAliases },
    plugins: [plugin],
    build: { write: false, rollupOptions: { input: name, output: { codeSplitting: false } } },
  })) as Rollup.RollupOutput
  return built.output[0].code
}

test('a file of 20 GB is picked and begun in parts of their exact length, and ends when it is removed', async ({
  page: browser,
}) => {
  const directory = await mkdtemp(join(tmpdir(), 'faf-large-'))
  const path = join(directory, 'film.mp4')
  const file = await open(path, 'w')
  // Sparse: it takes no room.
  await file.truncate(size)
  await file.close()

  const lengths = new Map<number, number>()
  let answered = 0
  const storage = await createTestStorage({
    buckets: ['films'],
    cors: [{ allowedOrigins: ['*'], allowedMethods: ['PUT'], allowedHeaders: ['*'], exposeHeaders: ['ETag'] }],
    fault: ({ method, query, headers }) => {
      if (method !== 'PUT') return undefined
      lengths.set(Number(query.get('partNumber')), Number(headers['content-length']))
      answered += 1
      return answered > taken ? 'hang' : undefined
    },
  })
  const { endpoint, region, accessKeyId, secretAccessKey } = storage
  const serve = toNodeListener(
    createUploadHandler({
      storage: { endpoint, region, bucket: 'films', credentials: { accessKeyId, secretAccessKey } },
      secret: 'a secret of more than thirty-two bytes, for tests',
      authorize: () => ({ subject: 'anna' }),
    }),
  )
  const code = await bundle()
  const server = createServer((req, res) => {
    if (req.url === '/api/uploads') return serve(req, res)
    const isScript = req.url === '/page.js'
    res.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html; charset=utf-8' })
    res.end(isScript ? code : '<!doctype html><title>Film</title><body><script type="module" src="/page.js"></script>')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  try {
    await browser.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await browser.locator('input[type=file]').setInputFiles(path)
    await expect(browser.getByRole('listitem')).toHaveAttribute('data-state', 'uploading')
    await expect.poll(() => storage.uploads('films')[0]?.parts.length).toBe(taken)
    await expect.poll(() => lengths.size).toBeGreaterThan(taken + 1)
    expect(new Set(lengths.values())).toEqual(new Set([partSize]))
    expect(storage.uploads('films')[0]?.parts.every((part) => part.size === partSize)).toBe(true)

    await browser.getByRole('button', { name: 'Cancel film.mp4' }).click()
    const begun = lengths.size
    // Neither pointer nor focus holds the undo.
    await expect(browser.getByRole('button', { name: /^Undo/ })).toBeVisible()
    await browser.mouse.click(2, 2)
    await expect.poll(() => storage.uploads('films')).toEqual([])
    expect(lengths.size).toBe(begun)
    expect(storage.objects('films')).toEqual([])
  } finally {
    server.closeAllConnections()
    server.close()
    await storage.stop()
    await rm(directory, { recursive: true, force: true })
  }
})
