/** The rows: what they say, what their buttons do, and where focus goes. */
import { act, fireEvent, screen, within } from '@testing-library/react'
import { createMemoryBackend } from 'file-answer-field/testing'
import { ko } from 'file-answer-field/locales/ko'
import { describe, expect, test, vi } from 'vitest'
import { failure } from '../../src/protocol/failure.js'
import {
  aFile,
  button,
  choose,
  drop,
  errorOf,
  field,
  inputOf,
  mount,
  names,
  pass,
  press,
  rowOf,
  rows,
  statusOf,
  stateOf,
  stepsOf,
  textOf,
  triggerOf,
  untilStored,
  standStill,
} from './kit.js'

standStill()

const aStored = (id: string) => ({ id, name: `${id}.pdf`, size: 5, type: 'application/pdf' })
const kb = 1024
const mb = 1024 * 1024

describe('the reason beside a file that may not enter', () => {
  test.each([
    [
      'file-type',
      { accept: '.pdf,.hwp,.jpg' },
      [aFile('a.exe')],
      'This type is not accepted. Use PDF, HWP or JPG.',
      '업로드할 수 없는 형식입니다. PDF, HWP, JPG 형식만 가능합니다.',
    ],
    [
      'file-too-large',
      { maxSize: 20 * kb },
      [aFile('a.pdf', 25 * kb)],
      'The file is 25 KB. The limit is 20 KB per file.',
      '파일 크기가 25KB입니다. 파일당 최대 20KB까지 업로드할 수 있습니다.',
    ],
    [
      'file-too-small',
      { minSize: 10 * kb },
      [aFile('a.pdf', 2 * kb)],
      'The file is 2 KB. It must be at least 10 KB.',
      '파일 크기가 2KB입니다. 10KB 이상이어야 합니다.',
    ],
    [
      'file-empty',
      {},
      [aFile('a.pdf', '')],
      'The file is empty (0 bytes). Check it and choose it again.',
      '내용이 없는 파일입니다(0바이트). 확인한 뒤 다시 선택해 주세요.',
    ],
    [
      'too-many',
      { maxFiles: 2 },
      ['1', '2', '3'].map((name) => aFile(name)),
      'Only 2 files can be attached. Remove one to add this.',
      '최대 2개까지 첨부할 수 있습니다. 추가하려면 다른 파일을 삭제해 주세요.',
    ],
    [
      'total-too-large',
      { maxTotalSize: 50 * kb },
      [aFile('a', 40 * kb), aFile('b', 22 * kb)],
      'Together the files would be 62 KB. The limit is 50 KB.',
      '모두 더하면 62KB입니다. 전체 50KB까지 첨부할 수 있습니다.',
    ],
    [
      'duplicate',
      { duplicates: 'refuse' },
      [aFile('a.pdf'), aFile('a.pdf')],
      'This file is already in the list.',
      '이미 목록에 있는 파일입니다.',
    ],
  ] as const)('%s', async (code, rules, files, english, korean) => {
    const english_ = mount({ ...rules })
    await choose([...files])
    const last = () => rows().at(-1)
    expect(last()).toHaveTextContent(english)
    expect(last()).toHaveAttribute('data-reason', code)
    expect(last()).toHaveAttribute('data-state', 'rejected')
    english_.unmount()
    mount({ ...rules, messages: ko })
    await choose([...files])
    expect(last()).toHaveTextContent(korean)
  })

  test('of sizes that round alike shows where they differ', async () => {
    mount({ maxSize: 20 * mb })
    const file = aFile('a.pdf')
    Object.defineProperty(file, 'size', { value: 20 * mb + 20 * kb })
    await choose(file)
    expect(rowOf('a.pdf')).toHaveTextContent('The file is 20.02 MB. The limit is 20 MB per file.')
  })

  test('is of a folder also where the browser has no file for it', async () => {
    mount()
    const items = [
      {
        kind: 'file',
        type: '',
        getAsFile: () => null,
        webkitGetAsEntry: () => ({ isDirectory: true, name: 'photos' }),
      },
    ]
    await act(async () => void fireEvent.drop(triggerOf(), { dataTransfer: { types: ['Files'], files: [], items } }))
    await pass()
    expect(textOf('photos')).toBe('Folders cannot be added. Choose the files inside.')
  })

  test.each([
    ['dropped', 'drop', 'dataTransfer'],
    ['pasted', 'paste', 'clipboardData'],
  ] as const)('is of a folder when a folder was %s: the files beside it go on', async (_, gesture, member) => {
    mount()
    const file = aFile('b.pdf')
    const folder = aFile('photos', '')
    const items = [
      { kind: 'file', type: '', getAsFile: () => folder, webkitGetAsEntry: () => ({ isDirectory: true }) },
      { kind: 'file', type: '', getAsFile: () => file, webkitGetAsEntry: () => ({ isDirectory: false }) },
    ]
    await act(
      async () =>
        void fireEvent[gesture](triggerOf(), { [member]: { types: ['Files'], files: [folder, file], items } }),
    )
    await untilStored()
    expect(rowOf('photos')).toHaveTextContent('Folders cannot be added. Choose the files inside.')
    expect(stateOf('b.pdf')).toBe('done')
  })

  test("is the host's own where `validate` gives one, shown like the others", async () => {
    const onError = vi.fn()
    const { backend } = mount({
      onError,
      validate: async (file: File) =>
        file.name === 'a.pdf' ? { code: 'not-a-scan', message: 'Scan it again.' } : null,
    })
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await untilStored()
    expect(rowOf('a.pdf')).toHaveTextContent('Scan it again.')
    expect(rowOf('a.pdf')).toHaveAttribute('data-reason', 'not-a-scan')
    expect(stateOf('a.pdf')).toBe('rejected')
    expect(onError.mock.calls).toEqual([
      [
        expect.objectContaining({ code: 'not-a-scan', message: 'Scan it again.' }),
        { name: 'a.pdf', size: 5, type: 'application/pdf' },
      ],
    ])
    expect(stepsOf(backend, 'presign').flatMap((call) => call.names)).toEqual(['b.pdf'])
  })
})

