/** The page under test: the engine (or the field) as a host has it, and what it does counted from outside of it. */
import { StrictMode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { FileAnswerField } from 'file-answer-field'
import {
  createFileAnswer,
  type Entry,
  type EntryState,
  type FileAnswer,
  type FileAnswerOptions,
  isPending,
} from 'file-answer-field/engine'
import { contentOf } from './content.js'
import type { EntryReport, PageOptions, PageUnderTest, Report } from './report.js'

const counted = {
  sends: 0,
  beforeRest: null as number | null,
  calls: {} as Record<string, number>,
  failed: [] as string[],
  errors: [] as string[],
  waited: new Set<string>(),
  overshot: false,
  seenBytes: 0,
}
let answer: FileAnswer | null = null
let root: Root | null = null

const isStorage = (url: string) => new URL(url, location.href).origin !== location.origin

const { open, send } = XMLHttpRequest.prototype
const targets = new WeakMap<XMLHttpRequest, string>()
XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, method: string, url: string | URL) {
  targets.set(this, String(url))
  open.call(this, method, url, true)
}
XMLHttpRequest.prototype.send = function (this: XMLHttpRequest, body?: XMLHttpRequestBodyInit | null) {
  if (isStorage(targets.get(this) ?? '')) counted.sends += 1
  send.call(this, body)
}
const { fetch } = globalThis
globalThis.fetch = (input, init) => {
  const url = input instanceof Request ? input.url : String(input)
  if (isStorage(url)) counted.sends += 1
  else if (typeof init?.body === 'string') {
    const { action } = JSON.parse(init.body) as { action?: string }
    if (action !== undefined) counted.calls[action] = (counted.calls[action] ?? 0) + 1
  }
  return fetch(input, init)
}

async function hashOf(file: Blob): Promise<string | null> {
  try {
    const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
    return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
  } catch {
    return null
  }
}

function optionsOf({ endpoint, timing, start, requestUpload }: PageOptions): FileAnswerOptions {
  const onEvent: FileAnswerOptions['onEvent'] = ({ type }) => {
    if (type === 'rest') counted.beforeRest ??= counted.sends
  }
  const shared = { timing, start, minSize: 0, onEvent }
  if (requestUpload === undefined) return { ...shared, endpoint }
  return {
    ...shared,
    requestUpload: async ({ size }, { name, type, renew }) => {
      const body = JSON.stringify({ action: 'requestUpload', name, size, type, renew })
      return (await globalThis.fetch(requestUpload, { method: 'POST', body })).json()
    },
  }
}

function watch(watched: FileAnswer): void {
  watched.subscribeNews((news) => {
    if (news.type === 'added') {
      for (const entry of news.rejected) if ('failure' in entry) counted.failed.push(entry.failure.code)
    }
    if (news.type === 'failed' || news.type === 'rejected') counted.failed.push(news.failure.code)
  })
  const followed = new Set<string>()
  watched.subscribe(() => {
    for (const entry of watched.getAnswer().entries) {
      if (entry.state === 'retrying') counted.waited.add(entry.failure.code)
      if (followed.has(entry.key)) continue
      followed.add(entry.key)
      watched.subscribeEntry(entry.key, () => {
        const sent = watched.sentBytes(entry.key)
        if (sent === null || !('size' in entry)) return
        counted.seenBytes = Math.max(counted.seenBytes, sent)
        if (!(sent >= 0 && sent <= entry.size)) counted.overshot = true
      })
    }
  })
}

function running(): FileAnswer {
  if (answer === null) throw new Error('Nothing is open.')
  return answer
}

async function reportOf(entry: Entry, hashes: boolean): Promise<EntryReport> {
  const failure = 'failure' in entry ? entry.failure : null
  const held = 'held' in entry ? entry.held : null
  return {
    name: 'name' in entry ? entry.name : '',
    size: 'size' in entry ? entry.size : 0,
    state: entry.state,
    waits: entry.state === 'retrying' && entry.retryAt === null,
    id: 'id' in entry ? entry.id : (held?.grant.id ?? null),
    code: failure?.code ?? null,
    storageCode: failure?.storageCode ?? null,
    hint: failure?.hint ?? null,
    sha256: hashes && 'file' in entry ? await hashOf(entry.file) : null,
  }
}

