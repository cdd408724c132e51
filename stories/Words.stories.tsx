import type { Meta, StoryObj } from '@storybook/react-vite'
import { FileAnswerField, FileAnswerProvider } from 'file-answer-field'
import { en } from 'file-answer-field/locales/en'
import { ko } from 'file-answer-field/locales/ko'
import type { MemoryBackend } from 'file-answer-field/testing'
import { type Args, backendOf, component, fileOf, MB, renderField, visitor } from './scene.js'

/** What the field says, and how a host says it otherwise. */
const meta: Meta<Args> = {
  title: 'Words',
  component,
  args: { label: 'Documents', name: 'documents', maxFiles: 5, maxSize: 20 * MB },
  loaders: [backendOf()],
  render: renderField,
}
export default meta
type Story = StoryObj<Args>

export const ProviderInKorean: Story = {
  name: 'A provider in Korean',
  parameters: { locale: 'ko' },
  render: (args, context) => <FileAnswerProvider messages={ko}>{renderField(args, context)}</FileAnswerProvider>,
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('이력서 최종.hwp', 2.4 * MB))
    await I.button('', '파일 추가 제출 서류')
    await I.button('', '삭제 이력서 최종.hwp')
    await I.seesText('', '2.4MB, 업로드 완료')
  },
}

export const OneFieldInKorean: Story = {
  name: 'One field in Korean on an English page',
  render: (args, { loaded }) => (
    <div lang="ko">
      <FileAnswerField {...args} label="제출 서류" messages={ko} backend={loaded.backend as MemoryBackend} />
    </div>
  ),
  play: async (context) => {
    await visitor(context).button('파일 선택 제출 서류', '파일 선택 제출 서류')
  },
}

export const HostsWords: Story = {
  name: 'Some words of the host’s own',
  render: (args, { loaded }) => (
    <div lang="en">
      <FileAnswerField
        {...args}
        label="Evidence"
        backend={loaded.backend as MemoryBackend}
        messages={{
          ...en,
          text: { ...en.text, chooseFiles: 'Attach evidence', dropHere: 'or drop it here' },
          reasons: { ...en.reasons, 'file-too-large': 'At {size} this is too much for us. Keep it under {limit}.' },
        }}
      />
    </div>
  ),
  play: async (context) => {
    const I = visitor(context)
    await I.button('Attach evidence Evidence', 'Attach evidence Evidence')
    await I.choose(fileOf('film.mp4', 25 * MB))
    const said = 'At 25 MB this is too much for us. Keep it under 20 MB.'
    await I.seesText(said, said)
  },
}
