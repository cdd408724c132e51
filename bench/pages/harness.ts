/** What the measuring side calls in each page: files made before the clock starts, then one timed upload. */
import { bytesOf, nameOf } from '../lib/content.mjs'
import type { Scenario } from '../lib/scenarios.mjs'
import { watchPage } from './responsiveness.js'

export interface Task {
  readonly scenario: Scenario
  readonly variant: string
}

/** Puts the page in order and gives back what begins the upload; that resolves once all is stored and shown. */
export type Prepare = (files: readonly File[], task: Task) => Promise<() => Promise<void>>

/** What a page tells of its run. */
export interface PageFigures {
  /** Seconds from the choice until all is stored and shown. */
  readonly wall: number
  /** Time of the choice, in ms by the machine's clock, which the sink reads too. */
  readonly chosenAt: number
  /** From the choice until a frame with the first row is drawn, ms; null for a page without rows. */
  readonly firstFrame: number | null
  /** The longest task of the main thread, ms; 0 if none took 50. */
  readonly longestTask: number
}

declare global {
  interface Window {
    bench: { prepare(task: Task): Promise<void>; run(): Promise<PageFigures> }
  }
}

async function fileOf(index: number, size: number): Promise<File> {
  const file = new File([bytesOf(index, 0, size)], nameOf(index), { type: 'application/octet-stream' })
  // The browser's own process takes the bytes over in the background: reading the last one waits for that.
  if (size > 1024 * 1024) await file.slice(size - 1).arrayBuffer()
  return file
}

/** `row`: a selector of what stands for a file in the page's list, null if there is none. */
export function expose(row: string | null, prepare: Prepare): void {
  let start: (() => Promise<void>) | null = null
  window.bench = {
    async prepare(task) {
      const { count, size } = task.scenario
      const files = await Promise.all(Array.from({ length: count }, (_, index) => fileOf(index, size)))
      start = await prepare(files, task)
    },
    async run() {
      if (start === null) throw new Error('Nothing was prepared.')
      const watch = watchPage(row)
      const chosenAt = Date.now()
      const began = performance.now()
      await start()
      const wall = (performance.now() - began) / 1000
      return { wall, chosenAt, ...(await watch.end()) }
    },
  }
}

export const soon = (ms = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until the list shows so many rows that are done. */
export async function untilShown(selector: string, count: number): Promise<void> {
  while (document.querySelectorAll(selector).length < count) await soon()
}

/** Puts files into the page's input as a chooser would, and gives back what tells the page of them. */
export async function chosen(files: readonly File[]): Promise<() => void> {
  let input = document.querySelector<HTMLInputElement>('input[type=file]')
  for (; input === null; input = document.querySelector('input[type=file]')) await soon()
  const given = input
  const transfer = new DataTransfer()
  for (const file of files) transfer.items.add(file)
  return () => {
    given.files = transfer.files
    given.dispatchEvent(new Event('change', { bubbles: true }))
  }
}

/** A count-down for pages whose library tells of one file at a time. */
export function countdown(count: number): { readonly done: Promise<void>; one(): void; fail(reason: string): void } {
  let left = count
  const { promise, resolve, reject } = withResolvers()
  return {
    done: promise,
    one() {
      left -= 1
      if (left === 0) resolve()
    },
    fail: (reason) => reject(new Error(reason)),
  }
}

export function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (thrown: Error) => void } {
  let resolve = () => {}
  let reject: (thrown: Error) => void = () => {}
  const promise = new Promise<void>((done, failed) => {
    resolve = done
    reject = failed
  })
  return { promise, resolve, reject }
}
