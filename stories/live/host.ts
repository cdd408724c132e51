/// <reference types="vite/client" />
/** Where the live story's files go: to the storage behind the dev server, or nowhere but this page. */
import type { Source } from 'file-answer-field/engine'
import { createMemoryBackend } from 'file-answer-field/testing'

export interface SavedFile {
  readonly name: string
  readonly url: string
}

export interface Host {
  readonly source: Source
  /** Sends a form; gives the files of its answer, to download. */
  save(form: FormData): Promise<readonly SavedFile[]>
}

const served: Host = {
  source: { endpoint: '/live/uploads' },
  async save(form) {
    const response = await fetch('/live/answers', { method: 'POST', body: form })
    if (!response.ok) throw new Error(`The answer was refused: ${await response.text()}`)
    return ((await response.json()) as { files: SavedFile[] }).files
  },
}

function inThisPage(): Host {
  const backend = createMemoryBackend({ latency: 300 })
  return {
    source: { backend },
    save: async (form) =>
      form.getAll('documents').map((id) => {
        const bytes = backend.stored.get(String(id)) ?? new Blob()
        return { name: bytes instanceof File ? bytes.name : String(id), url: URL.createObjectURL(bytes) }
      }),
  }
}

/** Whether a storage is behind this page: a built catalogue is files alone. */
export const isServed = import.meta.env.DEV

export const createHost = (): Host => (isServed ? served : inThisPage())
