/** What a submit does while files are pending or failed, and what `settled()` tells. */
import { act, fireEvent, render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { createFileAnswer, FileAnswerField, type FileAnswerHandle, FilesNotStored } from 'file-answer-field'
import { createMemoryBackend, type MemoryBackend } from 'file-answer-field/testing'
import { createRef, type FormEvent } from 'react'
import { createPortal } from 'react-dom'
import { describe, expect, test, vi } from 'vitest'
import {
  aFile,
  choose,
  errorOf,
  field,
  mount,
  pass,
  press,
  stateOf,
  statusOf,
  stepsOf,
  triggerOf,
  untilStored,
  standStill,
} from './kit.js'

standStill()

const form = (id = 'form') => screen.getByTestId<HTMLFormElement>(id)

/** A form around the field that notes what it was submitted with. */
function submissions() {
  const seen: [string, unknown][][] = []
  const by: (string | undefined)[] = []
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const submitter = (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null
    by.push(submitter?.value)
    seen.push([...new FormData(event.currentTarget, submitter)])
  }
  const around = (element: React.ReactElement) => (
    <form data-testid="form" onSubmit={onSubmit}>
      <input name="who" defaultValue="Kim" aria-label="Who" />
      {element}
      <button name="do" value="draft">
        Save draft
      </button>
      <button name="do" value="send">
        Send
      </button>
    </form>
  )
  return { seen, by, around }
}

const withNoValidate =
  (around: (element: React.ReactElement) => React.ReactElement) => (element: React.ReactElement) => {
    const made = around(element) as React.ReactElement<{ noValidate?: boolean }>
    return <form {...made.props} noValidate />
  }

async function withPending(backend: MemoryBackend, count = 1) {
  backend.hold('send')
  await choose(Array.from({ length: count }, (_, position) => aFile(`${position + 1}.pdf`)))
  await untilStored()
}

describe.each([
  ['', (around: ReturnType<typeof submissions>['around']) => around],
  [' of a form with noValidate', withNoValidate],
])('a submit%s', (_, wrap) => {
  test("with 'block' is refused, says why, and is let go once all is stored", async () => {
    const { seen, around } = submissions()
    const { backend } = mount({}, { around: wrap(around) })
    await withPending(backend, 2)
    await press('Send')
    expect(seen).toEqual([])
    expect(errorOf()).toBe('Error: Wait until 2 files are uploaded.')
    expect(triggerOf()).toHaveFocus()
    backend.release()
    await untilStored()
    expect(errorOf()).toBeNull()
    expect(seen).toEqual([])
    await press('Send')
    expect(seen).toEqual([
      [
        ['who', 'Kim'],
        ['documents', 'file-1'],
        ['documents', 'file-2'],
        ['do', 'send'],
      ],
    ])
  })

  test("with 'wait' is held and goes once, by the button that was pressed, with all ids", async () => {
    const { seen, by, around } = submissions()
    const { backend } = mount({ whenPending: 'wait' }, { around: wrap(around) })
    await withPending(backend, 2)
    await press('Save draft')
    await pass(3_000)
    expect(seen).toEqual([])
    expect(errorOf()).toBeNull()
    backend.release()
    await pass(2_000)
    expect(by).toEqual(['draft'])
    expect(seen[0]).toEqual([
      ['who', 'Kim'],
      ['documents', 'file-1'],
      ['documents', 'file-2'],
      ['do', 'draft'],
    ])
  })

  test("with 'wait', pressed again and again, by both buttons, goes once by the first", async () => {
    const { by, around } = submissions()
    const { backend } = mount({ whenPending: 'wait' }, { around: wrap(around) })
    await withPending(backend)
    for (const name of ['Send', 'Send', 'Save draft', 'Send']) await press(name)
    backend.release()
    await pass(3_000)
    expect(by).toEqual(['send'])
    await press('Save draft')
    expect(by).toEqual(['send', 'draft'])
  })

  test("with 'allow' goes at once, with the ids there are", async () => {
    const { seen, around } = submissions()
    const { backend } = mount({ whenPending: 'allow' }, { around: wrap(around) })
    await choose(aFile('stored.pdf'))
    await untilStored()
    await withPending(backend)
    await press('Send')
    expect(seen).toEqual([
      [
        ['who', 'Kim'],
        ['documents', 'file-1'],
        ['do', 'send'],
      ],
    ])
  })

  test.each(['block', 'wait'] as const)(
    "with '%s' and a failed file is refused, and goes after that is removed",
    async (whenPending) => {
      const { seen, around } = submissions()
      const { backend } = mount({ whenPending }, { around: wrap(around) })
      backend.fail('send', 'unsafe')
      await choose(aFile('a.pdf'))
      await untilStored()
      await press('Send')
      expect(seen).toEqual([])
      expect(errorOf()).toBe('Error: 1 file was not uploaded. Try again or remove it.')
      expect(triggerOf()).toHaveFocus()
      await press('Remove a.pdf')
      await press('Send')
      expect(seen).toHaveLength(1)
    },
  )

  test("with 'wait' whose file fails meanwhile is refused then", async () => {
    const { seen, around } = submissions()
    const { backend } = mount({ whenPending: 'wait' }, { around: wrap(around) })
    await withPending(backend)
    backend.fail('send', 'unsafe')
    await press('Send')
    backend.release()
    await pass(2_000)
    expect(seen).toEqual([])
    expect(errorOf()).toBe('Error: 1 file was not uploaded. Try again or remove it.')
    expect(triggerOf()).toHaveFocus()
  })

  test("with 'wait' goes on with the rest when the file it waited for is removed", async () => {
    const { seen, around } = submissions()
    const { backend } = mount({ whenPending: 'wait' }, { around: wrap(around) })
    await choose(aFile('stored.pdf'))
    await untilStored()
    await withPending(backend)
    await press('Send')
    await press('Cancel 1.pdf')
    await pass(2_000)
    expect(seen.map((data) => data.filter(([name]) => name === 'documents'))).toEqual([[['documents', 'file-1']]])
  })
})

test('a held submit is said: the form is sent as soon as the files are there', async () => {
  const { around } = submissions()
  const { backend } = mount({ whenPending: 'wait' }, { around })
  await withPending(backend, 2)
  await press('Send')
  expect(document.querySelector('[data-part=held]')).toHaveTextContent(
    'The form is sent as soon as 2 files are uploaded.',
  )
  expect(document.querySelector('[data-faf-root]')).toHaveAttribute('data-held')
  const said: (string | null)[] = []
  for (let step = 0; step < 60; step += 1) {
    await pass(50)
    said.push(statusOf().textContent)
  }
  expect(said.join()).toContain('The form is sent as soon as 2 files are uploaded.')
})

describe('a held submit', () => {
  const around = (onSubmit: (event: SubmitEvent) => void) => (element: React.ReactElement) => (
    <form
      data-testid="form"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit(event.nativeEvent as SubmitEvent)
      }}
    >
      {element}
      <button>Send</button>
    </form>
  )

  test('without a button goes without one', async () => {
    const onSubmit = vi.fn()
    const { backend } = mount({ whenPending: 'wait' }, { around: around(onSubmit) })
    await withPending(backend)
    act(() => form().requestSubmit())
    backend.release()
    await pass(2_000)
    expect(onSubmit.mock.calls.map(([{ submitter }]) => submitter)).toEqual([null])
  })

  test.each([
    ['left', (button: HTMLButtonElement) => button.remove()],
    ['moved to another form', (button: HTMLButtonElement) => button.setAttribute('form', 'other')],
  ])('whose button %s meanwhile goes without it', async (_, leave) => {
    const onSubmit = vi.fn()
    const { backend } = mount(
      { whenPending: 'wait' },
      {
        around: (element) => (
          <>
            <form id="other" />
            {around(onSubmit)(element)}
            <div data-testid="elsewhere" />
          </>
        ),
      },
    )
    const button = document.createElement('button')
    form().append(button)
    await withPending(backend)
    act(() => button.click())
    leave(button)
    backend.release()
    await pass(2_000)
    expect(onSubmit.mock.calls.map(([{ submitter }]) => submitter)).toEqual([null])
  })

  test('whose field has gone is not sent: its ids are not in the form any more', async () => {
    const backend = createMemoryBackend()
    const answer = createFileAnswer({ backend })
    const onSubmit = vi.fn()
    const page = (isThere: boolean) =>
      around(onSubmit)(
        isThere ? (
          <FileAnswerField label="Documents" name="documents" answer={answer} whenPending="wait" />
        ) : (
          <p>Another page of the form</p>
        ),
      )
    const { rerender } = render(page(true))
    await withPending(backend)
    await press('Send')
    rerender(page(false))
    backend.release()
    await pass(3_000)
    expect(answer.getIds()).toEqual(['file-1'])
    expect(onSubmit).not.toHaveBeenCalled()
    rerender(page(true))
    await press('Send')
    expect(onSubmit).toHaveBeenCalledTimes(1)
  })
})

