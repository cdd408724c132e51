import type { Meta, StoryObj } from '@storybook/react-vite'
import { dragFiles } from 'file-answer-field/testing'
import { expect } from 'storybook/test'
import { type Args, backendOf, component, fileOf, renderField, visitor } from './scene.js'

/** Where files are dropped. Nothing that a drop does cannot be done with the button in it. */
const meta: Meta<Args> = {
  title: 'Zone',
  component,
  args: { label: 'Documents', name: 'documents', accept: '.pdf,.jpg', maxFiles: 5 },
  loaders: [backendOf()],
  render: renderField,
}
export default meta
type Story = StoryObj<Args>

export const Dragging: Story = {
  name: 'A file is dragged over it',
  play: async (context) => {
    const I = visitor(context)
    dragFiles(await I.button('Choose files Documents', '파일 선택 제출 서류'), [fileOf('report.pdf')])
    await I.seesText('Drop to add', '놓으면 추가됩니다')
  },
}

export const DraggingOneFileOnly: Story = {
  name: 'A file is dragged over a field for one file',
  args: { label: 'ID photo', name: 'photo', maxFiles: 1 },
  play: async (context) => {
    const I = visitor(context)
    dragFiles(await I.button('Choose a file ID photo', '파일 선택 증명사진'), [fileOf('face.jpg')])
    await I.seesText('Drop to add', '놓으면 추가됩니다')
  },
}

export const DraggingWhileFull: Story = {
  name: 'A file is dragged over a full field',
  args: { maxFiles: 2 },
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('a.pdf'), fileOf('b.pdf'))
    const trigger = await I.button('Add files Documents', '파일 추가 제출 서류')
    await expect(trigger).toHaveAttribute('aria-disabled', 'true')
    dragFiles(trigger, [fileOf('c.pdf')])
    await expect(await I.button('Add files Documents', '파일 추가 제출 서류')).toBeVisible()
  },
}
