/** What is handed back to the backend, when, and what never is. */
import { act, fireEvent, render, screen } from '@testing-library/react'
import { FileAnswerField } from 'file-answer-field'
import { createMemoryBackend } from 'file-answer-field/testing'
import { useState } from 'react'
import { describe, expect, test, vi } from 'vitest'
import { aFile, choose, mount, names, pass, press, rows, stepsOf, untilStored, standStill } from './kit.js'

standStill()

const aStored = (id: string) => ({ id, name: `${id}.pdf`, size: 5, type: 'application/pdf' })
const undoBar = () => document.querySelector('[data-part=undo]') as HTMLElement

describe('a file stored here and removed', () => {
  test('is discarded when its undo has ended, and not before', async () => {
    const { backend } = mount()
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await untilStored()
    await press('Remove a.pdf')
    await pass(7_900)
    expect(backend.discarded).toEqual([])
    await pass(1_000)
    expect(backend.discarded).toEqual(['file-1'])
    expect(screen.queryByRole('button', { name: /^Undo/ })).toBeNull()
    await pass(60_000)
    expect(stepsOf(backend, 'discard')).toHaveLength(1)
  })

  test('is never discarded when that was undone: it is stored as before, in its place', async () => {
    const { backend } = mount()
    await choose([aFile('a.pdf'), aFile('b.pdf'), aFile('c.pdf')])
    await untilStored()
    await press('Remove b.pdf')
    await pass(5_000)
    await press('Undo: remove b.pdf')
    await pass(60_000)
    expect(names()).toEqual(['a.pdf', 'b.pdf', 'c.pdf'])
    expect(rows().map(({ dataset }) => dataset.state)).toEqual(['done', 'done', 'done'])
    expect(backend.discarded).toEqual([])
    expect(stepsOf(backend, 'send')).toHaveLength(3)
  })

  test.each([
    [
      'the pointer is',
      (bar: HTMLElement) => fireEvent.pointerEnter(bar),
      (bar: HTMLElement) => fireEvent.pointerLeave(bar),
    ],
    [
      'focus is',
      (bar: HTMLElement) => bar.querySelector('button')?.focus(),
      (bar: HTMLElement) => bar.querySelector('button')?.blur(),
    ],
  ])('can be brought back as long as %s at the undo button', async (_, enter, leave) => {
    const { backend } = mount()
    await choose(aFile('a.pdf'))
    await untilStored()
    await press('Remove a.pdf')
    await pass(6_000)
    act(() => void enter(undoBar()))
    await pass(60_000)
    expect(backend.discarded).toEqual([])
    act(() => void leave(undoBar()))
    await pass(9_000)
    expect(backend.discarded).toEqual(['file-1'])
  })

  test('can be brought back after another was, as long as the pointer is still there', async () => {
    const { backend } = mount()
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await untilStored()
    await press('Remove a.pdf')
    await press('Remove b.pdf')
    act(() => void fireEvent.pointerEnter(undoBar()))
    await press('Undo: remove a.pdf')
    await pass(60_000)
    expect(backend.discarded).toEqual([])
    act(() => void fireEvent.pointerLeave(undoBar()))
    await pass(9_000)
    expect(backend.discarded).toEqual(['file-2'])
  })

  test('does not stay for ever because the undo bar went away under the pointer', async () => {
    const { backend, handle } = mount()
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await untilStored()
    await press('Remove a.pdf')
    act(() => void fireEvent.pointerEnter(undoBar()))
    await act(async () => handle.current?.reset())
    await choose(aFile('c.pdf'))
    await untilStored()
    await press('Remove c.pdf')
    await pass(10_000)
    expect(backend.discarded).toEqual(expect.arrayContaining(['file-3']))
  })

  test('has its whole eight seconds, also after it was brought back by the host before', async () => {
    const { change } = mount({ value: [], onChange: () => {} })
    await choose(aFile('a.pdf'))
    await pass(200)
    await change({ value: ['file-1'], onChange: () => {} })
    await press('Remove a.pdf')
    await change({ value: [], onChange: () => {} })
    await pass(4_000)
    await change({ value: ['file-1'], onChange: () => {} })
    expect(names()).toEqual(['a.pdf'])
    await press('Remove a.pdf')
    await change({ value: [], onChange: () => {} })
    await pass(6_000)
    expect(screen.getByRole('button', { name: 'Undo: remove a.pdf' })).toBeInTheDocument()
  })

  test('is not discarded while the value still holds it, and is once it lets go', async () => {
    vi.mocked(console.warn).mockImplementation(() => {})
    const onChange = vi.fn()
    const { backend, change } = mount({ value: [], onChange })
    await choose(aFile('a.pdf'))
    await untilStored()
    await change({ value: ['file-1'], onChange })
    await press('Remove a.pdf')
    expect(onChange).toHaveBeenLastCalledWith([], [])
    await pass(30_000)
    expect(backend.discarded).toEqual([])
    await change({ value: [], onChange })
    await pass(1_000)
    expect(backend.discarded).toEqual(['file-1'])
    vi.mocked(console.warn).mockClear()
  })
})

