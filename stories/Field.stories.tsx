import type { Meta, StoryObj } from '@storybook/react-vite'
import { documents, hwp, images } from 'file-answer-field/accept'
import { expect, userEvent } from 'storybook/test'
import { type Args, backendOf, component, fileOf, KB, MB, renderField, visitor } from './scene.js'

const stored = [
  { id: 'contract', name: 'contract.pdf', size: 1.8 * MB, type: 'application/pdf', url: 'https://files.invalid/1' },
  { id: 'receipt', name: 'receipt.jpg', size: 310 * KB, type: 'image/jpeg', url: 'https://files.invalid/2' },
]

/** The question as a whole: what it asks, what it holds, and what is wrong with it. */
const meta: Meta<Args> = {
  title: 'Field',
  component,
  args: { label: 'Documents', name: 'documents' },
  loaders: [backendOf()],
  render: renderField,
}
export default meta
type Story = StoryObj<Args>

export const Empty: Story = {
  play: async (context) => {
    const I = visitor(context)
    await expect(I.group()).toHaveAccessibleName(I.t('Documents', '제출 서류'))
    await expect(await I.button('Choose files Documents', '파일 선택 제출 서류')).toBeEnabled()
    await expect(I.canvas.queryByRole('list')).toBeNull()
  },
}

export const WithADescription: Story = {
  args: { description: 'Everything that shows your work. You can add more until the form is sent.' },
  play: async (context) => {
    const I = visitor(context)
    await expect(I.group()).toHaveAccessibleDescription(
      I.t(
        'Everything that shows your work. You can add more until the form is sent.',
        '작업을 보여 주는 자료를 모두 올려 주세요. 제출하기 전까지 더 추가할 수 있습니다.',
      ),
    )
  },
}

export const RulesAreToldBefore: Story = {
  name: 'Rules are told before a file is chosen',
  args: { accept: '.pdf,.hwp,.jpg', maxSize: 20 * MB, maxFiles: 5, maxTotalSize: 50 * MB },
  play: async (context) => {
    const I = visitor(context)
    await expect(await I.button('Choose files Documents', '파일 선택 제출 서류')).toHaveAccessibleDescription(
      I.t(
        'PDF, HWP or JPG. Up to 20 MB each, 5 files at most, 50 MB in total.',
        'PDF, HWP, JPG 형식. 파일당 최대 20MB, 최대 5개, 전체 50MB까지 업로드할 수 있습니다.',
      ),
    )
  },
}

export const ManyTypes: Story = {
  name: 'Rules made of presets',
  args: { accept: { ...documents, ...hwp, ...images }, maxSize: 20 * MB },
  play: async (context) => {
    const I = visitor(context)
    await expect(I.group()).toHaveAccessibleDescription(
      I.t(
        'PDF, DOC, DOCX, XLS, XLSX, PPT, PPTX, ODT, ODS, ODP, RTF, TXT, CSV, HWP, HWPX or images. Up to 20 MB each.',
        'PDF, DOC, DOCX, XLS, XLSX, PPT, PPTX, ODT, ODS, ODP, RTF, TXT, CSV, HWP, HWPX, 이미지 형식. 파일당 최대 20MB까지 업로드할 수 있습니다.',
      ),
    )
  },
}

export const Required: Story = {
  args: { required: true },
  play: async (context) => {
    const I = visitor(context)
    await expect(I.group()).toHaveAccessibleName(I.t('Documents (required)', '제출 서류 (필수)'))
    await I.button('Choose files Documents (required)', '파일 선택 제출 서류 (필수)')
  },
}

export const OneFileOnly: Story = {
  name: 'One file only, none yet',
  args: { label: 'ID photo', name: 'photo', accept: images, maxFiles: 1, maxSize: 5 * MB },
  play: async (context) => {
    const I = visitor(context)
    await expect(await I.button('Choose a file ID photo', '파일 선택 증명사진')).toHaveAccessibleDescription(
      I.t('Images. Up to 5 MB.', '이미지 형식. 최대 5MB까지 업로드할 수 있습니다.'),
    )
  },
}

export const OneFileStored: Story = {
  name: 'One file only, stored: it can be replaced',
  args: { label: 'ID photo', name: 'photo', maxFiles: 1 },
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('face.jpg'))
    await I.seesText('240 KB, uploaded', '240KB, 업로드 완료')
    await I.button('Replace file ID photo', '파일 바꾸기 증명사진')
    await I.button('Remove face.jpg', '삭제 face.jpg')
  },
}

