/**
 * What the engine needs of the world: time, chance, the network. Tests replace it; in a browser `browserEnvironment()`
 * puts it together. With the files named `browser…` the only one of ours that touches globals.
 */
import { isForbidden, sendByFetch, sendByXhr, watchPolicy, xhrTellsUploads } from './browserNetwork.js'
import { browserPage } from './browserPage.js'

export interface Clock {
  /** Monotonic ms, on through the machine's sleep: the page's clock may be wrong by a day, or change during an upload. */
  now(): number
  /** Calls back once after `delayMs`. Gives back its cancellation. */
  after(delayMs: number, callback: () => void): () => void
  /** ms from now until an HTTP date; NaN when it is none. By the page's clock, so callers cap it. */
  until(httpDate: string): number
}

/** One request to storage. */
export interface StorageRequest {
  readonly method: 'PUT' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Form fields before the file (POST), or null for a bare body. */
  readonly fields: Readonly<Record<string, string>> | null
  readonly body: Blob
  /** Wants upload events. They cost a preflight where none would be needed, so small requests go without. */
  readonly listen: boolean
  readonly signal: AbortSignal
  onProgress?(sentBytes: number): void
  /** The last byte has left. */
  onSent?(): void
}

/** What came of a request: an answer, or none that the page may read. */
export interface StorageOutcome {
  /** HTTP status; 0: no readable answer. */
  readonly status: number
  readonly body: string
  header(name: string): string | null
  /** Highest count of body bytes that upload events told of; null without events. */
  readonly sentBytes: number | null
  /** Whether the browser said that all bytes had left; null: it was not asked to say. */
  readonly sentAll: boolean | null
}

export interface Network {
  isOnline(): boolean
  /** Calls back when the browser goes offline or comes back. Gives back its end. */
  onChange(callback: () => void): () => void
  fetch(url: string, init: RequestInit): Promise<Response>
  /** A request that listens learns when its bytes have left. False in a test DOM, where all goes by `fetch`. */
  tellsUploads(): boolean
  /** Whether the page's Content-Security-Policy forbids requests to an origin, as far as one that failed has shown. */
  isForbidden(origin: string): Promise<boolean>
  /** Never rejects but by its signal's abort. */
  send(request: StorageRequest): Promise<StorageOutcome>
}

/** Where drafts are kept, and who of several tabs works on one. Every promise may reject: then there is no draft. */
export interface DraftStorage {
  /** Epoch ms, by the page's clock. */
  now(): number
  /** Names of all drafts of this origin. */
  names(): Promise<readonly string[]>
  read(name: string): Promise<unknown>
  /** null: forgets the draft and its files. */
  write(name: string, draft: unknown): Promise<void>
  /** Keys of the files that are kept with a draft. */
  fileKeys(name: string): Promise<readonly string[]>
  readFile(name: string, key: string): Promise<unknown>
  writeFile(name: string, key: string, file: Blob): Promise<void>
  deleteFiles(name: string, keys: readonly string[]): Promise<void>
  /** The right to work on a draft, as its end; null: another tab has it. With a signal it is waited for. */
  lock(name: string, signal?: AbortSignal): Promise<(() => void) | null>
  /** Tells the other tabs of a draft, and hears of what they wrote. Gives back both ends. */
  tabs(name: string, onWritten: () => void): { tell(): void; close(): void }
  /** Calls back when the page may be about to end. Gives back its end. */
  onHidden(callback: () => void): () => void
}

/** The life of the page around an answer. */
export interface Page {
  /**
   * How often it came back so far: out of a freeze or the browser's memory of pages for "back", after a long time out of
   * sight, or from the machine's sleep. Requests that were on their way then may have died without a fault of anybody.
   */
  returns(): number
  /** Calls back when it has come back. Gives back its end. */
  onReturn(callback: () => void): () => void
  /** Has the browser ask before the page is left, until what it gives back is called. */
  guardUnload(): () => void
  /** Keeps the screen on where the browser can, until what it gives back is called. One for the page, whoever asks. */
  keepAwake(): () => void
  /** Chosen files may be readable only once. */
  readonly readsOnce: boolean
}

