import type { Meta, StoryObj } from '@storybook/react-vite'
import {
  chooseFiles,
  createFetchMock,
  createMemoryBackend,
  makeFile,
  type MemoryBackend,
} from 'file-answer-field/testing'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server.browser'
import { expect, fn, type Mock, userEvent, waitFor, within } from 'storybook/test'
import { WithConform } from './Conform.js'
import { WithFormAction } from './FormAction.js'
import { WithFormik } from './Formik.js'
import { JsonSchemaForm } from './JsonSchemaForm.js'
import { Photos } from './Photos.js'
import { WithReactHookForm } from './ReactHookForm.js'
import { SavedAnswer } from './SavedAnswer.js'
import { SeveralFields } from './SeveralFields.js'
import { WithSurveyJs } from './SurveyQuestion.js'
import { WithTanStackForm } from './TanStackForm.js'
import { Wizard } from './Wizard.js'

interface Args {
  onSend: Mock
}

/** The recipes of docs/recipes.md, as they stand there. The uploads endpoint and its storage are in memory. */
const meta: Meta<Args> = {
  title: 'Recipes',
  args: { onSend: fn() },
  tags: ['behaviour'],
  loaders: [async () => ({ backend: createMemoryBackend() })],
  beforeEach: ({ loaded, args }) => {
    const { fetch } = globalThis
    args.onSend.mockReset()
    globalThis.fetch = createFetchMock(loaded.backend as MemoryBackend, { otherwise: fetch })
    return () => {
      globalThis.fetch = fetch
    }
  },
}
export default meta
type Story = StoryObj<Args>
type Context = Parameters<NonNullable<Story['play']>>[0]

function person({ canvasElement, loaded }: Context) {
  const canvas = within(canvasElement)
  return {
    canvas,
    backend: loaded.backend as MemoryBackend,
    async choose(name: string, question: RegExp = /^Documents/) {
      const group = await canvas.findByRole('group', { name: question })
      chooseFiles(group, [makeFile(name, 'hello')])
    },
    press: async (name: string) => userEvent.click(await canvas.findByRole('button', { name })),
    sees: (text: string | RegExp) => canvas.findByText(text),
    /** A file of this name is in this state. */
    seesRow: (name: string, state: string) =>
      waitFor(() => {
        const row = canvas.getByText(name, { selector: '[data-part=name], [data-part=name] *' }).closest('li')
        return expect(row).toHaveAttribute('data-state', state)
      }),
    sent: (mock: Mock, ...given: unknown[]) => waitFor(() => expect(mock.mock.calls).toEqual([given])),
  }
}

/** Sent empty it is refused in the library's words; sent while a file is on its way it goes once that is stored. */
const inALibrary =
  (
    given: (ids: string[]) => unknown,
    refusal: RegExp = /We need at least one document\./,
  ): NonNullable<Story['play']> =>
  async (context) => {
    const I = person(context)
    const { onSend } = context.args
    await I.press('Send')
    await I.sees(refusal)
    await expect(onSend).not.toHaveBeenCalled()
    I.backend.hold('send')
    await I.choose('cv.pdf')
    await I.seesRow('cv.pdf', 'uploading')
    await I.press('Send')
    await expect(onSend).not.toHaveBeenCalled()
    I.backend.release()
    await I.sent(onSend, given(['file-1']))
    await expect(I.canvas.queryByText(refusal)).toBeNull()
  }

const documents = (ids: string[]) => ({ documents: ids })

export const ReactHookForm: Story = {
  name: 'React Hook Form',
  render: ({ onSend }) => <WithReactHookForm onSend={onSend} />,
  play: inALibrary(documents),
}

export const Formik: Story = {
  render: ({ onSend }) => <WithFormik onSend={onSend} />,
  play: inALibrary(documents),
}

export const TanStackForm: Story = {
  name: 'TanStack Form',
  render: ({ onSend }) => <WithTanStackForm onSend={onSend} />,
  play: inALibrary(documents),
}

export const Conform: Story = {
  render: ({ onSend }) => <WithConform onSend={onSend} />,
  play: inALibrary(documents),
}

