/** Ways in which files come into the field. */
import { act, fireEvent, screen, within } from '@testing-library/react'
import { createFetchMock } from 'file-answer-field/testing'
import { ko } from 'file-answer-field/locales/ko'
import { FileAnswerField } from 'file-answer-field'
import { createMemoryBackend } from 'file-answer-field/testing'
import { describe, expect, test, vi } from 'vitest'
import { dispatchFolder, type Folder } from '../../stories/folder.js'
import {
  aFile,
  button,
  choose,
  drop,
  field,
  idsShown,
  inputOf,
  mount,
  names,
  pass,
  press,
  rowOf,
  rows,
  standStill,
  stateOf,
  statusOf,
  stepsOf,
  textOf,
  triggerOf,
  untilStored,
} from './kit.js'

standStill()

const dropFolder = async (...given: readonly (File | Folder)[]) => {
  await act(async () => dispatchFolder(triggerOf(), ...given))
  // The reader is a chunk of its own.
  await vi.dynamicImportSettled()
  await pass()
}

describe('a dropped folder', () => {
  const holiday: Folder = {
    name: 'holiday',
    inside: [aFile('10.jpg'), aFile('2.jpg'), { name: 'day 1', inside: [aFile('a.jpg')] }, aFile('.DS_Store')],
  }

  test('is refused with what to do, and the files beside it are added', async () => {
    mount()
    await dropFolder(holiday, aFile('b.pdf'))
    expect(textOf('holiday')).toBe('Folders cannot be added. Choose the files inside.')
    expect(rowOf('holiday')).toHaveAttribute('data-reason', 'folder')
    await untilStored()
    expect(stateOf('b.pdf')).toBe('done')
  })

  test('with `folders` gives its files, in natural order, and their places go into `presign`', async () => {
    const fetch = vi.fn(createFetchMock())
    vi.stubGlobal('fetch', fetch)
    mount({ endpoint: '/api/uploads', folders: true })
    await dropFolder(holiday, aFile('b.pdf'))
    await untilStored()
    expect(names()).toEqual(['b.pdf', '2.jpg', '10.jpg', 'a.jpg'])
    const bodies = fetch.mock.calls.map(([, init]) => String(init?.body)).filter((body) => body.includes('"presign"'))
    const [{ files }] = bodies.map((body) => JSON.parse(body))
    expect(files.map(({ path }: { path?: string }) => path)).toEqual([
      undefined,
      'holiday/2.jpg',
      'holiday/10.jpg',
      'holiday/day 1/a.jpg',
    ])
  })

  test('of more files than a browser gives at a time gives them all', async () => {
    mount({ folders: true, start: 'manual' })
    const inside = Array.from({ length: 250 }, (_, index) => aFile(`${index}.jpg`))
    await dropFolder({ name: 'photos', inside })
    await pass(1_000)
    expect(names()).toEqual(inside.map(({ name }) => name))
  })

  test('that is empty, or holds what cannot be read, is told', async () => {
    mount({ folders: true })
    const locked = aFile('locked.jpg')
    const transfer = {
      types: ['Files'],
      files: [],
      items: ['empty', 'broken'].map((name) => ({
        kind: 'file',
        getAsFile: () => null,
        webkitGetAsEntry: () => ({
          name,
          isDirectory: true,
          createReader() {
            const rest = [
              {
                name: locked.name,
                isFile: true,
                file: (_: unknown, refuse: (e: Error) => void) => refuse(new Error('locked')),
              },
            ]
            return { readEntries: (give: (entries: unknown[]) => void) => give(name === 'empty' ? [] : rest.splice(0)) }
          },
        }),
      })),
    }
    await act(async () => void fireEvent.drop(triggerOf(), { dataTransfer: transfer }))
    await vi.dynamicImportSettled()
    await pass()
    expect(rowOf('empty')).toHaveAttribute('data-reason', 'file-empty')
    expect(rowOf('locked.jpg')).toHaveAttribute('data-reason', 'unreadable')
  })
})

test('a drop that promised files and brought none says what to do', async () => {
  mount()
  await drop([], triggerOf())
  expect(rows()[0]).toHaveTextContent('Nothing arrived. Save the file on your device first, then add it.')
})