function keyOf(name: string): string {
  const entry = running()
    .getAnswer()
    .entries.find((one) => 'name' in one && one.name === name)
  if (entry === undefined) throw new Error(`There is no ${name}.`)
  return entry.key
}

let drawn: { options: PageOptions; store: 'inside' | 'outside'; fields: number } | null = null
let place = { key: 0, nested: false, isThere: true }

function draw(): void {
  if (drawn === null || root === null) return
  const { options, store, fields } = drawn
  const onError = (failure: { code: string }) => void counted.errors.push(failure.code)
  const field = (at: number) =>
    store === 'outside' ? (
      <FileAnswerField
        key={`${place.key}/${at}`}
        label={`Files ${at}`}
        name="files"
        answer={running()}
        onError={onError}
      />
    ) : (
      <FileAnswerField
        key={`${place.key}/${at}`}
        label={`Files ${at}`}
        name="files"
        endpoint={options.endpoint}
        onError={onError}
      />
    )
  const all = Array.from({ length: place.isThere ? fields : 0 }, (_, at) => field(at))
  root.render(<StrictMode>{place.nested ? <section>{all}</section> : all}</StrictMode>)
}

/** What the page shows of a field whose store is its own. */
function shown(): Pick<Report, 'ids' | 'entries'> {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-part=item]')]
  const unknown = { size: 0, waits: false, code: null, storageCode: null, hint: null, sha256: null }
  return {
    ids: [...document.querySelectorAll<HTMLInputElement>('input[type=hidden][name=files]')].map(({ value }) => value),
    entries: rows.map(({ dataset: { state, fileId: id = null } }, at) => ({
      ...unknown,
      name: `${at}`,
      // The contract's `data-state`.
      state: state as EntryState,
      id,
    })),
  }
}

const page: PageUnderTest = {
  open(options) {
    answer = createFileAnswer(optionsOf(options))
    answer.connect()
    answer.listen({ onError: ({ code }) => void counted.errors.push(code) })
    watch(answer)
  },
  mount(options, o) {
    if (o.store === 'outside') {
      answer = createFileAnswer(optionsOf(options))
      watch(answer)
    }
    drawn = { options, ...o }
    root = createRoot(document.getElementById('field') ?? document.body)
    draw()
  },
  remount(how) {
    if (how === 'key') place = { ...place, key: place.key + 1 }
    else if (how === 'place') place = { ...place, nested: !place.nested }
    else place = { ...place, isThere: how === 'back' }
    draw()
  },
  add: (files) => running().add(files.map(({ name, size }) => new File([contentOf(name, size)], name))),
  addChosen() {
    const input = document.getElementById('chosen') as HTMLInputElement
    running().add([...(input.files ?? [])])
  },
  addThese: (files) => running().add(files),
  addStub({ name, size }) {
    running().add([Object.defineProperty(new File(['few bytes'], name), 'size', { value: size })])
  },
  start: () => running().start(),
  remove: (name) => running().remove(keyOf(name)),
  pause: (name) => running().pause(keyOf(name)),
  resume: (name) => running().resume(keyOf(name)),
  retry: (name) => running().retry(keyOf(name)),
  async report({ hashes } = { hashes: false }) {
    const all = { ...counted, waited: [...counted.waited] }
    if (answer === null) return { ...all, ...shown() }
    const { entries } = running().getAnswer()
    return {
      ...all,
      ids: [...running().getIds()],
      entries: await Promise.all(entries.map((entry) => reportOf(entry, hashes && !isPending(entry)))),
    }
  },
  begin() {
    Object.assign(counted, {
      sends: 0,
      beforeRest: null,
      calls: {},
      failed: [],
      errors: [],
      overshot: false,
      seenBytes: 0,
    })
    counted.waited.clear()
  },
}
window.faults = page
