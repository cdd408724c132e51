/** A page with one question, which a test sets up and acts on through `window.stage`. */
import { FileAnswerField } from 'file-answer-field'
import { en } from 'file-answer-field/locales/en'
import { ko } from 'file-answer-field/locales/ko'
import 'file-answer-field/styles.css'
import { chooseFiles, createMemoryBackend, dropFiles, makeFile, pasteFiles } from 'file-answer-field/testing'
import { type ReactElement, type ReactNode, StrictMode, useState } from 'react'
import { createRoot, hydrateRoot, type Root } from 'react-dom/client'
import { renderToString } from 'react-dom/server.browser'
import '../../../src/field/announcer.js'
import { loadAnnouncer } from '../../../src/field/useAnnouncer.js'
import type { FileToAdd, Scene } from './scene.js'

type Backend = ReturnType<typeof createMemoryBackend>
type Step = Parameters<Backend['hold']>[0]

const filesOf = (files: readonly FileToAdd[]): File[] =>
  files.map(({ name, size = 240 * 1024, type }) => {
    const file = makeFile(name, '', ...(type === undefined ? [] : [type]))
    Object.defineProperty(file, 'size', { value: size })
    return file
  })

// What is said is put into words by a chunk, which must not come late on a clock that stands still.
void loadAnnouncer()

let backend: Backend = createMemoryBackend()
const warnings: string[] = []
for (const kind of ['error', 'warn'] as const) {
  const own = console[kind]
  console[kind] = (...told: unknown[]) => {
    warnings.push(told.map(String).join(' '))
    own(...told)
  }
}

const openDialog = (dialog: HTMLDialogElement | null) => {
  if (dialog?.isConnected === true && !dialog.open) dialog.showModal()
}

function Around({ scene, children }: { scene: Scene; children: ReactNode }) {
  const [sent, setSent] = useState<string | null>(null)
  if (scene.around === 'dialog')
    return (
      <dialog ref={openDialog} aria-label="Application">
        <h1>Application</h1>
        {children}
        <button type="button">Close</button>
      </dialog>
    )
  if (scene.around !== 'form') return children
  return (
    <form
      aria-label="Application"
      onSubmit={(event) => {
        event.preventDefault()
        setSent(new FormData(event.currentTarget).getAll('documents').join(','))
      }}
    >
      <label>
        Name <input name="name" />
      </label>
      {children}
      <button type="submit">Send</button>
      {sent === null ? null : <output aria-label="Sent">{sent}</output>}
    </form>
  )
}

/** What is around a field must not be noticed by it: a page with a heading, in a language, a direction and a scheme. */
function Page({ scene }: { scene: Scene }) {
  const { locale = 'en', label = 'Documents', props = {}, endlessCheck, width } = scene
  const messages = locale === 'ko' ? ko : en
  const field = (
    <FileAnswerField
      label={label}
      name="documents"
      messages={messages}
      backend={backend}
      {...(endlessCheck === undefined
        ? {}
        : { validate: ({ name }: File) => (name.startsWith(endlessCheck) ? new Promise<null>(() => {}) : null) })}
      {...props}
    />
  )
  return (
    <main style={width === undefined ? {} : { inlineSize: width }}>
      <h1 style={{ fontSize: '1rem' }}>Application</h1>
      <Around scene={scene}>{field}</Around>
      {scene.second === true ? (
        <FileAnswerField label="Other" name="other" backend={backend} messages={messages} />
      ) : null}
    </main>
  )
}

function setUp(scene: Scene): void {
  const { locale = 'en', dir = 'ltr', scheme = 'light' } = scene
  const page = document.documentElement
  page.lang = locale
  page.dir = dir
  page.style.colorScheme = scheme
  page.style.background = scheme === 'dark' ? '#181c21' : '#fff'
  page.style.color = scheme === 'dark' ? '#eceff3' : '#1b1f24'
  document.body.style.margin = '16px'
  const sheet = document.createElement('style')
  // Rows off screen are not laid out before a frame is painted; tests look at once.
  sheet.textContent = '[data-part=item] { content-visibility: visible }'
  if (scene.unstyled === true) for (const link of document.querySelectorAll('link[rel=stylesheet]')) link.remove()
  document.head.append(sheet)

  backend = createMemoryBackend(scene.backend as Parameters<typeof createMemoryBackend>[0])
  for (const [step, name] of scene.hold ?? []) backend.hold(step as Step, name)
  for (const [step, why, o] of scene.fail ?? []) backend.fail(step as Step, why as string, o)
  for (const [name, share] of scene.progress ?? []) backend.progress(name, share)
}

/** Everything that any status of the page says, from before it is there. */
function hear(heard: { text: string; at: number }[]): void {
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const region = (target instanceof Element ? target : target.parentElement)?.closest('[role=status]')
      const text = region?.textContent ?? ''
      if (text !== '') heard.push({ text, at: Date.now() })
    }
  }).observe(document, { childList: true, characterData: true, subtree: true })
}

const root = () => document.getElementById('root') as HTMLElement
const field = () => document.querySelector('[data-faf-root]') as HTMLElement

let shown: Root | null = null
const heard: { text: string; at: number }[] = []
hear(heard)
window.stage = {
  heard,
  warnings,
  show(scene) {
    shown?.unmount()
    setUp(scene)
    const element: ReactElement = (
      <StrictMode>
        <Page scene={scene} />
      </StrictMode>
    )
    if (scene.hydrated === true) {
      root().innerHTML = renderToString(element)
      shown = hydrateRoot(root(), element)
    } else {
      shown = createRoot(root())
      shown.render(element)
    }
  },
  choose: (files) => chooseFiles(field(), filesOf(files)),
  drop: (files) => dropFiles(field().querySelector('[data-part=dropzone]') ?? field(), filesOf(files)),
  paste: (files) => pasteFiles(document.activeElement ?? field(), filesOf(files)),
  hold: (step, name) => backend.hold(step as Step, name),
  release: (step, name) => backend.release(step as Step | undefined, name),
  progress: (name, share) => backend.progress(name, share),
}
