import type { Meta, StoryObj } from '@storybook/react-vite'
import { failure } from 'file-answer-field/engine'
import { dispatchFolder } from './folder.js'
import { type Args, backendOf, component, fileOf, KB, MB, renderField, visitor } from './scene.js'

/** A file that may not enter: shown beside its reason, never counted, and dismissed with a button. */
const meta: Meta<Args> = {
  title: 'Row/Not added',
  component,
  args: { label: 'Documents', name: 'documents' },
  loaders: [backendOf()],
  render: renderField,
}
export default meta
type Story = StoryObj<Args>

const rejected = (file: () => File[], english: string, korean: string): Pick<Story, 'play'> => ({
  play: async (context) => {
    const I = visitor(context)
    const files = file()
    await I.choose(...files)
    await I.seesText(english, korean)
    const { name = '' } = files.at(-1) ?? {}
    await I.button(`Dismiss ${name}`, `닫기 ${name}`)
  },
})

export const WrongType: Story = {
  name: 'Its type is not accepted',
  args: { accept: '.pdf,.hwp,.jpg' },
  ...rejected(
    () => [fileOf('setup.exe')],
    'This type is not accepted. Use PDF, HWP or JPG.',
    '업로드할 수 없는 형식입니다. PDF, HWP, JPG 형식만 가능합니다.',
  ),
}
export const TooLarge: Story = {
  args: { maxSize: 20 * MB },
  ...rejected(
    () => [fileOf('film.mp4', 25 * MB)],
    'The file is 25 MB. The limit is 20 MB per file.',
    '파일 크기가 25MB입니다. 파일당 최대 20MB까지 업로드할 수 있습니다.',
  ),
}
export const JustTooLarge: Story = {
  name: 'Too large by one byte',
  args: { maxSize: 20 * MB },
  ...rejected(
    () => [fileOf('film.mp4', 20 * MB + 1)],
    'The file is 20,971,521 bytes. The limit is 20,971,520 bytes per file.',
    '파일 크기가 20,971,521바이트입니다. 파일당 최대 20,971,520바이트까지 업로드할 수 있습니다.',
  ),
}
export const TooSmall: Story = {
  args: { minSize: 10 * KB },
  ...rejected(
    () => [fileOf('scan.jpg', 2 * KB)],
    'The file is 2 KB. It must be at least 10 KB.',
    '파일 크기가 2KB입니다. 10KB 이상이어야 합니다.',
  ),
}
export const NothingInIt: Story = {
  name: 'Nothing is in it',
  ...rejected(
    () => [fileOf('empty.pdf', 0)],
    'The file is empty (0 bytes). Check it and choose it again.',
    '내용이 없는 파일입니다(0바이트). 확인한 뒤 다시 선택해 주세요.',
  ),
}
export const TooMany: Story = {
  args: { maxFiles: 2 },
  ...rejected(
    () => [fileOf('a.pdf'), fileOf('b.pdf'), fileOf('c.pdf')],
    'Only 2 files can be attached. Remove one to add this.',
    '최대 2개까지 첨부할 수 있습니다. 추가하려면 다른 파일을 삭제해 주세요.',
  ),
}
export const TooLargeTogether: Story = {
  args: { maxTotalSize: 50 * MB },
  ...rejected(
    () => [fileOf('a.zip', 30 * MB), fileOf('b.zip', 32 * MB)],
    'Together the files would be 62 MB. The limit is 50 MB.',
    '모두 더하면 62MB입니다. 전체 50MB까지 첨부할 수 있습니다.',
  ),
}
export const Duplicate: Story = {
  name: 'It is in the list already',
  args: { duplicates: 'refuse' },
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('image.jpg'))
    await I.seesText('240 KB, uploaded', '240KB, 업로드 완료')
    await I.choose(fileOf('image.jpg'))
    await I.seesText('This file is already in the list.', '이미 목록에 있는 파일입니다.')
    await I.button('Dismiss image.jpg, 2 of 2', '닫기 image.jpg, 2개 중 2번째')
  },
}
export const Folder: Story = {
  play: async (context) => {
    const I = visitor(context)
    dispatchFolder(await I.button('Choose files Documents', '파일 선택 제출 서류'), { name: 'Holiday', inside: [] })
    await I.seesText(
      'Folders cannot be added. Choose the files inside.',
      '폴더는 추가할 수 없습니다. 폴더 안의 파일을 선택해 주세요.',
    )
  },
}
export const HostsReason: Story = {
  name: 'The host’s own reason',
  args: { validate: () => ({ code: 'not-a-scan', message: 'Only scans of the signed form, please.' }) },
  ...rejected(
    () => [fileOf('draft.pdf')],
    'Only scans of the signed form, please.',
    'Only scans of the signed form, please.',
  ),
}
export const ServersReason: Story = {
  name: 'The server’s reason',
  loaders: [
    backendOf((backend) => backend.fail('presign', failure('file-type', { message: 'no' }), { name: 'draft.docm' })),
  ],
  args: { accept: '.pdf,.docm' },
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('draft.docm'))
    await I.button('Dismiss draft.docm', '닫기 draft.docm')
  },
}
export const NameTooLong: Story = {
  name: 'Its name is too long for the server',
  loaders: [backendOf((backend) => backend.fail('presign', failure('name-invalid'), { name: 'minutes.pdf' }))],
  ...rejected(
    () => [fileOf('minutes.pdf')],
    'The file name is too long. Shorten it and choose it again.',
    '파일 이름이 너무 깁니다. 이름을 줄인 뒤 다시 선택해 주세요.',
  ),
}
export const AmongGoodOnes: Story = {
  name: 'One of three',
  args: { accept: '.pdf,.jpg', maxFiles: 5 },
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('cover letter.pdf'), fileOf('setup.exe'), fileOf('face.jpg', 96 * KB))
    await I.seesText('2 of 5 files', '5개 중 2개')
    await I.button('Dismiss setup.exe', '닫기 setup.exe')
  },
}