describe('the reason beside a file that failed', () => {
  test.each([
    [
      'denied',
      'You are not allowed to upload here. Sign in again or ask the organiser.',
      '업로드 권한이 없습니다. 다시 로그인하거나 담당자에게 문의해 주세요.',
    ],
    ['closed', 'This form no longer takes files.', '더 이상 파일을 받지 않는 양식입니다.'],
    ['unsafe', 'This file may be unsafe.', '안전하지 않은 파일일 수 있습니다.'],
    [
      'protected',
      'The file has a password. Remove the password and choose it again.',
      '암호가 걸린 파일입니다. 암호를 해제한 뒤 다시 선택해 주세요.',
    ],
    [
      'unreadable',
      'The file cannot be read. It may have been moved or changed. Choose it again.',
      '파일을 읽을 수 없습니다. 이동되었거나 변경되었을 수 있습니다. 다시 선택해 주세요.',
    ],
    [
      'storage-rejected',
      'The storage refused this file. Try again. If it repeats, tell the organiser. Code: EntityTooLarge',
      '저장소에서 파일을 받지 못했습니다. 다시 시도해 주세요. 계속되면 담당자에게 알려 주세요. 코드: EntityTooLarge',
    ],
    [
      'network',
      'The connection was lost. Check it and try again.',
      '인터넷 연결이 끊겼습니다. 연결을 확인한 뒤 다시 시도해 주세요.',
    ],
    ['timeout', 'The upload stopped moving. Try again.', '업로드가 멈췄습니다. 다시 시도해 주세요.'],
    [
      'server',
      'Something went wrong on our side. Try again in a moment.',
      '서버에 문제가 있습니다. 잠시 후 다시 시도해 주세요.',
    ],
    ['rate-limited', 'Too many uploads at once. Try again in a minute.', '요청이 많습니다. 1분 후 다시 시도해 주세요.'],
    ['damaged', 'The file changed on the way. Try again.', '전송 중에 파일이 손상되었습니다. 다시 시도해 주세요.'],
  ])('%s', async (code, english, korean) => {
    const { backend, change } = mount()
    backend.fail('send', failure(code, { remedy: 'person', storageCode: 'EntityTooLarge' }))
    await choose(aFile('a.pdf'))
    await untilStored()
    expect(textOf('a.pdf')).toBe(english)
    await change({ messages: ko })
    expect(textOf('a.pdf')).toBe(korean)
  })

  test('never is what a server said', async () => {
    const { backend } = mount()
    backend.fail('send', { code: 'server', remedy: 'person', message: 'java.lang.NullPointerException' })
    await choose(aFile('a.pdf'))
    await untilStored()
    expect(field()).not.toHaveTextContent('NullPointer')
  })
})