describe('while files are dragged, the field', () => {
  const dragState = (type: string, accept?: string) => {
    mount({ accept })
    const dataTransfer = { types: ['Files'], files: [], items: [{ kind: 'file', type }], dropEffect: 'none' }
    act(() => void fireEvent.dragEnter(triggerOf(), { dataTransfer }))
    return field().querySelector('[data-part=dropzone]')?.getAttribute('data-drag')
  }

  test.each([
    ['application/pdf', '.pdf', 'accept'],
    ['application/pdf', 'application/pdf,image/*', 'accept'],
    ['image/png', 'image/*', 'accept'],
    ['application/x-hwp', '.hwp', 'accept'],
    ['', '.hwpx', 'unknown'],
    // Never refused before the drop: the extension decides, and nobody knows it yet.
    ['image/png', '.pdf', 'unknown'],
    ['text/plain', undefined, 'accept'],
  ])('of type "%s" for %s says %s', (type, accept, state) => {
    expect(dragState(type, accept)).toBe(state)
  })

  test('goes back to rest when the drag goes on elsewhere, though the node it was over has left the page', async () => {
    mount({ accept: '.pdf' })
    await choose(aFile('a.exe'))
    const row = rowOf('a.exe')
    const dataTransfer = { types: ['Files'], files: [], items: [{ kind: 'file', type: '' }], dropEffect: 'none' }
    const zone = field().querySelector('[data-part=dropzone]')
    act(() => void fireEvent.dragEnter(row, { dataTransfer }))
    expect(zone).toHaveAttribute('data-drag', 'unknown')
    await press('Dismiss a.exe')
    act(() => void fireEvent.dragEnter(document.body, { dataTransfer }))
    expect(zone).toHaveAttribute('data-drag', 'none')
  })

  test('stays awake while the drag goes from one of its nodes to the next', () => {
    mount()
    const dataTransfer = { types: ['Files'], files: [], items: [{ kind: 'file', type: '' }], dropEffect: 'none' }
    const zone = field().querySelector('[data-part=dropzone]') as HTMLElement
    act(() => {
      fireEvent.dragEnter(zone, { dataTransfer })
      fireEvent.dragEnter(triggerOf(), { dataTransfer })
      fireEvent.dragLeave(zone, { dataTransfer })
    })
    expect(zone).toHaveAttribute('data-drag', 'unknown')
    act(() => void fireEvent.dragLeave(triggerOf(), { dataTransfer }))
    expect(zone).toHaveAttribute('data-drag', 'none')
  })
})

describe('with dropArea="form" a drop', () => {
  const inForm = (props = {}) =>
    mount(
      { dropArea: 'form', ...props },
      {
        around: (element) => (
          <>
            <form id="f" data-testid="form">
              <input aria-label="Name" />
              <div
                data-testid="own"
                onDragOver={(event) => event.preventDefault()}
                onDrop={(event) => event.preventDefault()}
              />
              {element}
              <FileAnswerField label="Photos" backend={createMemoryBackend()} disabled />
            </form>
            <p data-testid="outside" />
          </>
        ),
      },
    )

  test('anywhere in the form is added, also on a text box', async () => {
    inForm()
    await drop([aFile('a.pdf')], screen.getByLabelText('Name'))
    expect(names()).toEqual(['a.pdf'])
  })

  test.each([
    ["on the host's own drop target", () => screen.getByTestId('own')],
    ['on another field of the form', () => field('Photos')],
    ['outside of the form', () => screen.getByTestId('outside')],
  ])('%s is not', async (_, target) => {
    inForm()
    await drop([aFile('a.pdf')], target())
    expect(names()).toEqual([])
  })

  test('in the form that `form` names is added', async () => {
    mount(
      { dropArea: 'form', form: 'f' },
      {
        around: (element) => (
          <>
            <form id="f" data-testid="form" />
            {element}
          </>
        ),
      },
    )
    await drop([aFile('a.pdf')], screen.getByTestId('form'))
    await drop([aFile('b.pdf')], triggerOf())
    expect(names()).toEqual(['a.pdf', 'b.pdf'])
  })

  test('on a field that is disabled is nobody’s', async () => {
    inForm({ disabled: true })
    await drop([aFile('a.pdf')], screen.getByLabelText('Name'))
    expect(names()).toEqual([])
  })
})

