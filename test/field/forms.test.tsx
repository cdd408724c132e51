/** The field as a control of a form: what is sent, what is valid, what a reset does. */
import { act, fireEvent, render, screen } from '@testing-library/react'
import { createFileAnswer, FileAnswerField } from 'file-answer-field'
import { createMemoryBackend } from 'file-answer-field/testing'
import { useActionState, useState } from 'react'
import { describe, expect, test, vi } from 'vitest'
import {
  aFile,
  choose,
  drop,
  errorOf,
  field,
  idsShown,
  inputOf,
  mount,
  type Mounted,
  names,
  pass,
  press,
  rows,
  sent,
  stepsOf,
  triggerOf,
  untilStored,
  standStill,
} from './kit.js'

standStill()

const aStored = (id: string) => ({ id, name: `${id}.pdf`, size: 5, type: 'application/pdf' })
const knownFiles = ['a', 'b', 'c'].map(aStored)
const form = (id = 'form') => screen.getByTestId<HTMLFormElement>(id)
const inForm = (element: React.ReactElement) => <form data-testid="form">{element}</form>

describe('what is sent', () => {
  test('is the ids alone, in the order shown, under the name: no file, no empty entry', async () => {
    mount({}, { around: inForm })
    expect([...new FormData(form())]).toEqual([])
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await untilStored()
    await choose(aFile('c.pdf'))
    await untilStored()
    expect([...new FormData(form())]).toEqual([
      ['documents', 'file-1'],
      ['documents', 'file-2'],
      ['documents', 'file-3'],
    ])
  })

  test('keeps the order of the value when descriptions come in another', async () => {
    const backend = createMemoryBackend({ files: [aStored('c'), aStored('a'), aStored('b')] })
    const answers: (() => void)[] = []
    const describeFiles = vi.fn(async (ids: readonly string[]) => {
      await new Promise<void>((resolve) => answers.push(resolve))
      return { files: [...ids].reverse().map((id) => ({ ...aStored(id), url: `https://storage.test/${id}` })) }
    })
    mount({ backend: { ...backend, describeFiles }, defaultValue: ['a', 'b', 'c'] }, { around: inForm })
    expect(sent(form())).toEqual(['a', 'b', 'c'])
    await vi.waitFor(() => expect(answers.length).toBe(1))
    await act(async () => answers.forEach((answer) => answer()))
    await untilStored()
    expect(names()).toEqual(['a.pdf', 'b.pdf', 'c.pdf'])
    await press('Remove b.pdf')
    expect(sent(form())).toEqual(['a', 'c'])
    expect(idsShown()).toEqual(['a', 'c'])
  })

  test('follows a row that was moved', async () => {
    const answer = createFileAnswer({ backend: createMemoryBackend() })
    mount({ answer }, { around: inForm })
    await choose([aFile('a.pdf'), aFile('b.pdf'), aFile('c.pdf')])
    await untilStored()
    const last = answer.getAnswer().keys[2] ?? ''
    await act(async () => answer.move(last, 0))
    expect(idsShown()).toEqual(['file-3', 'file-1', 'file-2'])
    expect(sent(form())).toEqual(['file-3', 'file-1', 'file-2'])
  })

  test('is nothing without a name, and nothing while disabled, by the field or by its fieldset', () => {
    mount({ name: undefined, defaultValue: ['a'] }, { around: inForm })
    expect([...new FormData(form())]).toEqual([])
    mount(
      { label: 'Documents 2', disabled: true, defaultValue: ['a'] },
      { around: (element) => <form data-testid="2">{element}</form> },
    )
    expect([...new FormData(form('2'))]).toEqual([])
    mount(
      { label: 'Documents 3', defaultValue: ['a'] },
      {
        around: (element) => (
          <form data-testid="3">
            <fieldset disabled>{element}</fieldset>
          </form>
        ),
      },
    )
    expect([...new FormData(form('3'))]).toEqual([])
  })

  test('is there while read only, where nothing can be added or removed', () => {
    mount({ readOnly: true, defaultValue: ['a'], knownFiles }, { around: inForm })
    expect(sent(form())).toEqual(['a'])
    expect(screen.queryAllByRole('button')).toEqual([])
    expect(names()).toEqual(['a.pdf'])
    expect(field()).toHaveAttribute('data-state', 'readonly')
  })

  test('goes to the form named by `form`, which the field belongs to as a whole', async () => {
    mount(
      { form: 'far', required: true },
      {
        around: (element) => (
          <>
            <form id="far" data-testid="far" />
            <form data-testid="form">{element}</form>
          </>
        ),
      },
    )
    expect(form('far').checkValidity()).toBe(false)
    expect(form().checkValidity()).toBe(true)
    await choose(aFile())
    await untilStored()
    expect(sent(form('far'))).toEqual(['file-1'])
    expect(sent(form())).toEqual([])
    act(() => form('far').reset())
    await pass(100)
    expect(rows()).toEqual([])
  })
})