describe('a file on its way and removed', () => {
  test('is aborted at once and discarded when its undo has ended', async () => {
    const { backend } = mount()
    backend.hold('send')
    await choose(aFile('a.pdf'))
    await untilStored()
    await press('Cancel a.pdf')
    backend.release()
    await pass(7_000)
    expect(backend.stored.size).toBe(0)
    expect(backend.discarded).toEqual([])
    await pass(2_000)
    expect(backend.discarded).toEqual(['file-1'])
  })

  test('without a grant asks nothing of the backend', async () => {
    const { backend } = mount({ start: 'manual' })
    await choose(aFile('a.pdf'))
    await press('Remove a.pdf')
    await pass(20_000)
    expect(backend.calls).toEqual([])
  })

  test('whose grant comes after that gives it back, once', async () => {
    const { backend } = mount()
    backend.hold('presign')
    await choose(aFile('a.pdf'))
    await pass(100)
    await press('Cancel a.pdf')
    backend.release()
    await pass(20_000)
    expect(backend.stored.size).toBe(0)
    expect(backend.discarded.length).toBeLessThanOrEqual(1)
    expect(rows()).toEqual([])
  })

  test('in parts has its upload aborted when its undo has ended', async () => {
    const { backend } = mount({}, { backend: createMemoryBackend({ method: 'MULTIPART', partSize: 10 }) })
    backend.hold('send')
    await choose(aFile('a.pdf', 25))
    await untilStored()
    await press('Cancel a.pdf')
    await pass(5_000)
    expect(stepsOf(backend, 'abort')).toEqual([])
    await pass(5_000)
    expect(stepsOf(backend, 'abort').map(({ ids }) => ids)).toEqual([['file-1']])
    expect(backend.discarded).toEqual(['file-1'])
  })

  test('and brought back is stored, once', async () => {
    const onChange = vi.fn()
    const { backend } = mount({ onChange })
    backend.hold('send')
    await choose(aFile('a.pdf'))
    await untilStored()
    await press('Cancel a.pdf')
    await press('Undo: remove a.pdf')
    backend.release()
    await pass(20_000)
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['file-1']])
    expect(backend.discarded).toEqual([])
  })
})

describe('ids that came from the host', () => {
  test.each([
    ['value', { value: ['a'], onChange: () => {} }],
    ['defaultValue', { defaultValue: ['a'] }],
  ])('by %s are never discarded when they are removed', async (_, props) => {
    const { backend, unmount, change } = mount({ ...props, knownFiles: [aStored('a')] })
    await press('Remove a.pdf')
    if ('value' in props) await change({ ...props, value: [] })
    await pass(20_000)
    unmount()
    await pass(20_000)
    expect(stepsOf(backend, 'discard')).toEqual([])
  })

  test('and the host takes out are not discarded either', async () => {
    const { backend, change } = mount({ value: ['a', 'b'], knownFiles: [aStored('a'), aStored('b')] })
    await change({ value: [] })
    await pass(20_000)
    expect(backend.calls).toEqual([])
  })
})

describe('a replaced file', () => {
  test('that was stored here is discarded when the undo has ended', async () => {
    const { backend } = mount({ maxFiles: 1 })
    await choose(aFile('a.pdf'))
    await untilStored()
    await choose(aFile('b.pdf'))
    await untilStored()
    expect(names()).toEqual(['b.pdf'])
    expect(backend.discarded).toEqual([])
    await pass(9_000)
    expect(backend.discarded).toEqual(['file-1'])
  })

  test('that came from the host is not', async () => {
    const { backend } = mount({ maxFiles: 1, defaultValue: ['a'], knownFiles: [aStored('a')] })
    await choose(aFile('b.pdf'))
    await pass(20_000)
    expect(names()).toEqual(['b.pdf'])
    expect(backend.discarded).toEqual([])
  })
})

describe('leaving the page of the field', () => {
  test('discards unfinished files a second later, and nothing that was given to onChange', async () => {
    const onChange = vi.fn()
    const { backend, unmount } = mount({ onChange })
    await choose(aFile('done.pdf'))
    await untilStored()
    backend.hold('send')
    await choose(aFile('unfinished.pdf'))
    await untilStored()
    unmount()
    await pass(900)
    expect(backend.discarded).toEqual([])
    await pass(200)
    expect(backend.discarded).toEqual(['file-2'])
    backend.release()
    await pass(20_000)
    expect([...backend.stored.keys()]).toEqual(['file-1'])
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['file-1']])
  })

  test('discards what a person had removed', async () => {
    const { backend, unmount } = mount()
    await choose(aFile('a.pdf'))
    await untilStored()
    await press('Remove a.pdf')
    unmount()
    await pass(1_100)
    expect(backend.discarded).toEqual(['file-1'])
  })

  test("is not what StrictMode's first look at it is", async () => {
    const { backend } = mount({}, { reactStrictMode: true })
    backend.hold('send')
    await choose(aFile('a.pdf'))
    await pass(5_000)
    expect(backend.discarded).toEqual([])
    backend.release()
    await untilStored()
    expect([...backend.stored.keys()]).toEqual(['file-1'])
  })

  test('by a change of key discards what the old field had not finished', async () => {
    const backend = createMemoryBackend()
    backend.hold('send')
    function Page() {
      const [key, setKey] = useState(1)
      return (
        <>
          <FileAnswerField key={key} label="Documents" backend={backend} />
          <button type="button" onClick={() => setKey(2)}>
            Next
          </button>
        </>
      )
    }
    render(<Page />)
    await choose(aFile('a.pdf'))
    await untilStored()
    await press('Next')
    expect(rows()).toEqual([])
    await pass(2_000)
    expect(backend.discarded).toEqual(['file-1'])
  })
})

test('discard and abort that fail, or are not there, trouble nobody', async () => {
  const { discardFiles: _, abort: __, ...without } = createMemoryBackend()
  const { unmount } = mount({ backend: without })
  await choose(aFile('a.pdf'))
  await untilStored()
  await press('Remove a.pdf')
  await pass(10_000)
  unmount()
  const failing = createMemoryBackend()
  failing.fail('discard', 'server')
  mount({ backend: failing })
  await choose(aFile('a.pdf'))
  await untilStored()
  await press('Remove a.pdf')
  await pass(10_000)
  expect(rows()).toEqual([])
})
