/**
 * A person, a host, a backend and a storage that do what a schedule tells, and a judge who watches: which ids were
 * ever given, which bytes ever stored, which calls began for whom. Everything on a virtual clock.
 */
import { expect } from 'vitest'
import { answerIdOf } from '../../src/answer/answer.js'
import { heldBy } from '../../src/answer/entry.js'
import { idsOf } from '../../src/answer/selectors.js'
import { createConnections } from '../../src/engine/connections.js'
import type { Environment, StorageOutcome, StorageRequest } from '../../src/engine/environment.js'
import { createFileAnswer, type FileAnswer } from '../../src/engine/fileAnswer.js'
import type { CompleteAnswer, GrantBody, UploadReference, UploadRequest } from '../../src/protocol/actions.js'
import type { Backend } from '../../src/protocol/backend.js'
import { FailureError, failure } from '../../src/protocol/failure.js'
import { VirtualClock } from '../engine/virtualClock.js'

/** Sizes over this go in parts. */
const partSize = 4
export const budget = 4

/** How a call to the backend, or a request to storage, ends. */
export type Reply = 'good' | 'lost' | 'broken' | 'busy' | 'throttled' | 'refused' | 'senseless'

export type Step =
  | { readonly do: 'add'; readonly sizes: readonly number[] }
  | { readonly do: 'remove' | 'undo' | 'retry' | 'echo' | 'lateEcho'; readonly pick: number }
  | { readonly do: 'move'; readonly pick: number; readonly to: number }
  | { readonly do: 'retryAll' | 'reset' | 'echoNewest' | 'goOffline' | 'goOnline' | 'holdUndo' | 'letUndoGo' }
  | { readonly do: 'instruct'; readonly keep: readonly boolean[]; readonly turned: boolean; readonly foreign: boolean }
  | { readonly do: 'answerCall' | 'answerSend'; readonly pick: number; readonly reply: Reply }
  | { readonly do: 'answerAll' }
  /** For a while everything is answered alike, at once: an outage, or fair weather. */
  | { readonly do: 'spell'; readonly reply: Reply; readonly ms: number }
  | { readonly do: 'wait'; readonly ms: number }

interface Open {
  readonly aborted: () => boolean
  answer(reply: Reply): void
}

const replyFailure = (reply: Reply) => {
  switch (reply) {
    case 'busy':
      return failure('server', { status: 503 })
    case 'throttled':
      return failure('rate-limited', { status: 429, retryAfterMs: 3_000 })
    case 'refused':
      return failure('closed', { status: 422 })
    case 'senseless':
      return failure('server', { status: 200 })
    default:
      return failure('network', { status: 0 })
  }
}

export class ModelWorld {
  readonly clock = new VirtualClock()
  readonly answer: FileAnswer
  /** Ids the host gave: never discarded. */
  readonly hostIds = new Set<string>()
  /** Ids of which the client was told. */
  readonly toldIds = new Set<string>()
  /** Bytes in storage: id → size. */
  readonly stored = new Map<string, number>()
  readonly parts = new Map<string, Map<number, number>>()
  readonly discarded: string[] = []
  readonly emissions: string[][] = []
  /** Stored ids that an instruction or a reset took out: they belong to nobody, and are not discarded. */
  readonly dropped = new Set<string>()
  private readonly keyOf = new Map<string, string>()
  private readonly sizeOf = new Map<string, number>()
  private openCalls: Open[] = []
  private openSends: Open[] = []
  private sendsInFlight = new Map<string, number>()
  private readonly complaints: string[] = []
  private echoed = 0
  private committed: string[] | null = null
  private lastKey = 0
  private lastId = 0
  private names = 0
  private online = true
  private automatic: Reply | null = null
  private seed: number
  private readonly networkListeners = new Set<() => void>()

  constructor(options: { controlled: boolean; restored: readonly string[]; seed: number }) {
    this.seed = options.seed
    for (const id of options.restored) this.hostIds.add(id)
    this.answer = createFileAnswer({
      backend: this.backend(),
      defaultValue: options.restored,
      environment: this.environment(),
      connections: createConnections(budget),
      timing: { sending: 3, restAfter: 3, connectionBudget: budget, sendTries: 4, callTries: 3 },
    })
    this.answer.listen({ onChange: (ids) => this.emissions.push(ids) })
    if (options.controlled) this.commit([...options.restored])
  }

