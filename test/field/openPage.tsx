/** One field on a page of a real browser, with a person before it who sees, hears and presses. */
import { createFileAnswer, FileAnswerField, type FileAnswerFieldProps } from 'file-answer-field'
import { en } from 'file-answer-field/locales/en'
import { ko } from 'file-answer-field/locales/ko'
import 'file-answer-field/styles.css'
import { chooseFiles, createMemoryBackend, makeFile, type MemoryBackend } from 'file-answer-field/testing'
import type { ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { expect, onTestFinished, vi } from 'vitest'
import { cdp } from 'vitest/browser'
import { loadAnnouncer } from '../../src/field/useAnnouncer.js'
import { stillWorld } from './stillWorld.js'

export const MB = 1024 * 1024
export const KB = 1024

/** A file of any size without its bytes. */
export function fileOf(name: string, size = 240 * KB): File {
  const file = makeFile(name, '')
  Object.defineProperty(file, 'size', { value: size })
  return file
}

/** Puts nodes on the page until the test ends. */
export function mount(node: ReactNode): HTMLElement {
  const host = document.createElement('div')
  // Rows off screen are not laid out before a frame is painted; these tests look at once.
  const style = document.createElement('style')
  style.textContent = '[data-part=item] { content-visibility: visible }'
  document.body.append(style, host)
  const root = createRoot(host)
  flushSync(() => root.render(node))
  onTestFinished(() => {
    root.unmount()
    host.remove()
    style.remove()
  })
  return host
}

type Options = Pick<
  Extract<FileAnswerFieldProps, { backend: object }>,
  'accept' | 'maxFiles' | 'minFiles' | 'maxSize' | 'minSize' | 'maxTotalSize' | 'duplicates' | 'validate'
> & { readonly defaultValue?: readonly string[] }

type FieldProps = Pick<
  FileAnswerFieldProps,
  | 'description'
  | 'disabled'
  | 'error'
  | 'name'
  | 'onBlur'
  | 'onChange'
  | 'readOnly'
  | 'required'
  | 'whenPending'
  | 'layout'
  | 'thumbnails'
  | 'sortable'
  | 'pauseButtons'
  | 'components'
  | 'classNames'
  | 'folders'
  | 'camera'
  | 'replaceable'
>

interface Setting extends Options, FieldProps {
  readonly label?: ReactNode
  readonly locale?: 'en' | 'ko'
  readonly prepare?: (backend: MemoryBackend) => void
  readonly backend?: Parameters<typeof createMemoryBackend>[0]
  /** Around the field: a form, a narrow column. */
  readonly around?: (field: ReactNode) => ReactNode
}

/** Opens a page with a field whose clock stands still. */
export async function openPage(setting: Setting = {}) {
  const { label = 'Documents', locale = 'en', prepare, around = (field) => field } = setting
  const { accept, maxFiles, minFiles, maxSize, minSize, maxTotalSize, duplicates, validate, defaultValue } = setting
  const { description, disabled, error, name, onBlur, onChange, readOnly, required, whenPending } = setting
  const { layout, thumbnails, sortable, pauseButtons, components, classNames, folders, camera, replaceable } = setting
  const world = stillWorld()
  // What is said is put into words by a chunk, which must not come late on a clock that stands still.
  await loadAnnouncer()
  const backend = createMemoryBackend({ ...setting.backend, clock: world.clock })
  prepare?.(backend)
  const answer = createFileAnswer({
    accept,
    maxFiles,
    minFiles,
    maxSize,
    minSize,
    maxTotalSize,
    duplicates,
    validate,
    defaultValue,
    backend,
    environment: world.environment,
  })
  const look = { layout, thumbnails, sortable, pauseButtons, components, classNames, folders, camera, replaceable }
  const props = {
    description,
    disabled,
    error,
    name,
    onBlur,
    onChange,
    readOnly,
    required,
    whenPending,
    label,
    ...look,
  }
  const host = mount(around(<FileAnswerField {...props} answer={answer} messages={locale === 'ko' ? ko : en} />))
  host.lang = locale
  onTestFinished(() => answer.dispose())

  const find = <Found extends HTMLElement = HTMLElement>(selector: string): Found => {
    const found = host.querySelector<Found>(selector)
    if (found === null) throw new Error(`The page has no ${selector}.`)
    return found
  }
  const field = {
    ...world,
    backend,
    answer,
    host,
    root: find('[data-faf-root]'),
    find,
    all: (selector: string) => [...host.querySelectorAll<HTMLElement>(selector)],
    trigger: () => find<HTMLButtonElement>('[data-part=trigger]'),
    input: () => find<HTMLInputElement>('input[type=file]'),
    announcer: () => find('[data-part=announcer]'),
    names: () => field.all('[data-part=name]').map(({ textContent }) => textContent),
    row(name: string): HTMLElement {
      const row = field
        .all('[data-part=item]')
        .find((each) => each.querySelector('[data-part=name]')?.textContent === name)
      if (row === undefined) throw new Error(`No row is named ${name}; there are ${field.names().join(', ')}.`)
      return row
    },
    meta: (name: string) => field.row(name).querySelector('[data-part=meta]')?.textContent?.trim(),
    /** A row's last button: cancel, remove or dismiss. */
    remove: (name: string) =>
      field.row(name).querySelector<HTMLButtonElement>('[data-faf-remove]') as HTMLButtonElement,
    async add(...files: readonly (File | string)[]) {
      chooseFiles(
        field.root,
        files.map((file) => (typeof file === 'string' ? fileOf(file) : file)),
      )
      await world.clock.advance(100)
    },
    /** What the live region says from now on, and when on the answer's clock. */
    hear(): { text: string; at: number }[] {
      const heard: { text: string; at: number }[] = []
      const observer = new MutationObserver(() => {
        const { textContent } = field.announcer()
        if (textContent !== null && textContent !== '') heard.push({ text: textContent, at: world.clock.now() })
      })
      observer.observe(field.announcer(), { childList: true, characterData: true, subtree: true })
      onTestFinished(() => observer.disconnect())
      return heard
    },
  }
  await world.clock.advance(100)
  return field
}

export type Field = Awaited<ReturnType<typeof openPage>>

interface AccessibilityNode {
  readonly nodeId: string
  readonly ignored: boolean
  readonly role?: { readonly value: string }
  readonly name?: { readonly value: string }
  readonly description?: { readonly value: string }
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value: unknown } }[]
}

