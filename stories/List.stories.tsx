import type { Meta, StoryObj } from '@storybook/react-vite'
import { failure } from 'file-answer-field/engine'
import { expect, userEvent, waitFor } from 'storybook/test'
import { type Args, backendOf, component, fileOf, KB, MB, renderField, stillAnswerOf, visitor } from './scene.js'

/** Rows beside each other: order, names, numbers, and what is done with all of them. */
const meta: Meta<Args> = {
  title: 'List',
  component,
  args: { label: 'Documents', name: 'documents' },
  loaders: [backendOf()],
  render: renderField,
}
export default meta
type Story = StoryObj<Args>

export const ManyStates: Story = {
  name: 'Files in different states',
  args: { maxFiles: 10, accept: '.pdf,.jpg,.hwp,.zip,.mov' },
  loaders: [
    backendOf(
      (backend) => {
        backend.hold('send', 'interview.mov')
        backend.progress('interview.mov', 0.605)
        backend.hold('presign', 'archive.zip')
        backend.hold('complete', 'photo.jpg')
        backend.fail('send', failure('network', { remedy: 'person' }), { name: '이력서 최종.hwp' })
      },
      { confirm: true },
    ),
  ],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(
      fileOf('application.pdf', 2.4 * MB),
      fileOf('photo.jpg', 310 * KB),
      fileOf('interview.mov', 84 * MB),
      fileOf('archive.zip', 40 * MB),
      fileOf('이력서 최종.hwp', 120 * KB),
      fileOf('setup.exe', 9 * MB),
    )
    await I.seesText('2.4 MB, uploaded', '2.4MB, 업로드 완료')
    await I.seesText('Almost done', '마무리 중')
    await I.seesBar('interview.mov', '60')
    await I.seesText('40 MB, preparing', '40MB, 준비 중')
    await I.button('Try again 이력서 최종.hwp', '다시 시도 이력서 최종.hwp')
    await I.button('Dismiss setup.exe', '닫기 setup.exe')
    await expect(I.canvas.getAllByRole('listitem')).toHaveLength(6)
  },
}

export const RemoveAll: Story = {
  name: 'Many files removed at once, and put back by one button',
  play: async (context) => {
    const I = visitor(context)
    await I.choose(...Array.from({ length: 7 }, (_, index) => fileOf(`page ${index + 1}.jpg`, 300 * KB)))
    await userEvent.click(await I.button('Remove all', '전체 삭제'))
    await waitFor(() => expect(I.canvas.queryAllByRole('listitem')).toHaveLength(0))
    await userEvent.click(await I.button('Undo: 7 files removed.', '되돌리기: 파일 7개를 삭제했습니다.'))
    await waitFor(() => expect(I.canvas.getAllByRole('listitem')).toHaveLength(7))
    await I.button('Remove page 1.jpg', '삭제 page 1.jpg')
  },
}

export const EqualNames: Story = {
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('image.jpg', 300 * KB), fileOf('image.jpg', 420 * KB))
    await I.seesText('420 KB, uploaded', '420KB, 업로드 완료')
    await I.button('Remove image.jpg, 1 of 2', '삭제 image.jpg, 2개 중 1번째')
    await I.button('Remove image.jpg, 2 of 2', '삭제 image.jpg, 2개 중 2번째')
  },
}

export const LongName: Story = {
  name: 'A name of two hundred characters',
  play: async (context) => {
    const I = visitor(context)
    const name = `${'Quarterly-report_of-the-working-group_'.repeat(5).slice(0, 196)}.pdf`
    await I.choose(fileOf(name, 2 * MB))
    await I.seesText('2 MB, uploaded', '2MB, 업로드 완료')
    await I.button(`Remove ${name}`, `삭제 ${name}`)
    await expect(I.group().scrollWidth).toBeLessThanOrEqual(I.group().clientWidth)
  },
}

