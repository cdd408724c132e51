import { createHash } from 'node:crypto'
import { loadAdvice, loadCopies, loadDescriptions, loadDeveloperNotes, loadMultipart } from '../../src/engine/chunks.js'
import { createConnections } from '../../src/engine/connections.js'
import type { Environment, StorageOutcome, StorageRequest } from '../../src/engine/environment.js'
import { createFileAnswer } from '../../src/engine/createFileAnswer.js'
import type { FileAnswer, FileAnswerOptions } from '../../src/engine/fileAnswer.js'
import type { News } from '../../src/engine/news.js'
import { defaultTiming, type Timing } from '../../src/engine/timing.js'
import type { ServerRules, UploadRequest } from '../../src/protocol/actions.js'
import type { Failure } from '../../src/protocol/failure.js'
import { VirtualClock } from './virtualClock.js'

export interface Call {
  readonly action: string
  readonly body: {
    files?: UploadRequest[]
    ids?: string[]
    id?: string
    upload?: string
    partNumbers?: number[]
    checksum?: string
    checksums?: string[]
    field?: string
  }
  readonly signal: AbortSignal
  readonly at: number
  respond(status: number, body: unknown, headers?: Record<string, string>): void
  fail(): void
}

export interface Send {
  readonly request: StorageRequest
  readonly at: number
  respond(outcome?: Partial<Omit<StorageOutcome, 'header'>> & { headers?: Record<string, string> }): void
}

// On a virtual clock nothing waits for a file to be read.
await Promise.all([loadAdvice(), loadCopies(), loadDescriptions(), loadDeveloperNotes(), loadMultipart()])

/** A host and a storage that answer by themselves unless a test takes a call or a request into its own hands. */
export class World {
  readonly clock = new VirtualClock()
  readonly calls: Call[] = []
  readonly sends: Send[] = []
  readonly news: News[] = []
  readonly changes: string[][] = []
  readonly errors: Failure[] = []
  readonly warnings: string[] = []
  /** Stored objects by id: bytes. */
  readonly stored = new Map<string, number>()
  readonly discarded: string[] = []
  /** Answers a call; false leaves it open for the test. */
  onCall: (call: Call) => boolean | undefined = () => undefined
  onSend: (send: Send) => boolean | undefined = () => undefined
  /** What is granted. */
  method: 'PUT' | 'POST' | 'MULTIPART' = 'PUT'
  partSize = 100
  /** Parts whose URLs come with a multipart grant. */
  firstParts = 2
  confirm = false
  /** A multipart grant asks for the parts' checksums, and has no URLs of its own. */
  partChecksums = false
  /** Reading a file for its checksum; a test may replace it. */
  digest = (bytes: BufferSource): Promise<ArrayBuffer> =>
    Promise.resolve(
      new Uint8Array(
        createHash('sha256')
          .update(new Uint8Array(bytes as ArrayBuffer))
          .digest(),
      ).buffer,
    )
  /** Stored parts by id: number → bytes. */
  readonly parts = new Map<string, Map<number, number>>()
  readonly statuses: { pending: number; failed: number; settled: boolean }[] = []
  /** What the server says of its rules; null: it has no such action. */
  rules: ServerRules | null = null
  rulesAsked = 0
  online = true
  /** False as in a test DOM: nobody says whether bytes left. */
  tellsUploads = true
  /** The page's policy refuses requests to storage. */
  forbidden = false
  chance = 0.5
  private networkListeners = new Set<() => void>()
  private lastKey = 0
  private lastId = 0

  readonly environment: Environment = {
    clock: this.clock,
    random: () => this.chance,
    randomKey: () => `key${++this.lastKey}`,
    pageIsSecure: false,
    subtle: { digest: (_, bytes) => this.digest(bytes) },
    warn: (message) => this.warnings.push(message),
    network: {
      isOnline: () => this.online,
      onChange: (listener) => {
        this.networkListeners.add(listener)
        return () => this.networkListeners.delete(listener)
      },
      fetch: (_, init) => this.fetch(init),
      isForbidden: () => Promise.resolve(this.forbidden),
      tellsUploads: () => this.tellsUploads,
      send: (request) => this.send(request),
    },
  }

  goOnline(online: boolean): void {
    this.online = online
    for (const listener of this.networkListeners) listener()
  }

  answer(options: Partial<FileAnswerOptions> & { timing?: Partial<Timing> } = {}): FileAnswer {
    const source = options.backend || options.requestUpload ? {} : { endpoint: '/api/uploads' }
    const answer = createFileAnswer({
      ...source,
      ...options,
      environment: options.environment ?? this.environment,
      connections:
        options.connections ?? createConnections(options.timing?.connectionBudget ?? defaultTiming.connectionBudget),
    } as FileAnswerOptions)
    answer.connect()
    answer.subscribeNews((news) => this.news.push(news))
    answer.listen({
      onChange: (ids) => this.changes.push(ids),
      onError: (failure) => this.errors.push(failure),
      onStatus: (status) => this.statuses.push(status),
    })
    return answer
  }

  callsOf(action: string): Call[] {
    return this.calls.filter((call) => call.action === action)
  }