  private environment(): Environment {
    return {
      clock: this.clock,
      // A small generator: the same seed gives the same run.
      random: () => {
        this.seed = (this.seed * 1_103_515_245 + 12_345) % 2_147_483_648
        return this.seed / 2_147_483_648
      },
      randomKey: () => `key${++this.lastKey}`,
      pageIsSecure: false,
      warn: () => {},
      network: {
        isOnline: () => this.online,
        onChange: (listener) => {
          this.networkListeners.add(listener)
          return () => this.networkListeners.delete(listener)
        },
        fetch: () => Promise.reject(new Error('The model has no endpoint')),
        isForbidden: () => Promise.resolve(false),
        tellsUploads: () => true,
        send: (request) => this.send(request),
      },
    }
  }

  /** Remembered until the judge looks: the engine would take a thrown error for a fault of the backend. */
  private check(isSo: boolean, complaint: string): void {
    if (!isSo) this.complaints.push(complaint)
  }

  private keysThere(): ReadonlySet<string> {
    return new Set(this.answer.getAnswer().keys)
  }

  /** A call that the schedule answers, perhaps after its abort: hosts' code may ignore signals. */
  private call<T>(signal: AbortSignal, good: (isTold: boolean) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const open: Open = {
        aborted: () => signal.aborted,
        answer: (reply) => {
          this.openCalls = this.openCalls.filter((each) => each !== open)
          if (reply === 'good') {
            try {
              resolve(good(true))
            } catch (thrown) {
              reject(thrown)
            }
          } else {
            // Done, but the answer is lost: the client never hears of it.
            if (reply === 'lost') good(false)
            reject(new FailureError(replyFailure(reply)))
          }
        },
      }
      this.openCalls.push(open)
      if (this.automatic !== null) open.answer(this.automatic)
    })
  }

  private backend(): Backend {
    return {
      requestUploads: (files, { signal }) => {
        for (const { key } of files) this.check(this.keysThere().has(key), 'a grant is asked for a file that left')
        return this.call(signal, (isTold) => {
          const grants = files.map((file) => this.issue(file))
          if (isTold) for (const { id } of grants) this.toldIds.add(String(id))
          return { grants }
        })
      },
      requestParts: ({ id, partNumbers }, { signal }) =>
        this.call(signal, () => ({
          parts: partNumbers.map((partNumber) => this.part(id, partNumber)),
          expiresIn: 900,
        })),
      listParts: ({ id }, { signal }) =>
        this.call(signal, () => ({
          parts: [...(this.parts.get(id) ?? [])].map(([partNumber, size]) => ({ partNumber, etag: 'x', size })),
        })),
      complete: ({ id }: UploadReference, { signal }) =>
        this.call(signal, (): CompleteAnswer => {
          const parts = this.parts.get(id)
          if (parts !== undefined) {
            const sum = [...parts.values()].reduce((total, size) => total + size, 0)
            if (sum === this.sizeOf.get(id)) this.stored.set(id, sum)
          }
          const size = this.stored.get(id)
          if (size === undefined) throw new FailureError(failure('not-stored', { status: 404 }))
          return { id, size }
        }),
      abort: () => Promise.resolve({}),
      describeFiles: (ids, { signal }) =>
        this.call(signal, () => ({
          files: ids.map((id) => ({ id, name: id, size: 1, type: 'text/plain', url: 'https://s.test/x' })),
        })),
      discardFiles: async (ids) => {
        for (const id of ids) {
          this.check(!this.hostIds.has(id), `${id} of the host is discarded`)
          this.check(!this.discarded.includes(id), `${id} is discarded twice`)
          this.check(!this.idsHeld().includes(id), `${id} is discarded while the answer holds it`)
          this.check(!this.committed?.includes(id), `${id} is discarded while the value holds it`)
          this.check(!this.dropped.has(id), `${id} is discarded that the host took out`)
          this.discarded.push(id)
        }
        return {}
      },
    }
  }

  /** Ids of entries, of removals that can be undone, and of grants held. */
  private idsHeld(): string[] {
    const { entries, removals } = this.answer.getAnswer()
    return [...entries, ...removals.map(({ entry }) => entry)].flatMap(
      (entry) => answerIdOf(entry) ?? heldBy(entry)?.grant.id ?? [],
    )
  }

  private part = (id: string, partNumber: number) => ({
    partNumber,
    url: `https://storage.test/${id}?part=${partNumber}`,
  })

  private issue({ key, size, id: renews }: UploadRequest): GrantBody & { key: string } {
    const id = renews ?? `id${++this.lastId}`
    this.keyOf.set(id, key)
    this.sizeOf.set(id, size)
    const common = { key, id, expiresIn: 900 }
    if (size <= partSize) return { ...common, method: 'PUT', url: `https://storage.test/${id}`, headers: {} }
    return { ...common, method: 'MULTIPART', upload: `upload-${id}`, partSize, parts: [this.part(id, 1)] }
  }

  private send(request: StorageRequest): Promise<StorageOutcome> {
    const url = new URL(request.url)
    const id = url.pathname.slice(1)
    const part = url.searchParams.get('part')
    const what = `${id}/${part ?? ''}`
    this.check(!request.signal.aborted, 'a request begins after its abort')
    this.check(this.keysThere().has(this.keyOf.get(id) ?? ''), 'bytes of a file that left are sent')
    this.sendsInFlight.set(what, (this.sendsInFlight.get(what) ?? 0) + 1)
    this.check(this.sendsInFlight.get(what) === 1, 'the same bytes are sent twice at once')
    const inAll = [...this.sendsInFlight.values()].reduce((sum, count) => sum + count, 0)
    this.check(inAll <= budget, 'the connection budget is exceeded')
    return new Promise((resolve, reject) => {
      const end = () => this.sendsInFlight.set(what, 0)
      request.signal.addEventListener('abort', () => {
        end()
        reject(request.signal.reason)
      })
      const store = () => {
        if (part === null) this.stored.set(id, request.body.size)
        else this.parts.set(id, (this.parts.get(id) ?? new Map<number, number>()).set(Number(part), request.body.size))
      }
      const open: Open = {
        aborted: () => request.signal.aborted,
        answer: (reply) => {
          this.openSends = this.openSends.filter((each) => each !== open)
          const exists = part === null && this.stored.has(id)
          if ((reply === 'good' || reply === 'lost') && !exists) store()
          if (!request.signal.aborted) end()
          const { status = 0 } = reply === 'good' ? { status: exists ? 412 : 200 } : replyFailure(reply)
          const refused = reply === 'refused' ? 400 : reply === 'senseless' ? 403 : status
          // Small requests that don't listen can't tell a broken connection from a lost answer.
          const sentAll = request.listen ? status !== 0 || reply === 'lost' : null
          resolve({ status: refused, body: '', header: () => null, sentBytes: null, sentAll })
        },
      }
      this.openSends.push(open)
      if (this.automatic !== null) open.answer(this.automatic)
    })
  }

  private commit(value: string[]): void {
    this.committed = value
    this.answer.setValue(value)
  }

  /** A host's deliberate change. What it leaves out is nobody's any more. */
  private instruct(value: string[]): void {
    const before = idsOf(this.answer.getAnswer())
    this.commit(value)
    const now = new Set(idsOf(this.answer.getAnswer()))
    for (const id of before) if (!now.has(id)) this.dropped.add(id)
  }

  private pick = <T>(list: readonly T[], number: number): T | undefined => list[number % Math.max(1, list.length)]

  async step(step: Step): Promise<void> {
    const { answer } = this
    const { keys, removals } = answer.getAnswer()
    switch (step.do) {
      case 'add':
        answer.add(step.sizes.map((size) => new File([new Uint8Array(size)], `${++this.names}.bin`)))
        break
      case 'remove':
        answer.remove(this.pick(keys, step.pick) ?? '')
        break
      case 'undo':
        answer.undo(this.pick(removals, step.pick)?.entry.key ?? '')
        break
      case 'retry':
        answer.retry(this.pick(keys, step.pick) ?? '')
        break
      case 'move':
        answer.move(this.pick(keys, step.pick) ?? '', step.to % Math.max(1, keys.length))
        break
      case 'retryAll':
        answer.retryAll()
        break
      case 'reset': {
        const before = idsOf(answer.getAnswer())
        answer.reset()
        for (const id of before) if (this.hostIds.has(id) || this.emissions.flat().includes(id)) this.dropped.add(id)
        break
      }
      case 'echo':
        if (this.committed === null || this.echoed >= this.emissions.length) break
        this.commit(this.emissions[this.echoed] ?? [])
        this.echoed += 1
        break
      case 'lateEcho':
        // The same value committed again, as a host does at each render.
        if (this.committed !== null) this.commit(this.committed)
        break
      case 'echoNewest':
        if (this.committed === null || this.echoed >= this.emissions.length) break
        this.echoed = this.emissions.length
        this.commit(this.emissions.at(-1) ?? [])
        break
      case 'instruct': {
        if (this.committed === null) break
        const kept = (this.emissions.at(-1) ?? this.committed).filter((_, index) => step.keep[index % step.keep.length])
        if (step.turned) kept.reverse()
        // Only a changed value that was not emitted is an instruction: any other can't be told from an echo.
        if (step.foreign || [this.committed, ...this.emissions].some((ids) => ids?.join() === kept.join())) {
          const foreign = `host${this.hostIds.size}`
          this.hostIds.add(foreign)
          kept.push(foreign)
        }
        this.echoed = this.emissions.length
        this.instruct(kept)
        break
      }
      case 'answerCall':
        this.pick(this.openCalls, step.pick)?.answer(step.reply)
        break
      case 'answerSend':
        this.pick(this.openSends, step.pick)?.answer(step.reply)
        break
      case 'answerAll':
        for (const open of [...this.openCalls, ...this.openSends]) open.answer('good')
        break
      case 'spell':
        this.automatic = step.reply
        for (const open of [...this.openCalls, ...this.openSends]) open.answer(step.reply)
        await this.clock.advance(step.ms)
        this.automatic = null
        break
      case 'goOffline':
      case 'goOnline':
        this.online = step.do === 'goOnline'
        for (const listener of this.networkListeners) listener()
        break
      case 'holdUndo':
      case 'letUndoGo':
        answer.holdUndo(step.do === 'holdUndo')
        break
      case 'wait':
        await this.clock.advance(step.ms)
        break
      default:
        step satisfies never
    }
    await this.clock.settle()
    this.judge()
  }

  /** What must hold after every step. */
  judge(): void {
    expect(this.complaints).toEqual([])
    const { entries } = this.answer.getAnswer()
    const ids = idsOf(this.answer.getAnswer())
    expect(new Set(ids).size, 'an id stands twice').toBe(ids.length)
    for (const entry of entries) {
      if (entry.state === 'done') {
        expect(this.stored.get(entry.id), 'an id without its bytes').toBe(entry.size)
        if (!this.hostIds.has(entry.id))
          expect(this.discarded, 'a discarded id is in the answer').not.toContain(entry.id)
      }
      expect(this.answer.sentBytes(entry.key) ?? 0).toBeLessThanOrEqual(entry.state === 'restored' ? 0 : entry.size)
    }
    for (const emitted of this.emissions.slice(-1)) {
      expect(new Set(emitted).size, 'an id is emitted twice').toBe(emitted.length)
      for (const id of emitted) {
        if (!this.hostIds.has(id)) expect(this.stored.has(id), 'an id is emitted without its bytes').toBe(true)
      }
    }
  }

  /** All faults stop. In the end everything is settled, and every grant and every object is somebody's. */
  async heal(): Promise<void> {
    this.automatic = 'good'
    this.answer.holdUndo(false)
    // Coming back from offline heals a resting queue; one that never was offline must find out by itself.
    if (!this.online) await this.step({ do: 'goOnline' })
    for (const open of [...this.openCalls, ...this.openSends]) open.answer('good')
    for (let round = 0; round < 3; round += 1) {
      await this.clock.advance(120_000)
      this.answer.retryAll()
    }
    await this.clock.advance(120_000)
    this.judge()
    const { entries, removals } = this.answer.getAnswer()
    expect(removals).toEqual([])
    expect(
      entries
        .filter(({ state }) => state !== 'done' && state !== 'restored')
        .map(({ key, state }) => `${key} ${state}`),
      'not everything settles',
    ).toEqual([])
    const ids = idsOf(this.answer.getAnswer())
    const last = this.emissions.at(-1)
    if (this.committed === null) expect(last ?? [...this.hostIds]).toEqual(ids)
    // The host takes up what it was given: then nothing holds back what has to be handed back.
    if (this.committed !== null && last !== undefined) {
      for (; this.echoed < this.emissions.length; this.echoed += 1) this.commit(this.emissions[this.echoed] ?? [])
      await this.clock.advance(1_000)
      expect(idsOf(this.answer.getAnswer()), 'an echo changed the answer').toEqual(ids)
      const settled = this.answer.settled()
      await this.clock.advance(2_000)
      expect(await settled).toEqual(ids)
    }
    const accounted = new Set([...ids, ...this.discarded, ...this.dropped])
    expect(
      [...this.toldIds].filter((id) => !accounted.has(id)),
      'ids that nobody discarded',
    ).toEqual([])
  }
}