describe('a row', () => {
  test('says in words what its file goes through', async () => {
    const { backend, change } = mount({ start: 'manual' }, { backend: createMemoryBackend({ confirm: true }) })
    backend.hold('presign')
    backend.hold('send')
    backend.hold('complete')
    await choose(aFile('a.pdf', 12 * kb))
    expect(textOf('a.pdf')).toBe('12 KB, waiting')
    await change({ start: 'manual', messages: ko })
    expect(textOf('a.pdf')).toBe('12KB, 대기 중')
  })

  test.each([
    ['presign', 'requesting', '12 KB, preparing', '12KB, 준비 중'],
    ['send', 'uploading', '5 KB of 12 KB, 41%', '12KB 중 5KB, 41%'],
    ['complete', 'finishing', 'Almost done', '마무리 중'],
    ['check', 'finishing', 'Uploaded. Checking the file', '업로드 완료, 파일 검사 중'],
    [null, 'done', '12 KB, uploaded', '12KB, 업로드 완료'],
  ] as const)('held at %s says so', async (step, state, english, korean) => {
    const { backend, change } = mount({}, { backend: createMemoryBackend({ confirm: true }) })
    if (step !== null) backend.hold(step)
    await choose(aFile('a.pdf', 12 * kb))
    await untilStored()
    backend.progress('a.pdf', 5 / 12)
    await pass(100)
    expect(stateOf('a.pdf')).toBe(state)
    expect(textOf('a.pdf')).toBe(english)
    await change({ messages: ko })
    expect(textOf('a.pdf')).toBe(korean)
  })

  test('whose file is sent has a progress bar with its name and percent; at its end without a value', async () => {
    const { backend } = mount({}, { backend: createMemoryBackend({ confirm: true }) })
    backend.hold('send')
    backend.hold('complete')
    await choose(aFile('a.pdf', 1000))
    await untilStored()
    expect(screen.queryByRole('progressbar')).toBeNull()
    backend.progress('a.pdf', 0.425)
    await pass(100)
    const bar = screen.getByRole('progressbar', { name: 'a.pdf' })
    expect(bar).toHaveAttribute('aria-valuenow', '42')
    expect(bar).toHaveAttribute('aria-valuetext', '42%')
    expect(bar).toHaveAttribute('aria-valuemin', '0')
    expect(bar).toHaveAttribute('aria-valuemax', '100')
    backend.release('send')
    await untilStored()
    expect(screen.getByRole('progressbar', { name: 'a.pdf' })).not.toHaveAttribute('aria-valuenow')
    backend.release()
    await untilStored()
    expect(screen.queryByRole('progressbar')).toBeNull()
  })

  test('keeps its nodes through all ticks and states, and focus with them', async () => {
    const { backend } = mount()
    backend.hold('send')
    await choose(aFile('a.zip', 1000))
    await untilStored()
    backend.progress('a.zip', 0.01)
    await pass(100)
    const row = rowOf('a.zip')
    const cancel = button('Cancel a.zip')
    cancel.focus()
    const changes: MutationRecord[] = []
    const observer = new MutationObserver((records) => changes.push(...records))
    observer.observe(row, { childList: true, subtree: true })
    for (let tick = 2; tick < 60; tick += 1) {
      backend.progress('a.zip', tick / 100)
      await pass(50)
    }
    expect(changes).toEqual([])
    observer.disconnect()
    backend.release()
    await untilStored()
    expect(rowOf('a.zip')).toBe(row)
    expect(button('Remove a.zip')).toBe(cancel)
    expect(cancel).toHaveFocus()
  })

  test('shows a name that would turn its surroundings around with marks instead', async () => {
    mount()
    await choose(aFile('invoice\u202Efdp.exe'))
    expect(names()).toEqual(['invoice\uFFFDfdp.exe'])
    expect(button('Cancel invoice\uFFFDfdp.exe')).toBeInTheDocument()
  })

  test('has its id from the grant on', async () => {
    const { backend } = mount()
    backend.hold('presign')
    await choose(aFile('a.pdf'))
    await pass(200)
    expect(rowOf('a.pdf')).not.toHaveAttribute('data-file-id')
    backend.hold('send')
    backend.release('presign')
    await pass(200)
    expect(rowOf('a.pdf')).toHaveAttribute('data-file-id', 'file-1')
    backend.release()
    await untilStored()
    expect(rowOf('a.pdf')).toHaveAttribute('data-file-id', 'file-1')
  })

  test('that shares its name is told apart in every accessible name', async () => {
    const { backend } = mount()
    await choose([aFile('image.jpg'), aFile('image.jpg'), aFile('other.jpg')])
    await untilStored()
    expect(button('Remove image.jpg, 1 of 2')).toBeInTheDocument()
    expect(button('Remove other.jpg')).toBeInTheDocument()
    backend.fail('send', 'unsafe')
    await press('Remove image.jpg, 2 of 2')
    expect(button('Remove image.jpg')).toBeInTheDocument()
    await choose(aFile('image.jpg'))
    await untilStored()
    expect(button('Try again image.jpg, 2 of 2')).toBeInTheDocument()
  })

  test('in Korean too', async () => {
    mount({
      messages: ko,
      defaultValue: ['a', 'b'],
      knownFiles: [
        { ...aStored('a'), name: '사진.jpg' },
        { ...aStored('b'), name: '사진.jpg' },
      ],
    })
    expect(button('삭제 사진.jpg, 2개 중 2번째')).toBeInTheDocument()
    await press('삭제 사진.jpg, 2개 중 1번째')
    expect(button('삭제 사진.jpg')).toBeInTheDocument()
    expect(button('되돌리기: 사진.jpg 파일 삭제')).toBeInTheDocument()
  })
})

