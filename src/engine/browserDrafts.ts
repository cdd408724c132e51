/** Drafts in IndexedDB, by idb-keyval; one tab at a time by Web Locks. Touches globals, as `environment.ts` does. */
import { createStore, del, delMany, get, keys, set } from 'idb-keyval'
import { letGo } from './browserPage.js'
import type { DraftStorage } from './environment.js'

const database = 'file-answer-field'
/** By name. */
const drafts = createStore(database, 'drafts')
/** By `[name, key]`; in a database of their own, so that a draft never waits for a large file to be written. */
const files = createStore(`${database}-files`, 'files')
const scoped = (name: string) => `${database}:${name}`

async function fileKeys(name: string): Promise<string[]> {
  return (await keys(files)).flatMap((key) => (Array.isArray(key) && key[0] === name ? [String(key[1])] : []))
}

const deleteFiles = (name: string, left: readonly string[]) =>
  delMany(
    left.map((key) => [name, key]),
    files,
  )

export const browserDrafts: DraftStorage = {
  now: Date.now,
  names: async () => (await keys(drafts)).map(String),
  read: (name) => get(name, drafts),
  async write(name, draft) {
    if (draft !== null) return set(name, draft, drafts)
    await del(name, drafts)
    await deleteFiles(name, await fileKeys(name))
  },
  fileKeys,
  readFile: (name, key) => get([name, key], files),
  writeFile: (name, key, file) => set([name, key], file, files),
  deleteFiles,
  lock: (name, signal) =>
    new Promise((resolve, reject) => {
      // Insecure pages have no locks, and old browsers neither: then two tabs could send the same file.
      if (navigator.locks === undefined) throw new Error('This page has no Web Locks; they need https.')
      navigator.locks
        .request(scoped(name), signal === undefined ? { ifAvailable: true } : { signal }, (lock) => {
          if (lock === null) return resolve(null)
          return new Promise<void>((release) => resolve(release))
        })
        .catch(reject)
    }),
  tabs(name, onWritten) {
    const channel = new BroadcastChannel(scoped(name))
    channel.onmessage = onWritten
    return { tell: () => channel.postMessage(null), close: () => channel.close() }
  },
  onHidden(callback) {
    const page = document
    const whenHidden = () => {
      if (page.visibilityState === 'hidden') callback()
    }
    page.addEventListener('visibilitychange', whenHidden)
    addEventListener('pagehide', callback)
    return () => {
      page.removeEventListener('visibilitychange', whenHidden)
      letGo('pagehide', callback)
    }
  },
}
