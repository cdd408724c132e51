import type { Meta, StoryObj } from '@storybook/react-vite'
import type { EntryExtraProps } from 'file-answer-field'
import { failure } from 'file-answer-field/engine'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { type Args, backendOf, component, fileOf, KB, MB, renderField, visitor } from './scene.js'

/** How the list looks and what its rows offer: layouts, pictures, order, progress of many, the host's own parts. */
const meta: Meta<Args> = {
  title: 'Layouts',
  component,
  args: { label: 'Documents', name: 'documents' },
  loaders: [backendOf()],
  render: renderField,
}
export default meta
type Story = StoryObj<Args>

/** A small picture that no file of the repository is needed for. */
async function photo(name: string, hue: number): Promise<File> {
  const canvas = new OffscreenCanvas(160, 120)
  const paint = canvas.getContext('2d')
  if (paint !== null) {
    const sky = paint.createLinearGradient(0, 0, 0, 120)
    sky.addColorStop(0, `hsl(${hue} 70% 75%)`)
    sky.addColorStop(1, `hsl(${hue + 50} 60% 40%)`)
    paint.fillStyle = sky
    paint.fillRect(0, 0, 160, 120)
  }
  return new File([await canvas.convertToBlob({ type: 'image/png' })], name, { type: 'image/png' })
}

export const Compact: Story = {
  name: 'Compact: one line for each file',
  args: { layout: 'compact', accept: '.pdf,.zip,.mov' },
  loaders: [
    backendOf((backend) => {
      backend.hold('send', 'interview.mov')
      backend.progress('interview.mov', 0.605)
      backend.hold('presign', 'archive.zip')
      backend.fail('send', failure('network', { remedy: 'person' }), { name: 'report.pdf' })
    }),
  ],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(
      fileOf('application.pdf', 2.4 * MB),
      fileOf('interview.mov', 84 * MB),
      fileOf('archive.zip', 40 * MB),
      fileOf('report.pdf', 120 * KB),
      fileOf('setup.exe', 9 * MB),
    )
    await I.seesBar('interview.mov', '60')
    const again = await I.button('Try again report.pdf', '다시 시도 report.pdf')
    await expect(I.group().dataset.layout).toBe('compact')
    // 24 px at least, and as much between two.
    const { height } = again.getBoundingClientRect()
    await expect(height).toBeGreaterThanOrEqual(24)
    await expect(I.group().scrollWidth).toBeLessThanOrEqual(I.group().clientWidth)
  },
}

export const Single: Story = {
  name: 'One file: zone and row are one box',
  args: { maxFiles: 1, accept: '.pdf' },
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('passport.pdf', 1.2 * MB))
    await I.seesText('1.2 MB, uploaded', '1.2MB, 업로드 완료')
    const zone = I.group().querySelector('[data-part=dropzone]') as HTMLElement
    const row = I.group().querySelector('[data-part=item]') as HTMLElement
    await expect(Math.abs(zone.getBoundingClientRect().bottom - row.getBoundingClientRect().top)).toBeLessThan(1)
    await I.button('Replace file Documents', '파일 바꾸기 제출 서류')
  },
}

export const Pictures: Story = {
  name: 'Pictures of images, badges of the others',
  args: { accept: '.png,.pdf,.mov,.mp3,.zip' },
  play: async (context) => {
    const I = visitor(context)
    await I.choose(
      await photo('sea.png', 200),
      fileOf('report.pdf'),
      fileOf('film.mov'),
      fileOf('talk.mp3'),
      fileOf('all.zip'),
    )
    await waitFor(() => expect(I.group().querySelectorAll('[data-part=thumb] canvas')).toHaveLength(1), {
      timeout: 10_000,
    })
    await expect(I.group().querySelectorAll('[data-part=thumb] svg')).toHaveLength(4)
  },
}

export const Sortable: Story = {
  name: 'Rows can be moved',
  args: { sortable: true },
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('first.pdf'), fileOf('second.pdf'), fileOf('third.pdf'))
    const up = await I.button('Move up third.pdf', '위로 이동 third.pdf')
    await userEvent.click(up)
    await waitFor(() =>
      expect(I.canvas.getAllByRole('listitem').map((row) => within(row).getByText(/\.pdf$/).textContent)).toEqual([
        'first.pdf',
        'third.pdf',
        'second.pdf',
      ]),
    )
    await expect(up).toHaveFocus()
  },
}

export const Many: Story = {
  name: 'Many on their way: one line and one bar',
  loaders: [
    backendOf((backend) => {
      for (let index = 3; index <= 8; index += 1) {
        backend.hold('send', `photo-${index}.jpg`)
        backend.progress(`photo-${index}.jpg`, 0.4)
      }
    }),
  ],
  play: async (context) => {
    const I = visitor(context)
    await I.choose(...Array.from({ length: 8 }, (_, index) => fileOf(`photo-${index + 1}.jpg`, 4 * MB)))
    await waitFor(() => expect(I.group().querySelector('[data-part=total] [role=progressbar]')).not.toBeNull(), {
      timeout: 10_000,
    })
    await I.button('Cancel all', '모두 취소')
  },
}

const kinds = ['Passport', 'Proof of address', 'Payslip']

function Kind({ meta, setMeta, nameId, isEditable }: EntryExtraProps) {
  return (
    <select
      aria-labelledby={nameId}
      disabled={!isEditable}
      value={String(meta ?? '')}
      onChange={(event) => setMeta(event.target.value)}
      style={{ font: 'inherit', minBlockSize: 44, maxInlineSize: '100%' }}
    >
      <option value="">–</option>
      {kinds.map((kind) => (
        <option key={kind}>{kind}</option>
      ))}
    </select>
  )
}

const withKinds = { EntryExtra: Kind }

export const SaysWhatItIs: Story = {
  name: 'The person says what each file is',
  args: { components: withKinds },
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('scan-1.pdf'), fileOf('scan-2.pdf'))
    const box = await I.canvas.findByRole('combobox', { name: 'scan-2.pdf' })
    await userEvent.selectOptions(box, 'Payslip')
    await waitFor(() => expect(box).toHaveValue('Payslip'))
  },
}