describe('trying again', () => {
  test('a failed file goes on with a fresh grant for its id, by one press or many', async () => {
    const onChange = vi.fn()
    const { backend } = mount({ onChange })
    backend.fail('send', 'unsafe', { times: 1 })
    await choose(aFile('a.pdf'))
    await untilStored()
    const retry = button('Try again a.pdf')
    await act(async () => {
      for (let times = 0; times < 5; times += 1) fireEvent.click(retry)
    })
    await untilStored()
    expect(stateOf('a.pdf')).toBe('done')
    expect(stepsOf(backend, 'send')).toHaveLength(2)
    expect(stepsOf(backend, 'presign').map(({ ids }) => ids)).toEqual([[], ['file-1']])
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['file-1']])
  })

  test('all at once is offered from two failed files on, and focus stays in the field', async () => {
    const { backend } = mount()
    backend.fail('send', 'unsafe')
    await choose(aFile('a.pdf'))
    await untilStored()
    expect(screen.queryByRole('button', { name: 'Try all again' })).toBeNull()
    await choose(aFile('b.pdf'))
    await untilStored()
    backend.heal()
    const all = button('Try all again')
    all.focus()
    await press('Try all again')
    expect(field()).toContainElement(document.activeElement as HTMLElement)
    await untilStored()
    expect(rows().map(({ dataset }) => dataset.state)).toEqual(['done', 'done'])
    expect(field()).toContainElement(document.activeElement as HTMLElement)
  })

  test('by the ref does the same', async () => {
    const { backend, handle } = mount()
    backend.fail('send', 'unsafe', { times: 2 })
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await untilStored()
    await act(async () => handle.current?.retryAll())
    await untilStored()
    expect(rows().map(({ dataset }) => dataset.state)).toEqual(['done', 'done'])
  })
})