describe('a pasted picture', () => {
  const picture = (content = 'pixels') => new File([content], 'image.png', { type: 'image/png' })
  const paste = (files: readonly File[], target: Element = triggerOf(), types = ['Files']) =>
    act(async () => {
      fireEvent.paste(target, { clipboardData: { files, types } })
      // What names pictures is a chunk of its own.
      await vi.dynamicImportSettled()
    })

  test('is named by its time, and two of one second are told apart', async () => {
    vi.setSystemTime(new Date(2026, 10, 25, 8, 7, 6))
    const { backend } = mount()
    await paste([picture('one')])
    await paste([picture('two'), picture('three')])
    expect(names()).toEqual([
      'pasted-20261125-080706.png',
      'pasted-20261125-080706-2.png',
      'pasted-20261125-080706-3.png',
    ])
    await untilStored()
    expect(stepsOf(backend, 'send').flatMap((call) => call.names)).toEqual(names())
  })

  test('is named in the language of the field', async () => {
    vi.setSystemTime(new Date(2026, 0, 2, 23, 0, 9))
    mount({ messages: ko, label: 'Documents' })
    const trigger = within(field()).getByRole('button')
    await paste([new File(['x'], 'image.jpeg', { type: 'image/jpeg' })], trigger)
    expect(names()).toEqual(['붙여넣은-이미지-20260102-230009.jpg'])
  })

  test('keeps the name it has where what names it can’t be loaded', async () => {
    vi.resetModules()
    vi.doMock('../../src/field/pastedFiles.js', () => {
      throw new TypeError('Failed to fetch dynamically imported module')
    })
    mount()
    await paste([picture()])
    vi.doUnmock('../../src/field/pastedFiles.js')
    expect(names()).toEqual(['image.png'])
  })

  test('that is a copied file keeps its own name', async () => {
    mount()
    await paste([aFile('image.png', 'old', 'image/png'), aFile('plan.png', 'x', 'image/png')])
    expect(names()).toEqual(['image.png', 'plan.png'])
  })

  test('beside text is not meant where the person writes', async () => {
    mount({ description: <input aria-label="Note" /> })
    await paste([picture()], screen.getByLabelText('Note'), ['text/plain', 'Files'])
    expect(names()).toEqual([])
    await paste([picture()], screen.getByLabelText('Note'), ['Files'])
    expect(names()).toHaveLength(1)
  })
})

