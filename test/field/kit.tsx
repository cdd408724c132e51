/** What the component tests share: a field on a backend in memory, files chosen by hand, and time that moves when told. */
import { act, fireEvent, type RenderOptions, render, screen, within } from '@testing-library/react'
import { FileAnswerField, type FileAnswerFieldProps, type FileAnswerHandle } from 'file-answer-field'
import { createMemoryBackend, type MemoryBackend } from 'file-answer-field/testing'
import { createRef, type ReactElement } from 'react'
import { afterEach, beforeAll, beforeEach, vi } from 'vitest'
import { loadAnnouncer } from '../../src/field/useAnnouncer.js'

/** Timers stand still until `pass` moves them; what the announcer loads is there by then. */
export function standStill(): void {
  beforeAll(loadAnnouncer)
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'],
    })
  })
  afterEach(() => {
    vi.useRealTimers()
  })
}

/** Time passes, and everything that comes of it is rendered: in steps, since React renders at the end of an `act`. */
export async function pass(ms = 0): Promise<void> {
  let passed = 0
  do {
    const step = Math.min(ms - passed, passed < 2_000 ? 50 : 1_000)
    await act(async () => void (await vi.advanceTimersByTimeAsync(step)))
    passed += step
  } while (passed < ms)
}

/** Enough for small files to be asked for, sent, stored and shown. */
export const untilStored = () => pass(400)

export const aFile = (name = 'a.pdf', content: string | number = 'hello', type = ''): File =>
  new File([typeof content === 'number' ? new Uint8Array(content) : content], name, { type, lastModified: 1 })

export const field = (name: string | RegExp = /^Documents/) => screen.getByRole('group', { name })
export const inputOf = (group: HTMLElement = field()) => {
  const input = group.querySelector<HTMLInputElement>('input[type=file]')
  if (input === null) throw new Error('The field has no file input.')
  return input
}
export const triggerOf = (group: HTMLElement = field()) =>
  within(group).getByRole('button', { name: /^(Choose|Add|Replace) .*files?/ })
export const statusOf = (group: HTMLElement = field()) => within(group).getByRole('status')
export const rows = (group: HTMLElement = field()) => within(group).queryAllByRole('listitem')
export const names = (group: HTMLElement = field()) =>
  rows(group).map((row) => row.querySelector('[data-part=name]')?.textContent)
export const rowOf = (name: string, group: HTMLElement = field()) => {
  const row = rows(group).find((each) => each.querySelector('[data-part=name]')?.textContent === name)
  if (row === undefined) throw new Error(`No row for ${name}.`)
  return row
}
export const textOf = (name: string, group: HTMLElement = field()) =>
  rowOf(name, group).querySelector('[data-part=meta]')?.textContent?.trim()
export const stateOf = (name: string, group: HTMLElement = field()) => rowOf(name, group).dataset.state
export const idsShown = (group: HTMLElement = field()) => rows(group).map((row) => row.dataset.fileId)
export const errorOf = (group: HTMLElement = field()) => group.querySelector('[data-part=error]')?.textContent ?? null
export const button = (name: string) => screen.getByRole('button', { name })
export const press = (name: string) => act(async () => void fireEvent.click(button(name)))

/** Files chosen in the browser's dialog, which ignores `accept` when people ask it to. */
export async function choose(files: File | readonly File[], group: HTMLElement = field()): Promise<void> {
  const input = inputOf(group)
  Object.defineProperty(input, 'files', { configurable: true, value: [files].flat() })
  await act(async () => {
    fireEvent.input(input)
    fireEvent.change(input)
  })
  Reflect.deleteProperty(input, 'files')
  await pass()
}

/** Files dropped on the zone. */
export async function drop(files: readonly File[], target: Element): Promise<void> {
  const dataTransfer = {
    types: ['Files'],
    files,
    items: files.map((file) => ({ kind: 'file', type: file.type, getAsFile: () => file })),
  }
  await act(async () => {
    fireEvent.dragEnter(target, { dataTransfer })
    fireEvent.dragOver(target, { dataTransfer })
    fireEvent.drop(target, { dataTransfer })
  })
  await pass()
}

type FieldProps = Partial<FileAnswerFieldProps> & Record<string, unknown>

export interface Mounted extends ReturnType<typeof render> {
  readonly backend: MemoryBackend
  readonly handle: { readonly current: FileAnswerHandle | null }
  /** Renders again with other props. */
  change(props: FieldProps): Promise<void>
}

/** A field labelled "Documents" named `documents`, on a backend in memory, in whatever surrounds it. */
export function mount(
  props: FieldProps = {},
  o: { backend?: MemoryBackend; around?: (field: ReactElement) => ReactElement } & Pick<
    RenderOptions,
    'reactStrictMode'
  > = {},
): Mounted {
  const { backend = createMemoryBackend(), around = (element) => element, ...options } = o
  const handle = createRef<FileAnswerHandle>()
  const isOwn = !('answer' in props) && !('endpoint' in props) && !('requestUpload' in props) && !('backend' in props)
  const element = (now: FieldProps) => {
    const all = { label: 'Documents', name: 'documents', ref: handle, ...(isOwn ? { backend } : {}), ...now }
    return around(<FileAnswerField {...(all as FileAnswerFieldProps)} />)
  }
  const rendered = render(element(props), options)
  return {
    ...rendered,
    backend,
    handle,
    change: async (next) => {
      rendered.rerender(element(next))
      // Rows follow within a batch of news.
      await pass(100)
    },
  }
}

export const stepsOf = (backend: MemoryBackend, step: string) => backend.calls.filter((call) => call.step === step)

/** What the form would send under a name. */
export const sent = (form: HTMLFormElement, name = 'documents') => new FormData(form).getAll(name)
