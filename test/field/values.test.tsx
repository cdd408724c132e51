/** Controlled by `value`, or uncontrolled with `defaultValue`: what the host says, hears and forgets. */
import { act, render, screen } from '@testing-library/react'
import { createFileAnswer, FileAnswerField, type FileAnswerFieldProps, type FileAnswerHandle } from 'file-answer-field'
import { createMemoryBackend } from 'file-answer-field/testing'
import { createRef, type Ref, type RefCallback, useCallback, useRef, useState } from 'react'
import { describe, expect, test, vi } from 'vitest'
import {
  aFile,
  choose,
  errorOf,
  field,
  idsShown,
  inputOf,
  mount,
  names,
  pass,
  press,
  rowOf,
  rows,
  sent,
  stateOf,
  stepsOf,
  untilStored,
  standStill,
} from './kit.js'

standStill()

const aStored = (id: string) => ({ id, name: `${id}.pdf`, size: 5, type: 'application/pdf' })
const inForm = (element: React.ReactElement) => <form data-testid="form">{element}</form>
const form = () => screen.getByTestId<HTMLFormElement>('form')

/** A host that keeps the value, `delay` ms after it was given it. */
function Host({
  delay = 0,
  onValue,
  handle,
  ...props
}: { delay?: number; onValue?: (ids: string[]) => void; handle?: Ref<FileAnswerHandle> } & Record<string, unknown>) {
  const [value, setValue] = useState<string[]>([])
  return inForm(
    <FileAnswerField
      {...({ label: 'Documents', name: 'documents', ...props } as unknown as FileAnswerFieldProps)}
      ref={handle ?? null}
      value={value}
      onChange={(ids: string[]) => {
        onValue?.(ids)
        if (delay === 0) setValue(ids)
        else setTimeout(() => setValue(ids), delay)
      }}
    />,
  )
}

describe('a host that keeps the value', () => {
  test.each([0, 30, 400])('and gives it back after %i ms has every id in the form, in order', async (delay) => {
    const backend = createMemoryBackend()
    const onValue = vi.fn()
    render(<Host backend={backend} delay={delay} onValue={onValue} />)
    backend.hold('send', 'b.pdf')
    await choose([aFile('a.pdf'), aFile('b.pdf'), aFile('c.pdf')])
    await pass(200)
    backend.release()
    await choose(aFile('d.pdf'))
    await pass(1_500)
    expect(idsShown()).toEqual(['file-1', 'file-2', 'file-3', 'file-4'])
    expect(sent(form())).toEqual(['file-1', 'file-2', 'file-3', 'file-4'])
    expect(onValue).toHaveBeenLastCalledWith(['file-1', 'file-2', 'file-3', 'file-4'])
    expect(backend.discarded).toEqual([])
  })

  test('may give its echoes late and out of date: nothing stored meanwhile leaves', async () => {
    const backend = createMemoryBackend()
    const emitted: string[][] = []
    const { change } = mount({ value: [], onChange: (ids: string[]) => emitted.push(ids) }, { backend })
    const step = async (name: string) => {
      await choose(aFile(name))
      await pass(150)
    }
    await step('a.pdf')
    await step('b.pdf')
    await step('c.pdf')
    expect(emitted).toEqual([['file-1'], ['file-1', 'file-2'], ['file-1', 'file-2', 'file-3']])
    for (const value of emitted) {
      await change({ value: [...value], onChange: (ids: string[]) => emitted.push(ids) })
      await pass(100)
      expect(names()).toEqual(['a.pdf', 'b.pdf', 'c.pdf'])
    }
    expect(emitted).toHaveLength(3)
    expect(rows().map(({ dataset }) => dataset.state)).toEqual(['done', 'done', 'done'])
  })

  test('shows the value in the form as soon as it is given, before the next batch of news', async () => {
    const backend = createMemoryBackend()
    const page = (value: string[]) =>
      inForm(<FileAnswerField label="Documents" name="documents" backend={backend} value={value} />)
    const { rerender } = render(page(['a']))
    rerender(page(['a', 'b']))
    expect(sent(form())).toEqual(['a', 'b'])
  })

  test('is asked no describe for ids that were stored here', async () => {
    const backend = createMemoryBackend()
    render(<Host backend={backend} />)
    await choose(aFile())
    await pass(2_000)
    expect(stepsOf(backend, 'describe')).toEqual([])
  })
})