export const WithFiles: Story = {
  name: 'Some of five files',
  args: { maxFiles: 5, maxTotalSize: 50 * MB },
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('application.pdf', 2.4 * MB), fileOf('이력서 최종.hwp', 120 * KB))
    await I.seesText('2.4 MB, uploaded', '2.4MB, 업로드 완료')
    await I.seesText('2 of 5 files, 2.5 MB of 50 MB', '5개 중 2개, 전체 50MB 중 2.5MB')
    await expect(I.canvas.getByRole('list')).toHaveAccessibleName(I.t('Files for Documents', '제출 서류 항목의 파일'))
    await I.button('Add files Documents', '파일 추가 제출 서류')
  },
}

export const LimitReached: Story = {
  args: { maxFiles: 2 },
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('application.pdf'), fileOf('photo.jpg', 96 * KB))
    await I.seesText(
      '2 of 2 files. Remove one to add another.',
      '2개 중 2개입니다. 더 추가하려면 파일을 삭제해 주세요.',
    )
    const trigger = await I.button('Add files Documents', '파일 추가 제출 서류')
    await expect(trigger).toHaveAttribute('aria-disabled', 'true')
    await expect(trigger).toHaveAccessibleDescription(
      expect.stringContaining(I.t('Remove one to add another', '더 추가하려면 파일을 삭제해')),
    )
  },
}

export const OwnError: Story = {
  name: 'Its own error, after a submit without a file',
  args: { required: true },
  render: (args, context) => (
    <form aria-label="Application">
      {renderField(args, context)}
      <button type="submit">{visitor(context).t('Send', '제출')}</button>
    </form>
  ),
  play: async (context) => {
    const I = visitor(context)
    await userEvent.click(await I.button('Send', '제출'))
    await I.seesText('Attach at least 1 file.', '파일을 1개 이상 첨부해 주세요.')
    await expect(I.group()).toHaveAttribute('aria-invalid', 'true')
    await expect(I.group()).toHaveAccessibleDescription(
      I.t('Error: Attach at least 1 file.', '오류: 파일을 1개 이상 첨부해 주세요.'),
    )
    await expect(await I.button('Choose files Documents (required)', '파일 선택 제출 서류 (필수)')).toHaveFocus()
  },
}

export const HostsError: Story = {
  name: 'The host’s error',
  args: { error: 'The bank did not accept this document. Add one that is not older than three months.' },
  play: async (context) => {
    const I = visitor(context)
    await expect(await I.button('Choose files Documents', '파일 선택 제출 서류')).toHaveAccessibleDescription(
      I.t(
        'Error: The bank did not accept this document. Add one that is not older than three months.',
        '오류: 은행에서 이 서류를 받지 않았습니다. 발급된 지 3개월이 지나지 않은 서류를 추가해 주세요.',
      ),
    )
  },
}

export const Disabled: Story = {
  args: { disabled: true, accept: '.pdf', maxFiles: 5 },
  play: async (context) => {
    const I = visitor(context)
    await expect(await I.button('Choose files Documents', '파일 선택 제출 서류')).toBeDisabled()
  },
}

export const DisabledWithFiles: Story = {
  args: { disabled: true, defaultValue: stored.map(({ id }) => id), knownFiles: stored },
  play: async (context) => {
    const I = visitor(context)
    await expect(await I.canvas.findByRole('link', { name: 'contract.pdf' })).toBeVisible()
    await expect(I.canvas.getAllByRole('button')).toHaveLength(1)
  },
}

export const ReadOnly: Story = {
  args: { readOnly: true, defaultValue: stored.map(({ id }) => id), knownFiles: stored },
  play: async (context) => {
    const I = visitor(context)
    await expect(await I.canvas.findByRole('link', { name: 'contract.pdf' })).toBeVisible()
    await expect(I.canvas.getByRole('link', { name: 'receipt.jpg' })).toBeVisible()
    await expect(I.canvas.queryByRole('button')).toBeNull()
  },
}

export const ReadOnlyWithoutFiles: Story = {
  name: 'Read only, with nothing in it',
  args: { readOnly: true },
  play: async (context) => {
    const I = visitor(context)
    await expect(I.group()).toHaveAccessibleName(I.t('Documents', '제출 서류'))
    await expect(I.canvas.queryByRole('list')).toBeNull()
  },
}