test('with wait and a required field left empty by a removal is not sent', async () => {
  const { seen, around } = submissions()
  const { backend } = mount({ whenPending: 'wait', required: true }, { around })
  await withPending(backend)
  await press('Send')
  await press('Cancel 1.pdf')
  await pass(2_000)
  expect(seen).toEqual([])
  expect(errorOf()).toBe('Error: Attach at least 1 file.')
})

test('Enter in a text field submits, and presses no button of the field', async () => {
  const { by, around } = submissions()
  mount({}, { around })
  await choose([aFile('a.pdf'), aFile('b.pdf')])
  await untilStored()
  vi.useRealTimers()
  await userEvent.type(screen.getByLabelText('Who'), '{Enter}')
  expect(by).toEqual(['draft'])
  expect([...field().querySelectorAll('button')].map(({ type }) => type)).toEqual(['button', 'button', 'button'])
  expect(screen.getAllByRole('listitem')).toHaveLength(2)
})

test('holding the keys that submit gets past neither an empty required field nor a pending file', async () => {
  const { seen, around } = submissions()
  const { backend } = mount({ required: true }, { around })
  const hold = () =>
    act(async () => {
      for (let press = 0; press < 20; press += 1) form().requestSubmit()
    })
  await hold()
  await withPending(backend)
  await hold()
  expect(seen).toEqual([])
})