test('saves that resolve in reverse leave what is shown, what is sent and what the host holds the same', async () => {
  const backend = createMemoryBackend()
  const saves: string[][] = []
  const { change } = mount(
    { value: [], onChange: (ids: string[]) => saves.push(ids) },
    { backend, around: (element) => <form data-testid="form">{element}</form> },
  )
  for (const name of ['a.pdf', 'b.pdf']) {
    await choose(aFile(name))
    await pass(150)
  }
  expect(saves).toEqual([['file-1'], ['file-1', 'file-2']])
  for (const value of saves.toReversed()) await change({ value, onChange: () => {} })
  await pass(500)
  expect(idsShown()).toEqual(['file-1'])
  expect(sent(form())).toEqual(['file-1'])
  await pass(20_000)
  // The host let it go, not the person: it may hold it elsewhere.
  expect(backend.discarded).toEqual([])
})

test('unknown ids between known ones take their places, and those known stay as they are', async () => {
  const backend = createMemoryBackend({ files: [aStored('x'), aStored('y')] })
  const { change } = mount({ value: [] }, { backend })
  await choose([aFile('a.pdf'), aFile('b.pdf')])
  await pass(300)
  await change({ value: ['file-1', 'file-2'] })
  const shown = rows()
  await change({ value: ['x', 'file-1', 'y', 'file-2'] })
  await pass(300)
  expect(names()).toEqual(['x.pdf', 'a.pdf', 'y.pdf', 'b.pdf'])
  expect([rows()[1], rows()[3]]).toEqual(shown)
  expect(rows().map(({ dataset }) => dataset.state)).toEqual(['restored', 'done', 'restored', 'done'])
})

describe('an instruction of the host', () => {
  test('takes ids out, which are never discarded', async () => {
    const backend = createMemoryBackend()
    const { change } = mount({ value: [], onChange: () => {} }, { backend })
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await untilStored()
    await change({ value: ['file-1', 'file-2'], onChange: () => {} })
    await change({ value: ['file-2'], onChange: () => {} })
    expect(names()).toEqual(['b.pdf'])
    await pass(60_000)
    expect(backend.discarded).toEqual([])
  })

  test('brings new ids as restored, in its order, named by a describe', async () => {
    const backend = createMemoryBackend({ files: ['a', 'b', 'c'].map(aStored) })
    const { change } = mount({ value: ['a', 'b'] }, { backend })
    await untilStored()
    await change({ value: ['c', 'b', 'a'] })
    await untilStored()
    expect(idsShown()).toEqual(['c', 'b', 'a'])
    expect(names()).toEqual(['c.pdf', 'b.pdf', 'a.pdf'])
    expect(rows().map(({ dataset }) => dataset.state)).toEqual(['restored', 'restored', 'restored'])
    expect(stepsOf(backend, 'describe').map(({ ids }) => ids)).toEqual([['a', 'b'], ['c']])
  })

  test('leaves unfinished uploads in the list, and they go on', async () => {
    const backend = createMemoryBackend()
    const onChange = vi.fn()
    backend.hold('send')
    const { change } = mount({ value: ['a'], knownFiles: [aStored('a')], onChange }, { backend })
    await choose(aFile('new.pdf'))
    await untilStored()
    await change({ value: [], onChange })
    expect(names()).toEqual(['new.pdf'])
    backend.release()
    await untilStored()
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['file-1']])
  })

  test('in every state: rejected and failed rows stay too, and their files are not sent again', async () => {
    const backend = createMemoryBackend()
    backend.fail('send', 'unsafe', { name: 'bad.pdf' })
    const { change } = mount({ value: [], onChange: () => {}, maxSize: 10 }, { backend })
    await choose([aFile('bad.pdf'), aFile('large.pdf', 11)])
    await untilStored()
    await change({ value: ['x'], knownFiles: [aStored('x')], onChange: () => {}, maxSize: 10 })
    expect(names()).toEqual(expect.arrayContaining(['bad.pdf', 'large.pdf', 'x.pdf']))
    expect(stepsOf(backend, 'send')).toHaveLength(1)
  })

  test('that empties the field while a removal can be undone leaves nothing to undo that the value took', async () => {
    const { change } = mount({ value: ['a', 'b'], knownFiles: [aStored('a'), aStored('b')], onChange: () => {} })
    await press('Remove a.pdf')
    await change({ value: ['b'], onChange: () => {} })
    expect(screen.getByRole('button', { name: 'Undo: remove a.pdf' })).toBeInTheDocument()
    await press('Undo: remove a.pdf')
    expect(idsShown()).toEqual(['a', 'b'])
  })
})

