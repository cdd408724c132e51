// The server, bundled as for Workers, in a realm that has the Web's globals and nothing of Node: no process, no Buffer,
// no require. What it does there it does on Workers, Deno and Bun.
import { createContext, runInContext } from 'node:vm'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { build, type Rolldown } from 'vite'
import type { GrantBody } from '../../src/protocol/index.js'
import type * as Server from '../../src/server.js'
import { createTestStorage, type TestStorage } from '../../src/testing/storage/index.js'
import { bytes, send } from '../server/harness.js'

const web = {
  AbortController,
  AbortSignal,
  Blob,
  Headers,
  ReadableStream,
  Request,
  Response,
  TextDecoder,
  TextEncoder,
  TransformStream,
  URL,
  URLSearchParams,
  WritableStream,
  atob,
  btoa,
  clearTimeout,
  crypto,
  fetch,
  setTimeout,
  // Bytes that come from fetch and crypto belong to this realm's classes, as they do where there is only one.
  ArrayBuffer,
  Uint8Array,
}

async function bundled(): Promise<typeof Server> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['workerd', 'worker', 'browser'] },
    plugins: [
      {
        // The SDK's parser for browsers wants a DOMParser, which Workers have not: docs/server.md names this alias.
        name: 'xml-without-dom',
        enforce: 'pre',
        resolveId: async function (source, importer) {
          if (!/xml-parser(\.browser)?(\.js)?$/.test(source) || !importer?.includes('xml-builder')) return null
          return importer.replace(/[^/]+$/, 'xml-parser.js')
        },
      },
    ],
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry: 'src/server.ts', formats: ['iife'], name: 'server' },
    },
  })) as Rolldown.RolldownOutput[]
  const code = built[0]?.output[0].code ?? ''
  expect(code).not.toMatch(/\bfrom ["']node:|require\(["']node:|import\(["']node:/)
  return runInContext(`${code}; server`, createContext({ ...web })) as typeof Server
}

let storage: TestStorage
let server: typeof Server
beforeAll(async () => {
  storage = await createTestStorage()
  const { endpoint, region, accessKeyId, secretAccessKey } = storage
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  })
  await client.send(new CreateBucketCommand({ Bucket: 'web' }))
  server = await bundled()
})
afterAll(() => storage.stop())

test.each(['PUT', 'POST', 'MULTIPART'] as const)(
  'on Web globals alone: %s, from the grant to the deletion',
  async (method) => {
    const { endpoint, region, accessKeyId, secretAccessKey } = storage
    const who = { subject: 'anna' }
    const uploads = server.createUploads({
      storage: { endpoint, region, bucket: 'web', prefix: 'uploads/', credentials: { accessKeyId, secretAccessKey } },
      secret: 'a secret of more than thirty-two bytes, for tests',
      authorize: () => who,
      methods: [method],
    })
    const call = async (body: object) => {
      const headers = { 'content-type': 'application/json' }
      const url = 'https://app.example/api/uploads'
      const response = await uploads.handler(new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }))
      return { status: response.status, body: await response.json() }
    }
    const file = { key: 'k', name: '이력서.pdf', size: 5, type: 'application/pdf' }
    const granted = (await call({ action: 'presign', files: [file] })).body.grants[0] as GrantBody
    const { id } = granted
    const upload = 'upload' in granted ? { upload: granted.upload } : {}
    expect((await call({ action: 'complete', id, ...upload })).status).toBe(404)
    if ('parts' in granted) await fetch(granted.parts[0]?.url ?? '', { method: 'PUT', body: bytes(5) })
    else expect((await send(granted, bytes(5))).ok).toBe(true)
    expect(await call({ action: 'complete', id, ...upload })).toEqual({ status: 200, body: { id, size: 5 } })
    expect(await uploads.verifyAnswer([id], who)).toMatchObject({ ok: true })
    const claimed = await uploads.claim([id], who)
    const saved = claimed.ok ? (claimed.files[0]?.id ?? '') : ''
    const link = (await uploads.redirectToDownload(saved, who)).headers.get('location') ?? ''
    expect(new Uint8Array(await (await fetch(link)).arrayBuffer())).toEqual(bytes(5))
    expect(await uploads.deleteAnswer([saved], who)).toMatchObject([{ status: 'deleted', objects: 2 }])
    expect(storage.objects('web')).toEqual([])
  },
)
