/** What the page under test tells of itself; the page and the runner share these types. */
import type { EntryState, Timing } from '../../src/engine.js'

export interface FileSpec {
  readonly name: string
  readonly size: number
}

export interface PageOptions {
  /** Where the row's backend answers. */
  readonly endpoint: string
  readonly timing: Timing
  readonly start: 'now' | 'manual'
  /** Asks for this URL instead of the protocol: a host's own `requestUpload`. */
  readonly requestUpload?: string | undefined
}

export interface EntryReport {
  readonly name: string
  readonly size: number
  readonly state: EntryState
  /** Goes on with the network or the service, at no time of its own. */
  readonly waits: boolean
  readonly id: string | null
  readonly code: string | null
  readonly storageCode: string | null
  readonly hint: string | null
  /** Of the file's bytes as the page reads them now; null where it can't. */
  readonly sha256: string | null
}

export interface Report {
  readonly ids: readonly string[]
  readonly entries: readonly EntryReport[]
  /** Calls of XHR.send and fetch to storage. */
  readonly sends: number
  /** Sends before the queue came to rest; null: it did not. */
  readonly beforeRest: number | null
  /** Calls to the backend by action. */
  readonly calls: Readonly<Record<string, number>>
  /** Codes of rows that were shown as failed or refused, at any time. */
  readonly failed: readonly string[]
  /** Codes given to `onError`. */
  readonly errors: readonly string[]
  /** Codes that rows waited for, as they were seen. */
  readonly waited: readonly string[]
  /** A row's bytes were over its size, or no number. */
  readonly overshot: boolean
  /** The most bytes a row ever showed. */
  readonly seenBytes: number
}

export interface PageUnderTest {
  open(options: PageOptions): void
  /** A React field on the page, in StrictMode; `store`: where its answer lives. */
  mount(options: PageOptions, o: { store: 'inside' | 'outside'; fields: number }): void
  /** The field anew: another key, another place in the tree, or gone. */
  remount(how: 'key' | 'place' | 'gone' | 'back'): void
  add(files: readonly FileSpec[]): void
  addChosen(): void
  addThese(files: readonly File[]): void
  /** A file that says that it has this size, and has a few bytes. */
  addStub(spec: FileSpec): void
  start(): void
  remove(name: string): void
  retry(name: string): void
  pause(name: string): void
  resume(name: string): void
  report(o?: { hashes: boolean }): Promise<Report>
  /** From here on sends, calls and failures are counted. */
  begin(): void
}

declare global {
  interface Window {
    faults: PageUnderTest
  }
}
