/** What the measuring side calls in each page: files made before the clock starts, then one timed upload. */
import { bytesOf, nameOf } from '../lib/content.mjs'
import type { Workload } from '../lib/workloads.mjs'

export interface Task {
  readonly workload: Workload
  readonly variant: string
}

/** Puts the page in order and gives back what begins the upload; that resolves once all is stored and shown. */
export type Prepare = (files: readonly File[], task: Task) => Promise<() => Promise<void>>

declare global {
  interface Window {
    bench: { prepare(task: Task): Promise<void>; run(): Promise<number> }
  }
}

async function fileOf(index: number, size: number): Promise<File> {
  const file = new File([bytesOf(index, 0, size)], nameOf(index), { type: 'application/octet-stream' })
  // The browser's own process takes the bytes over in the background: reading the last one waits for that.
  if (size > 1024 * 1024) await file.slice(size - 1).arrayBuffer()
  return file
}

export function expose(prepare: Prepare): void {
  let start: (() => Promise<void>) | null = null
  window.bench = {
    async prepare(task) {
      const { count, size } = task.workload
      const files = await Promise.all(Array.from({ length: count }, (_, index) => fileOf(index, size)))
      start = await prepare(files, task)
    },
    async run() {
      if (start === null) throw new Error('Nothing was prepared.')
      const began = performance.now()
      await start()
      return (performance.now() - began) / 1000
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
