/**
 * The real engine in Node by its `fetch` transport, the real server behind http, and the stand-in for S3. Faults are
 * asked for by the kind of request; the judge looks from outside: at ids, requests on the wire and stored bytes.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished } from 'vitest'
import { S3Client } from '@aws-sdk/client-s3'
import { createFileAnswer, FilesNotStored, type Failure, type FileAnswer, type Timing } from '../../src/engine.js'
import { createUploads, type Uploads, type UploadsOptions } from '../../src/server.js'
import { toNodeListener } from '../../src/server/node.js'
import {
  createTestStorage,
  type Fault,
  type FaultableRequest,
  type TestStorage,
} from '../../src/testing/storage/index.js'

const bucket = 'answers'
const field = 'documents'
const subject = 'anna'
export const partSize = 5 * 1024 ** 2

/** Delays at a twentieth; limits stay, since the machine may be busy. Retry-After, which speaks in whole seconds, is cut to `retryAfterCap`. */
export const timing = {
  retryBase: 25,
  throttledBase: 50,
  retryCap: 1_000,
  retryAfterCap: 60,
  backOnlineJitter: 100,
  notify: 5,
  undo: 100,
} satisfies Partial<Timing>

/** For what has no event to wait for. */
export const soon = { timeout: 10_000 }

/** What a page, or the server behind it, asks for. */
export type Kind =
  | 'presign'
  | 'presign-parts'
  | 'list-parts'
  | 'complete'
  | 'abort'
  | 'discard'
  | 'rules'
  | 'PUT'
  | 'POST'
  | 'part'
  | 'storage-complete'
  | 'storage-other'

export interface Asked {
  readonly kind: Kind
  /** Of the object, or the names and ids of a call. */
  readonly what: string
  readonly partNumber: number
  /** ms. */
  readonly at: number
  readonly contentLength: number
}

type Serve = (req: IncomingMessage, res: ServerResponse) => Promise<void>

/** Which fault a request meets; `undefined` lets it pass. */
export type Faults = (asked: Asked) => Fault | undefined | Promise<Fault | undefined>

function kindOf({ method, query }: FaultableRequest): Kind {
  if (method === 'PUT') return query.has('partNumber') ? 'part' : 'PUT'
  if (method === 'POST' && !query.has('uploads')) return query.has('uploadId') ? 'storage-complete' : 'POST'
  return 'storage-other'
}

const isSend = ({ kind }: Asked) => kind === 'PUT' || kind === 'POST' || kind === 'part'
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

export class HttpWorld {
  readonly asked: Asked[] = []
  /** The most requests to complete one upload that were at the storage at once. */
  completesAtOnce = 0
  faults: Faults = () => undefined
  private constructor(
    readonly storage: TestStorage,
    readonly client: S3Client,
    readonly uploads: Uploads,
    private readonly endpoint: () => string,
  ) {}

