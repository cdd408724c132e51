import type { Meta, StoryObj } from '@storybook/react-vite'
import { FileAnswerField, type FileAnswerHandle } from 'file-answer-field'
import type { MemoryBackend } from 'file-answer-field/testing'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import { expect, userEvent, waitFor } from 'storybook/test'
import { type Args, backendOf, component, fileOf, inLanguage, KB, MB, renderField, visitor } from './scene.js'

/** The field in a host's form: when it may be sent, and what is sent. */
const meta: Meta<Args> = {
  title: 'Form',
  component,
  args: { label: 'Documents', name: 'documents' },
  loaders: [backendOf((backend) => backend.hold('send'))],
  render: (args, context) => (
    <HostForm send={visitor(context).t('Send application', '지원서 제출')}>{renderField(args, context)}</HostForm>
  ),
}
export default meta
type Story = StoryObj<Args>

/** A form of the host that shows what it would send. */
function HostForm({ children, send }: { children: ReactNode; send: string }) {
  const [sent, setSent] = useState<string | null>(null)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setSent(
      new URLSearchParams(
        [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]),
      ).toString(),
    )
  }
  return (
    <form onSubmit={submit} aria-label="Application">
      {children}
      <button type="submit">{send}</button>
      {sent === null ? null : <output aria-label="Sent">{sent === '' ? '–' : sent}</output>}
    </form>
  )
}

const withOneUploading = async (context: Parameters<NonNullable<Story['play']>>[0]) => {
  const I = visitor(context)
  I.backend.progress('report.pdf', 0.5)
  await I.choose(fileOf('report.pdf', 8 * MB))
  await I.seesBar('report.pdf', '50')
  return I
}

export const BlocksWhilePending: Story = {
  name: 'Sent too early: it says what to wait for',
  args: { whenPending: 'block' },
  play: async (context) => {
    const I = await withOneUploading(context)
    await userEvent.click(await I.button('Send application', '지원서 제출'))
    await I.seesText('Wait until 1 file is uploaded.', '파일 1개를 업로드하고 있습니다. 완료된 뒤 제출해 주세요.')
    await expect(await I.button('Add files Documents', '파일 추가 제출 서류')).toHaveFocus()
    await expect(I.canvas.queryByRole('status', { name: 'Sent' })).toBeNull()
  },
}

export const WaitsWhilePending: Story = {
  name: 'Sent too early: it goes by itself once all is uploaded',
  args: { whenPending: 'wait' },
  play: async (context) => {
    const I = await withOneUploading(context)
    await userEvent.click(await I.button('Send application', '지원서 제출'))
    await expect(I.canvas.queryByRole('status', { name: 'Sent' })).toBeNull()
    I.backend.release('send')
    await expect(await I.canvas.findByRole('status', { name: 'Sent' })).toHaveTextContent('documents=file-1')
  },
}

export const Held: Story = {
  name: 'Sent too early: it waits, and says so',
  args: { whenPending: 'wait' },
  play: async (context) => {
    const I = await withOneUploading(context)
    await userEvent.click(await I.button('Send application', '지원서 제출'))
    await I.seesText('The form is sent as soon as 1 file is uploaded.', '파일 1개를 업로드한 뒤 바로 제출합니다.')
  },
}

export const AllowedWhilePending: Story = {
  name: 'Sent without what is pending',
  args: { whenPending: 'allow' },
  play: async (context) => {
    const I = await withOneUploading(context)
    await userEvent.click(await I.button('Send application', '지원서 제출'))
    await expect(await I.canvas.findByRole('status', { name: 'Sent' })).toHaveTextContent('–')
  },
}

export const SentWithAFailure: Story = {
  name: 'Sent with a file that failed: it says what to do',
  loaders: [backendOf((backend) => backend.fail('send', 'storage-rejected'))],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('report.pdf'))
    await I.button('Try again report.pdf', '다시 시도 report.pdf')
    await userEvent.click(await I.button('Send application', '지원서 제출'))
    await I.seesText(
      '1 file was not uploaded. Try again or remove it.',
      '업로드하지 못한 파일이 1개 있습니다. 다시 시도하거나 삭제해 주세요.',
    )
  },
}