export const JsonSchema: Story = {
  name: 'React JSON Schema Form',
  render: ({ onSend }) => <JsonSchemaForm onSend={onSend} />,
  play: inALibrary(documents, /must NOT have fewer than 1 items/),
}

export const Survey: Story = {
  name: 'SurveyJS',
  render: ({ onSend }) => <WithSurveyJs onSend={onSend} />,
  play: async (context) => {
    const I = person(context)
    I.backend.hold('send')
    await I.choose('cv.pdf')
    await I.seesRow('cv.pdf', 'uploading')
    await userEvent.click(await I.canvas.findByRole('button', { name: 'Complete' }))
    await expect(context.args.onSend).not.toHaveBeenCalled()
    I.backend.release()
    await I.sent(context.args.onSend, {
      documents: [{ name: 'cv.pdf', type: 'application/pdf', content: 'file-1' }],
    })
  },
}

export const FormAction: Story = {
  name: 'A form action that gives errors back',
  render: ({ onSend }) => <WithFormAction save={onSend} />,
  play: async (context) => {
    const I = person(context)
    const { onSend } = context.args
    onSend.mockResolvedValueOnce('The letter is missing.').mockResolvedValue(null)
    I.backend.hold('send')
    await I.choose('cv.pdf')
    await I.seesRow('cv.pdf', 'uploading')
    await I.press('Send')
    I.backend.release()
    await I.sees('The letter is missing.')
    // React has reset the form by now; the file is as it was, and nothing was sent again.
    await I.seesRow('cv.pdf', 'done')
    await I.choose('letter.pdf')
    await I.seesRow('letter.pdf', 'done')
    await I.press('Send')
    await waitFor(() => expect(I.canvas.queryByText('The letter is missing.')).toBeNull())
    const sent = onSend.mock.calls.map(([data]) => (data as FormData).getAll('documents'))
    await expect(sent).toEqual([['file-1'], ['file-1', 'file-2']])
    await expect(I.backend.calls.filter(({ step }) => step === 'send')).toHaveLength(2)
    await expect([...I.backend.stored.keys()]).toEqual(['file-1', 'file-2'])
    await expect(I.backend.discarded).toEqual([])
  },
}

export const Steps: Story = {
  name: 'A wizard whose step goes away',
  render: ({ onSend }) => <Wizard onSend={onSend} />,
  play: async (context) => {
    const I = person(context)
    I.backend.hold('send')
    await I.choose('cv.pdf')
    await I.seesRow('cv.pdf', 'uploading')
    await I.press('Next')
    await I.sees('Ready to send.')
    await I.press('Send')
    await expect(context.args.onSend).not.toHaveBeenCalled()
    I.backend.release()
    await I.sent(context.args.onSend, ['file-1'])
    await I.press('Back')
    await I.seesRow('cv.pdf', 'done')
  },
}

export const OneBackend: Story = {
  name: 'Several fields, one backend',
  render: ({ onSend }) => <SeveralFields onSend={onSend} />,
  play: async (context) => {
    const I = person(context)
    I.backend.hold('send')
    await I.choose('cv.pdf', /^CV/)
    await I.choose('me.jpg', /^Photos/)
    await I.press('Send')
    await expect(context.args.onSend).not.toHaveBeenCalled()
    await waitFor(() => expect(I.backend.calls.filter(({ step }) => step === 'presign')).toHaveLength(2))
    I.backend.release()
    await I.sent(context.args.onSend, { cv: ['file-1'], photos: ['file-2'] })
    const asked = I.backend.calls.filter(({ step }) => step === 'presign')
    await expect(asked.map(({ field }) => field)).toEqual(['cv', 'photos'])
    await expect(asked.map(({ context: sent }) => sent)).toEqual([
      { application: '2026-17' },
      { application: '2026-17' },
    ])
  },
}

const saved = [{ id: 'a1', name: 'contract.pdf', size: 91_000, type: 'application/pdf' }]

