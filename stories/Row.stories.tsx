import type { Meta, StoryObj } from '@storybook/react-vite'
import { failure } from 'file-answer-field/engine'
import { expect } from 'storybook/test'
import { type Args, backendOf, component, fileOf, MB, renderField, stillAnswerOf, visitor } from './scene.js'

/** One file, in each state it can be in. */
const meta: Meta<Args> = {
  title: 'Row',
  component,
  args: { label: 'Documents', name: 'documents' },
  render: renderField,
}
export default meta
type Story = StoryObj<Args>

const report = () => fileOf('report.pdf', 12 * MB)

export const Waiting: Story = {
  name: 'Waiting to be started',
  args: { start: 'manual' },
  loaders: [backendOf()],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(report())
    await I.seesText('12 MB, waiting', '12MB, 대기 중')
    await I.button('Remove report.pdf', '삭제 report.pdf')
    await I.seesRow('report.pdf', 'queued')
  },
}

export const PreparedByTheHost: Story = {
  name: 'Preparing: the host’s own step runs',
  // Until the row is left: then it is told to stop.
  args: {
    prepare: (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  },
  loaders: [backendOf()],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(report())
    await I.seesText('12 MB, preparing', '12MB, 준비 중')
    await I.button('Cancel report.pdf', '취소 report.pdf')
    await I.seesRow('report.pdf', 'preparing')
  },
}

export const Preparing: Story = {
  name: 'Preparing: its grant is on its way',
  loaders: [backendOf((backend) => backend.hold('presign'))],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(report())
    await I.seesText('12 MB, preparing', '12MB, 준비 중')
    await I.button('Cancel report.pdf', '취소 report.pdf')
    await I.seesRow('report.pdf', 'requesting')
  },
}

export const Ready: Story = {
  name: 'Ready: others are sent before it',
  loaders: [backendOf((backend) => backend.hold('send'))],
  play: async (context) => {
    const I = visitor(context)
    // Six large files go at once.
    await I.choose(...[1, 2, 3, 4, 5, 6, 7].map((number) => fileOf(`film-${number}.mov`, 40 * MB)))
    await I.seesText('40 MB, waiting', '40MB, 대기 중')
    await I.seesRow('film-6.mov', 'uploading')
    await I.seesRow('film-7.mov', 'ready')
  },
}

/** Its bytes stand still there. */
const at = (share: number) =>
  backendOf((backend) => {
    backend.hold('send')
    backend.progress('report.pdf', share)
  })

export const Uploading42: Story = {
  name: 'Uploading, 42%',
  loaders: [at(0.424)],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(report())
    await I.seesBar('report.pdf', '42')
    await I.seesText('5.1 MB of 12 MB, 42%', '12MB 중 5.1MB, 42%')
    await I.button('Cancel report.pdf', '취소 report.pdf')
  },
}

export const Paused: Story = {
  name: 'Paused by the person, and resumed',
  loaders: [at(0.424)],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(report())
    await I.seesBar('report.pdf', '42')
    const pause = await I.button('Pause report.pdf', '일시 정지 report.pdf')
    pause.focus()
    pause.click()
    await I.seesText('Paused at 42%', '42%에서 일시 정지됨')
    await I.seesRow('report.pdf', 'paused')
    await I.seesBar('report.pdf', '42')
    // The same button goes on, and keeps the focus.
    await expect(await I.button('Resume report.pdf', '이어서 업로드 report.pdf')).toHaveFocus()
    await I.button('Cancel report.pdf', '취소 report.pdf')
  },
}

export const UploadingWithoutProgress: Story = {
  name: 'Uploading, progress not known',
  loaders: [backendOf((backend) => backend.hold('send'))],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('report.pdf', 20 * 1024))
    await I.seesText('20 KB, uploading', '20KB, 업로드 중')
    await expect(I.canvas.queryByRole('progressbar')).toBeNull()
  },
}

export const AllBytesSent: Story = {
  name: 'Uploading, 99%: storage has not answered',
  loaders: [at(1)],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(report())
    await I.seesBar('report.pdf', '99')
  },
}

export const AlmostDone: Story = {
  loaders: [backendOf((backend) => backend.hold('complete'), { confirm: true })],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(report())
    await I.seesText('Almost done', '마무리 중')
    await I.seesBar('report.pdf', null)
    await I.button('Cancel report.pdf', '취소 report.pdf')
  },
}

export const Checking: Story = {
  name: 'Uploaded, being checked for viruses',
  loaders: [backendOf((backend) => backend.hold('check'), { confirm: true })],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(report())
    await I.seesText('Uploaded. Checking the file', '업로드 완료, 파일 검사 중')
    await I.seesBar('report.pdf', null)
  },
}

