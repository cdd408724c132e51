// The handler where hosts mount it: the same upload through each.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
// @ts-expect-error Express comes without types.
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createFileAnswer } from '../../src/engine.js'
import { toNodeListener } from '../../src/server/node.js'
import { bytes, openStorage, type Place, serve, storageOptions } from './harness.js'

let place: Place
beforeAll(async () => {
  place = await openStorage()
})
afterAll(() => place.stop())

type Handler = (request: Request) => Promise<Response>
/** Serves the handler at `/api/uploads`, and gives the way to it. */
type Mount = (handler: Handler) => Promise<{ url: string; fetch?: typeof fetch }>

async function listening(server: Server): Promise<{ url: string }> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/uploads` }
}

/** A server that takes requests of the Fetch API, as Next's routes, Bun, Deno and Workers do. */
const inMemory = (serveFetch: (request: Request) => Response | Promise<Response>) => ({
  url: 'https://app.example/api/uploads',
  fetch: (async (url: string, init: RequestInit) =>
    serveFetch(new Request(url, { ...init, signal: null, credentials: 'omit' } as RequestInit))) as typeof fetch,
})

const mounts: Record<string, Mount> = {
  "Node's http": (handler) => listening(createServer(toNodeListener(handler))),
  'Express, after its JSON parser': (handler) => {
    const app = express()
    app.use(express.json())
    app.post('/api/uploads', toNodeListener(handler))
    return listening(createServer(app))
  },
  'Fastify, with its JSON parser': async (handler) => {
    const app = fastify()
    app.post('/api/uploads', async (request, reply) => {
      reply.hijack()
      toNodeListener(handler)(Object.assign(request.raw, { body: request.body }), reply.raw)
    })
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    onTestFinished(() => app.close())
    return { url: `${url}/api/uploads` }
  },
  Hono: async (handler) => {
    const app = new Hono()
    app.post('/api/uploads', (context) => handler(context.req.raw))
    return inMemory(app.fetch)
  },
  'a route of Next': async (handler) => {
    const route = { POST: handler }
    return inMemory((request) => route.POST(request))
  },
}

test.each(Object.entries(mounts))('files go through %s', async (_, mount) => {
  const { uploads } = serve({ storage: storageOptions(place) })
  const endpoint = await mount(uploads.handler)
  const answer = createFileAnswer({ endpoint, send: 'fetch' })
  answer.add([new File([bytes(5)], '이력서 최종.hwp'), new File([bytes(70_000)], 'photo.png')])
  const ids = await answer.settled()
  answer.dispose()
  const verification = await uploads.verifyAnswer(ids, { subject: 'anna' })
  if (!verification.ok) throw new Error(JSON.stringify(verification.problems))
  expect(verification.files.map(({ name, size }) => [name, size])).toEqual([
    ['이력서 최종.hwp', 5],
    ['photo.png', 70_000],
  ])
})