describe('start="submit"', () => {
  test("starts with the submit, which 'block' then waits for", async () => {
    const { by, around } = submissions()
    const { backend } = mount({ start: 'submit', required: true }, { around })
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await pass(5_000)
    expect(backend.calls).toEqual([])
    expect(stateOf('a.pdf')).toBe('queued')
    await press('Send')
    await pass(3_000)
    expect(by).toEqual(['send'])
    expect([...backend.stored.keys()]).toEqual(['file-1', 'file-2'])
  })

  test("starts with a submit that 'allow' lets go", async () => {
    const { seen, around } = submissions()
    const { backend } = mount({ start: 'submit', whenPending: 'allow' }, { around })
    await choose(aFile())
    await press('Send')
    await untilStored()
    expect(seen).toHaveLength(1)
    expect(backend.stored.size).toBe(1)
  })
})

test('a `start` that changes later changes neither when files start nor what a submit does', async () => {
  const { by, around } = submissions()
  const { backend, change } = mount({ start: 'submit' }, { around })
  await change({ start: 'now' })
  await choose(aFile())
  await pass(5_000)
  expect(backend.calls).toEqual([])
  await press('Send')
  await pass(3_000)
  expect(by).toEqual(['send'])
  expect([...backend.stored.keys()]).toEqual(['file-1'])
})

describe('start="manual"', () => {
  test('starts by ref.start() and counts as pending until then', async () => {
    const onStatus = vi.fn()
    const { seen, around } = submissions()
    const { handle, backend } = mount({ start: 'manual', onStatus }, { around })
    await choose(aFile())
    await press('Send')
    expect(seen).toEqual([])
    expect(errorOf()).toBe('Error: Wait until 1 file is uploaded.')
    expect(onStatus).toHaveBeenLastCalledWith({ pending: 1, failed: 0, settled: false })
    await act(async () => handle.current?.start())
    await untilStored()
    expect(backend.stored.size).toBe(1)
    expect(onStatus).toHaveBeenLastCalledWith({ pending: 0, failed: 0, settled: true })
  })

  test('starts by settled()', async () => {
    const { handle } = mount({ start: 'manual' })
    await choose(aFile())
    const settled = vi.fn()
    void handle.current?.settled().then(settled)
    await pass(2_000)
    expect(settled).toHaveBeenCalledWith(['file-1'])
  })
})

test('a React form action is called once, after the wait, with the ids', async () => {
  const action = vi.fn()
  const backend = createMemoryBackend()
  render(
    <form action={(data) => action(data.getAll('documents'))}>
      <FileAnswerField label="Documents" name="documents" backend={backend} whenPending="wait" />
      <button>Send</button>
    </form>,
  )
  await withPending(backend)
  await press('Send')
  await press('Send')
  await pass(1_000)
  expect(action).not.toHaveBeenCalled()
  backend.release()
  await pass(2_000)
  expect(action.mock.calls).toEqual([[['file-1']]])
})

