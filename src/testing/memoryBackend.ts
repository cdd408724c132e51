/**
 * A backend and its storage in memory, for hosts' tests and stories: no server, no network. Every step of every file
 * can be slowed, held, moved and failed by name, so that each state of the field can be shown and kept. Browser-safe.
 * It checks no signatures and keeps nothing beyond the page.
 */
import type { ActionContext, DescribedFile, GrantBody, ServerRules, UploadRequest } from '../protocol/actions.js'
import type { Backend, CallContext, Sendable } from '../protocol/backend.js'
import { FailureError, failure } from '../protocol/failure.js'
import type { StoredFile } from '../protocol/storedFile.js'
import { createHeldSteps, type HeldSteps, type MemoryStep } from './heldSteps.js'

export type { MemoryStep }

/** One step that began, oldest first in {@link MemoryBackend.calls}. */
export interface MemoryCall extends ActionContext {
  readonly step: MemoryStep
  /** Names of the files it is for; empty for ids nobody knows. */
  readonly names: readonly string[]
  /** Ids it is for; empty for a first `presign`. */
  readonly ids: readonly string[]
}

export interface MemoryBackendOptions {
  /** How long each step takes, ms. With more than 0 `send` tells of its progress in ten steps. @default 0 */
  readonly latency?: number
  /** Files of an earlier visit: known to `describe`. */
  readonly files?: readonly StoredFile[]
  /** How bytes are sent. @default 'PUT' */
  readonly method?: 'PUT' | 'POST' | 'MULTIPART'
  /** Bytes of a part. @default 5 MiB */
  readonly partSize?: number
  /** Each file is confirmed by `complete` before it counts. @default false, but multipart always is */
  readonly confirm?: boolean
  /** Seconds for which a grant may be used. @default 900 */
  readonly expiresIn?: number
  /** The server's limits, as `rules` tells them. */
  readonly rules?: ServerRules
  /** Files a call to `presign` is for, at most. @default 1, so that each file can be held and failed by itself */
  readonly largestBatch?: number
  /** Replaces the page's timers in tests on a clock of their own. */
  readonly clock?: { after(delayMs: number, callback: () => void): () => void }
}

/** A {@link Backend} in memory, and the strings it hangs on. Ids are `file-1`, `file-2`… in the order of asking. */
export interface MemoryBackend
  extends Required<Omit<Backend, 'requestRules' | 'largestBatch' | 'looksAtStorage'>>,
    Pick<Backend, 'requestRules' | 'largestBatch'>,
    Pick<HeldSteps, 'hold' | 'release' | 'fail' | 'heal'> {
  /** Tells that a share (0 to 1) of a file's bytes is sent: now where it is being sent, else once it is. */
  progress(name: string, share: number): void
  /** What is stored now: id → bytes, in the order of storing. */
  readonly stored: ReadonlyMap<string, Blob>
  /** Ids that were handed back, in order. */
  readonly discarded: readonly string[]
  /** Every step that began. */
  readonly calls: readonly MemoryCall[]
}

/** Where grants point. Never reached: `send` takes the bytes. `.invalid` is reserved for names that never exist (RFC 2606). */
export const memoryStorageUrl = 'https://storage.invalid/'

interface MemoryFile extends Pick<UploadRequest, 'key' | 'name' | 'size' | 'type'> {
  readonly id: string
  readonly parts: Map<number, Blob>
}