  static async open(options: Partial<UploadsOptions> = {}): Promise<HttpWorld> {
    let world: HttpWorld | undefined
    let completing = 0
    const storage = await createTestStorage({
      buckets: [bucket],
      fault: async (request) => {
        if (world === undefined) return undefined
        const kind = kindOf(request)
        if (kind !== 'storage-complete') return world.meet(kind, request)
        completing += 1
        world.completesAtOnce = Math.max(world.completesAtOnce, completing)
        // Held for a moment, so that a second one would meet it.
        await new Promise((resolve) => setImmediate(resolve))
        return Promise.resolve(world.meet(kind, request)).finally(() => (completing -= 1))
      },
    })
    const { endpoint, region, accessKeyId, secretAccessKey } = storage
    const client = new S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
      // Rows count what the engine does, not what the SDK does behind it.
      maxAttempts: 1,
    })
    const uploads = createUploads({
      storage: { client, bucket, prefix: 'uploads/' },
      secret: 'a secret of more than thirty-two bytes, for tests',
      authorize: () => ({ subject }),
      multipartThreshold: partSize,
      partSize,
      ...options,
    })
    const listener = toNodeListener(uploads.handler)
    const serve: Serve = async (req, res) => {
      const body = await text(req)
      const {
        action,
        files = [],
        id = '',
        ids = [],
      } = JSON.parse(body) as {
        action: Kind
        files?: { name: string }[]
        id?: string
        ids?: string[]
      }
      const what = [...files.map(({ name }) => name), ...(id === '' ? [] : [id]), ...ids].join()
      const fault = await world?.ask({
        kind: action,
        what,
        partNumber: 0,
        at: performance.now(),
        contentLength: body.length,
      })
      if (fault === 'lose-answer') {
        const headers = new Headers({ 'content-type': 'application/json' })
        await uploads.handler(new Request('http://localhost/', { method: 'POST', headers, body }))
      }
      if (typeof fault === 'string') return void req.socket.destroy()
      if (fault?.status !== undefined) return void res.writeHead(fault.status, fault.headers).end(fault.body ?? '')
      listener(Object.assign(req, { body }), res)
    }
    // The engine may give a call up while it is read.
    const server = createServer((req, res) => void serve(req, res).catch(() => req.socket.destroy()))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(async () => {
      server.closeAllConnections()
      server.close()
      await storage.stop()
    })
    const { port } = server.address() as AddressInfo
    world = new HttpWorld(storage, client, uploads, () => `http://127.0.0.1:${port}/api/uploads`)
    return world
  }

  private meet(kind: Kind, { key, query, headers }: FaultableRequest) {
    return this.ask({
      kind,
      what: key,
      partNumber: Number(query.get('partNumber') ?? 0),
      at: performance.now(),
      contentLength: Number(headers['content-length'] ?? 0),
    })
  }

  private ask(asked: Asked) {
    this.asked.push(asked)
    return this.faults(asked)
  }

  /** The n-th request of a kind meets the n-th of its faults; later ones pass. `part` counts one part alone. */
  meets(faults: Partial<Record<Kind, readonly (Fault | undefined)[]>>, part = 0): void {
    const met = new Map<Kind, number>()
    this.faults = ({ kind, partNumber }) => {
      if (kind === 'part' && part !== 0 && partNumber !== part) return undefined
      const count = met.get(kind) ?? 0
      met.set(kind, count + 1)
      return faults[kind]?.[count]
    }
  }

  answer(more: Partial<Timing> = {}): FileAnswer {
    const answer = createFileAnswer({ endpoint: this.endpoint(), field, send: 'fetch', timing: { ...timing, ...more } })
    onTestFinished(() => answer.dispose())
    return answer
  }

  of(...kinds: Kind[]): Asked[] {
    return this.asked.filter(({ kind }) => kinds.includes(kind))
  }

  get sends(): Asked[] {
    return this.asked.filter(isSend)
  }

  /** How often each part was sent. */
  get partsSent(): Record<number, number> {
    const counts: Record<number, number> = {}
    for (const { partNumber } of this.of('part')) counts[partNumber] = (counts[partNumber] ?? 0) + 1
    return counts
  }

  /** Each file is stored once, with its bytes; its id stands once, in the order shown; storage holds nothing else. */
  async isExact(answer: FileAnswer, files: readonly File[]): Promise<string[]> {
    const ids = await answer.settled()
    expect(ids).toHaveLength(files.length)
    expect(new Set(ids).size).toBe(files.length)
    const stored: string[] = []
    // A few at a time, as a browser would.
    for (let start = 0; start < ids.length; start += 20) {
      const some = ids.slice(start, start + 20).map(async (id) => sha256(await this.download(id)))
      stored.push(...(await Promise.all(some)))
    }
    const wanted = await Promise.all(files.map(async (file) => sha256(new Uint8Array(await file.arrayBuffer()))))
    expect(stored).toEqual(wanted)
    await expect.poll(() => this.storage.objects(bucket).length, soon).toBe(ids.length)
    return ids
  }

  /** The only file fails; why. Nothing of it is stored. */
  async isTold(answer: FileAnswer): Promise<Failure | undefined> {
    const thrown = await answer.settled().catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(FilesNotStored)
    expect(answer.getIds()).toEqual([])
    expect(this.storage.objects(bucket)).toEqual([])
    return (thrown as FilesNotStored).failures[0]
  }

  get unfinished() {
    return this.storage.uploads(bucket)
  }

  private async download(id: string): Promise<Uint8Array> {
    const download = await this.uploads.presignDownload(id, { subject, field, context: {} })
    const response = await fetch(download?.url ?? '')
    expect(response.status).toBe(200)
    return new Uint8Array(await response.arrayBuffer())
  }
}

/** A file whose every part differs. */
export function aFile(name: string, size: number): File {
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size; at += 1_000) bytes[at] = (at / 1_000 + name.length) % 251
  bytes.set(new TextEncoder().encode(name).subarray(0, size))
  return new File([bytes], name, { type: 'application/pdf' })
}
