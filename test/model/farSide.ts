/**
 * Backend and storage of a schedule: every call and request stays open until the schedule answers it, well or badly,
 * perhaps after its abort. Watches what may never happen on the wire.
 */
import type { StorageOutcome, StorageRequest } from '../../src/engine/environment.js'
import type { CompleteAnswer, GrantBody, UploadRequest } from '../../src/protocol/actions.js'
import type { Backend } from '../../src/protocol/backend.js'
import { FailureError, failure } from '../../src/protocol/failure.js'
import type { VirtualClock } from '../engine/virtualClock.js'
import { asModel, type ModelBlob } from './modelFile.js'
import { failureOf, type Reply, retryAfterMs, statuses } from './replies.js'

/** Sizes over this go in parts. */
export const partSize = 4
/** Up to this many bytes a file goes by form POST, where parts are possible at all. */
const postSize = 2
/** Requests up to this many bytes cost half a connection. */
export const smallBytes = 2
/** Counted in half connections. */
export const budget = 4
/** What is on its way when time is asked for begins; then the engine looks at its plan again. */
const lookMs = 10

export interface Terms {
  /** Seconds that a grant lives; null: not told. */
  readonly life: number | null
  /** A page may read the refusal of an expired grant. */
  readonly readable: boolean
  /** A renewed grant keeps its id. */
  readonly renewsIds: boolean
  /** The backend has presign and discard alone. */
  readonly bare: boolean
  /** The first `complete` of every other file answers that a scan is running. */
  readonly scans: boolean
  /** So many bad replies, of kinds that heal, and no more. */
  readonly patience: number
}

/** What the far side has to know of the field that a call comes from. */
export interface Caller {
  /** There, and not paused. */
  wants(key: string): boolean
  /** Told what was granted, where the answer arrives. */
  granted(ids: readonly string[]): void
  discard(ids: readonly string[]): void
  /** When storage or backend last asked for time. */
  heldAt: number
}

interface Issued {
  readonly key: string
  readonly size: number
  readonly caller: Caller
  readonly method: string
  endsAt: number
}

export interface Open {
  /** Of the files with which it ends. */
  readonly keys: readonly string[]
  readonly aborted: () => boolean
  answer(reply: Reply): void
  progress?(share: number): void
}

export class FarSide {
  readonly issued = new Map<string, Issued>()
  /** Whole objects by id. */
  readonly stored = new Map<string, ModelBlob>()
  readonly abortedUploads = new Set<string>()
  openCalls: Open[] = []
  openSends: Open[] = []
  readonly complaints: string[] = []
  /** For a while all is answered alike, at once. */
  automatic: Reply | null = null
  online = true
  /** Something happened that a person may have to mend. */
  isHopeless = false
  badReplies = 0
  private readonly parts = new Map<string, Map<number, ModelBlob>>()
  private readonly scanned = new Set<string>()
  private readonly underWay = new Map<string, number>()
  private readonly askedAgain = new Set<string>()
  private used = 0
  private lastId = 0

  constructor(
    private readonly clock: VirtualClock,
    private readonly terms: Terms,
  ) {
    // A grant that ends at once, or while its request waits, may be refused twice.
    if (terms.life !== null && terms.life < 900) this.isHopeless = true
  }

  /** Remembered until the judge looks: the engine would take a thrown error for a fault of the backend. */
  check(isSo: boolean, complaint: string): void {
    if (!isSo) this.complaints.push(complaint)
  }

  /** Where there is patience for few bad replies, they are of kinds that heal. */
  private taken(reply: Reply): Reply {
    if (reply === 'good') return reply
    if (this.badReplies >= this.terms.patience) return 'good'
    this.badReplies += 1
    // Who can't be asked what storage holds takes silence, the second time, for a refusal.
    if (this.terms.bare && this.badReplies > 1) this.isHopeless = true
    const heals = reply === 'lost' || reply === 'broken' || reply === 'busy' || reply === 'throttled'
    if (heals) return reply
    if (this.terms.patience < Number.POSITIVE_INFINITY) return 'broken'
    this.isHopeless = true
    return reply
  }