export const BidirectionalNames: Story = {
  name: 'Names in other scripts, and one that hides its extension',
  play: async (context) => {
    const I = visitor(context)
    await I.choose(
      fileOf('تقرير نهائي.pdf', 120 * KB),
      fileOf('דוח 2026.docx', 80 * KB),
      fileOf('invoice\u202Efdp.exe', 64 * KB),
      fileOf('👩‍👩‍👧 가족사진.heic', 2 * MB),
    )
    await I.button('Remove تقرير نهائي.pdf', '삭제 تقرير نهائي.pdf')
    await I.button('Remove invoice\uFFFDfdp.exe', '삭제 invoice\uFFFDfdp.exe')
    await expect(await I.canvas.findAllByRole('listitem')).toHaveLength(4)
  },
}

export const MarkupName: Story = {
  name: 'A name made of markup is text',
  play: async (context) => {
    const I = visitor(context)
    const name = '<img src=x onerror=alert(1)>.pdf'
    await I.choose(fileOf(name))
    await I.seesText(name, name)
    await I.seesText('240 KB, uploaded', '240KB, 업로드 완료')
    await expect(I.group().querySelector('img')).toBeNull()
  },
}

export const SeveralFailed: Story = {
  name: 'Several failed: all can be tried again',
  loaders: [backendOf((backend) => backend.fail('send', failure('server', { remedy: 'person' })))],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('a.pdf'), fileOf('b.pdf'), fileOf('c.pdf'))
    await I.button('Try again c.pdf', '다시 시도 c.pdf')
    await I.button('Try all again', '모두 다시 시도')
  },
}

export const Removed: Story = {
  name: 'One removed: it can be undone',
  loaders: [stillAnswerOf()],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('report.pdf', 2 * MB), fileOf('photo.jpg'))
    await I.clock.advance(100)
    await userEvent.click(await I.button('Remove report.pdf', '삭제 report.pdf'))
    // The name stands in an element of its own.
    await I.seesText('removed.', '파일을 삭제했습니다.')
    await I.button('Undo: remove report.pdf', '되돌리기: report.pdf 파일 삭제')
    await expect(await I.button('Remove photo.jpg', '삭제 photo.jpg')).toHaveFocus()
  },
}

export const AllRemoved: Story = {
  name: 'Five removed: the last three can be undone here',
  loaders: [stillAnswerOf()],
  play: async (context) => {
    const I = visitor(context)
    const names = ['1.pdf', '2.pdf', '3.pdf', '4.pdf', '5.pdf']
    await I.choose(...names.map((name) => fileOf(name)))
    await I.clock.advance(100)
    for (const name of names) await userEvent.click(await I.button(`Remove ${name}`, `삭제 ${name}`))
    await I.button('Undo: remove 5.pdf', '되돌리기: 5.pdf 파일 삭제')
    await expect(await I.button('Choose files Documents', '파일 선택 제출 서류')).toHaveFocus()
  },
}

const many = (count: number): File[] =>
  Array.from({ length: count }, (_, index) => fileOf(`photo-${String(index + 1).padStart(4, '0')}.jpg`, 20 * KB))

export const TwoHundred: Story = {
  name: 'Two hundred files',
  args: { maxFiles: 300 },
  loaders: [backendOf(() => {}, { largestBatch: 200 })],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(...many(200))
    await I.seesText('200 of 300 files', '300개 중 200개')
    await waitFor(() => expect(I.group().querySelectorAll('li')).toHaveLength(200))
  },
}

export const AThousand: Story = {
  name: 'A thousand files',
  args: { maxFiles: 1000 },
  loaders: [backendOf(() => {}, { largestBatch: 200 })],
  // Its rows are those of two hundred, which axe looks at.
  parameters: { a11y: { test: 'off' } },
  play: async (context) => {
    const I = visitor(context)
    await I.choose(...many(1000))
    await I.seesText(
      '1,000 of 1,000 files. Remove one to add another.',
      '1,000개 중 1,000개입니다. 더 추가하려면 파일을 삭제해 주세요.',
    )
    await waitFor(() => expect(I.group().querySelectorAll('li')).toHaveLength(1000), { timeout: 4000 })
  },
}
