import type { Meta, StoryObj } from '@storybook/react-vite'
import { failure } from 'file-answer-field/engine'
import { type Args, backendOf, component, fileOf, MB, renderField, visitor } from './scene.js'

/** A file that could not be stored: it says why, in words that say what to do, and can be tried again. */
const meta: Meta<Args> = {
  title: 'Row/Failed',
  component,
  args: { label: 'Documents', name: 'documents' },
  render: renderField,
}
export default meta
type Story = StoryObj<Args>

const report = () => fileOf('report.pdf', 12 * MB)

const failed = (code: string, english: string, korean: string, more: Parameters<typeof failure>[1] = {}): Story => ({
  loaders: [backendOf((backend) => backend.fail('send', failure(code, { remedy: 'person', ...more })))],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(report())
    await I.seesText(english, korean)
    await I.seesRow('report.pdf', 'failed')
    await I.button('Try again report.pdf', '다시 시도 report.pdf')
    await I.button('Remove report.pdf', '삭제 report.pdf')
  },
})

export const Connection: Story = {
  name: 'The connection was lost',
  ...failed(
    'network',
    'The connection was lost. Check it and try again.',
    '인터넷 연결이 끊겼습니다. 연결을 확인한 뒤 다시 시도해 주세요.',
  ),
}
export const Still: Story = {
  name: 'The upload stopped moving',
  ...failed('timeout', 'The upload stopped moving. Try again.', '업로드가 멈췄습니다. 다시 시도해 주세요.'),
}
export const Server: Story = {
  name: 'The server has a problem',
  ...failed(
    'server',
    'Something went wrong on our side. Try again in a moment.',
    '서버에 문제가 있습니다. 잠시 후 다시 시도해 주세요.',
  ),
}
export const Storage: Story = {
  name: 'Storage refused it, with its code',
  ...failed(
    'storage-rejected',
    'The storage refused this file. Try again. If it repeats, tell the organiser. Code: AccessDenied',
    '저장소에서 파일을 받지 못했습니다. 다시 시도해 주세요. 계속되면 담당자에게 알려 주세요. 코드: AccessDenied',
    { storageCode: 'AccessDenied' },
  ),
}
export const Damaged: Story = {
  name: 'It changed on the way',
  ...failed(
    'damaged',
    'The file changed on the way. Try again.',
    '전송 중에 파일이 손상되었습니다. 다시 시도해 주세요.',
  ),
}
export const Unreadable: Story = {
  name: 'It cannot be read any more',
  ...failed(
    'unreadable',
    'The file cannot be read. It may have been moved or changed. Choose it again.',
    '파일을 읽을 수 없습니다. 이동되었거나 변경되었을 수 있습니다. 다시 선택해 주세요.',
  ),
}
export const Denied: Story = {
  name: 'The person may not upload',
  loaders: [backendOf((backend) => backend.fail('presign', 'denied'))],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(report())
    await I.seesText(
      'You are not allowed to upload here. Sign in again or ask the organiser.',
      '업로드 권한이 없습니다. 다시 로그인하거나 담당자에게 문의해 주세요.',
    )
    await I.button('Try again report.pdf', '다시 시도 report.pdf')
  },
}
export const Check: Story = {
  name: 'The check found something',
  loaders: [backendOf((backend) => backend.fail('check', 'unsafe'), { confirm: true })],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(report())
    await I.seesText('This file may be unsafe.', '안전하지 않은 파일일 수 있습니다.')
  },
}

export const Ended: Story = {
  name: 'Its permission ran out, again and again',
  ...failed(
    'url-expired',
    'The upload permission ran out. Try again.',
    '업로드 허용 시간이 지났습니다. 다시 시도해 주세요.',
  ),
}
export const Crowded: Story = {
  name: 'Too many uploads at once',
  ...failed(
    'rate-limited',
    'Too many uploads at once. Try again in a minute.',
    '요청이 많습니다. 1분 후 다시 시도해 주세요.',
  ),
}
export const Closed: Story = {
  name: 'The form takes no more files',
  ...failed('closed', 'This form no longer takes files.', '더 이상 파일을 받지 않는 양식입니다.'),
}
export const Locked: Story = {
  name: 'The check could not open it',
  ...failed(
    'protected',
    'The file has a password. Remove the password and choose it again.',
    '암호가 걸린 파일입니다. 암호를 해제한 뒤 다시 선택해 주세요.',
  ),
}