  private call<T>(
    caller: Caller,
    keys: readonly string[],
    signal: AbortSignal,
    good: (isTold: boolean) => T,
    isToEnd = true,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const open: Open = {
        keys: isToEnd ? keys : [],
        aborted: () => signal.aborted,
        answer: (asked) => {
          this.openCalls = this.openCalls.filter((each) => each !== open)
          const reply = this.taken(asked)
          // Links are asked for beside the queue, and nobody hears what was asked for a file that left.
          const isHeard = !signal.aborted && this.online && keys.some((key) => caller.wants(key))
          if (reply === 'throttled' && isHeard) caller.heldAt = this.clock.now()
          if (reply === 'senseless' || reply === 'refused') for (const key of keys) this.askedAgain.add(key)
          if (reply === 'good') {
            try {
              resolve(good(true))
            } catch (thrown) {
              reject(thrown)
            }
          } else {
            // Done, but the answer is lost: the client never hears of it.
            if (reply === 'lost') {
              try {
                good(false)
              } catch {
                // Nobody hears that either.
              }
            }
            reject(new FailureError(failureOf(reply)))
          }
        },
      }
      this.openCalls.push(open)
      if (this.automatic !== null) open.answer(this.automatic)
    })
  }

  /** What may begin neither offline nor while time was asked for. */
  private begins(caller: Caller, what: string): void {
    this.check(this.online || what === 'a part', `${what} begins offline`)
    const since = this.clock.now() - caller.heldAt
    this.check(since <= lookMs || since >= retryAfterMs, `${what} begins before Retry-After is over`)
  }

  backendOf(caller: Caller): Backend {
    const keyOf = (id: string) => this.issued.get(id)?.key ?? ''
    const core: Backend = {
      requestUploads: (files, { signal }) => {
        // One bad answer is asked about at once, by the same work.
        if (!files.every(({ key }) => this.askedAgain.delete(key))) this.begins(caller, 'a call for grants')
        for (const { key } of files) this.check(caller.wants(key), 'a grant is asked for a file that left or is paused')
        const keys = files.map(({ key }) => key)
        return this.call(caller, keys, signal, (isTold) => {
          const grants = files.map((file) => this.issue(file, caller))
          if (isTold) caller.granted(grants.map(({ id }) => String(id)))
          return { grants }
        })
      },
      discardFiles: (ids) => {
        caller.discard(ids)
        return Promise.resolve({})
      },
    }
    if (this.terms.bare) return core
    return {
      ...core,
      requestParts: ({ id, partNumbers }, { signal }) =>
        this.call(caller, [keyOf(id)], signal, () => ({
          parts: partNumbers.map((partNumber) => part(id, partNumber)),
          expiresIn: 900,
        })),
      listParts: ({ id }, { signal }) =>
        this.call(caller, [keyOf(id)], signal, () => {
          if (this.stored.has(id)) throw new FailureError(failure('not-stored', { status: 404 }))
          const listed = [...(this.parts.get(id) ?? [])]
          return { parts: listed.map(([partNumber, { size }]) => ({ partNumber, etag: 'x', size })) }
        }),
      complete: ({ id }, { signal }) => {
        const what = `complete ${id}`
        this.underWay.set(what, (this.underWay.get(what) ?? 0) + 1)
        this.check(this.underWay.get(what) === 1, 'two completes of one file at once')
        const end = () => this.underWay.set(what, 0)
        signal.addEventListener('abort', end)
        // It goes on without its file, which may come back: another one at the same time would fail.
        return this.call(caller, [keyOf(id)], signal, () => this.complete(id), false).finally(end)
      },
      abort: ({ id }) => {
        this.abortedUploads.add(id)
        return Promise.resolve({})
      },
      describeFiles: (ids, { signal }) =>
        this.call(caller, [], signal, () => ({
          files: ids.map((id) => ({ id, name: id, size: 1, type: 'text/plain', url: 'https://s.test/x' })),
        })),
    }
  }

  private complete(id: string): CompleteAnswer {
    const { size = 0, key = '' } = this.issued.get(id) ?? {}
    const parts = [...(this.parts.get(id) ?? [])].sort(([one], [other]) => one - other).map(([, piece]) => piece)
    const first = parts[0]
    if (first !== undefined && !this.stored.has(id)) {
      const isWhole =
        parts.every((piece, index) => piece.start === index * partSize && piece.source === first.source) &&
        parts.at(-1)?.end === size
      if (isWhole) this.stored.set(id, { ...first, size, start: 0, end: size } as ModelBlob)
    }
    const object = this.stored.get(id)
    if (object === undefined) throw new FailureError(failure('not-stored', { status: 404 }))
    if (this.terms.scans && key.charCodeAt(key.length - 1) % 2 === 0 && !this.scanned.has(id)) {
      this.scanned.add(id)
      return { id, status: 'checking', retryAfter: 1 }
    }
    return { id, size: object.size }
  }

  private issue({ key, size, id: renews }: UploadRequest, caller: Caller): GrantBody & { key: string } {
    const { life, bare, renewsIds } = this.terms
    const id = (renewsIds ? renews : undefined) ?? `id${++this.lastId}`
    const method = bare ? 'PUT' : size <= postSize ? 'POST' : size <= partSize ? 'PUT' : 'MULTIPART'
    this.issued.set(id, { key, size, caller, method, endsAt: this.clock.now() + (life ?? 900) * 1_000 })
    const common = { key, id, ...(life === null ? {} : { expiresIn: life }) }
    const url = `https://storage.test/${id}`
    if (method === 'PUT') return { ...common, method, url, headers: {} }
    if (method === 'POST') return { ...common, method, url, fields: { key: id } }
    return { ...common, method, upload: `upload-${id}`, partSize, parts: [part(id, 1)] }
  }

  send(request: StorageRequest): Promise<StorageOutcome> {
    const [id = '', number] = request.url.slice('https://storage.test/'.length).split('?part=')
    const grant = this.issued.get(id)
    const { key = '', caller, method } = grant ?? {}
    const body = asModel(request.body)
    const what = number === undefined ? key : `${id}/${number}`
    const cost = body.size <= smallBytes ? 1 : 2
    this.check(!request.signal.aborted, 'a request begins after its abort')
    this.check(caller?.wants(key) === true, 'bytes of a file that left or is paused are sent')
    if (caller !== undefined) this.begins(caller, number === undefined ? 'a request' : 'a part')
    this.underWay.set(what, (this.underWay.get(what) ?? 0) + 1)
    this.check(this.underWay.get(what) === 1, 'the same bytes are sent twice at once')
    this.used += cost
    this.check(this.used <= budget, 'the connection budget is exceeded')
    return new Promise((resolve, reject) => {
      let ended = false
      const end = () => {
        if (ended) return
        ended = true
        this.used -= cost
        this.underWay.set(what, 0)
      }
      request.signal.addEventListener('abort', () => {
        end()
        reject(request.signal.reason)
      })
      const open: Open = {
        keys: [key],
        aborted: () => request.signal.aborted,
        progress: (share) => {
          if (!request.signal.aborted && request.listen) request.onProgress?.(Math.floor(body.size * share))
        },
        answer: (asked) => {
          this.openSends = this.openSends.filter((each) => each !== open)
          const isOver = number === undefined && grant !== undefined && this.clock.now() > grant.endsAt
          const reply = isOver ? 'denied' : this.taken(asked)
          // A form overwrites; a PUT is signed `if-none-match`; a part takes the place of the same part.
          const exists = method === 'PUT' && this.stored.has(id)
          if ((reply === 'good' || reply === 'lost') && !exists) {
            if (number === undefined) this.stored.set(id, body)
            else this.parts.set(id, (this.parts.get(id) ?? new Map<number, ModelBlob>()).set(Number(number), body))
          }
          end()
          if (reply === 'throttled' && !request.signal.aborted && this.online && caller !== undefined)
            caller.heldAt = this.clock.now()
          const status = reply === 'good' ? (exists ? 412 : 200) : (statuses[reply] ?? 0)
          resolve({
            status: isOver && !this.terms.readable ? 0 : status,
            body: isOver ? '<Code>AccessDenied</Code>Request has expired' : '',
            header: () => (reply === 'throttled' ? String(retryAfterMs / 1_000) : null),
            sentBytes: null,
            sentAll: reply === 'lost',
          })
        },
      }
      this.openSends.push(open)
      if (this.automatic !== null) open.answer(this.automatic)
    })
  }

  answerAll(reply: Reply): void {
    for (const open of [...this.openCalls, ...this.openSends]) open.answer(reply)
  }
}

const part = (id: string, partNumber: number) => ({ partNumber, url: `https://storage.test/${id}?part=${partNumber}` })