describe('focus', () => {
  const three = { defaultValue: ['a', 'b', 'c'], knownFiles: ['a', 'b', 'c'].map(aStored) }
  const pressFocused = async (name: string) => {
    button(name).focus()
    await press(name)
  }

  test('stays on the trigger when files come', async () => {
    mount()
    triggerOf().focus()
    await choose([aFile('a.pdf'), aFile('b.exe')])
    await untilStored()
    expect(triggerOf()).toHaveFocus()
    await drop([aFile('c.pdf')], triggerOf())
    await untilStored()
    expect(triggerOf()).toHaveFocus()
  })

  test("goes, after a removal, to the next row's remove, else to the one before, else to the trigger", async () => {
    mount(three)
    await pressFocused('Remove b.pdf')
    expect(button('Remove c.pdf')).toHaveFocus()
    await pressFocused('Remove c.pdf')
    expect(button('Remove a.pdf')).toHaveFocus()
    await pressFocused('Remove a.pdf')
    expect(triggerOf()).toHaveFocus()
  })

  test('does not move when a row goes whose button had no focus', async () => {
    mount(three)
    triggerOf().focus()
    await press('Remove b.pdf')
    expect(triggerOf()).toHaveFocus()
  })

  test.each(['Delete', 'Backspace'])('%s on a button of a row removes it, as its remove button does', async (key) => {
    const onChange = vi.fn()
    mount({ ...three, onChange })
    button('Remove b.pdf').focus()
    await act(async () => void fireEvent.keyDown(button('Remove b.pdf'), { key }))
    expect(names()).toEqual(['a.pdf', 'c.pdf'])
    expect(button('Remove c.pdf')).toHaveFocus()
    expect(button('Undo: remove b.pdf')).toBeInTheDocument()
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['a', 'c']])
  })

  test('a Delete that is held removes one row, not those that get the focus after it', async () => {
    mount(three)
    button('Remove a.pdf').focus()
    await act(async () => void fireEvent.keyDown(button('Remove a.pdf'), { key: 'Delete' }))
    await act(async () => void fireEvent.keyDown(button('Remove b.pdf'), { key: 'Delete', repeat: true }))
    expect(names()).toEqual(['b.pdf', 'c.pdf'])
  })

  test('no key removes a row where the host wants none to', async () => {
    mount({ ...three, removeKeys: false })
    await act(async () => void fireEvent.keyDown(button('Remove a.pdf'), { key: 'Delete' }))
    expect(names()).toEqual(['a.pdf', 'b.pdf', 'c.pdf'])
  })

  test('Delete works on the button that tries again, too', async () => {
    const { backend } = mount()
    backend.fail('send', 'unsafe')
    await choose(aFile('a.pdf'))
    await untilStored()
    button('Try again a.pdf').focus()
    await act(async () => void fireEvent.keyDown(button('Try again a.pdf'), { key: 'Delete' }))
    expect(rows()).toEqual([])
    expect(triggerOf()).toHaveFocus()
  })

  test('stays in the row when trying again makes its button go, and when that fails at once', async () => {
    const { backend } = mount()
    backend.fail('send', 'unsafe')
    await choose(aFile('a.pdf'))
    await untilStored()
    await pressFocused('Try again a.pdf')
    expect(within(rowOf('a.pdf')).getByRole('button', { name: /^(Cancel|Remove)/ })).toHaveFocus()
    await untilStored()
    expect(button('Remove a.pdf')).toHaveFocus()
  })

  test('does not go to the undo button, and goes to the row when it is pressed', async () => {
    mount(three)
    await pressFocused('Remove b.pdf')
    expect(button('Undo: remove b.pdf')).not.toHaveFocus()
    await pressFocused('Undo: remove b.pdf')
    expect(button('Remove b.pdf')).toHaveFocus()
    expect(names()).toEqual(['a.pdf', 'b.pdf', 'c.pdf'])
  })

  test('stays on the trigger at the limit: it is told, not disabled', async () => {
    mount({ maxFiles: 2 })
    triggerOf().focus()
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await untilStored()
    expect(triggerOf()).toHaveFocus()
    expect(triggerOf()).toHaveAttribute('aria-disabled', 'true')
    expect(triggerOf()).not.toHaveAttribute('disabled')
    expect(triggerOf()).toHaveAccessibleDescription(/2 of 2 files\. Remove one to add another\./)
    const clicked = vi.spyOn(inputOf(), 'click')
    await press('Add files Documents')
    expect(clicked).not.toHaveBeenCalled()
    await pass(1_000)
    expect(statusOf()).toHaveTextContent('2 of 2 files. Remove one to add another.')
    await press('Remove a.pdf')
    expect(triggerOf()).not.toHaveAttribute('aria-disabled')
  })

  test('is not taken by a field that comes or goes', async () => {
    const { unmount } = mount(three, {
      around: (element) => (
        <>
          <input aria-label="Other" />
          {element}
        </>
      ),
    })
    screen.getByLabelText('Other').focus()
    await pass(500)
    expect(screen.getByLabelText('Other')).toHaveFocus()
    unmount()
  })
})