describe('while `value` is given', () => {
  test('the form holds it, and not what is merely stored', async () => {
    vi.mocked(console.warn).mockImplementation(() => {})
    const { handle } = mount({ value: [], onChange: () => {}, required: true }, { around: inForm })
    await choose(aFile())
    await untilStored()
    expect(stateOf('a.pdf')).toBe('done')
    expect(sent(form())).toEqual([])
    expect(inputOf().checkValidity()).toBe(false)
    const settled = vi.fn()
    void handle.current?.settled().then(settled)
    await pass(1_500)
    expect(settled).toHaveBeenCalledWith([])
    vi.mocked(console.warn).mockClear()
  })

  test('settled() waits for a host that takes the ids up a little later', async () => {
    const handle = createRef<FileAnswerHandle>()
    render(<Host backend={createMemoryBackend()} delay={300} handle={handle} />)
    await choose(aFile())
    const settled = vi.fn()
    void handle.current?.settled().then(settled)
    await pass(150)
    expect(settled).not.toHaveBeenCalled()
    await pass(1_000)
    expect(settled).toHaveBeenCalledWith(['file-1'])
  })

  test('a host that ignores onChange is warned once, after a second', async () => {
    vi.mocked(console.warn).mockImplementation(() => {})
    mount({ value: [], onChange: () => {} })
    await choose(aFile('a.pdf'))
    await untilStored()
    expect(console.warn).not.toHaveBeenCalled()
    await pass(1_000)
    expect(vi.mocked(console.warn).mock.calls).toEqual([[expect.stringMatching(/`value` is given.*did not come back/)]])
    await choose(aFile('b.pdf'))
    await pass(3_000)
    expect(console.warn).toHaveBeenCalledTimes(1)
    vi.mocked(console.warn).mockClear()
  })

  test('a host that ignores onChange is not warned in production', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    mount({ value: [], onChange: () => {} })
    await choose(aFile('a.pdf'))
    await pass(3_000)
    vi.unstubAllEnvs()
    expect(console.warn).not.toHaveBeenCalled()
  })

  test('a host that takes ids up in half a second is not warned', async () => {
    render(<Host backend={createMemoryBackend()} delay={500} />)
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await pass(5_000)
    expect(console.warn).not.toHaveBeenCalled()
  })
})

describe('hosts as they are', () => {
  test('five files chosen at once through a callback made once are five ids', async () => {
    const onValue = vi.fn()
    function Once() {
      const [ids, setIds] = useState<string[]>([])
      onValue(ids)
      const keep = useCallback((next: string[]) => setIds(next), [])
      return <FileAnswerField label="Documents" backend={backend} value={ids} onChange={keep} />
    }
    const backend = createMemoryBackend()
    render(<Once />)
    await choose(['a', 'b', 'c', 'd', 'e'].map((name) => aFile(`${name}.pdf`)))
    await pass(2_000)
    expect(onValue).toHaveBeenLastCalledWith(['file-1', 'file-2', 'file-3', 'file-4', 'file-5'])
  })

  test('a new key at the second id loses nothing where the answer lives outside', async () => {
    const backend = createMemoryBackend()
    const answer = createFileAnswer({ backend })
    function Keyed() {
      const [ids, setIds] = useState<string[]>([])
      const keep = useCallback((next: string[]) => setIds(next), [])
      return inForm(
        <FileAnswerField
          key={ids.length < 2 ? 'early' : 'late'}
          label="Documents"
          name="documents"
          answer={answer}
          value={ids}
          onChange={keep}
        />,
      )
    }
    render(<Keyed />)
    for (const name of ['a', 'b', 'c', 'd', 'e']) backend.hold('send', `${name}.pdf`)
    await choose(['a', 'b', 'c', 'd', 'e'].map((name) => aFile(`${name}.pdf`)))
    await untilStored()
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      backend.release('send', `${name}.pdf`)
      await pass(50)
    }
    await pass(1_000)
    expect(sent(form())).toEqual(['file-1', 'file-2', 'file-3', 'file-4', 'file-5'])
    expect(stepsOf(backend, 'send')).toHaveLength(5)
  })

  test('three fields with one label keep their files apart, and all element ids are unique', async () => {
    const backend = createMemoryBackend()
    const onChange = [vi.fn(), vi.fn(), vi.fn()]
    render(
      <>
        {onChange.map((each, position) => (
          <FileAnswerField
            key={position}
            label="Documents"
            backend={backend}
            onChange={each}
            defaultValue={['old']}
            knownFiles={[aStored('old')]}
          />
        ))}
      </>,
    )
    const groups = screen.getAllByRole('group')
    await choose(aFile('second.pdf'), groups[1])
    await untilStored()
    expect(groups.map((group) => names(group))).toEqual([['old.pdf'], ['old.pdf', 'second.pdf'], ['old.pdf']])
    expect(onChange.map((each) => each.mock.calls.length)).toEqual([0, 1, 0])
    const all = [...document.querySelectorAll('[id]')].map(({ id }) => id)
    expect(new Set(all).size).toBe(all.length)
  })

  test('a change of state in onChange, with all options made anew, starts nothing again', async () => {
    const backend = createMemoryBackend()
    function Anew() {
      const [ids, setIds] = useState<string[]>([])
      return (
        <FileAnswerField
          label="Documents"
          backend={{ ...backend }}
          accept={{ 'application/pdf': ['.pdf'] }}
          value={[...ids]}
          onChange={(next) => setIds(next)}
        />
      )
    }
    render(<Anew />)
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await pass(1_000)
    await press('Remove a.pdf')
    await pass(20_000)
    expect(stepsOf(backend, 'send')).toHaveLength(2)
    expect(backend.discarded).toEqual(['file-1'])
    expect(idsShown()).toEqual(['file-2'])
  })

  test('answers without any delay are all taken, time after time', async () => {
    for (let run = 0; run < 8; run += 1) {
      const backend = createMemoryBackend({ largestBatch: 200 })
      const { unmount } = render(<Host backend={backend} />)
      await choose(['a', 'b', 'c', 'd', 'e'].map((name) => aFile(`${name}.txt`, 10)))
      await pass(200)
      expect(rows().map(({ dataset }) => dataset.state)).toEqual(['done', 'done', 'done', 'done', 'done'])
      expect(sent(form())).toHaveLength(5)
      unmount()
    }
  })
})