test('with a controlled value the form is sent once the host has taken the ids up', async () => {
  const { seen, around } = submissions()
  const onChange = vi.fn()
  const { backend, change } = mount({ value: [], onChange, whenPending: 'wait' }, { around })
  await withPending(backend)
  await press('Send')
  backend.release()
  await pass(300)
  expect(onChange).toHaveBeenLastCalledWith(['file-1'], expect.anything())
  expect(seen).toEqual([])
  await change({ value: ['file-1'], onChange, whenPending: 'wait' })
  await pass(1_000)
  expect(seen.map((data) => data.filter(([name]) => name === 'documents'))).toEqual([[['documents', 'file-1']]])
})

test('two fields of a form are both waited for, and it is sent once', async () => {
  const backend = createMemoryBackend()
  const { by, around } = submissions()
  render(
    around(
      <>
        <FileAnswerField label="Documents" name="documents" backend={backend} whenPending="wait" />
        <FileAnswerField label="Photos" name="photos" backend={backend} whenPending="wait" />
      </>,
    ),
  )
  backend.hold('send')
  await choose(aFile('a.pdf'))
  await choose(aFile('b.jpg'), field('Photos'))
  await untilStored()
  await press('Send')
  backend.release('send', 'a.pdf')
  backend.hold('send', 'b.jpg')
  await pass(1_500)
  backend.release()
  await pass(2_500)
  expect(by).toEqual(['send'])
})

test('a field in a disabled fieldset holds nobody up', async () => {
  const { seen, around } = submissions()
  const backend = createMemoryBackend()
  const page = (disabled: boolean) =>
    around(
      <fieldset disabled={disabled}>
        <FileAnswerField label="Documents" name="documents" backend={backend} />
      </fieldset>,
    )
  const { rerender } = render(page(false))
  await withPending(backend)
  rerender(page(true))
  await press('Send')
  expect(seen).toHaveLength(1)
})

test('read only while a file is on its way waits for it', async () => {
  const { seen, around } = submissions()
  const { backend, change } = mount({}, { around })
  await withPending(backend)
  await change({ readOnly: true })
  await press('Send')
  expect(seen).toEqual([])
  backend.release()
  await pass(2_000)
  expect(seen.map((data) => data.filter(([name]) => name === 'documents'))).toEqual([[['documents', 'file-1']]])
})

test('a form in a portal is its own: neither form is held or sent for the other', async () => {
  const outer = vi.fn((event: FormEvent) => event.preventDefault())
  const inner = vi.fn((event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
  })
  const backend = createMemoryBackend()
  render(
    <form data-testid="outer" onSubmit={outer}>
      <FileAnswerField label="Documents" name="documents" backend={backend} />
      {createPortal(
        <form data-testid="inner" onSubmit={inner}>
          <FileAnswerField label="Inner" name="inner" backend={backend} />
        </form>,
        document.body,
      )}
    </form>,
  )
  await withPending(backend)
  act(() => form('inner').requestSubmit())
  expect(inner).toHaveBeenCalledTimes(1)
  act(() => form('outer').requestSubmit())
  expect(outer).not.toHaveBeenCalled()
  expect(errorOf()).toBe('Error: Wait until 1 file is uploaded.')
  expect(errorOf(field('Inner'))).toBeNull()
})

test('a field in a portal belongs to the form that `form` names', async () => {
  const onSubmit = vi.fn((event: FormEvent) => event.preventDefault())
  const backend = createMemoryBackend()
  render(
    <form id="f" data-testid="form" onSubmit={onSubmit}>
      {createPortal(<FileAnswerField label="Documents" name="documents" form="f" backend={backend} />, document.body)}
    </form>,
  )
  await withPending(backend)
  act(() => form().requestSubmit())
  expect(onSubmit).not.toHaveBeenCalled()
  backend.release()
  await untilStored()
  act(() => form().requestSubmit())
  expect(onSubmit).toHaveBeenCalledTimes(1)
  expect(new FormData(form()).getAll('documents')).toEqual(['file-1'])
})