describe('a field for one file', () => {
  test('says so, and takes one at a time', async () => {
    const { backend } = mount({ maxFiles: 1 })
    expect(button('Choose a file Documents')).toBeInTheDocument()
    expect(inputOf().multiple).toBe(false)
    await drop([aFile('a.pdf'), aFile('b.pdf')], triggerOf())
    await untilStored()
    expect(rows().map(({ dataset }) => dataset.state)).toEqual(['done', 'rejected'])
    expect(stepsOf(backend, 'send')).toHaveLength(1)
    expect(button('Replace file Documents')).toBeEnabled()
    expect(triggerOf()).not.toHaveAttribute('aria-disabled')
  })

  test('tells on its button which file it holds', async () => {
    mount({ maxFiles: 1, accept: '.pdf' })
    await choose(aFile('a.exe'))
    expect(triggerOf()).not.toHaveAccessibleDescription(/a\.exe/)
    await choose(aFile('a.pdf'))
    await untilStored()
    expect(triggerOf()).toHaveAccessibleDescription(/a\.pdf$/)
    expect(field()).not.toHaveAccessibleDescription(/a\.pdf/)
  })

  test('keeps the stored file until a valid one has taken its place', async () => {
    const onChange = vi.fn()
    const { backend } = mount({ maxFiles: 1, accept: '.pdf', onChange })
    await choose(aFile('a.pdf'))
    await untilStored()
    await choose(aFile('b.exe'))
    await untilStored()
    expect(rows().filter((row) => row.dataset.state === 'done')).toHaveLength(1)
    backend.fail('send', 'unsafe', { name: 'c.pdf' })
    await choose(aFile('c.pdf'))
    await untilStored()
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['file-1']])
    expect(stateOf('a.pdf')).toBe('done')
    await choose(aFile('d.pdf'))
    await untilStored()
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['file-1'], ['file-3']])
    expect(names()).toEqual(['d.pdf'])
  })

  test('that is chosen again holds it once', async () => {
    const onChange = vi.fn()
    mount({ maxFiles: 1, onChange })
    await choose(aFile('a.pdf'))
    await untilStored()
    await choose(aFile('a.pdf'))
    await untilStored()
    expect(names()).toEqual(['a.pdf'])
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['file-1'], ['file-2']])
  })

  test('replaced while it is sent sends the newer one alone', async () => {
    const onChange = vi.fn()
    const { backend } = mount({ maxFiles: 1, onChange })
    backend.hold('send')
    await choose(aFile('a.pdf'))
    await untilStored()
    await choose(aFile('b.pdf'))
    await untilStored()
    backend.release()
    await pass(20_000)
    expect(names()).toEqual(['b.pdf'])
    expect([...backend.stored.keys()]).toEqual(['file-2'])
    expect(backend.discarded).toEqual(['file-1'])
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['file-2']])
  })

  test('takes the old file back by undo, in place of the new one', async () => {
    const onChange = vi.fn()
    const { backend } = mount({ maxFiles: 1, onChange })
    await choose(aFile('a.pdf'))
    await untilStored()
    await choose(aFile('b.pdf'))
    await untilStored()
    await press('Undo: remove a.pdf')
    expect(names()).toEqual(['a.pdf'])
    expect(onChange).toHaveBeenLastCalledWith(['file-1'], expect.anything())
    await pass(20_000)
    expect(backend.discarded).toEqual(['file-2'])
  })
})

