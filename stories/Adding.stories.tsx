import type { Meta, StoryObj } from '@storybook/react-vite'
import { dragFiles, dropFiles, pasteFiles } from 'file-answer-field/testing'
import { expect, userEvent, waitFor } from 'storybook/test'
import { dispatchFolder } from './folder.js'
import { type Args, backendOf, component, fileOf, KB, MB, renderField, visitor } from './scene.js'

/** Ways in which files come in, each an option of the host's: folders, the camera, the form around, in place of another. */
const meta: Meta<Args> = {
  title: 'Adding',
  component,
  args: { label: 'Documents', name: 'documents' },
  loaders: [backendOf()],
  render: renderField,
}
export default meta
type Story = StoryObj<Args>

const photo = (name: string) => fileOf(name, 2 * MB)

export const Folders: Story = {
  name: 'A folder, by a button of its own',
  args: { folders: true, accept: 'image/*' },
  play: async (context) => {
    const I = visitor(context)
    await I.button('Choose files Documents', '파일 선택 제출 서류')
    await expect(await I.button('Choose a folder Documents', '폴더 선택 제출 서류')).toBeVisible()
  },
}

export const FolderIsDropped: Story = {
  name: 'A folder is dropped: its files come in the order of their names',
  args: { folders: true, maxFiles: 20 },
  play: async (context) => {
    const I = visitor(context)
    const trigger = await I.button('Choose files Documents', '파일 선택 제출 서류')
    const day = { name: 'day 2', inside: [photo('harbour.jpg')] }
    dispatchFolder(trigger, { name: 'holiday', inside: [photo('10.jpg'), photo('9.jpg'), day] })
    await I.seesText('3 of 20 files', '20개 중 3개')
    const names = I.canvas.getAllByRole('listitem').map((row) => row.querySelector('[data-part=name]')?.textContent)
    await expect(names).toEqual(['9.jpg', '10.jpg', 'harbour.jpg'])
  },
}

/** What a phone says of itself. */
const onPhone: Pick<Story, 'beforeEach'> = {
  beforeEach() {
    const own = globalThis.matchMedia
    globalThis.matchMedia = (query) =>
      query === '(pointer: coarse)' ? ({ matches: true } as MediaQueryList) : own.call(globalThis, query)
    return () => {
      globalThis.matchMedia = own
    }
  },
}

export const Camera: Story = {
  ...onPhone,
  name: 'A photo, on phones and tablets',
  args: { camera: true, accept: 'image/*,.pdf' },
  play: async (context) => {
    const I = visitor(context)
    const button = await I.button('Take a photo Documents', '사진 촬영 제출 서류')
    const input = I.group().querySelector<HTMLInputElement>('input[type=file]')
    if (input === null) throw new Error('The field has no input.')
    // The page of a test must not open a chooser.
    const opened: (string | null)[] = []
    input.click = () => void opened.push(input.getAttribute('capture'))
    await userEvent.click(button)
    await expect(opened).toEqual(['environment'])
    await I.choose(photo('IMG_0417.jpg'))
    await I.button('Remove IMG_0417.jpg', '삭제 IMG_0417.jpg')
  },
}

export const AnywhereInTheForm: Story = {
  name: 'A drop anywhere in the form',
  args: { dropArea: 'form' },
  render: (args, context) => (
    <form>
      <label>
        Name <input name="name" autoComplete="name" />
      </label>
      {renderField(args, context)}
    </form>
  ),
  play: async (context) => {
    const I = visitor(context)
    const name = I.canvas.getByLabelText('Name')
    dragFiles(name, [fileOf('cv.pdf')])
    await I.seesText('Drop to add', '놓으면 추가됩니다')
    dropFiles(name, [fileOf('cv.pdf')])
    await I.button('Remove cv.pdf', '삭제 cv.pdf')
    await I.seesText('or drop files here', '또는 파일을 여기에 끌어다 놓으세요')
  },
}