export interface Environment {
  readonly clock: Clock
  /** 0 ≤ x < 1. */
  random(): number
  /** A random key for an entry. */
  randomKey(): string
  readonly network: Network
  /** Hashes; browsers have none on http pages, and jsdom can't read the bytes to hash. */
  readonly subtle?: Pick<SubtleCrypto, 'digest'> | undefined
  /** Absent where there is none: on a server, in Node. */
  readonly page?: Page | undefined
  /** The page came by https, so storage must too. */
  readonly pageIsSecure: boolean
  /** Hints for developers are kept back. @default false */
  readonly isProduction?: boolean
  /** For developers; never with a URL's query. */
  warn(message: string, cause?: unknown): void
  /** Instead of IndexedDB and Web Locks. @default the browser's, loaded with the first `persist` */
  readonly drafts?: DraftStorage
}

/** As bundlers and Node say it; without a bundler there is no `process`, and it is development. */
const isProduction = (): boolean => {
  try {
    return process.env.NODE_ENV === 'production'
  } catch {
    return false
  }
}

/** Random words drawn ahead: one call for the keys of many files. */
const words = new Uint32Array(3 * 128)
let used = words.length

function randomKey(): string {
  if (used === words.length) {
    used = 0
    if (globalThis.crypto?.getRandomValues?.(words) === undefined)
      for (const index of words.keys()) words[index] = Math.random() * 2 ** 32
  }
  let key = ''
  for (const end = used + 3; used < end; used += 1) key += (words[used] ?? 0).toString(16).padStart(8, '0')
  return key
}

/**
 * The environment of a page. Globals are looked up at each use, so that a test's mocked `fetch` is seen.
 * With `send: 'fetch'` all bytes go by `fetch`: no upload events then.
 */
export function browserEnvironment({ send = 'auto' }: { send?: 'auto' | 'fetch' } = {}): Environment {
  const tellsUploads = () => send === 'auto' && xhrTellsUploads()
  const { now, page } =
    typeof document === 'undefined' ? { now: () => performance.now(), page: undefined } : browserPage()
  return {
    page,
    clock: {
      now,
      after: (delayMs, callback) => {
        // Browsers take 32-bit delays; a longer one would fire at once.
        const timer = setTimeout(callback, Math.min(delayMs, 2 ** 31 - 1))
        return () => clearTimeout(timer)
      },
      until: (httpDate) => Date.parse(httpDate) - Date.now(),
    },
    random: Math.random,
    randomKey,
    network: {
      isOnline: () => globalThis.navigator?.onLine !== false,
      onChange: (callback) => {
        globalThis.addEventListener?.('online', callback)
        globalThis.addEventListener?.('offline', callback)
        return () => {
          globalThis.removeEventListener?.('online', callback)
          globalThis.removeEventListener?.('offline', callback)
        }
      },
      fetch: (url, init) => {
        watchPolicy()
        return globalThis.fetch(url, init)
      },
      tellsUploads,
      isForbidden,
      // A small PUT needs its preflight anyway and `fetch` is simplest; a form by `fetch` costs the page twice an XHR.
      send: (request) =>
        (request.listen || request.fields !== null) && tellsUploads() ? sendByXhr(request) : sendByFetch(request),
    },
    get isProduction() {
      return isProduction()
    },
    get subtle() {
      return 'arrayBuffer' in Blob.prototype ? globalThis.crypto?.subtle : undefined
    },
    pageIsSecure: globalThis.location?.protocol === 'https:',
    warn: (message, cause) => {
      globalThis.console.warn(`[file-answer-field] ${message}`, ...(cause === undefined ? [] : [cause]))
    },
  }
}
