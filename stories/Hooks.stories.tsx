import type { Meta, StoryObj } from '@storybook/react-vite'
import { type FileAnswer, useAnswer, useFileAnswer, useFileEntry } from 'file-answer-field'
import type { MemoryBackend } from 'file-answer-field/testing'
import type { ChangeEvent } from 'react'
import { expect, userEvent } from 'storybook/test'
import { type Args, backendOf, fileOf, MB, visitor } from './scene.js'

/** A user interface of the host's own, on the headless hooks. */
const meta: Meta<Args> = {
  title: 'Hooks',
  loaders: [
    backendOf((backend) => {
      backend.hold('send', 'interview.mov')
      backend.progress('interview.mov', 0.3)
    }),
  ],
  render: (_, { loaded }) => <OwnInterface backend={loaded.backend as MemoryBackend} />,
}
export default meta
type Story = StoryObj<Args>

function OwnInterface({ backend }: { backend: MemoryBackend }) {
  const answer = useFileAnswer({ backend, maxFiles: 3 })
  const { keys } = useAnswer(answer)
  const add = ({ currentTarget: input }: ChangeEvent<HTMLInputElement>) => {
    answer.add([...(input.files ?? [])])
    // Emptied, so that the same file can be chosen again.
    input.value = ''
  }
  return (
    <fieldset style={{ minInlineSize: 0 }}>
      <legend>Attachments</legend>
      <label>
        Attach <input type="file" multiple onChange={add} style={{ maxInlineSize: '100%' }} />
      </label>
      <ul aria-label="Attached">
        {keys.map((key) => (
          <OwnRow key={key} answer={answer} entryKey={key} />
        ))}
      </ul>
    </fieldset>
  )
}

function OwnRow({ answer, entryKey }: { answer: FileAnswer; entryKey: string }) {
  const { entry, sentBytes } = useFileEntry(answer, entryKey)
  if (entry === undefined || entry.state === 'restored') return null
  return (
    <li>
      {entry.name}{' '}
      {sentBytes !== null && entry.state === 'uploading' ? (
        <progress aria-label={entry.name} value={sentBytes} max={entry.size} />
      ) : (
        <em>{entry.state}</em>
      )}{' '}
      <button type="button" aria-label={`Take ${entry.name} away`} onClick={() => answer.remove(entryKey)}>
        ✕
      </button>
    </li>
  )
}

export const OwnInterfaceStory: Story = {
  name: 'An interface of the host’s own',
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('notes.txt'), fileOf('interview.mov', 80 * MB))
    await expect(await I.canvas.findByText('done')).toBeVisible()
    await expect(await I.canvas.findByRole('progressbar', { name: 'interview.mov' })).toHaveProperty('position', 0.3)
    await userEvent.click(await I.button('Take notes.txt away', 'Take notes.txt away'))
    await expect(I.canvas.getAllByRole('listitem')).toHaveLength(1)
  },
}
