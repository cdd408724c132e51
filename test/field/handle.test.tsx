/** What a ref to the field does, how the focus comes to it, and how several fields are waited for at once. */
import { act, render, screen } from '@testing-library/react'
import { createFileAnswer, FileAnswerField, type FileAnswerHandle, FilesNotStored, settledAll } from 'file-answer-field'
import { createMemoryBackend } from 'file-answer-field/testing'
import { createRef } from 'react'
import { describe, expect, test, vi } from 'vitest'
import {
  aFile,
  choose,
  field,
  inputOf,
  mount,
  names,
  pass,
  standStill,
  stateOf,
  statusOf,
  triggerOf,
  untilStored,
} from './kit.js'

standStill()

const aStored = (id: string, url?: string) => ({
  id,
  name: `${id}.pdf`,
  size: 10,
  type: 'application/pdf',
  ...(url === undefined ? {} : { url }),
})

describe('ref.focus()', () => {
  test('goes to the button that opens the chooser', () => {
    const { handle } = mount()
    act(() => handle.current?.focus())
    expect(triggerOf()).toHaveFocus()
  })

  test('goes to the first link of a read-only field', () => {
    const { handle } = mount({
      readOnly: true,
      defaultValue: ['a'],
      knownFiles: [aStored('a', 'https://files.example/a')],
    })
    act(() => handle.current?.focus())
    expect(screen.getByRole('link', { name: /a\.pdf/ })).toHaveFocus()
  })
})

describe('autoFocus', () => {
  test('focuses the button when the field appears, and not again later', async () => {
    const { change } = mount({ autoFocus: true })
    expect(triggerOf()).toHaveFocus()
    act(() => triggerOf().blur())
    await change({ autoFocus: true, description: 'Scans will do.' })
    expect(document.body).toHaveFocus()
  })

  test('is not there unless asked for', () => {
    mount()
    expect(document.body).toHaveFocus()
  })
})

describe('ref.open()', () => {
  test('opens the chooser; at the limit it says so instead, as the button does', async () => {
    const { handle } = mount({ maxFiles: 2, defaultValue: ['a'], knownFiles: [aStored('a')] })
    const opened = vi.spyOn(inputOf(), 'click')
    act(() => handle.current?.open())
    expect(opened).toHaveBeenCalledTimes(1)
    await choose(aFile('b.pdf'))
    await untilStored()
    await pass(10_000)
    const before = statusOf().textContent
    act(() => handle.current?.open())
    await pass(1_000)
    expect(statusOf().textContent).not.toBe(before)
    expect(opened).toHaveBeenCalledTimes(1)
    expect(statusOf()).toHaveTextContent('2 of 2 files. Remove one to add another.')
  })
})

test('ref.add() has files judged like chosen ones', async () => {
  const { handle } = mount({ accept: '.pdf' })
  await act(async () => handle.current?.add(new Set([aFile('a.pdf'), aFile('b.exe')])))
  await untilStored()
  expect(names()).toEqual(['a.pdf', 'b.exe'])
  expect([stateOf('a.pdf'), stateOf('b.exe')]).toEqual(['done', 'rejected'])
})

test('ref.retryAll() tries every failed file again, and no other', async () => {
  const { backend, handle } = mount()
  backend.fail('send', 'storage-rejected', { times: 2 })
  await choose([aFile('a.pdf'), aFile('b.pdf')])
  await untilStored()
  await choose(aFile('c.pdf'))
  await untilStored()
  expect([stateOf('a.pdf'), stateOf('b.pdf'), stateOf('c.pdf')]).toEqual(['failed', 'failed', 'done'])
  const before = backend.calls.filter(({ step }) => step === 'send').length
  await act(async () => handle.current?.retryAll())
  await untilStored()
  expect([stateOf('a.pdf'), stateOf('b.pdf'), stateOf('c.pdf')]).toEqual(['done', 'done', 'done'])
  expect(backend.calls.filter(({ step }) => step === 'send').length - before).toBe(2)
})

describe('settledAll()', () => {
  function mountThree() {
    const backend = createMemoryBackend()
    const documents = createRef<FileAnswerHandle>()
    const photos = createRef<FileAnswerHandle>()
    const outside = createFileAnswer({ backend, start: 'manual' })
    render(
      <>
        <FileAnswerField ref={documents} label="Documents" backend={backend} />
        <FileAnswerField ref={photos} label="Photos" backend={backend} start="manual" />
      </>,
    )
    return { backend, documents, photos, outside }
  }

  test('starts and waits for refs, handles and answers alike, and gives their ids in the order asked', async () => {
    const { backend, documents, photos, outside } = mountThree()
    backend.hold('send', 'a.pdf')
    await choose(aFile('a.pdf'), field('Documents'))
    await choose(aFile('b.pdf'), field('Photos'))
    outside.add([aFile('c.pdf')])
    const seen = vi.fn()
    settledAll([photos, documents.current, outside, createRef<FileAnswerHandle>(), null]).then(seen, seen)
    await untilStored()
    expect(seen).not.toHaveBeenCalled()
    backend.release()
    await pass(2_000)
    // `documents` asked first, and is stored last.
    expect(seen.mock.calls).toEqual([[[['file-2'], ['file-1'], ['file-3'], [], []]]])
    outside.dispose()
  })

  test('rejects once all are through, with the failures of all', async () => {
    const { backend, documents, photos, outside } = mountThree()
    for (const name of ['a.pdf', 'b.pdf']) backend.fail('send', 'storage-rejected', { name })
    backend.hold('send', 'c.pdf')
    await choose(aFile('a.pdf'), field('Documents'))
    await choose(aFile('b.pdf'), field('Photos'))
    outside.add([aFile('c.pdf')])
    const seen = vi.fn()
    settledAll([documents, photos, outside]).then(seen, seen)
    await pass(2_000)
    expect(seen).not.toHaveBeenCalled()
    backend.release()
    await pass(2_000)
    const [reason] = seen.mock.calls[0] as [FilesNotStored]
    expect(reason).toBeInstanceOf(FilesNotStored)
    expect(reason.failures.map(({ code }) => code)).toEqual(['storage-rejected', 'storage-rejected'])
    outside.dispose()
  })

  test("rejects with its signal's reason", async () => {
    const { backend, documents, photos, outside } = mountThree()
    backend.hold('send')
    await choose(aFile('a.pdf'), field('Documents'))
    const given = new AbortController()
    const seen = vi.fn()
    settledAll([photos, documents, outside], { signal: given.signal }).catch(seen)
    await pass(100)
    const reason = new Error('enough')
    given.abort(reason)
    await pass(2_000)
    expect(seen).toHaveBeenCalledWith(reason)
    outside.dispose()
  })
})
