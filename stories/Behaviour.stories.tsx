import type { Meta, StoryObj } from '@storybook/react-vite'
import { dropFiles, pasteFiles } from 'file-answer-field/testing'
import { expect, userEvent } from 'storybook/test'
import { type Args, backendOf, component, fileOf, MB, renderField, visitor } from './scene.js'

/** What a person does, step by step. How each state looks is shown by the other pages. */
const meta: Meta<Args> = {
  title: 'Behaviour',
  component,
  tags: ['behaviour'],
  args: { label: 'Documents', name: 'documents', accept: '.pdf,.jpg,.png', maxFiles: 5 },
  loaders: [backendOf()],
  render: renderField,
}
export default meta
type Story = StoryObj<Args>

export const Dropped: Story = {
  name: 'Files are dropped: 2 comes before 10',
  play: async (context) => {
    const I = visitor(context)
    const trigger = await I.button('Choose files Documents', '파일 선택 제출 서류')
    dropFiles(trigger, [fileOf('page 10.pdf'), fileOf('page 2.pdf')])
    await I.seesText('2 of 5 files', '5개 중 2개')
    const names = I.canvas.getAllByRole('listitem').map((row) => row.querySelector('[data-part=name]')?.textContent)
    await expect(names).toEqual(['page 2.pdf', 'page 10.pdf'])
  },
}

export const Pasted: Story = {
  name: 'A file is pasted with the focus on the button',
  play: async (context) => {
    const I = visitor(context)
    const trigger = await I.button('Choose files Documents', '파일 선택 제출 서류')
    trigger.focus()
    pasteFiles(trigger, [fileOf('screenshot.png')])
    await I.button('Remove screenshot.png', '삭제 screenshot.png')
    await expect(trigger).toHaveFocus()
  },
}

export const Cancelled: Story = {
  name: 'An upload is cancelled and taken back',
  loaders: [backendOf((backend) => backend.hold('send'))],
  play: async (context) => {
    const I = visitor(context)
    I.backend.progress('film.png', 0.2)
    await I.choose(fileOf('film.png', 5 * MB))
    await I.seesBar('film.png', '20')
    await userEvent.click(await I.button('Cancel film.png', '취소 film.png'))
    await expect(I.canvas.queryByRole('listitem')).toBeNull()
    await userEvent.click(await I.button('Undo: remove film.png', '되돌리기: film.png 파일 삭제'))
    await expect(await I.button('Cancel film.png', '취소 film.png')).toHaveFocus()
    I.backend.release('send')
    await I.seesText('5 MB, uploaded', '5MB, 업로드 완료')
  },
}

export const TriedAgain: Story = {
  name: 'A failed upload is tried again',
  loaders: [backendOf((backend) => backend.fail('send', 'storage-rejected', { times: 1 }))],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('report.pdf', 2 * MB))
    await userEvent.click(await I.button('Try again report.pdf', '다시 시도 report.pdf'))
    await I.seesText('2 MB, uploaded', '2MB, 업로드 완료')
    await expect(await I.button('Remove report.pdf', '삭제 report.pdf')).toHaveFocus()
  },
}

export const RemovedByKey: Story = {
  name: 'A file is removed with the Delete key',
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('a.pdf'), fileOf('b.pdf'))
    const remove = await I.button('Remove a.pdf', '삭제 a.pdf')
    remove.focus()
    await userEvent.keyboard('{Delete}')
    await expect(await I.button('Remove b.pdf', '삭제 b.pdf')).toHaveFocus()
    await expect(I.canvas.getAllByRole('listitem')).toHaveLength(1)
  },
}

export const Dismissed: Story = {
  name: 'A file that was not added is dismissed',
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('setup.exe'))
    await userEvent.click(await I.button('Dismiss setup.exe', '닫기 setup.exe'))
    await expect(I.canvas.queryByRole('listitem')).toBeNull()
    await expect(I.canvas.queryByText('removed.')).toBeNull()
    await expect(await I.button('Choose files Documents', '파일 선택 제출 서류')).toHaveFocus()
  },
}

export const Replaced: Story = {
  name: 'The only file is replaced by the next once that is stored',
  args: { label: 'ID photo', name: 'photo', maxFiles: 1 },
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('old.jpg'))
    await I.seesText('240 KB, uploaded', '240KB, 업로드 완료')
    I.backend.hold('send')
    await I.choose(fileOf('new.jpg', 3 * MB))
    await I.button('Cancel new.jpg', '취소 new.jpg')
    await I.button('Remove old.jpg', '삭제 old.jpg')
    I.backend.release('send')
    await I.seesText('3 MB, uploaded', '3MB, 업로드 완료')
    await expect(I.canvas.getAllByRole('listitem')).toHaveLength(1)
    await I.button('Undo: remove old.jpg', '되돌리기: old.jpg 파일 삭제')
  },
}

export const SlowNetwork: Story = {
  name: 'To try by hand: every step takes a second',
  args: { maxFiles: 10, maxTotalSize: 200 * MB },
  loaders: [backendOf(() => {}, { latency: 1_000 })],
  play: async (context) => {
    await expect(visitor(context).group()).toBeVisible()
  },
}