export const RowsReplace: Story = {
  name: 'A row’s file is replaced in its place',
  args: { replaceable: true, maxFiles: 3 },
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('cover letter.pdf'), fileOf('cv 2023.pdf'), fileOf('diploma.pdf'))
    const replace = await I.button('Replace cv 2023.pdf', '바꾸기 cv 2023.pdf')
    const input = I.group().querySelector<HTMLInputElement>('input[type=file]')
    if (input === null) throw new Error('The field has no input.')
    input.click = () => {}
    I.backend.hold('send')
    await userEvent.click(replace)
    await expect(input.multiple).toBe(false)
    await I.choose(fileOf('cv 2026.pdf'))
    await I.button('Cancel cv 2026.pdf', '취소 cv 2026.pdf')
    await I.button('Remove cv 2023.pdf', '삭제 cv 2023.pdf')
    I.backend.release()
    await waitFor(() =>
      expect(
        I.canvas.getAllByRole('listitem').map((row) => row.querySelector('[data-part=name]')?.textContent),
      ).toEqual(['cover letter.pdf', 'cv 2026.pdf', 'diploma.pdf']),
    )
    await I.button('Undo: remove cv 2023.pdf', '되돌리기: cv 2023.pdf 파일 삭제')
  },
}

export const Screenshots: Story = {
  name: 'Screenshots are pasted within one second',
  tags: ['behaviour'],
  play: async (context) => {
    const I = visitor(context)
    const trigger = await I.button('Choose files Documents', '파일 선택 제출 서류')
    const shot = () => new File(['pixels'], 'image.png', { type: 'image/png' })
    trigger.focus()
    pasteFiles(trigger, [shot(), shot()])
    await waitFor(() => expect(I.canvas.getAllByRole('listitem')).toHaveLength(2))
    const names = I.canvas.getAllByRole('listitem').map((row) => row.querySelector('[data-part=name]')?.textContent)
    await expect(new Set(names).size).toBe(2)
    for (const name of names) await expect(name).toMatch(/^(pasted|붙여넣은-이미지)-\d{8}-\d{6}(-2)?\.png$/)
    await expect(trigger).toHaveFocus()
  },
}

const scripts = (count: number) => Array.from({ length: count }, (_, index) => fileOf(`script ${index + 1}.js`, 4 * KB))

export const ManyNotAdded: Story = {
  name: 'Many files are not added: told in one row',
  args: { accept: '.pdf' },
  play: async (context) => {
    const I = visitor(context)
    await I.choose(fileOf('report.pdf'), ...scripts(12))
    await I.seesText('12 files not added', '추가하지 못한 파일 12개')
    await expect(I.canvas.getAllByRole('listitem')).toHaveLength(2)
  },
}

export const ManyNotAddedOpened: Story = {
  name: 'Many files are not added: the reasons',
  args: { accept: '.pdf' },
  play: async (context) => {
    const I = visitor(context)
    await I.choose(...scripts(6), fileOf('empty.pdf', 0))
    await userEvent.click(await I.canvas.findByText(I.t('7 files not added', '추가하지 못한 파일 7개')))
    await I.seesText(
      'The file is empty (0 bytes). Check it and choose it again.',
      '내용이 없는 파일입니다(0바이트). 확인한 뒤 다시 선택해 주세요.',
    )
    await userEvent.click(await I.button('Dismiss empty.pdf', '닫기 empty.pdf'))
    await I.seesText('6 files not added', '추가하지 못한 파일 6개')
    await expect(await I.button('Dismiss script 6.js', '닫기 script 6.js')).toHaveFocus()
  },
}

export const ManyNotAddedDismissed: Story = {
  name: 'Many files are not added: dismissed at once',
  tags: ['behaviour'],
  args: { accept: '.pdf' },
  play: async (context) => {
    const I = visitor(context)
    await I.choose(...scripts(8))
    await userEvent.click(await I.button('Dismiss all 8 files not added', '모두 닫기 추가하지 못한 파일 8개'))
    await expect(I.canvas.queryByRole('list')).toBeNull()
    await expect(await I.button('Choose files Documents', '파일 선택 제출 서류')).toHaveFocus()
  },
}

export const LongNames: Story = {
  name: 'Long names, where space is short',
  globals: { width: '320' },
  play: async (context) => {
    const I = visitor(context)
    const name = 'Minutes of the 14th meeting of the admissions committee, corrected and approved.pdf'
    const korean = '2026학년도 전기 대학원 신입생 모집 지원 서류 및 연구 계획서 최종 수정본 (지도교수 확인).hwp'
    await I.choose(fileOf(name), fileOf(korean))
    await I.button(`Remove ${name}`, `삭제 ${name}`)
    await I.button(`Remove ${korean}`, `삭제 ${korean}`)
  },
}
