/** What the field tells its host, when and how often. */
import { act, fireEvent, render, screen } from '@testing-library/react'
import { FileAnswerField } from 'file-answer-field'
import { createMemoryBackend } from 'file-answer-field/testing'
import { describe, expect, test, vi } from 'vitest'
import { aFile, choose, field, inputOf, mount, pass, press, untilStored, standStill } from './kit.js'

standStill()

describe('onChange', () => {
  test('gives the ids in the order shown, whatever the order of storing', async () => {
    const onChange = vi.fn()
    const { backend } = mount({ onChange })
    backend.hold('send', 'a.pdf')
    await choose([aFile('a.pdf'), aFile('b.pdf', 'longer')])
    await untilStored()
    expect(onChange.mock.calls).toEqual([
      [['file-2'], [{ id: 'file-2', name: 'b.pdf', size: 6, type: 'application/pdf' }]],
    ])
    backend.release()
    await untilStored()
    expect(onChange).toHaveBeenLastCalledWith(
      ['file-1', 'file-2'],
      [
        { id: 'file-1', name: 'a.pdf', size: 5, type: 'application/pdf' },
        { id: 'file-2', name: 'b.pdf', size: 6, type: 'application/pdf' },
      ],
    )
    expect(onChange).toHaveBeenCalledTimes(2)
  })

  test('never comes for bytes that moved', async () => {
    const onChange = vi.fn()
    const onStatus = vi.fn()
    const { backend } = mount({ onChange, onStatus })
    backend.hold('send')
    await choose(aFile('a.pdf', 1000))
    await untilStored()
    for (const share of [0.1, 0.5, 0.9]) {
      backend.progress('a.pdf', share)
      await pass(60)
    }
    expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '90')
    expect(onChange).not.toHaveBeenCalled()
    expect(onStatus).toHaveBeenCalledTimes(1)
  })

  test('comes once per change in StrictMode too', async () => {
    const onChange = vi.fn()
    const onError = vi.fn()
    const { backend } = mount({ onChange, onError, maxSize: 10 }, { reactStrictMode: true })
    await choose([aFile('a.pdf'), aFile('large.pdf', 11)])
    await untilStored()
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['file-1']])
    expect(onError).toHaveBeenCalledTimes(1)
    expect(backend.calls.map(({ step }) => step)).toEqual(['presign', 'send'])
  })

  test('is the newest one when it changed between choosing and storing', async () => {
    const first = vi.fn()
    const newest = vi.fn()
    const { backend, change } = mount({ onChange: first, onError: first, onStatus: first })
    backend.hold('presign')
    await choose(aFile('a.pdf'))
    first.mockClear()
    await change({ onChange: newest, onError: newest, onStatus: newest })
    backend.release()
    await untilStored()
    expect(first).not.toHaveBeenCalled()
    expect(newest).toHaveBeenCalledWith(['file-1'], expect.anything())
  })

  test('does not come for ids that the host gave', async () => {
    const onChange = vi.fn()
    const { change } = mount({ onChange, value: ['a', 'b'] })
    await untilStored()
    await change({ onChange, value: ['b'] })
    await untilStored()
    expect(onChange).not.toHaveBeenCalled()
  })

  test('comes with the ids left when a stored file is removed, and again when that is undone', async () => {
    const onChange = vi.fn()
    mount({ onChange, defaultValue: ['a', 'b'], knownFiles: [aStored('a'), aStored('b')] })
    await press('Remove a.pdf')
    expect(onChange).toHaveBeenLastCalledWith(['b'], [aStored('b')])
    await press('Undo: remove a.pdf')
    expect(onChange).toHaveBeenLastCalledWith(['a', 'b'], [aStored('a'), aStored('b')])
    expect(onChange).toHaveBeenCalledTimes(2)
  })

  test('may throw: what is uploaded goes on, and the error is told', async () => {
    vi.mocked(console.warn).mockImplementation(() => {})
    const onChange = vi.fn(() => {
      throw new Error('from the host')
    })
    mount({ onChange })
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await untilStored()
    expect(onChange).toHaveBeenLastCalledWith(['file-1', 'file-2'], expect.anything())
    expect(console.warn).toHaveBeenCalledWith(expect.stringContaining('callback'), new Error('from the host'))
    vi.mocked(console.warn).mockClear()
  })

  test('gives lists that the host may change as it likes', async () => {
    const seen: string[][] = []
    mount({
      onChange: (ids: string[]) => {
        seen.push([...ids])
        ids.reverse()
        ids.push('of the host')
      },
    })
    await choose(aFile('a.pdf'))
    await untilStored()
    await choose(aFile('b.pdf'))
    await untilStored()
    await pass(1_000)
    expect(seen).toEqual([['file-1'], ['file-1', 'file-2']])
  })
})

const aStored = (id: string) => ({ id, name: `${id}.pdf`, size: 5, type: 'application/pdf' })