describe('validity', () => {
  test('required: the error is shown, named and described, the trigger focused; nothing bubbles; a file mends it', async () => {
    const onInvalid = vi.fn()
    const onSubmit = vi.fn((event: React.FormEvent) => event.preventDefault())
    mount(
      { required: true },
      {
        around: (element) => (
          <form data-testid="form" onInvalid={onInvalid} onSubmit={onSubmit}>
            {element}
          </form>
        ),
      },
    )
    expect(errorOf()).toBeNull()
    expect(screen.getByRole('group', { name: 'Documents (required)' })).not.toHaveAttribute('aria-invalid')
    act(() => form().requestSubmit())
    expect(errorOf()).toBe('Error: Attach at least 1 file.')
    expect(field()).toHaveAttribute('aria-invalid', 'true')
    expect(field()).toHaveAttribute('data-state', 'error')
    expect(field()).not.toHaveAttribute('aria-required')
    expect(triggerOf()).toHaveFocus()
    expect(triggerOf()).toHaveAccessibleDescription('Error: Attach at least 1 file.')
    // No bubble of the browser's over an input that nobody sees.
    expect(onInvalid.mock.calls.map(([event]) => event.isDefaultPrevented())).toEqual([true])
    expect(onSubmit).not.toHaveBeenCalled()
    await choose(aFile())
    await untilStored()
    expect(errorOf()).toBeNull()
    expect(field()).not.toHaveAttribute('aria-invalid')
    act(() => form().requestSubmit())
    expect(onSubmit).toHaveBeenCalledTimes(1)
  })

  test.each<[way: string, add: (mounted: Mounted) => unknown]>([
    ['chosen', () => choose(aFile())],
    ['dropped', () => drop([aFile()], triggerOf())],
    ['pasted', () => act(async () => void fireEvent.paste(triggerOf(), { clipboardData: { files: [aFile()] } }))],
    ['added by code', ({ handle }) => act(async () => handle.current?.add([aFile()]))],
    ['brought back', () => press('Undo: remove a.pdf')],
    ['in a value of the host', ({ change }) => change({ required: true, value: ['a'] })],
  ])('what is shown as wrong goes with a file that is %s', async (_, add) => {
    const mounted = mount({ required: true, defaultValue: ['a'], knownFiles }, { around: inForm })
    await press('Remove a.pdf')
    act(() => form().requestSubmit())
    expect(errorOf()).toBe('Error: Attach at least 1 file.')
    await add(mounted)
    await untilStored()
    expect(errorOf()).toBeNull()
    expect(field()).not.toHaveAttribute('aria-invalid')
  })

  test('speaks Korean where the field does', async () => {
    const { ko } = await import('file-answer-field/locales/ko')
    mount({ required: true, minFiles: 2, messages: ko, label: 'Documents' }, { around: inForm })
    act(() => void form().reportValidity())
    expect(errorOf()).toBe('오류: 파일을 2개 이상 첨부해 주세요.')
  })

  test.each([
    ['a drop', async () => drop([aFile()], triggerOf())],
    [
      'a paste',
      async () =>
        void (await act(async () => void fireEvent.paste(triggerOf(), { clipboardData: { files: [aFile()] } }))),
    ],
    ['an undo', async () => press('Undo: remove a.pdf')],
    ['a reset by the form', async () => act(async () => form().reset())],
  ])('is looked at again after %s', async (_, mend) => {
    mount({ required: true, defaultValue: ['a'], knownFiles }, { around: inForm })
    await press('Remove a.pdf')
    act(() => void form().reportValidity())
    expect(errorOf()).toBe('Error: Attach at least 1 file.')
    await mend()
    await untilStored()
    expect(errorOf()).toBeNull()
    expect(form().checkValidity()).toBe(true)
  })

  test('is looked at again when the host gives a value', async () => {
    const { change } = mount({ required: true, value: [], knownFiles }, { around: inForm })
    act(() => void form().reportValidity())
    await change({ required: true, value: ['a'], knownFiles })
    expect(errorOf()).toBeNull()
    expect(form().checkValidity()).toBe(true)
  })

  test('minFiles binds once there is a file, and from the start with required', async () => {
    mount({ minFiles: 2 }, { around: inForm })
    expect(form().checkValidity()).toBe(true)
    await choose(aFile('a.pdf'))
    await untilStored()
    act(() => void form().reportValidity())
    expect(errorOf()).toBe('Error: Attach at least 2 files. Now there is 1.')
    await choose(aFile('b.pdf'))
    await untilStored()
    expect(form().checkValidity()).toBe(true)
  })

  test('is not asked of a field that is disabled or read only', () => {
    mount({ required: true, disabled: true }, { around: inForm })
    mount(
      { required: true, readOnly: true, label: 'Documents 2' },
      { around: (element) => <form data-testid="2">{element}</form> },
    )
    expect(form().checkValidity()).toBe(true)
    expect(form('2').checkValidity()).toBe(true)
  })

  test.each([
    ['block', false],
    ['wait', true],
    ['allow', false],
  ] as const)('of a required field with a pending file is, with whenPending="%s", %s', async (whenPending, valid) => {
    const { backend } = mount({ required: true, whenPending }, { around: inForm })
    backend.hold('send')
    await choose(aFile())
    await untilStored()
    expect(inputOf().checkValidity()).toBe(valid)
    expect(inputOf().validationMessage).toBe(
      { block: 'Wait until 1 file is uploaded.', wait: '', allow: 'Attach at least 1 file.' }[whenPending],
    )
  })

  test('of a field that need not be answered suffers from pending files with block only', async () => {
    const { backend, change } = mount({}, { around: inForm })
    backend.hold('send')
    await choose(aFile())
    await untilStored()
    expect(inputOf().checkValidity()).toBe(false)
    for (const whenPending of ['wait', 'allow'] as const) {
      await change({ whenPending })
      expect(inputOf().checkValidity()).toBe(true)
    }
  })

  test('a file that failed makes the field invalid until it is removed, however many', async () => {
    const { backend } = mount({}, { around: inForm })
    backend.fail('send', 'unsafe')
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await untilStored()
    act(() => void form().reportValidity())
    expect(errorOf()).toBe('Error: 2 files were not uploaded. Try again or remove them.')
    await press('Remove a.pdf')
    expect(errorOf()).toBe('Error: 1 file was not uploaded. Try again or remove it.')
    await press('Remove b.pdf')
    expect(errorOf()).toBeNull()
  })

  test("a file that failed makes the field invalid whatever becomes of pending ones: it is the person's to decide", async () => {
    const { backend, change } = mount({}, { around: inForm })
    backend.fail('send', 'unsafe')
    await choose(aFile('a.pdf'))
    await untilStored()
    for (const whenPending of ['block', 'wait', 'allow'] as const) {
      await change({ whenPending })
      expect(inputOf().validationMessage).toBe('1 file was not uploaded. Try again or remove it.')
    }
  })

  test('a rejected file counts for nothing', async () => {
    mount({ required: true, accept: '.pdf' }, { around: inForm })
    await choose(aFile('a.exe'))
    act(() => expect(inputOf().reportValidity()).toBe(false))
    expect(errorOf()).toBe('Error: Attach at least 1 file.')
    expect(triggerOf()).toHaveAccessibleDescription(/Attach at least 1 file/)
  })

  test('checkValidity() of the host never submits, whatever is pending', async () => {
    const onSubmit = vi.fn()
    for (const whenPending of ['block', 'wait', 'allow'] as const) {
      const { backend, unmount } = mount(
        { whenPending },
        {
          around: (element) => (
            <form data-testid="form" onSubmit={onSubmit}>
              {element}
            </form>
          ),
        },
      )
      backend.hold('send')
      await choose(aFile())
      await untilStored()
      act(() => void form().checkValidity())
      backend.release()
      await untilStored()
      act(() => void form().reportValidity())
      unmount()
    }
    expect(onSubmit).not.toHaveBeenCalled()
  })
})

