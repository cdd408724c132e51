import type { Meta, StoryObj } from '@storybook/react-vite'
import type { MemoryBackend } from 'file-answer-field/testing'
import { expect, userEvent, waitFor } from 'storybook/test'
import { OwnField, type Skin } from './headless/OwnField.js'
import './headless/utilities.css'
import { backendOf, fileOf, MB, visitor } from './scene.js'

/** The same field once more, of the host's own parts, on the exported hooks: bare, with utility classes, with a design system. */
const bare: Skin = { Button: ({ tone, ...button }) => <button {...button} data-tone={tone} />, classes: {} }

const utilities: Skin = {
  Button: ({ tone, ...button }) => (
    <button {...button} className={`u-h-11 u-p-3 u-rounded u-border ${tone === 'main' ? 'u-bg-accent' : ''}`} />
  ),
  classes: {
    field: 'u-grid u-gap-2 u-rounded u-border u-p-3 u-min-w-0',
    zone: 'u-flex u-gap-2 u-rounded u-dashed u-p-3',
    list: 'u-grid u-gap-2 u-list-none u-p-0 u-m-0',
    row: 'u-flex u-gap-2 u-rounded u-border u-p-3',
    name: 'u-wrap',
    state: 'u-muted',
  },
}

const designSystem: Skin = {
  ...utilities,
  Button: ({ tone, ...button }) => <button {...button} className="ds-button" data-tone={tone} />,
}

const meta: Meta<{ skin: Skin }> = {
  title: 'Headless',
  loaders: [
    backendOf((backend) => {
      backend.hold('send', 'interview.pdf')
      backend.progress('interview.pdf', 0.3)
      backend.fail('send', 'storage-rejected', { name: 'letter.pdf', times: 1 })
    }),
  ],
  render: ({ skin }, { loaded }) => (
    <form aria-label="Application">
      <OwnField
        label="Documents"
        name="documents"
        skin={skin}
        backend={loaded.backend as MemoryBackend}
        accept=".pdf"
        maxFiles={5}
      />
    </form>
  ),
  play: async (context) => {
    const I = visitor(context)
    const sees = (name: string, state: string) =>
      waitFor(() => expect(I.canvas.getByText(name).closest('li')).toHaveAttribute('data-state', state))
    const press = async (name: string) => userEvent.click(await I.canvas.findByRole('button', { name }))
    const form = I.canvas.getByRole<HTMLFormElement>('form', { name: 'Application' })
    const sent = () => new FormData(form).getAll('documents')

    await I.choose(fileOf('cv.pdf'), fileOf('letter.pdf'), fileOf('interview.pdf', 80 * MB), fileOf('notes.exe'))
    await sees('cv.pdf', 'done')
    await expect(I.canvas.getByText('Not a PDF')).toBeVisible()
    await expect(await I.canvas.findByRole('progressbar', { name: 'interview.pdf' })).toHaveProperty('position', 0.3)
    await sees('letter.pdf', 'failed')
    await press('Send again letter.pdf')
    await sees('letter.pdf', 'done')
    await expect(sent()).toHaveLength(2)
    await press('Remove cv.pdf')
    await waitFor(() => expect(sent()).toHaveLength(1))
    await press('Bring cv.pdf back')
    await sees('cv.pdf', 'done')
    await waitFor(() => expect(sent()).toHaveLength(2))
    await press('Remove notes.exe')
    await expect(await I.canvas.findByText('2 of 3 attached.')).toBeVisible()
  },
}
export default meta
type Story = StoryObj<{ skin: Skin }>

export const Unstyled: Story = { args: { skin: bare } }
export const UtilityClasses: Story = { name: 'With utility classes', args: { skin: utilities } }
export const DesignSystem: Story = { name: 'With the buttons of a design system', args: { skin: designSystem } }