describe("React Hook Form's Controller", () => {
  /** What Controller gives as `field`, and what it does with it. */
  interface ControllerField {
    name: string
    value: string[]
    onChange: (...event: unknown[]) => void
    onBlur: () => void
    disabled?: boolean
    ref: RefCallback<{ focus(): void }>
  }

  function Form({
    onSubmit,
    backend = createMemoryBackend(),
  }: {
    onSubmit: (values: string[], isDirty: boolean) => void
    backend?: ReturnType<typeof createMemoryBackend>
  }) {
    const [value, setValue] = useState<string[]>(['a'])
    const [isTouched, setIsTouched] = useState(false)
    const control = useRef<{ focus(): void } | null>(null)
    const controller: ControllerField = {
      name: 'documents',
      value,
      // The library takes the value from an event's target, and anything else as it is.
      onChange: (event) => setValue((event as { target?: { value: string[] } })?.target?.value ?? (event as string[])),
      onBlur: () => setIsTouched(true),
      ref: (node) => {
        control.current = node
      },
    }
    return (
      <>
        <FileAnswerField {...controller} label="Documents" backend={backend} knownFiles={[aStored('a')]} />
        <output>{isTouched ? 'touched' : 'pristine'}</output>
        <button type="button" onClick={() => onSubmit(value, value.join() !== 'a')}>
          Read
        </button>
        <button type="button" onClick={() => control.current?.focus()}>
          Fail
        </button>
        <button type="button" onClick={() => setValue(['a'])}>
          Reset
        </button>
      </>
    )
  }

  test('`{...field}` fits: ids come in, blur and focus work, dirty follows the ids', async () => {
    const onSubmit = vi.fn()
    render(<Form onSubmit={onSubmit} />)
    await choose(aFile('b.pdf'))
    await untilStored()
    await press('Read')
    expect(onSubmit).toHaveBeenLastCalledWith(['a', 'file-1'], true)
    await press('Remove b.pdf')
    await press('Read')
    expect(onSubmit).toHaveBeenLastCalledWith(['a'], false)
    await press('Fail')
    expect(screen.getByRole('button', { name: 'Add files Documents' })).toHaveFocus()
    expect(screen.getByText('pristine')).toBeInTheDocument()
    act(() => screen.getByRole('button', { name: 'Fail' }).focus())
    expect(screen.getByText('touched')).toBeInTheDocument()
  })

  test('its reset to the saved value while a file is on its way keeps that file', async () => {
    const backend = createMemoryBackend()
    render(<Form onSubmit={() => {}} backend={backend} />)
    await choose(aFile('b.pdf'))
    await untilStored()
    backend.hold('send')
    await choose(aFile('c.pdf'))
    await untilStored()
    await press('Reset')
    await pass(100)
    expect(names()).toEqual(['a.pdf', 'c.pdf'])
    backend.release()
    await untilStored()
    expect(idsShown()).toEqual(['a', 'file-2'])
  })
})

