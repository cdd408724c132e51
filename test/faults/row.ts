/** A row of the table: a fault in words, how it is set up, and what must be seen. */
import type { BrowserContext, Page } from 'playwright'
import type { Timing } from '../../src/engine.js'
import type { UploadsOptions } from '../../src/server.js'
import type { Proxy } from './proxy.js'
import type { FileSpec, PageOptions, Report } from './report.js'
import type { Storage } from './storage.js'
import type { Rule } from './wire.js'

export interface Issued {
  readonly id: string
  readonly key: string
  /** Ms. */
  readonly at: number
}

/** Everything a row's own acts have at hand. */
export interface Stage {
  readonly context: BrowserContext
  readonly page: Page
  readonly proxy: Proxy
  readonly storage: Storage
  /** Of the row's keys. */
  readonly prefix: string
  readonly siteUrl: string
  readonly options: PageOptions
  /** Every grant of the backend, in the order of issue. */
  readonly issued: readonly Issued[]
  /** The process group of a browser of the row's own. */
  readonly group: number | null
  /** What the page's console was told. */
  readonly said: readonly string[]
  /** A directory of the row's own. */
  readonly directory: string
  add(...files: readonly FileSpec[]): Promise<void>
  /** Files of the disk, as the chooser gives them. */
  choose(...paths: readonly string[]): Promise<void>
  report(): Promise<Report>
  /** Waits until the page's report is so. */
  until(isSo: (report: Report) => boolean): Promise<Report>
  /** Waits until nothing is pending. */
  ended(): Promise<Report>
}

export type Between = number | readonly [least: number, most: number]

/** How the backend differs from ours: sees each call before (`next`) and after. */
export type Api = (
  body: { action: string } & Record<string, unknown>,
  next: () => Promise<Response>,
) => Promise<Response>

export interface Expected {
  /** What each file ends as: `done`, or the code it is told with; one for all, or one for each. @default 'done' */
  readonly ends?: string | readonly string[]
  /** Calls of XHR.send and fetch to storage. */
  readonly sends?: Between
  /** Requests on the wire. */
  readonly wire?: Partial<Record<'OPTIONS' | 'PUT' | 'POST', Between>>
  /** Calls to the backend. */
  readonly calls?: Readonly<Record<string, Between>>
  /** Codes shown meanwhile although all ends well. @default none */
  readonly shown?: readonly string[]
  /** Codes that rows waited for meanwhile. */
  readonly waited?: readonly string[]
  /** Fits the hint of each file that is told. */
  readonly hint?: RegExp
  readonly storageCode?: string
  /** Objects that no id of the answer is for. @default 0 */
  readonly others?: number
  /** The stored bytes are the file's as the page reads it at the end, where it can. @default true */
  readonly sameBytes?: boolean
  readonly also?: (stage: Stage, report: Report) => Promise<void> | void
}

export interface Row {
  /** Number in the list of faults. */
  readonly fault: string
  readonly words: string
  readonly by?: 'PUT' | 'POST' | 'MULTIPART'
  /** Bytes of each file. @default 1 MiB */
  readonly size?: number
  /** @default 1 */
  readonly files?: number
  /** `reused`: a small upload goes first, and leaves its connection. */
  readonly connection?: 'fresh' | 'reused'
  readonly wire?: readonly Rule[] | ((stage: Stage) => readonly Rule[])
  readonly api?: (o: { storage: Storage; prefix: string; publicEndpoint: string }) => Api
  readonly server?: Partial<UploadsOptions>
  readonly timing?: Partial<Timing>
  readonly start?: 'manual'
  readonly requestUpload?: boolean
  /** Of the page's address. */
  readonly query?: string
  /** A browser of its own: it is stopped, or keeps pages that were left. */
  readonly alone?: boolean
  /** A context of its own, set up so before its page opens. */
  readonly own?: (context: BrowserContext) => Promise<unknown>
  /** The row's act opens the page's answer by itself. */
  readonly mounts?: true
  /** @default adds the files */
  readonly act?: (stage: Stage) => Promise<void>
  readonly expect?: Expected
}