describe('settled()', () => {
  test('gives the ids at once where nothing is pending', async () => {
    const { handle } = mount({ defaultValue: ['a', 'b'] })
    await untilStored()
    await expect(handle.current?.settled()).resolves.toEqual(['a', 'b'])
  })

  test('rejects with what failed, once nothing is pending', async () => {
    const { handle, backend } = mount()
    backend.hold('send', 'b.pdf')
    backend.fail('send', 'unsafe', { name: 'a.pdf' })
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    const failed = vi.fn()
    handle.current?.settled().catch(failed)
    await untilStored()
    expect(failed).not.toHaveBeenCalled()
    backend.release()
    await untilStored()
    const [error] = failed.mock.calls[0] ?? []
    expect(error).toBeInstanceOf(FilesNotStored)
    expect((error as FilesNotStored).failures).toEqual([expect.objectContaining({ code: 'unsafe' })])
  })

  test("rejects with its signal's reason, and the upload goes on", async () => {
    const { handle, backend } = mount()
    await withPending(backend)
    const giveUp = new AbortController()
    const failed = vi.fn()
    handle.current?.settled({ signal: giveUp.signal }).catch(failed)
    giveUp.abort(new Error('enough'))
    await pass()
    expect(failed).toHaveBeenCalledWith(new Error('enough'))
    await expect(handle.current?.settled({ signal: giveUp.signal })).rejects.toThrow('enough')
    backend.release()
    await untilStored()
    expect(stateOf('1.pdf')).toBe('done')
  })

  test('resolves with the rest when a file is removed in the middle', async () => {
    const { handle, backend } = mount()
    backend.hold('send')
    await choose([aFile('a.pdf', 1000), aFile('b.pdf', 1000)])
    await untilStored()
    backend.progress('a.pdf', 0.5)
    const settled = vi.fn()
    void handle.current?.settled().then(settled)
    await press('Cancel a.pdf')
    backend.release()
    await pass(1_500)
    expect(settled).toHaveBeenCalledWith(['file-2'])
  })

  test('of five fields is one place to wait for all', async () => {
    const backend = createMemoryBackend()
    const handles = Array.from({ length: 5 }, () => createRef<FileAnswerHandle>())
    render(
      <>
        {handles.map((handle, position) => (
          <FileAnswerField key={position} ref={handle} label={`Question ${position}`} backend={backend} />
        ))}
      </>,
    )
    for (let position = 0; position < 5; position += 1)
      await choose(aFile(`${position}.pdf`), field(`Question ${position}`))
    const all = vi.fn()
    void Promise.all(handles.map((handle) => handle.current?.settled())).then(all)
    await pass(3_000)
    expect(all).toHaveBeenCalledWith([['file-1'], ['file-2'], ['file-3'], ['file-4'], ['file-5']])
  })

  test('rejects when the field goes away with a file on its way', async () => {
    const { handle, backend, unmount } = mount()
    await withPending(backend)
    const failed = vi.fn()
    handle.current?.settled().catch(failed)
    unmount()
    await pass(2_000)
    expect(failed).toHaveBeenCalledWith(expect.any(FilesNotStored))
  })

  test('does not resolve before the form holds the ids', async () => {
    const { around } = submissions()
    const { handle } = mount({}, { around })
    await choose(aFile())
    const seen = vi.fn()
    void handle.current?.settled().then(() => seen(new FormData(form()).getAll('documents')))
    await pass(1_000)
    expect(seen).toHaveBeenCalledTimes(1)
  })
})

test("an answer's own start and rules bind the form's submit", async () => {
  const { by, around } = submissions()
  const backend = createMemoryBackend()
  const answer = createFileAnswer({ backend, start: 'submit' })
  mount({ answer }, { around })
  await choose(aFile())
  await press('Send')
  await pass(2_000)
  expect(by).toEqual(['send'])
  expect(stepsOf(backend, 'send')).toHaveLength(1)
})

test('the submit of another form is nobody of ours to hold', async () => {
  const onSubmit = vi.fn((event: FormEvent) => event.preventDefault())
  const { around } = submissions()
  const { backend } = mount(
    {},
    {
      around: (element) => (
        <>
          {around(element)}
          <form data-testid="other" onSubmit={onSubmit} />
        </>
      ),
    },
  )
  await withPending(backend)
  act(() => void fireEvent.submit(form('other')))
  expect(onSubmit).toHaveBeenCalledTimes(1)
})
