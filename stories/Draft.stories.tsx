import type { Meta, StoryObj } from '@storybook/react-vite'
import { createFileAnswer } from 'file-answer-field'
import { createMemoryBackend } from 'file-answer-field/testing'
import { expect, waitFor } from 'storybook/test'
import type { DraftStorage } from '../src/engine/environment.js'
import { DraftsInMemory } from '../test/engine/draftsInMemory.js'
import { stillWorld } from '../test/field/stillWorld.js'
import { type Args, component, fileOf, MB, renderField, visitor } from './scene.js'

/** A draft, opened once more: after a reload, and in a second tab. */
const meta: Meta<Args> = {
  title: 'Row/Of a draft',
  component,
  args: { label: 'Documents', name: 'documents' },
  render: renderField,
}
export default meta
type Story = StoryObj<Args>

/** A loader: an answer with one stored and one half-sent file, whose tab is gone or still open; and the tab that is shown. */
const openedAgain = (earlierTab: 'gone' | 'open') => async () => {
  const { clock, environment } = stillWorld()
  const backend = createMemoryBackend({ clock })
  const drafts = new DraftsInMemory()
  backend.hold('send', 'interview.mov')
  const opened = (storage: DraftStorage) =>
    // Long files are not kept with a draft.
    createFileAnswer({
      backend,
      persist: 'application',
      persistFilesUpTo: MB,
      environment: { ...environment, drafts: storage },
    })
  const earlier = drafts.page()
  const answer = opened(earlier.storage)
  answer.connect()
  await import('../src/engine/draftKeeper.js')
  answer.add([fileOf('application.pdf', 200_000), fileOf('interview.mov', 84 * MB)])
  await clock.advance(500)
  if (earlierTab === 'gone') {
    earlier.crash()
    answer.dispose()
    await clock.advance(100)
  }
  const { storage } = drafts.page()
  return { backend, answer: opened(storage), clock }
}

export const NeededAgain: Story = {
  name: 'Too large to be kept: it is asked for again',
  loaders: [openedAgain('gone')],
  play: async (context) => {
    const I = visitor(context)
    await I.clock.advance(500)
    await I.seesText('Choose this file again to go on.', '업로드를 이어서 하려면 이 파일을 다시 선택해 주세요.')
    await I.seesRow('interview.mov', 'failed')
    await I.button('Remove interview.mov', '삭제 interview.mov')
    await I.seesRow('application.pdf', 'restored')
  },
}

export const Elsewhere: Story = {
  name: 'Open in another tab, which uploads it',
  loaders: [openedAgain('open')],
  play: async (context) => {
    const I = visitor(context)
    await I.canvas.findAllByRole('listitem')
    // Until then it may be a page of this tab that is about to leave.
    await I.clock.advance(5_000)
    await waitFor(() =>
      expect(I.group().querySelector('[data-part=elsewhere]')).toHaveTextContent(
        I.t(
          'These files are open in another tab, which uploads them. Close it to go on here.',
          '다른 탭에서 이 파일을 업로드하고 있습니다. 여기에서 이어서 하려면 그 탭을 닫아 주세요.',
        ),
      ),
    )
    await expect(I.canvas.queryByRole('button', { name: /interview\.mov/ })).toBeNull()
  },
}