export const ServerRendered: Story = {
  name: 'Rendered on a server, then taken over',
  render: () => (
    // A tree of its own, which `play` takes over as a page's script would.
    <div data-testid="page" dangerouslySetInnerHTML={{ __html: renderToString(<SavedAnswer saved={saved} />) }} />
  ),
  play: async (context) => {
    const I = person(context)
    const form = await I.canvas.findByRole<HTMLFormElement>('form', { name: 'Application' })
    await expect(new FormData(form).getAll('documents')).toEqual(['a1'])
    await expect(I.canvas.getByText('contract.pdf')).toBeVisible()
    const recovered = fn()
    const root = hydrateRoot(I.canvas.getByTestId('page'), <SavedAnswer saved={saved} />, {
      onRecoverableError: recovered,
    })
    try {
      await I.canvas.findByRole('button', { name: 'Remove contract.pdf' })
      // Come to life: the label is the button's now, no longer the input's.
      const label = I.canvas.getByText('Documents').closest('label')
      await waitFor(() => expect(label?.htmlFor).toMatch(/-trigger$/))
      await I.choose('cv.pdf')
      await I.seesRow('cv.pdf', 'done')
      await expect(new FormData(form).getAll('documents')).toEqual(['a1', 'file-1'])
      await expect(recovered).not.toHaveBeenCalled()
    } finally {
      root.unmount()
    }
  },
}

/** A drawn picture, as a phone would name it. */
async function drawn(name: string, type: string, width: number, height = width): Promise<File> {
  const canvas = new OffscreenCanvas(width, height)
  const pen = canvas.getContext('2d')
  if (pen !== null) pen.fillStyle = 'teal'
  pen?.fillRect(0, 0, width, height)
  const blob = await canvas.convertToBlob({ type: type === 'image/heic' ? 'image/jpeg' : type })
  return new File([blob], name, { type })
}

/** A JPEG with Exif: held sideways, and a note of where it was taken. */
async function withPlace(name: string): Promise<File> {
  const jpeg = await drawn(name, 'image/jpeg', 400, 200)
  const place = '37.5665N 126.9780E'
  const tiff = [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]
  const segment = [...new TextEncoder().encode('Exif\0\0'), ...tiff, ...new TextEncoder().encode(place)]
  const header = new Uint8Array([0xff, 0xe1, 0, segment.length + 2, ...segment])
  return new File([jpeg.slice(0, 2), header, jpeg.slice(2)], name, { type: 'image/jpeg' })
}

export const PreparedPhotos: Story = {
  name: 'Photos are shrunk, turned into JPEG, and tell no place',
  render: () => <Photos />,
  play: async (context) => {
    const I = person(context)
    const group = await I.canvas.findByRole('group', { name: /^Photos/ })
    const located = await withPlace('sideways.jpg')
    await expect(await located.text()).toContain('37.5665N')
    chooseFiles(group, [
      await drawn('large.png', 'image/png', 4_000, 1_000),
      await drawn('IMG_1.HEIC', 'image/heic', 300),
      located,
      await drawn('tiny.png', 'image/png', 20),
      new File(['no picture at all'], 'broken.jpg', { type: 'image/jpeg' }),
    ])
    for (const name of ['large.jpg', 'IMG_1.jpg', 'sideways.jpg', 'broken.jpg']) await I.seesRow(name, 'done')
    await I.seesRow('tiny.png', 'rejected')
    await I.sees('The photo is too small to read. Take it again.')
    const stored = new Map(
      await Promise.all(
        [...I.backend.stored].map(async ([id, blob]) => {
          const picture = await createImageBitmap(blob).catch(() => null)
          const size = picture === null ? null : [picture.width, picture.height]
          return [id, { size, text: await blob.text() }] as const
        }),
      ),
    )
    const ids = I.canvas.getAllByRole('listitem').map(({ dataset }) => dataset.fileId ?? '')
    await expect(ids.map((id) => stored.get(id)?.size)).toEqual([
      [2_000, 500],
      [300, 300],
      // Still held sideways: the browser turns it.
      [200, 400],
      undefined,
      null,
    ])
    for (const { text } of stored.values()) await expect(text).not.toContain('37.5665N')
  },
}