describe('limits', () => {
  test('exactly the room is filled, and the rest told', async () => {
    mount({ maxFiles: 4, defaultValue: ['a', 'b'], knownFiles: ['a', 'b'].map(aStored) })
    await choose(Array.from({ length: 10 }, (_, position) => aFile(`${position}.txt`)))
    await untilStored()
    expect(
      rows()
        .map(({ dataset }) => dataset.state)
        .filter((state) => state !== 'rejected'),
    ).toEqual(['restored', 'restored', 'done', 'done', undefined])
    expect(screen.getByText('8 files not added')).toBeInTheDocument()
    expect(screen.getByText('4 of 4 files. Remove one to add another.')).toBeInTheDocument()
  })

  test('are not passed by an undo after the room was filled anew', async () => {
    const onChange = vi.fn()
    mount({ maxFiles: 2, onChange })
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await untilStored()
    await press('Remove a.pdf')
    await choose(aFile('c.pdf'))
    await untilStored()
    expect(button('Undo: remove a.pdf')).toHaveAttribute('aria-disabled', 'true')
    await press('Undo: remove a.pdf')
    await pass(2_000)
    expect(names()).toEqual(['b.pdf', 'c.pdf'])
    expect(statusOf()).toHaveTextContent('2 of 2 files. Remove one to add another.')
    await press('Remove c.pdf')
    await press('Undo: remove a.pdf')
    expect(onChange).toHaveBeenLastCalledWith(['file-1', 'file-2'], expect.anything())
  })

  test('that the host changes bind new files alone', async () => {
    const { change, backend } = mount({ maxSize: 100 })
    backend.hold('send')
    await choose(aFile('a.pdf', 90))
    await untilStored()
    await change({ maxSize: 10, accept: '.txt' })
    await choose([aFile('b.txt', 20), aFile('c.txt', 5), aFile('d.pdf', 5)])
    backend.release()
    await untilStored()
    expect(rows().map(({ dataset }) => dataset.reason ?? dataset.state)).toEqual([
      'done',
      'file-too-large',
      'done',
      'file-type',
    ])
  })

  test('refused files never come back with the next choice', async () => {
    const { backend } = mount({
      validate: (file: File) => (file.name.startsWith('no') ? { code: 'no', message: 'No.' } : null),
    })
    await choose([aFile('no1.pdf'), aFile('no2.pdf'), aFile('no3.pdf')])
    await untilStored()
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await untilStored()
    expect(stepsOf(backend, 'send').flatMap((call) => call.names)).toEqual(['a.pdf', 'b.pdf'])
  })

  test('a rejected row is dismissed for good, and counts nowhere', async () => {
    const onChange = vi.fn()
    const onStatus = vi.fn()
    const { backend } = mount({ accept: '.pdf', maxFiles: 2, onChange, onStatus })
    await choose([aFile('a.exe'), aFile('b.exe'), aFile('c.exe')])
    await press('Dismiss a.exe')
    expect(names()).toEqual(['b.exe', 'c.exe'])
    expect(screen.queryByRole('button', { name: /^Undo/ })).toBeNull()
    expect(triggerOf()).not.toHaveAttribute('aria-disabled')
    expect(onChange).not.toHaveBeenCalled()
    expect(onStatus).not.toHaveBeenCalled()
    expect(backend.calls).toEqual([])
  })
})

