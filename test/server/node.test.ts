// The handler behind Node's http and Express, as a browser would reach it.
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { toNodeListener } from '../../src/server/node.js'
import { aFile, serve } from './harness.js'

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const listen = (listener: RequestListener): Promise<string> =>
  new Promise((resolve) => {
    const server = createServer(listener).listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/uploads`)
    })
    open.push(server)
  })

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

const presign = { action: 'presign', files: [aFile()] }
const listener = () => toNodeListener(serve().uploads.handler)

interface ExpressApp {
  (req: never, res: never): void
  use(...handlers: unknown[]): void
  post(path: string, ...handlers: unknown[]): void
}
async function expressApp(): Promise<{ app: ExpressApp; json: () => unknown }> {
  // @ts-expect-error Express comes without types.
  const { default: express } = (await import('express')) as { default: (() => ExpressApp) & { json: () => unknown } }
  return { app: express(), json: express.json }
}

describe('toNodeListener', () => {
  test('answers on Node’s http', async () => {
    const response = await post(await listen(listener()), presign)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ grants: [{ method: 'POST' }] })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('answers in Express, whether the body was parsed or not', async () => {
    for (const parsed of [true, false]) {
      const { app, json } = await expressApp()
      if (parsed) app.use(json())
      app.post('/api/uploads', listener())
      const response = await post(await listen(app as never), presign)
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({ grants: [{ key: presign.files[0]?.key }] })
    }
  })

  test('knows its own origin from the Host, and a foreign one', async () => {
    const url = await listen(listener())
    expect((await post(url, { action: 'rules' }, { origin: new URL(url).origin })).status).toBe(200)
    expect((await post(url, { action: 'rules' }, { origin: 'http://evil.example' })).status).toBe(403)
  })

  test('refuses an endless body without reading it, and goes on answering', async () => {
    const url = await listen(listener())
    const status = await new Promise<number>((resolve, reject) => {
      const upload = request(url, { method: 'POST', headers: { 'content-type': 'application/json' } }, (response) => {
        resolve(response.statusCode ?? 0)
        upload.destroy()
      })
      upload.on('error', reject)
      const write = () => {
        while (!upload.destroyed && upload.write('x'.repeat(65_536))) {
          // As fast as it is taken.
        }
      }
      upload.on('drain', write)
      write()
    })
    expect(status).toBe(413)
    expect((await post(url, presign)).status).toBe(200)
  })

  test('answers GET with 405, and a strange Host like any other', async () => {
    const url = await listen(listener())
    expect((await fetch(url)).status).toBe(405)
    expect((await post(url, presign, { host: '///' })).status).toBeLessThan(500)
  })

  test('aborts the request’s signal when the caller goes away', async () => {
    let started: () => void = () => {}
    const begun = new Promise<void>((resolve) => {
      started = resolve
    })
    const aborted = new Promise<boolean>((resolve) => {
      void listen(
        toNodeListener(async ({ signal }) => {
          signal.addEventListener('abort', () => resolve(true))
          started()
          await new Promise((done) => setTimeout(done, 1000))
          return new Response(null)
        }),
      ).then(async (url) => {
        const caller = new AbortController()
        const call = fetch(url, { method: 'POST', body: '{}', signal: caller.signal }).catch(() => {})
        await begun
        caller.abort()
        await call
      })
    })
    expect(await aborted).toBe(true)
  })

  test('answers 500 when the handler rejects', async () => {
    const url = await listen(toNodeListener(() => Promise.reject(new Error('secret'))))
    const response = await post(url, {})
    expect([response.status, await response.text()]).toEqual([500, ''])
  })
})

test('the module for browsers throws with the reason, and has every name of the entry', async () => {
  await expect(import('../../src/server/browser.js')).rejects.toThrow(/on the server only/)
  const text = readFileSync(new URL('../../src/server/browser.ts', import.meta.url), 'utf8')
  const names = [...text.matchAll(/export const (\w+)/g)].map(([, name]) => name)
  expect(names.toSorted()).toEqual(Object.keys(await import('../../src/server.js')).toSorted())
})