describe('uncontrolled', () => {
  test('ids of `defaultValue` are shown in its order and are in the form', async () => {
    const backend = createMemoryBackend({ files: ['c', 'b', 'a'].map(aStored) })
    mount({ defaultValue: ['b', 'a', 'c'] }, { backend, around: inForm })
    expect(sent(form())).toEqual(['b', 'a', 'c'])
    await untilStored()
    expect(names()).toEqual(['b.pdf', 'a.pdf', 'c.pdf'])
    await press('Remove a.pdf')
    expect(sent(form())).toEqual(['b', 'c'])
  })

  test('known files are named without a request', async () => {
    const { backend } = mount({ defaultValue: ['a'], knownFiles: [aStored('a')] })
    expect(screen.getByRole('button', { name: 'Remove a.pdf' })).toBeInTheDocument()
    expect(rowOf('a.pdf')).toHaveTextContent('5 bytes, already attached')
    await untilStored()
    expect(backend.calls).toEqual([])
  })

  test('ids that nobody describes are shown as attached files and stay in the answer', async () => {
    const { backend } = mount({ defaultValue: ['a', 'b'] }, { around: inForm })
    expect(screen.getByRole('button', { name: 'Remove Attached file, 2 of 2' })).toBeInTheDocument()
    await untilStored()
    expect(stepsOf(backend, 'describe')).toHaveLength(1)
    expect(rows()[0]).toHaveTextContent('This file can no longer be found. Remove it and add it again.')
    expect(rows()[0]).toHaveAttribute('data-state', 'restored')
    expect(sent(form())).toEqual(['a', 'b'])
  })

  test('a described file has its link, which is no referrer and no script', async () => {
    const files = [
      { ...aStored('a'), url: 'https://storage.test/a' },
      { ...aStored('b'), url: 'javascript:alert(1)' },
    ]
    mount({ defaultValue: ['a', 'b'] }, { backend: createMemoryBackend({ files }) })
    await untilStored()
    const links = screen.getAllByRole('link')
    expect(links.map((link) => link.getAttribute('href'))).toEqual(['https://storage.test/a'])
    expect(links[0]).toHaveAttribute('rel', 'noopener noreferrer')
    expect(links[0]).toHaveAttribute('referrerpolicy', 'no-referrer')
  })

  test("a known file's link is taken for an address only where it is one", () => {
    mount({ defaultValue: ['a'], knownFiles: [{ ...aStored('a'), url: 'javascript:alert(1)' }] })
    expect(screen.queryByRole('link')).toBeNull()
  })

  test('a later `defaultValue` changes nothing by itself', async () => {
    const { change } = mount({ defaultValue: ['a'], knownFiles: [aStored('a')] })
    await change({ defaultValue: ['b'], knownFiles: [aStored('b')] })
    await untilStored()
    expect(idsShown()).toEqual(['a'])
  })

  test('ref.reset() empties the field, gives onChange([]) and discards nothing stored', async () => {
    const onChange = vi.fn()
    const { handle, backend } = mount({ onChange })
    await choose(aFile())
    await untilStored()
    await act(async () => handle.current?.reset())
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['file-1'], []])
    expect(rows()).toEqual([])
    await pass(20_000)
    expect(backend.discarded).toEqual([])
  })
})

test('a field that loses its `value` keeps what it holds', async () => {
  const { change } = mount({ value: ['a'], knownFiles: [aStored('a')] }, { around: inForm })
  await change({ knownFiles: [aStored('a')] })
  await untilStored()
  expect(sent(form())).toEqual(['a'])
})

test.each([[undefined], [null], [''], [false]])('an error of the host that is %j is none', (error) => {
  mount({ error })
  expect(errorOf()).toBeNull()
  expect(field()).not.toHaveAttribute('aria-invalid')
})

test("the error the host gives is shown, described and marks the field, as the field's own", () => {
  mount({ error: 'The server says no.' })
  expect(errorOf()).toBe('Error: The server says no.')
  expect(field()).toHaveAttribute('aria-invalid', 'true')
  expect(field()).toHaveAccessibleDescription(/The server says no\./)
  expect(screen.getByRole('button', { name: 'Choose files Documents' })).toHaveAccessibleDescription(
    /The server says no\./,
  )
})
