/** What stories are made of: a backend in memory whose steps are held where a state is to stay, and files. */
import { createFileAnswer, FileAnswerField, type FileAnswerFieldProps } from 'file-answer-field'
import type { Backend } from 'file-answer-field/engine'
import { chooseFiles, createMemoryBackend, makeFile, type MemoryBackend } from 'file-answer-field/testing'
import type { ComponentType, ReactElement, ReactNode } from 'react'
import { expect, waitFor, within } from 'storybook/test'
import type { VirtualClock } from '../test/engine/virtualClock.js'
import { stillWorld } from '../test/field/stillWorld.js'
import { inKorean } from './inKorean.js'

/** The field's props in a story; the backend comes from the scene. */
export type Args = Omit<Extract<FileAnswerFieldProps, { backend: Backend }>, 'backend' | 'ref'>

export const component = FileAnswerField as ComponentType<Args>

interface Context {
  readonly canvasElement: HTMLElement
  readonly globals: Readonly<Record<string, unknown>>
  readonly parameters: Readonly<Record<string, unknown>>
  readonly loaded: Readonly<Record<string, unknown>>
}

export const MB = 1024 * 1024
export const KB = 1024

/** Files big and small without their bytes: a story sends nothing. */
export function fileOf(name: string, size = 240 * KB, type?: string): File {
  const file = makeFile(name, '', ...(type === undefined ? [] : [type]))
  Object.defineProperty(file, 'size', { value: size })
  return file
}

/** A loader that makes the backend of a story; `prepare` holds, fails and moves its steps. */
export const backendOf =
  (prepare: (backend: MemoryBackend) => void = () => {}, options?: Parameters<typeof createMemoryBackend>[0]) =>
  async () => {
    const backend = createMemoryBackend(options)
    prepare(backend)
    return { backend }
  }

/** A loader that makes an answer on a clock that stands still, with its backend. */
export const stillAnswerOf =
  (prepare: (backend: MemoryBackend) => void = () => {}, options: Partial<Args> = {}) =>
  async () => {
    const world = stillWorld()
    const backend = createMemoryBackend({ clock: world.clock })
    prepare(backend)
    return { ...world, backend, answer: createFileAnswer({ ...options, backend, environment: world.environment }) }
  }

const isKorean = ({ globals, parameters }: Pick<Context, 'globals' | 'parameters'>): boolean =>
  (parameters.locale ?? globals.locale) === 'ko'

const translated = (node: ReactNode): ReactNode => (typeof node === 'string' ? (inKorean[node] ?? node) : node)

/** The host's own words in the language of the page. */
export const inLanguage = (context: Pick<Context, 'globals' | 'parameters'>, args: Args): Args =>
  isKorean(context)
    ? {
        ...args,
        label: translated(args.label),
        ...(args.description === undefined ? {} : { description: translated(args.description) }),
        ...(args.error === undefined ? {} : { error: translated(args.error) }),
      }
    : args

/** The field of a story, on the scene's backend or answer. */
export function renderField(args: Args, context: Pick<Context, 'globals' | 'parameters' | 'loaded'>): ReactElement {
  const { loaded } = context
  const shown = inLanguage(context, args)
  if (loaded.answer === undefined) return <FileAnswerField {...shown} backend={loaded.backend as MemoryBackend} />
  const { label, description, error, name, required } = shown
  return (
    <FileAnswerField
      answer={loaded.answer as ReturnType<typeof createFileAnswer>}
      label={label}
      {...{ description, error, name, required }}
    />
  )
}

/** What a person does with a story's field and sees of it. */
export function visitor(context: Context) {
  const canvas = within(context.canvasElement)
  const t = (english: string, korean: string): string => (isKorean(context) ? korean : english)
  const group = () => canvas.getByRole('group')
  return {
    canvas,
    group,
    /** A text in the language of the page. */
    t,
    backend: context.loaded.backend as MemoryBackend,
    answer: context.loaded.answer as ReturnType<typeof createFileAnswer>,
    clock: context.loaded.clock as VirtualClock,
    setOnline: context.loaded.setOnline as (online: boolean) => void,
    /** Chooses files, and waits until the field has taken them: it may have come to life just now. */
    choose: async (...files: File[]) => {
      chooseFiles(group(), files)
      const input = group().querySelector<HTMLInputElement>('input[type=file]')
      await waitFor(() => expect(input?.files).toHaveLength(0))
    },
    button: (english: string, korean: string) => canvas.findByRole('button', { name: t(english, korean) }),
    seesText: async (english: string, korean: string) => {
      await expect(await canvas.findByText(t(english, korean))).toBeVisible()
    },
    seesBar: async (name: string, value: string | null) => {
      const bar = await canvas.findByRole('progressbar', { name })
      if (value === null) await expect(bar).not.toHaveAttribute('aria-valuenow')
      else await expect(bar).toHaveAttribute('aria-valuenow', value)
    },
    /** The row with this name is in this state. */
    seesRow: async (name: string, state: string) => {
      const rows = await canvas.findAllByRole('listitem')
      const row = rows.find((each) => each.querySelector('[data-part=name]')?.textContent === name)
      await expect(row).toHaveAttribute('data-state', state)
    },
  }
}