describe('reset', () => {
  test('of an uncontrolled field takes the newest default: entries in it stay as they are, the others leave', async () => {
    const onChange = vi.fn()
    const { backend, change } = mount({ defaultValue: ['a'], knownFiles, onChange }, { around: inForm })
    await choose(aFile('new.pdf'))
    await untilStored()
    await change({ defaultValue: ['file-1', 'b'], knownFiles, onChange })
    onChange.mockClear()
    await act(async () => form().reset())
    await pass(100)
    expect(idsShown()).toEqual(['file-1', 'b'])
    expect(rows().map(({ dataset }) => dataset.state)).toEqual(['done', 'restored'])
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['file-1', 'b']])
    await pass(20_000)
    expect(backend.discarded).toEqual([])
  })

  test('aborts what is on its way, and discards nothing that is stored', async () => {
    const { backend } = mount({}, { around: inForm })
    await choose(aFile('done.pdf'))
    await untilStored()
    backend.hold('send')
    await choose(aFile('running.pdf'))
    await untilStored()
    await act(async () => form().reset())
    expect(rows()).toEqual([])
    backend.release()
    await pass(20_000)
    expect([...backend.stored.keys()]).toEqual(['file-1'])
    expect(backend.discarded).not.toContain('file-1')
  })

  test('brings back a stored file with the name that the backend tells', async () => {
    const backend = createMemoryBackend({ files: [aStored('a')] })
    mount({ defaultValue: ['a'] }, { backend, around: inForm })
    await untilStored()
    await press('Remove a.pdf')
    await pass(10_000)
    await act(async () => form().reset())
    await untilStored()
    expect(names()).toEqual(['a.pdf'])
  })

  test('takes what is shown as wrong along, until the next attempt', async () => {
    mount({ required: true }, { around: inForm })
    await act(async () => form().requestSubmit())
    expect(errorOf()).toBe('Error: Attach at least 1 file.')
    await act(async () => form().reset())
    expect(errorOf()).toBe(null)
    expect(field()).not.toHaveAttribute('aria-invalid')
    await act(async () => form().requestSubmit())
    expect(errorOf()).toBe('Error: Attach at least 1 file.')
  })

  test('that a handler prevented does nothing', async () => {
    mount(
      { defaultValue: ['a'], knownFiles },
      {
        around: (element) => (
          <form data-testid="form" onReset={(event) => event.preventDefault()}>
            {element}
          </form>
        ),
      },
    )
    await press('Remove a.pdf')
    await act(async () => form().reset())
    expect(rows()).toEqual([])
  })

  test('leaves a controlled field alone, its running files too', async () => {
    const onChange = vi.fn()
    const { backend } = mount({ value: ['a'], knownFiles, onChange }, { around: inForm })
    backend.hold('send')
    await choose(aFile('running.pdf'))
    await untilStored()
    await act(async () => form().reset())
    expect(names()).toEqual(['a.pdf', 'running.pdf'])
    expect(onChange).not.toHaveBeenCalled()
    backend.release()
    await untilStored()
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['a', 'file-1']])
  })

  test('of one field by a form library, which calls the native reset, leaves the others as they are', async () => {
    const backend = createMemoryBackend()
    backend.hold('send', 'running.pdf')
    function Page() {
      const [values, setValues] = useState<Record<string, string[]>>({ Documents: ['a'], Photos: ['b'] })
      return (
        <form data-testid="form">
          {['Documents', 'Photos'].map((label) => (
            <FileAnswerField
              key={label}
              label={label}
              name={label}
              backend={backend}
              knownFiles={knownFiles}
              value={values[label] ?? []}
              onChange={(ids) => setValues((before) => ({ ...before, [label]: ids }))}
            />
          ))}
          <button
            type="button"
            onClick={(event) => {
              event.currentTarget.form?.reset()
              setValues({ ...values, Documents: [] })
            }}
          >
            Reset documents
          </button>
        </form>
      )
    }
    render(<Page />)
    const photos = field('Photos')
    await choose(aFile('running.pdf'), photos)
    await untilStored()
    await press('Reset documents')
    await pass(100)
    expect(names()).toEqual([])
    expect(names(photos)).toEqual(['b.pdf', 'running.pdf'])
    backend.release()
    await untilStored()
    expect(sent(form(), 'Photos')).toEqual(['b', 'file-1'])
    expect(backend.discarded).toEqual([])
  })

  test('after a React action takes the default that the action gave, and keeps the errors it gave', async () => {
    const backend = createMemoryBackend()
    function Page() {
      const [state, action] = useActionState(
        async (_: { ids: string[]; error: string }, data: FormData) => ({
          ids: data.getAll('documents').map(String),
          error: 'The name is missing.',
        }),
        { ids: [], error: '' },
      )
      return (
        <form data-testid="form" action={action}>
          <FileAnswerField
            label="Documents"
            name="documents"
            backend={backend}
            defaultValue={state.ids}
            error={state.error}
          />
        </form>
      )
    }
    render(<Page />)
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await untilStored()
    await act(async () => form().requestSubmit())
    await pass(200)
    expect(names()).toEqual(['a.pdf', 'b.pdf'])
    expect(rows().map(({ dataset }) => dataset.state)).toEqual(['done', 'done'])
    expect(sent(form())).toEqual(['file-1', 'file-2'])
    expect(errorOf()).toBe('Error: The name is missing.')
    await pass(20_000)
    expect(backend.discarded).toEqual([])
    expect(stepsOf(backend, 'send')).toHaveLength(2)
  })

  test('of a field on an answer from outside takes the default of that answer', async () => {
    const answer = createFileAnswer({ backend: createMemoryBackend(), defaultValue: ['a'], knownFiles })
    mount({ answer }, { around: inForm })
    await choose(aFile('new.pdf'))
    await untilStored()
    await press('Remove a.pdf')
    await act(async () => form().reset())
    await pass(100)
    expect(idsShown()).toEqual(['a'])
  })

  test('goes on working after the field was read only for a while', async () => {
    const { change } = mount({ readOnly: true, defaultValue: ['a'], knownFiles }, { around: inForm })
    await change({ readOnly: false, defaultValue: ['a'], knownFiles })
    await press('Remove a.pdf')
    await act(async () => form().reset())
    await pass(100)
    expect(idsShown()).toEqual(['a'])
  })
})