test('the host is not rendered for what its field does, however many bytes move', async () => {
  const backend = createMemoryBackend()
  backend.hold('send')
  const rendered = vi.fn()
  function Host() {
    rendered()
    return <FileAnswerField label="Documents" backend={backend} />
  }
  render(<Host />)
  await choose(aFile('a.pdf', 1_000))
  for (let share = 0; share < 1; share += 0.05) {
    backend.progress('a.pdf', share)
    await pass(60)
  }
  backend.release()
  await untilStored()
  expect(rendered).toHaveBeenCalledTimes(1)
})

describe('onStatus', () => {
  test('counts what is pending and failed, and tells when all is settled', async () => {
    const onStatus = vi.fn()
    const { backend } = mount({ onStatus })
    backend.hold('send')
    backend.fail('send', 'unsafe', { name: 'b.pdf' })
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    expect(onStatus.mock.calls).toEqual([[{ pending: 2, failed: 0, settled: false }]])
    backend.release()
    await untilStored()
    expect(onStatus).toHaveBeenLastCalledWith({ pending: 0, failed: 1, settled: true })
  })
})

describe('onError', () => {
  test('tells of a file that may not enter, with its name, size and type alone', async () => {
    const onError = vi.fn()
    mount({ onError, accept: '.pdf' })
    await choose(aFile('a.exe', 'hello', 'application/x-msdownload'))
    expect(onError.mock.calls).toEqual([
      [expect.objectContaining({ code: 'file-type' }), { name: 'a.exe', size: 5, type: 'application/x-msdownload' }],
    ])
  })

  test('tells once of a file that failed for good', async () => {
    const onError = vi.fn()
    const { backend } = mount({ onError })
    backend.fail('send', 'unsafe')
    await choose(aFile('a.pdf'))
    await untilStored()
    expect(onError.mock.calls).toEqual([
      [expect.objectContaining({ code: 'unsafe' }), { name: 'a.pdf', size: 5, type: 'application/pdf' }],
    ])
  })

  test('tells once, without a file, when the whole call is denied', async () => {
    const onError = vi.fn()
    const { backend } = mount({ onError }, { backend: createMemoryBackend({ largestBatch: 200 }) })
    backend.fail('presign', 'denied')
    await choose([aFile('a.pdf'), aFile('b.pdf'), aFile('c.pdf')])
    await untilStored()
    expect(onError.mock.calls).toEqual([[expect.objectContaining({ code: 'denied' }), null]])
  })
})

describe('onBlur', () => {
  const beside = (element: React.ReactElement) => (
    <>
      {element}
      <button type="button">Beside</button>
    </>
  )

  test('comes when focus leaves the field, not when it moves inside', async () => {
    const onBlur = vi.fn()
    mount({ onBlur, defaultValue: ['a'], knownFiles: [aStored('a')] }, { around: beside })
    screen.getByRole('button', { name: /^Add files/ }).focus()
    act(() => screen.getByRole('button', { name: 'Remove a.pdf' }).focus())
    expect(onBlur).not.toHaveBeenCalled()
    act(() => screen.getByRole('button', { name: 'Beside' }).focus())
    expect(onBlur).toHaveBeenCalledTimes(1)
  })

  test('does not come when the window loses focus to the file chooser', () => {
    const onBlur = vi.fn()
    mount({ onBlur })
    const trigger = screen.getByRole('button', { name: /^Choose files/ })
    trigger.focus()
    // The browser keeps the page's active element while its dialog has the keyboard.
    fireEvent.focusOut(trigger, { relatedTarget: null })
    expect(onBlur).not.toHaveBeenCalled()
  })

  test('does not come when the focused row goes and focus moves to the next', async () => {
    const onBlur = vi.fn()
    mount({ onBlur, defaultValue: ['a'], knownFiles: [aStored('a')] })
    screen.getByRole('button', { name: 'Remove a.pdf' }).focus()
    await press('Remove a.pdf')
    expect(screen.getByRole('button', { name: /^Choose files/ })).toHaveFocus()
    expect(onBlur).not.toHaveBeenCalled()
  })
})

test('a host that renders sixty times a second disturbs nothing', async () => {
  const onChange = vi.fn()
  const { backend, change } = mount({ onChange: () => {}, accept: '.pdf' })
  await choose([aFile('a.pdf'), aFile('b.pdf')])
  for (let frame = 0; frame < 30; frame += 1) {
    await change({
      onChange: (ids: string[]) => onChange(ids),
      accept: { 'application/pdf': ['.pdf'] },
      context: { frame: String(frame) },
      knownFiles: [],
    })
    await pass(16)
  }
  expect(onChange).toHaveBeenLastCalledWith(['file-1', 'file-2'])
  expect(backend.calls.filter(({ step }) => step === 'send')).toHaveLength(2)
  expect(inputOf(field()).accept).toContain('.pdf')
})