export const TooFew: Story = {
  name: 'Sent with one of at least two files',
  args: { minFiles: 2 },
  loaders: [backendOf()],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('report.pdf'))
    await I.seesText('240 KB, uploaded', '240KB, 업로드 완료')
    await userEvent.click(await I.button('Send application', '지원서 제출'))
    await I.seesText('Attach at least 2 files. Now there is 1.', '파일을 2개 이상 첨부해 주세요. 지금은 1개입니다.')
  },
}

export const StartsWithSubmit: Story = {
  name: 'Uploads begin with the submit',
  args: { start: 'submit' },
  loaders: [backendOf()],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('report.pdf', 2 * MB))
    await I.seesText('2 MB, waiting', '2MB, 대기 중')
    await expect(I.backend.calls).toHaveLength(0)
    await userEvent.click(await I.button('Send application', '지원서 제출'))
    await expect(await I.canvas.findByRole('status', { name: 'Sent' })).toHaveTextContent('documents=file-1')
    await I.seesText('2 MB, uploaded', '2MB, 업로드 완료')
  },
}

function StartedByHand({ args, context }: { args: Args; context: Parameters<typeof renderField>[1] }) {
  const field = useRef<FileAnswerHandle>(null)
  const { t } = visitor({ ...context, canvasElement: document.body })
  return (
    <form aria-label="Application">
      <FileAnswerField {...inLanguage(context, args)} backend={context.loaded.backend as MemoryBackend} ref={field} />
      <button type="button" onClick={() => field.current?.start()}>
        {t('Start uploading', '업로드 시작')}
      </button>
    </form>
  )
}

export const StartsByHand: Story = {
  name: 'Uploads begin with a button of the host',
  args: { start: 'manual' },
  loaders: [backendOf()],
  render: (args, context) => <StartedByHand args={args} context={context} />,
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('report.pdf', 2 * MB))
    await I.seesText('2 MB, waiting', '2MB, 대기 중')
    await userEvent.click(await I.button('Start uploading', '업로드 시작'))
    await I.seesText('2 MB, uploaded', '2MB, 업로드 완료')
  },
}

export const TwoFields: Story = {
  loaders: [backendOf()],
  render: (args, context) => (
    <HostForm send={visitor(context).t('Send application', '지원서 제출')}>
      {renderField({ ...args, label: 'ID photo', name: 'photo', maxFiles: 1, required: true }, context)}
      {renderField({ ...args, maxFiles: 5 }, context)}
    </HostForm>
  ),
  play: async (context) => {
    const I = visitor(context)
    const [photo, documents] = I.canvas.getAllByRole('group')
    await expect(photo).toHaveAccessibleName(I.t('ID photo (required)', '증명사진 (필수)'))
    await expect(documents).toHaveAccessibleName(I.t('Documents', '제출 서류'))
    await I.button('Choose a file ID photo (required)', '파일 선택 증명사진 (필수)')
    await I.button('Choose files Documents', '파일 선택 제출 서류')
  },
}

function Controlled({ args, context }: { args: Args; context: Parameters<typeof renderField>[1] }) {
  const [value, setValue] = useState<readonly string[]>(['contract'])
  const { t } = visitor({ ...context, canvasElement: document.body })
  return (
    <form aria-label="Application">
      <FileAnswerField
        {...inLanguage(context, args)}
        backend={context.loaded.backend as MemoryBackend}
        value={value}
        onChange={setValue}
      />
      <output aria-label="Value">{value.join(', ')}</output>
      <button type="button" onClick={() => setValue((ids) => ids.slice(1))}>
        {t('Take the first away', '첫 번째 빼기')}
      </button>
    </form>
  )
}

export const ControlledByTheHost: Story = {
  loaders: [
    backendOf(() => {}, {
      files: [{ id: 'contract', name: 'contract.pdf', size: 310 * KB, type: 'application/pdf' }],
    }),
  ],
  render: (args, context) => <Controlled args={args} context={context} />,
  play: async (context) => {
    const I = visitor(context)
    await I.canvas.findByRole('link', { name: 'contract.pdf' })
    await I.choose(fileOf('report.pdf'))
    await I.seesText('contract, file-1', 'contract, file-1')
    await userEvent.click(await I.button('Take the first away', '첫 번째 빼기'))
    await I.seesText('file-1', 'file-1')
    await waitFor(() => expect(I.canvas.getAllByRole('listitem')).toHaveLength(1))
  },
}