export interface Told {
  readonly role: string
  readonly name: string
  readonly description: string
  readonly is: Readonly<Record<string, unknown>>
}

/** What Chromium tells assistive technology of this page: roles, names and descriptions as it computed them. */
export async function accessibilityTree(): Promise<Told[]> {
  const session = cdp() as unknown as { send(method: string, params?: object): Promise<Record<string, unknown>> }
  const { frameTree } = (await session.send('Page.getFrameTree')) as {
    frameTree: { childFrames?: { frame: { id: string } }[] }
  }
  const frames = await Promise.all(
    (frameTree.childFrames ?? []).map(
      ({ frame }) => session.send('Accessibility.getFullAXTree', { frameId: frame.id }) as Promise<object>,
    ),
  )
  const nodes = (frames as { nodes: AccessibilityNode[] }[]).flatMap((frame) => frame.nodes)
  return nodes
    .filter(({ ignored }) => !ignored)
    .map(({ role, name, description, properties = [] }) => ({
      role: role?.value ?? '',
      name: name?.value ?? '',
      description: description?.value ?? '',
      is: Object.fromEntries(properties.map((property) => [property.name, property.value.value])),
    }))
}

/** Has the browser tell the page of forced colours or reduced motion, until the test ends. */
export async function prefer(features: Readonly<Record<string, string>>): Promise<void> {
  const session = cdp() as unknown as { send(method: string, params?: object): Promise<unknown> }
  onTestFinished(async () => {
    await session.send('Emulation.setEmulatedMedia', { features: [] })
  })
  await session.send('Emulation.setEmulatedMedia', {
    features: Object.entries(features).map(([name, value]) => ({ name, value })),
  })
}

/** Waits for what comes with the page's own time: a chunk, a decoder, a frame. */
export async function until(isSo: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(isSo()).toBe(true), { timeout: 10_000, interval: 20 })
}