export const Uploaded: Story = {
  loaders: [backendOf()],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(report())
    await I.seesText('12 MB, uploaded', '12MB, 업로드 완료')
    await I.button('Remove report.pdf', '삭제 report.pdf')
    await expect(I.canvas.queryByRole('progressbar')).toBeNull()
    await expect(I.canvas.getByRole('listitem')).toHaveAttribute('data-file-id', 'file-1')
  },
}

export const Retrying: Story = {
  name: 'A service that is away: files wait for it together',
  loaders: [stillAnswerOf((backend) => backend.fail('send', failure('server', { status: 502 })))],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(...['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => fileOf(`${name}.pdf`)))
    await I.clock.advance(450)
    const told = I.t('The server has a problem. Trying again.', '서버에 문제가 있습니다. 다시 시도합니다.')
    // Those whose own try failed and those that wait for their turn.
    await expect(await I.canvas.findAllByText(told)).toHaveLength(8)
  },
}

export const FirstStumble: Story = {
  name: 'A first failed try is no more than preparing',
  loaders: [stillAnswerOf((backend) => backend.fail('send', failure('server', { status: 502 })))],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(report())
    await I.clock.advance(200)
    await I.seesText('12 MB, preparing', '12MB, 준비 중')
    await I.seesRow('report.pdf', 'retrying')
  },
}

export const RetryingIn: Story = {
  name: 'Trying again by itself, counting down',
  loaders: [stillAnswerOf((backend) => backend.fail('send', failure('network', { status: 503, retryAfterMs: 3_000 })))],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(report())
    await I.clock.advance(5_000)
    await I.seesText('Connection lost. Trying again in 2 seconds.', '연결이 끊겼습니다. 2초 후 다시 시도합니다.')
    await I.seesRow('report.pdf', 'retrying')
    await I.button('Cancel report.pdf', '취소 report.pdf')
  },
}

const offline = [
  'You are offline. Upload continues when you are back.',
  '오프라인 상태입니다. 다시 연결되면 이어서 업로드합니다.',
] as const

export const Offline: Story = {
  name: 'Offline while it was uploading',
  loaders: [
    stillAnswerOf((backend) => {
      backend.hold('send')
      backend.fail('send', 'network')
    }),
  ],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(report())
    await I.clock.advance(100)
    I.setOnline(false)
    I.backend.release('send')
    await I.clock.advance(100)
    await I.seesText(...offline)
    await I.seesRow('report.pdf', 'retrying')
  },
}

export const AddedOffline: Story = {
  name: 'Added while offline',
  loaders: [stillAnswerOf()],
  play: async (context) => {
    const I = visitor(context)
    I.setOnline(false)
    await I.choose(report())
    await I.clock.advance(100)
    await I.seesText(...offline)
    await I.seesRow('report.pdf', 'queued')
  },
}

const contract = { id: 'contract', name: 'contract.pdf', size: 1.8 * MB, type: 'application/pdf' }

export const Attached: Story = {
  name: 'Attached on an earlier visit, with a link',
  args: { defaultValue: ['contract'] },
  loaders: [backendOf(() => {}, { files: [contract] })],
  play: async (context) => {
    const I = visitor(context)
    const link = await I.canvas.findByRole('link', { name: 'contract.pdf' })
    await expect(link).toHaveAttribute('rel', 'noopener noreferrer')
    await I.seesText('1.8 MB, already attached', '1.8MB, 첨부되어 있음')
    await I.button('Remove contract.pdf', '삭제 contract.pdf')
  },
}

export const AttachedNameUnknown: Story = {
  name: 'Attached on an earlier visit, not yet described',
  args: { defaultValue: ['contract'] },
  loaders: [backendOf((backend) => backend.hold('describe'))],
  play: async (context) => {
    const I = visitor(context)
    await I.button('Remove Attached file', '삭제 이름 없는 첨부')
  },
}

export const Gone: Story = {
  name: 'Attached on an earlier visit, not found any more',
  args: { defaultValue: ['lost'] },
  loaders: [backendOf()],
  play: async (context) => {
    const I = visitor(context)
    await I.seesText(
      'This file can no longer be found. Remove it and add it again.',
      '더 이상 찾을 수 없는 파일입니다. 삭제한 뒤 다시 추가해 주세요.',
    )
    await expect(I.canvas.getByRole('listitem')).toHaveAttribute('data-state', 'restored')
  },
}
