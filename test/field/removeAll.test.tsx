/** Every file removed at once, by one button, and put back by one. */
import { act, screen } from '@testing-library/react'
import { ko } from 'file-answer-field/locales/ko'
import { createMemoryBackend } from 'file-answer-field/testing'
import { describe, expect, test, vi } from 'vitest'
import {
  aFile,
  button,
  choose,
  field,
  idsShown,
  mount,
  names,
  pass,
  press,
  rows,
  sent,
  standStill,
  statusOf,
  stepsOf,
  triggerOf,
  untilStored,
} from './kit.js'

standStill()

const six = ['a', 'b', 'c', 'd', 'e', 'f']
const knownFiles = six.map((id) => ({ id, name: `${id}.pdf`, size: 5, type: 'application/pdf' }))
const removeAll = () => screen.queryByRole('button', { name: 'Remove all' })

describe('"Remove all"', () => {
  test('is offered where there are more files than one removes one by one, and nothing stands against it', async () => {
    const { change } = mount({ defaultValue: six.slice(0, 5), knownFiles })
    expect(removeAll()).toBeNull()
    await choose(aFile())
    expect(removeAll()).not.toBeNull()
    await change({ defaultValue: [], knownFiles, readOnly: true })
    expect(removeAll()).toBeNull()
    await change({ defaultValue: [], knownFiles, disabled: true })
    expect(removeAll()).toBeNull()
  })

  test('does not count what may not enter', async () => {
    mount({ accept: '.pdf' })
    await choose([aFile('a.pdf'), ...six.map((name) => aFile(`${name}.exe`))])
    expect(removeAll()).toBeNull()
  })

  test('empties the field once: one change, one sentence, focus on the button that adds', async () => {
    const onChange = vi.fn()
    mount(
      { defaultValue: six, knownFiles, onChange },
      { around: (element) => <form data-testid="form">{element}</form> },
    )
    removeAll()?.focus()
    await press('Remove all')
    expect(rows()).toEqual([])
    expect(triggerOf()).toHaveFocus()
    expect(onChange.mock.calls).toEqual([[[], []]])
    expect(sent(screen.getByTestId('form'))).toEqual([])
    await pass(1_000)
    expect(statusOf()).toHaveTextContent(/^6 files removed\.$/)
  })

  test('is undone by one button, which puts every file in its place, with the focus on the first', async () => {
    const onChange = vi.fn()
    mount({ defaultValue: ['g', ...six], knownFiles, onChange })
    await press('Remove c.pdf')
    await press('Remove all')
    expect(screen.getByText('6 files removed.')).toBeInTheDocument()
    await press('Undo: 6 files removed.')
    expect(idsShown()).toEqual(['g', 'a', 'b', 'd', 'e', 'f'])
    expect(button('Remove Attached file')).toHaveFocus()
    expect(screen.queryByText('6 files removed.')).toBeNull()
    await press('Undo: remove c.pdf')
    expect(idsShown()).toEqual(['g', ...six])
    expect(onChange).toHaveBeenLastCalledWith(['g', ...six], expect.anything())
    await pass(2_000)
    expect(statusOf()).toHaveTextContent('6 files are back in the list.')
  })

  test('ends what is on its way, and undo lets it go on: no id twice, none lost', async () => {
    const onChange = vi.fn()
    const { backend } = mount({ onChange })
    backend.hold('send')
    await choose(six.map((name) => aFile(`${name}.pdf`)))
    await untilStored()
    await press('Remove all')
    await pass(1_000)
    expect(statusOf()).toHaveTextContent(/^6 files removed\.$/)
    await press('Undo: 6 files removed.')
    backend.release()
    await pass(3_000)
    expect(names()).toEqual(six.map((name) => `${name}.pdf`))
    const [ids] = onChange.mock.lastCall as [string[]]
    expect(ids).toEqual(idsShown())
    expect(new Set(ids).size).toBe(6)
  })

  test('says nothing of files that were stored before they left', async () => {
    const { backend } = mount()
    backend.hold('send', 'f.pdf')
    await choose(six.map((name) => aFile(`${name}.pdf`)))
    await pass(15_000)
    await press('Remove all')
    const heard: string[] = []
    for (let times = 0; times < 40; times += 1) {
      await pass(100)
      const text = statusOf().textContent ?? ''
      if (text !== '' && text !== heard.at(-1)) heard.push(text)
    }
    expect(heard).toEqual(['6 files removed.'])
  })

  test('hands the ids back after eight seconds, in one call, and those of the host never', async () => {
    const { backend } = mount({ defaultValue: ['a'], knownFiles })
    await choose(six.map((name) => aFile(`${name}.pdf`)))
    await untilStored()
    await press('Remove all')
    await pass(7_000)
    expect(backend.discarded).toEqual([])
    await pass(2_000)
    expect(stepsOf(backend, 'discard').map(({ ids }) => ids)).toEqual([
      ['file-1', 'file-2', 'file-3', 'file-4', 'file-5', 'file-6'],
    ])
    expect(screen.queryByRole('button', { name: /^Undo/ })).toBeNull()
  })

  test('undone where others have come meanwhile brings back as many as there is room for, the rest later', async () => {
    mount({ defaultValue: six, knownFiles, maxFiles: 7 })
    await press('Remove all')
    await choose([aFile('x.pdf'), aFile('y.pdf'), aFile('z.pdf')])
    await untilStored()
    await press('Undo: 6 files removed.')
    expect(names()).toEqual(['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf', 'x.pdf', 'y.pdf', 'z.pdf'])
    const rest = button('Undo: 2 files removed.')
    expect(rest).toHaveAttribute('aria-disabled', 'true')
    await press('Remove x.pdf')
    await press('Remove y.pdf')
    await press('Undo: 2 files removed.')
    expect(names()).toEqual(['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf', 'e.pdf', 'f.pdf', 'z.pdf'])
  })

  test('dismisses what may not enter for good', async () => {
    mount({ defaultValue: six, knownFiles, accept: '.pdf' })
    await choose(aFile('a.exe'))
    await press('Remove all')
    await press('Undo: 6 files removed.')
    expect(idsShown()).toEqual(six)
  })

  test('is by code, too, whatever the number', async () => {
    const { createFileAnswer } = await import('file-answer-field')
    const answer = createFileAnswer({ backend: createMemoryBackend(), defaultValue: ['a', 'b'], knownFiles })
    mount({ answer })
    await act(async () => answer.removeAll())
    expect(rows()).toEqual([])
    await act(async () => answer.removeAll())
    await press('Undo: 2 files removed.')
    expect(idsShown()).toEqual(['a', 'b'])
    answer.dispose()
  })

  test('in Korean', async () => {
    mount({ defaultValue: six, knownFiles, messages: ko })
    await press('전체 삭제')
    expect(field()).toHaveTextContent('파일 6개를 삭제했습니다.')
    await press('되돌리기: 파일 6개를 삭제했습니다.')
    await pass(1_000)
    expect(statusOf()).toHaveTextContent('파일 6개를 목록에 되돌렸습니다.')
  })
})