  issue(file: UploadRequest) {
    const id = file.id ?? `id${++this.lastId}`
    const url = `https://storage.test/bucket/${id}`
    const common = { key: file.key, id, expiresIn: 900, ...(this.confirm ? { confirm: true } : {}) }
    if (this.method === 'POST') return { ...common, method: 'POST', url, fields: { key: id, policy: 'p' } }
    if (this.method === 'PUT') return { ...common, method: 'PUT', url, headers: { 'content-type': file.type } }
    if (this.partChecksums)
      return { ...common, method: 'MULTIPART', upload: `upload-${id}`, partSize: this.partSize, partChecksums: true }
    const first = Array.from({ length: this.firstParts }, (_, index) => this.signedPart(id, index + 1))
    return { ...common, method: 'MULTIPART', upload: `upload-${id}`, partSize: this.partSize, parts: first }
  }

  private signedPart = (id: string, partNumber: number) => ({
    partNumber,
    url: `https://storage.test/bucket/${id}?partNumber=${partNumber}`,
  })

  private fetch(init: RequestInit): Promise<Response> {
    const body = JSON.parse(String(init.body)) as Call['body'] & { action: string }
    const signal = init.signal as AbortSignal
    // Asked once, in the background: no part of a test's dialogue unless it wants it.
    if (body.action === 'rules') {
      this.rulesAsked += 1
      return Promise.resolve(
        Response.json(this.rules === null ? { error: { code: 'unknown-action' } } : { rules: this.rules }, {
          status: this.rules === null ? 400 : 200,
        }),
      )
    }
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
      const call: Call = {
        action: body.action,
        body,
        signal,
        at: this.clock.now(),
        respond: (status, answer, headers = {}) =>
          resolve(new Response(typeof answer === 'string' ? answer : JSON.stringify(answer), { status, headers })),
        fail: () => reject(new TypeError('Failed to fetch')),
      }
      this.calls.push(call)
      if (this.onCall(call) === undefined) this.answerCall(call)
    })
  }

  answerCall(call: Call): void {
    const { files = [], ids = [], id = '', partNumbers = [] } = call.body
    const parts = this.parts.get(id)
    if (call.action === 'presign') call.respond(200, { grants: files.map((file) => this.issue(file)) })
    else if (call.action === 'presign-parts')
      call.respond(200, { parts: partNumbers.map((partNumber) => this.signedPart(id, partNumber)), expiresIn: 900 })
    else if (call.action === 'list-parts')
      call.respond(200, {
        parts: [...(parts ?? [])].map(([partNumber, size]) => ({ partNumber, etag: `"${partNumber}"`, size })),
      })
    else if (call.action === 'complete') {
      if (parts !== undefined)
        this.stored.set(
          id,
          [...parts.values()].reduce((sum, size) => sum + size, 0),
        )
      const size = this.stored.get(id)
      if (size === undefined) call.respond(404, { error: { code: 'not-stored', message: '' } })
      else call.respond(200, { id, size })
    } else if (call.action === 'describe')
      call.respond(200, {
        files: ids.map((each) => ({
          id: each,
          name: `${each}.pdf`,
          size: 5,
          type: 'application/pdf',
          url: `https://storage.test/get/${each}`,
          expiresIn: 60,
        })),
      })
    else if (call.action === 'discard') {
      this.discarded.push(...ids)
      call.respond(200, {})
    } else call.respond(200, {})
  }

  private send(request: StorageRequest): Promise<StorageOutcome> {
    return new Promise((resolve, reject) => {
      request.signal.addEventListener('abort', () => reject(request.signal.reason))
      const send: Send = {
        request,
        at: this.clock.now(),
        // No answer at all is a connection that broke, unless a test says that the bytes had all left.
        respond: ({
          status = 200,
          body = '',
          sentBytes = request.listen ? request.body.size : null,
          sentAll = request.listen ? status > 0 : null,
          headers = {},
        } = {}) => {
          if (status < 300 && status > 0) this.store(request)
          resolve({ status, body, header: (name) => headers[name.toLowerCase()] ?? null, sentBytes, sentAll })
        },
      }
      this.sends.push(send)
      if (this.onSend(send) === undefined) send.respond()
    })
  }

  /** Storage takes the bytes of a request, whether or not its answer arrives. */
  store(request: StorageRequest): void {
    const { pathname, searchParams } = new URL(request.url)
    const id = pathname.split('/').at(-1) ?? ''
    const partNumber = searchParams.get('partNumber')
    if (partNumber === null) this.stored.set(id, request.body.size)
    else
      this.parts.set(id, (this.parts.get(id) ?? new Map<number, number>()).set(Number(partNumber), request.body.size))
  }

  /** Numbers of the parts sent, in the order of their requests. */
  get partsSent(): number[] {
    return this.sends.map(({ request }) => Number(new URL(request.url).searchParams.get('partNumber')))
  }
}

export const aFile = (name = 'a.pdf', content: string | number = 'hello', type = 'application/pdf'): File =>
  new File([typeof content === 'number' ? new Uint8Array(content) : content], name, { type, lastModified: 1 })

export const states = (answer: FileAnswer): string[] => answer.getAnswer().entries.map(({ state }) => state)

export const many = (count: number, size = 5): File[] =>
  Array.from({ length: count }, (_, index) => aFile(`${index}.pdf`, size))

export const keyAt = (answer: { getAnswer(): { keys: readonly string[] } }, position = 0): string =>
  answer.getAnswer().keys[position] ?? ''
