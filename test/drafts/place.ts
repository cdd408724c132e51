/** A server with the page, the backend and a storage; and what was sent to that. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { toNodeListener } from '../../src/server/node.js'
import { createUploads } from '../../src/server.js'
import { createTestStorage, type Fault } from '../../src/testing/storage/index.js'

export const builtPage = fileURLToPath(new URL('../../.cache/draft-page', import.meta.url))
const bucket = 'drafts'
const MiB = 1024 * 1024
export const partSize = 5 * MiB
const who = { subject: 'anna', field: 'files', context: {} }

/** A request with a file's bytes: which file, and which part (0: the whole). */
export interface Sent {
  readonly name: string
  readonly part: number
}

export interface Place {
  readonly url: string
  /** Requests with bytes, in the order in which they came. */
  readonly sent: Sent[]
  /** Asked for each request with bytes; what it gives back befalls it. */
  onSend: (sent: Sent) => Fault | undefined | Promise<Fault | undefined>
  /** How many of them were answered well. */
  answered(): number
  /** What storage has of files that are not whole yet, and of those that are. */
  stored(): Sent[]
  /** SHA-256 of the objects behind ids, in their order, as they are downloaded. @throws where one isn't verified */
  contents(ids: readonly string[]): Promise<string[]>
  /** Names of all objects. */
  objects(): string[]
  stop(): Promise<void>
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export async function openPlace(): Promise<Place> {
  const nameOf = (key: string) => (key.split('/')[1] ?? '').replace('-', '.')
  const storage = await createTestStorage({
    buckets: [bucket],
    cors: [
      { allowedOrigins: ['*'], allowedMethods: ['GET', 'PUT', 'POST'], allowedHeaders: ['*'], exposeHeaders: ['ETag'] },
    ],
    fault: ({ method, key, query }) => {
      // A form names its key in its body; the object will tell.
      const part = Number(query.get('partNumber') ?? 0)
      const isSent = method === 'PUT' || (method === 'POST' && key === '')
      if (!isSent) return undefined
      const one = { name: nameOf(key), part }
      place.sent.push(one)
      return place.onSend(one)
    },
  })
  const uploads = createUploads({
    storage: {
      endpoint: storage.endpoint,
      region: storage.region,
      bucket,
      credentials: { accessKeyId: storage.accessKeyId, secretAccessKey: storage.secretAccessKey },
    },
    secret: 'a secret of more than thirty-two bytes, for tests',
    authorize: () => ({ subject: who.subject }),
    methods: ['PUT', 'MULTIPART'],
    multipartThreshold: MiB,
    partSize,
    objectFor: ({ file }) => ({ prefix: `uploads/${file.name.replace('.', '-')}/` }),
  })
  const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', css: 'text/css' }
  const server = createServer(
    toNodeListener(async (request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/api/uploads') return uploads.handler(request)
      const path = pathname === '/' ? '/index.html' : pathname
      const bytes = await readFile(builtPage + path).catch(() => null)
      if (bytes === null) return new Response(null, { status: 404 })
      return new Response(bytes, { headers: { 'content-type': types[path.split('.').at(-1) ?? ''] ?? 'text/plain' } })
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const place: Place = {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    sent: [],
    onSend: () => undefined,
    stored: () => [
      ...storage.objects(bucket).map(({ key }) => ({ name: nameOf(key), part: 0 })),
      ...storage
        .uploads(bucket)
        .flatMap(({ key, parts }) => parts.map(({ partNumber }) => ({ name: nameOf(key), part: partNumber }))),
    ],
    answered: () => storage.requests.filter(({ method, status }) => method === 'PUT' && status === 200).length,
    async contents(ids) {
      const verified = await uploads.verifyAnswer([...ids], who)
      if (!verified.ok) throw new Error(JSON.stringify(verified.problems))
      const read = async (id: string) => {
        const link = await uploads.presignDownload(id, who)
        const response = await fetch(link?.url ?? '')
        return sha256(new Uint8Array(await response.arrayBuffer()))
      }
      return Promise.all(ids.map(read))
    },
    objects: () => storage.objects(bucket).map(({ key }) => nameOf(key)),
    async stop() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await storage.stop()
    },
  }
  return place
}
