/** A person before the page: files on disk, rows, ids. */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'

/** Bytes that look like nothing, the same for the same seed. */
export function bytesOf(seed: string, size: number): Buffer {
  const block = createHash('sha512').update(seed).digest()
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < size; at += block.length) block.copy(bytes, at)
  // No two blocks are alike, so that no part passes for another.
  for (let at = 0; at + 8 <= size; at += 4096) bytes.writeDoubleLE(at, at)
  return bytes
}

export async function fileOnDisk(directory: string, name: string, size: number, seed = name): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, bytesOf(seed, size))
  return path
}

export const rows = (page: Page) => page.getByRole('listitem')
export const choose = (page: Page, paths: readonly string[]) =>
  page.locator('input[type=file]').setInputFiles([...paths])
export const ids = (page: Page): Promise<string[]> =>
  page.locator('input[type=hidden]').evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value))

/** What the browser keeps, as text. */
export const draft = (page: Page): Promise<string> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const opened = indexedDB.open('file-answer-field')
        opened.onsuccess = () => {
          const all = opened.result.transaction('drafts').objectStore('drafts').getAll()
          all.onsuccess = () => resolve(JSON.stringify(all.result))
        }
      }),
  )

/** Name and state of each row. */
export const seen = (page: Page): Promise<(string | null | undefined)[][]> =>
  rows(page).evaluateAll((items) =>
    items.map((item) => [item.querySelector('[data-part=name]')?.textContent, item.getAttribute('data-state')]),
  )

/** All rows are stored: here, or on an earlier page. */
export async function seeStored(page: Page, names: readonly string[], timeout = 30_000): Promise<void> {
  await expect
    .poll(async () => (await seen(page)).map(([name, state]) => [name, state === 'restored' ? 'done' : state]), {
      timeout,
    })
    .toEqual(names.map((name) => [name, 'done']))
}