describe('disabled', () => {
  test('takes no choice, no drop, no paste; its rows have no buttons', async () => {
    const { backend } = mount({ disabled: true, defaultValue: ['a'], knownFiles: [aStored('a')] })
    await choose(aFile('b.pdf'))
    const zone = field().querySelector('[data-part=dropzone]') as HTMLElement
    await drop([aFile('c.pdf')], zone)
    await act(async () => void fireEvent.paste(zone, { clipboardData: { files: [aFile('d.pdf')] } }))
    expect(names()).toEqual(['a.pdf'])
    expect(backend.calls).toEqual([])
    expect(screen.getAllByRole('button').map((each) => (each as HTMLButtonElement).disabled)).toEqual([true])
    expect(field()).toHaveAttribute('data-state', 'disabled')
  })

  test('by its fieldset takes none either', async () => {
    mount({}, { around: (element) => <fieldset disabled>{element}</fieldset> })
    await choose(aFile('b.pdf'))
    await drop([aFile('c.pdf')], field().querySelector('[data-part=dropzone]') as HTMLElement)
    expect(rows()).toEqual([])
  })

  test('while a file is on its way lets it go on', async () => {
    const { backend, change } = mount()
    backend.hold('send')
    await choose(aFile('a.pdf'))
    await untilStored()
    await change({ disabled: true })
    backend.release()
    await untilStored()
    expect(stateOf('a.pdf')).toBe('done')
  })
})

test('files pasted into the field are added; text is left to the page', async () => {
  mount()
  const paste = (files: File[]) => fireEvent.paste(triggerOf(), { clipboardData: { files } })
  let isLeft = true
  await act(async () => {
    isLeft = paste([])
  })
  expect(isLeft).toBe(true)
  await act(async () => {
    isLeft = paste([aFile('a.png')])
  })
  expect(isLeft).toBe(false)
  expect(names()).toEqual(['a.png'])
})

test('a field in a disabled fieldset takes no paste, and leaves it to the page', async () => {
  mount({}, { around: (element) => <fieldset disabled>{element}</fieldset> })
  let isLeft = false
  await act(async () => {
    isLeft = fireEvent.paste(field(), { clipboardData: { files: [aFile('a.png')] } })
  })
  expect(isLeft).toBe(true)
  expect(names()).toEqual([])
})

test('files dropped at once stand in natural order', async () => {
  mount()
  await drop(
    ['10.jpg', '2.jpg', '1.jpg'].map((name) => aFile(name)),
    triggerOf(),
  )
  expect(names()).toEqual(['1.jpg', '2.jpg', '10.jpg'])
})

test('the handle focuses, opens, adds and resets', async () => {
  const { handle } = mount()
  handle.current?.focus()
  expect(triggerOf()).toHaveFocus()
  const opened = vi.spyOn(inputOf(), 'click')
  handle.current?.open()
  expect(opened).toHaveBeenCalledTimes(1)
  await act(async () => handle.current?.add(new Set([aFile('a.pdf')])))
  await untilStored()
  expect(stateOf('a.pdf')).toBe('done')
  await act(async () => handle.current?.reset())
  expect(rows()).toEqual([])
  expect(errorOf()).toBeNull()
})

test('hint and counter say the rules and how far they are used, in both languages', async () => {
  const rules = { accept: '.pdf,.hwp,.jpg', maxSize: 20 * mb, maxFiles: 5, maxTotalSize: 50 * mb }
  const { change } = mount(rules)
  expect(screen.getByText('PDF, HWP or JPG. Up to 20 MB each, 5 files at most, 50 MB in total.')).toBeInTheDocument()
  await choose([aFile('a.pdf', mb), aFile('b.pdf', mb)])
  await untilStored()
  expect(screen.getByText('2 of 5 files, 2 MB of 50 MB')).toBeInTheDocument()
  await change({ ...rules, messages: ko })
  expect(
    screen.getByText('PDF, HWP, JPG 형식. 파일당 최대 20MB, 최대 5개, 전체 50MB까지 업로드할 수 있습니다.'),
  ).toBeInTheDocument()
  expect(screen.getByText('5개 중 2개, 전체 50MB 중 2MB')).toBeInTheDocument()
})