const pageClock = {
  after(delayMs: number, callback: () => void): () => void {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Makes a backend in memory: `<FileAnswerField backend={createMemoryBackend({ latency: 300 })} … />`. */
export function createMemoryBackend(options: MemoryBackendOptions = {}): MemoryBackend {
  const { latency = 0, method = 'PUT', partSize = 5 * 1024 * 1024, expiresIn = 900, rules } = options
  const { confirm = false, clock = pageClock } = options
  const known = new Map((options.files ?? []).map((file) => [file.id, file]))
  const files = new Map<string, MemoryFile>()
  const stored = new Map<string, Blob>()
  const discarded: string[] = []
  const calls: MemoryCall[] = []
  const steps = createHeldSteps()
  const { isHeld, failureFor, untilReleased } = steps
  const shares = new Map<string, number>()
  const sending = new Set<{ readonly name: string; tell(share: number): void }>()
  let issued = 0

  const nameOf = (id: string): string | undefined => files.get(id)?.name ?? known.get(id)?.name

  function wait(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        cancel()
        reject(signal.reason)
      }
      const cancel = clock.after(delayMs, () => {
        signal.removeEventListener('abort', leave)
        resolve()
      })
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  function write(step: MemoryStep, ids: readonly string[], names: readonly string[], c: CallContext): void {
    const { field, context, signal } = c
    calls.push({
      step,
      ids,
      names,
      ...(field === undefined ? {} : { field }),
      ...(context === undefined ? {} : { context }),
    })
    if (signal.aborted) throw signal.reason
  }

  /** The way of every call: it is written down, takes its time, and waits while it is held. */
  async function begin(step: MemoryStep, ids: readonly string[], names: readonly string[], c: CallContext) {
    write(step, ids, names, c)
    if (latency > 0) await wait(latency, c.signal)
    await untilReleased(step, names, c.signal)
  }

  async function about(step: MemoryStep, ids: readonly string[], c: CallContext): Promise<void> {
    const names = ids.flatMap((id) => nameOf(id) ?? [])
    await begin(step, ids, names, c)
    const failed = failureFor(step, names)
    if (failed !== null) throw new FailureError(failed)
  }

  function issue({ key, name, size, type, id: renews }: UploadRequest): MemoryFile {
    const renewed = renews === undefined ? undefined : files.get(renews)
    if (renewed !== undefined) return renewed
    do issued += 1
    while (known.has(`file-${issued}`))
    const file = { id: `file-${issued}`, key, name, size, type, parts: new Map<number, Blob>() }
    files.set(file.id, file)
    return file
  }

  const urlOf = (id: string, partNumber?: number): string =>
    `${memoryStorageUrl}${id}${partNumber === undefined ? '' : `?partNumber=${partNumber}`}`
  const signedParts = (id: string, partNumbers: readonly number[]) =>
    partNumbers.map((partNumber) => ({ partNumber, url: urlOf(id, partNumber) }))

  function grantFor({ id, key, size, type }: MemoryFile): GrantBody {
    const common = { key, id, expiresIn, ...(confirm ? { confirm } : {}) }
    if (method === 'PUT') return { ...common, method, url: urlOf(id), headers: { 'content-type': type } }
    // The URL of a form is the same for all; its fields tell the file.
    if (method === 'POST')
      return { ...common, method, url: memoryStorageUrl, fields: { key: id, 'content-type': type } }
    const first = Math.min(4, Math.max(1, Math.ceil(size / partSize)))
    const partNumbers = Array.from({ length: first }, (_, index) => index + 1)
    return { ...common, method, upload: `upload-${id}`, partSize, parts: signedParts(id, partNumbers) }
  }

  function targetOf(grant: Sendable): { file: MemoryFile; partNumber: number | undefined } {
    const id = 'fields' in grant ? grant.fields.key : new URL(grant.url).pathname.slice(1)
    const file = files.get(id ?? '')
    if (file === undefined) {
      throw new FailureError(failure('denied', { status: 403, hint: 'The memory backend issued no such grant.' }))
    }
    return { file, partNumber: 'partNumber' in grant ? grant.partNumber : undefined }
  }

  /** What a `complete` finds: the stored bytes, put together from parts where there are any. */
  function bytesOf(id: string): Blob | undefined {
    const file = files.get(id)
    if (file === undefined || file.parts.size === 0) return stored.get(id)
    const inOrder = [...file.parts].sort(([a], [b]) => a - b).map(([, part]) => part)
    return new Blob(inOrder, { type: file.type })
  }

  function describe(id: string): DescribedFile | undefined {
    const url = `${memoryStorageUrl}${encodeURIComponent(id)}`
    const file = known.get(id)
    if (file !== undefined) return { url, ...file }
    const { name, type } = files.get(id) ?? {}
    const bytes = stored.get(id)
    if (name === undefined || type === undefined || bytes === undefined) return undefined
    return { id, name, size: bytes.size, type, url, expiresIn }
  }

  return {
    stored,
    discarded,
    calls,
    largestBatch: options.largestBatch ?? 1,

    hold: steps.hold,
    release: steps.release,
    fail: steps.fail,
    heal: steps.heal,
    progress(name, share) {
      shares.set(name, share)
      for (const each of sending) if (each.name === name) each.tell(share)
    },

    async requestUploads(requests, c) {
      const names = requests.map(({ name }) => name)
      await begin(
        'presign',
        requests.flatMap(({ id }) => id ?? []),
        names,
        c,
      )
      const failed = failureFor('presign', names, true)
      if (failed !== null) throw new FailureError(failed)
      return {
        grants: requests.map((request) => {
          const refused = failureFor('presign', [request.name], false)
          if (refused === null) return grantFor(issue(request))
          const { code, message } = refused
          return { key: request.key, error: { code, ...(message === undefined ? {} : { message }) } }
        }),
      }
    },
    async requestParts({ id, partNumbers }, c) {
      await about('presign-parts', [id], c)
      return { parts: signedParts(id, partNumbers), expiresIn }
    },
    async listParts({ id }, c) {
      await about('list-parts', [id], c)
      const parts = [...(files.get(id)?.parts ?? [])]
      return { parts: parts.map(([partNumber, { size }]) => ({ partNumber, etag: `"${partNumber}"`, size })) }
    },
    async complete({ id }, c) {
      await about('complete', [id], c)
      const names = [nameOf(id) ?? '']
      if (isHeld('check', names)) return { id, status: 'checking', retryAfter: 1 }
      const refused = failureFor('check', names)
      if (refused !== null) throw new FailureError(refused)
      const bytes = bytesOf(id)
      if (bytes === undefined) throw new FailureError(failure('not-stored', { status: 404 }))
      stored.set(id, bytes)
      return { id, size: bytes.size }
    },
    async abort({ id }, c) {
      await about('abort', [id], c)
      files.get(id)?.parts.clear()
      return {}
    },
    async describeFiles(ids, c) {
      await about('describe', ids, c)
      return { files: ids.map((id) => describe(id) ?? { id, error: { code: 'gone' } }) }
    },
    async discardFiles(ids, c) {
      await about('discard', ids, c)
      for (const id of ids) {
        discarded.push(id)
        stored.delete(id)
      }
      return {}
    },
    ...(rules === undefined
      ? {}
      : {
          async requestRules(c: CallContext) {
            await about('rules', [], c)
            return { rules }
          },
        }),
    async send(grant, body, { signal, onProgress }) {
      const { file, partNumber } = targetOf(grant)
      const { id, name, parts } = file
      const one = { name, tell: (share: number) => onProgress(Math.round(body.size * share)) }
      write('send', [id], [name], { signal })
      sending.add(one)
      try {
        const share = shares.get(name)
        if (share !== undefined) one.tell(share)
        for (let step = 1; step <= 10 && latency > 0 && !isHeld('send', [name]); step += 1) {
          await wait(latency / 10, signal)
          if (step < 10) one.tell(step / 10)
        }
        await untilReleased('send', [name], signal)
        const failed = failureFor('send', [name])
        if (failed !== null) throw new FailureError(failed)
        one.tell(1)
        if (partNumber === undefined) stored.set(id, body)
        else parts.set(partNumber, body)
      } finally {
        sending.delete(one)
      }
    },
  }
}