describe('the chooser', () => {
  /** What the input says at the moment it opens. */
  const opens = async (open: () => unknown) => {
    const input = inputOf()
    let seen: object | undefined
    const listen = () => {
      const { multiple, accept } = input
      seen = {
        multiple,
        accept,
        directory: input.hasAttribute('webkitdirectory'),
        capture: input.getAttribute('capture'),
      }
    }
    input.addEventListener('click', listen)
    await open()
    input.removeEventListener('click', listen)
    return seen
  }
  const onPhones = () => vi.stubGlobal('matchMedia', (query: string) => ({ matches: query === '(pointer: coarse)' }))
  const files = { multiple: true, directory: false, capture: null }

  test('asks for many files of the accepted types and extensions', async () => {
    mount({ accept: '.pdf,.jpg' })
    expect(await opens(() => press('Choose files Documents'))).toEqual({
      ...files,
      accept: '.pdf,application/pdf,.jpg,image/jpeg',
    })
  })

  test('asks for a folder by a button of its own, then for files again', async () => {
    mount({ folders: true })
    expect(await opens(() => press('Choose a folder Documents'))).toMatchObject({ directory: true, multiple: true })
    await choose(Object.defineProperty(aFile('a.jpg'), 'webkitRelativePath', { value: 'holiday/a.jpg' }))
    expect(names()).toEqual(['a.jpg'])
    expect(inputOf()).not.toHaveAttribute('webkitdirectory')
    expect(await opens(() => press('Add files Documents'))).toEqual({ ...files, accept: '' })
  })

  test('files of a chosen folder stand in natural order of their places', async () => {
    mount({ folders: true })
    const inFolder = (path: string) =>
      Object.defineProperty(aFile(path.replace(/^.*\//, '')), 'webkitRelativePath', { value: path })
    await opens(() => press('Choose a folder Documents'))
    await choose(['trip/10.jpg', 'trip/2.jpg', 'trip/day/1.jpg', 'trip/9.jpg'].map(inFolder))
    expect(names()).toEqual(['2.jpg', '9.jpg', '10.jpg', '1.jpg'])
  })

  test('asks for a photo on phones, by a button that only they have', async () => {
    onPhones()
    mount({ camera: true, accept: '.pdf,.jpg' })
    expect(await opens(() => press('Take a photo Documents'))).toEqual({
      multiple: false,
      accept: 'image/*',
      directory: false,
      capture: 'environment',
    })
    await choose(aFile('photo.jpg'))
    expect(names()).toEqual(['photo.jpg'])
    expect(inputOf()).not.toHaveAttribute('capture')
  })

  test('asks the camera on the side of the screen where that is meant', async () => {
    onPhones()
    mount({ camera: 'user', maxFiles: 1 })
    expect(await opens(() => press('Take a photo Documents'))).toMatchObject({ capture: 'user' })
  })

  test('has no camera where a mouse points', () => {
    mount({ camera: true })
    expect(screen.queryByRole('button', { name: /photo/ })).toBeNull()
  })

  test('of a phone is told of no types where it would grey out one that is accepted', async () => {
    onPhones()
    mount({ accept: '.hwp,.pdf' })
    expect(await opens(() => press('Choose files Documents'))).toMatchObject({ accept: '' })
    await choose([aFile('a.hwp'), aFile('a.txt')])
    expect(rows().map(({ dataset }) => dataset.state)).toEqual(['requesting', 'rejected'])
  })

  test('opens again after a rejection, by button and by code, and asks for what the newest rules say', async () => {
    const { handle, change } = mount({ accept: '.pdf' })
    await choose(aFile('a.exe'))
    expect(stateOf('a.exe')).toBe('rejected')
    expect(await opens(() => press('Choose files Documents'))).toMatchObject({ accept: '.pdf,application/pdf' })
    await change({ accept: '.txt', maxFiles: 1 })
    expect(await opens(() => handle.current?.open())).toEqual({ ...files, multiple: false, accept: '.txt,text/plain' })
  })

  test('that was cancelled leaves no trace in the next choice', async () => {
    mount({ replaceable: true, defaultValue: ['a'], knownFiles: [{ id: 'a', name: 'a.pdf', size: 1, type: '' }] })
    await opens(() => press('Replace a.pdf'))
    await act(async () => void inputOf().dispatchEvent(new Event('cancel', { bubbles: true })))
    await opens(() => press('Add files Documents'))
    await choose([aFile('b.pdf'), aFile('c.pdf')])
    expect(names()).toEqual(['a.pdf', 'b.pdf', 'c.pdf'])
  })
})

describe('a file of many that is replaced', () => {
  const three = {
    defaultValue: ['a', 'b', 'c'],
    knownFiles: ['a', 'b', 'c'].map((id) => ({ id, name: `${id}.pdf`, size: 5, type: '' })),
  }
  const replace = async (name: string, by: File) => {
    await press(`Replace ${name}`)
    await choose(by)
  }

  test('keeps its place, and leaves only when its successor is stored', async () => {
    const onChange = vi.fn()
    const { backend } = mount({ ...three, replaceable: true, maxFiles: 3, onChange })
    backend.hold('send')
    await replace('b.pdf', aFile('new.pdf'))
    await untilStored()
    expect(names()).toEqual(['a.pdf', 'b.pdf', 'new.pdf', 'c.pdf'])
    expect(onChange).not.toHaveBeenCalled()
    backend.release()
    await untilStored()
    expect(names()).toEqual(['a.pdf', 'new.pdf', 'c.pdf'])
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['a', 'file-1', 'c']])
    // The old file is the host's.
    await pass(20_000)
    expect(backend.discarded).toEqual([])
  })

  test('comes back by undo, in a full field too, and its successor leaves', async () => {
    mount({ ...three, replaceable: true, maxFiles: 3 })
    await replace('b.pdf', aFile('new.pdf'))
    await untilStored()
    await press('Undo: remove b.pdf')
    expect(idsShown()).toEqual(['a', 'b', 'c'])
  })

  test('stays where the new one may not enter, or fails', async () => {
    const { backend } = mount({ ...three, replaceable: true, accept: '.pdf' })
    await replace('b.pdf', aFile('new.exe'))
    expect(names()).toEqual(['a.pdf', 'b.pdf', 'new.exe', 'c.pdf'])
    backend.fail('send', 'unsafe')
    await replace('b.pdf', aFile('bad.pdf'))
    await untilStored()
    expect(rows().map(({ dataset }) => dataset.state)).toEqual([
      'restored',
      'restored',
      'failed',
      'rejected',
      'restored',
    ])
  })

  test('twice, is replaced by the second choice alone', async () => {
    const { backend } = mount({ ...three, replaceable: true, maxFiles: 3 })
    backend.hold('send', 'one.pdf')
    await replace('b.pdf', aFile('one.pdf'))
    await untilStored()
    await replace('b.pdf', aFile('two.pdf'))
    await untilStored()
    expect(names()).toEqual(['a.pdf', 'two.pdf', 'c.pdf'])
  })

  test('gives the focus on to its successor', async () => {
    mount({ ...three, replaceable: true })
    act(() => button('Replace b.pdf').focus())
    await replace('b.pdf', aFile('new.pdf'))
    await untilStored()
    expect(button('Remove new.pdf')).toHaveFocus()
  })

  test('is offered only where the host asks for it', () => {
    mount(three)
    expect(screen.queryByRole('button', { name: /^Replace/ })).toBeNull()
  })
})

describe('more than five files that may not enter', () => {
  const exes = (count: number) => Array.from({ length: count }, (_, index) => aFile(`${index}.exe`))
  const fold = () => screen.getByText(/files? not added$/)
  const open = () =>
    act(async () => {
      const details = fold().closest('details') as HTMLDetailsElement
      details.open = !details.open
      fireEvent(details, new Event('toggle'))
    })

  test('are told in one row that opens to tell why', async () => {
    mount({ accept: '.pdf' })
    await choose([aFile('a.pdf'), ...exes(12)])
    await pass(1_100)
    expect(rows()).toHaveLength(2)
    expect(fold()).toHaveTextContent('12 files not added')
    expect(statusOf()).toHaveTextContent('12 files not added. This type is not accepted. Use PDF.')
    await open()
    const list = screen.getByRole('list', { name: '12 files not added' })
    expect(within(list).getAllByRole('listitem')).toHaveLength(12)
    expect(textOf('7.exe')).toBe('This type is not accepted. Use PDF.')
    await press('Dismiss 7.exe')
    expect(fold()).toHaveTextContent('11 files not added')
  })

  test('stay folded until the last is dismissed', async () => {
    mount({ accept: '.pdf' })
    await choose(exes(6))
    await open()
    for (let index = 0; index < 5; index += 1) await press(`Dismiss ${index}.exe`)
    expect(fold()).toHaveTextContent('1 file not added')
    await press('Dismiss 5.exe')
    expect(rows()).toEqual([])
    await choose(exes(2))
    expect(names()).toEqual(['0.exe', '1.exe'])
  })

  test('are dismissed all at once, and the focus goes to the button that adds', async () => {
    mount({ accept: '.pdf' })
    await choose([aFile('a.pdf'), ...exes(6)])
    act(() => button('Dismiss all 6 files not added').focus())
    await press('Dismiss all 6 files not added')
    expect(names()).toEqual(['a.pdf'])
    expect(triggerOf()).toHaveFocus()
  })

  test('take the focus along when it was on one of them', async () => {
    mount({ accept: '.pdf' })
    await choose([aFile('a.pdf'), ...exes(5)])
    act(() => button('Dismiss 2.exe').focus())
    await choose(aFile('more.exe'))
    expect(document.activeElement).not.toBe(document.body)
    expect(field()).toContainElement(document.activeElement as HTMLElement)
  })
})

describe('a name', () => {
  test('that is long is whole in every accessible name, and its short form keeps the extension', async () => {
    mount()
    const name = `${'annual report of the committee '.repeat(4)}final.pdf`
    await choose(aFile(name))
    await untilStored()
    const shown = rows()[0]?.querySelector<HTMLElement>('[data-part=name]')
    expect(shown).toHaveTextContent(name)
    expect(shown?.dataset.short).toMatch(/^annual report.{1,30}….*final\.pdf$/)
    expect(button(`Remove ${name}`)).toBeInTheDocument()
  })

  test('in which lines break or directions turn shows marks', async () => {
    mount()
    await choose(aFile('a\u2028b\u202Efdp.exe'))
    expect(names()).toEqual(['a\uFFFDb\uFFFDfdp.exe'])
  })
})
