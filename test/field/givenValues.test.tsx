/** What a host gives that it should not: more than the limits allow, and what is no list of ids. */
import { render, screen } from '@testing-library/react'
import { FileAnswerField, type FileAnswerFieldProps, FileAnswerProvider } from 'file-answer-field'
import { ko } from 'file-answer-field/locales/ko'
import { createMemoryBackend } from 'file-answer-field/testing'
import type { ReactElement } from 'react'
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
  press,
  sent,
  standStill,
  statusOf,
  pass,
  triggerOf,
  untilStored,
} from './kit.js'

standStill()

const aStored = (id: string, size = 5) => ({ id, name: `${id}.pdf`, size, type: 'application/pdf' })
const inForm = (element: ReactElement) => (
  <form data-testid="form">
    {element}
    <button>Send</button>
  </form>
)
const form = () => screen.getByTestId<HTMLFormElement>('form')
const ids = ['a', 'b', 'c', 'd']
const knownFiles = ids.map((id) => aStored(id))

describe('more ids than `maxFiles`', () => {
  test.each(['value', 'defaultValue'])(
    'in `%s` are kept, and the field is invalid until enough are removed',
    async (prop) => {
      const onSubmit = vi.fn((event: Event) => event.preventDefault())
      mount({ [prop]: ids, knownFiles, maxFiles: 2 }, { around: inForm })
      form().addEventListener('submit', onSubmit)
      expect(idsShown()).toEqual(ids)
      expect(sent(form())).toEqual(ids)
      expect(screen.getByText('4 of 2 files')).toBeInTheDocument()
      await press('Send')
      expect(onSubmit).not.toHaveBeenCalled()
      expect(errorOf()).toBe('Error: Remove 2 files. At most 2 can be attached.')
      expect(triggerOf()).toHaveFocus()
      if (prop === 'value') return
      await press('Remove a.pdf')
      expect(errorOf()).toBe('Error: Remove 1 file. At most 2 can be attached.')
      await press('Remove b.pdf')
      expect(errorOf()).toBeNull()
      expect(inputOf().validity.valid).toBe(true)
    },
  )

  test('leave no room for more: the button says what has to go first', async () => {
    mount({ defaultValue: ids, knownFiles, maxFiles: 3 })
    expect(triggerOf()).toHaveAttribute('aria-disabled', 'true')
    await press('Add files Documents')
    await pass(1_000)
    expect(statusOf()).toHaveTextContent('Remove 1 file. At most 3 can be attached.')
  })

  test('are told in the words of the language', async () => {
    render(
      <FileAnswerProvider messages={ko}>
        {inForm(
          <FileAnswerField
            label="Documents"
            backend={createMemoryBackend()}
            defaultValue={ids}
            knownFiles={knownFiles}
            maxFiles={1}
          />,
        )}
      </FileAnswerProvider>,
    )
    expect(inputOf().validationMessage).toBe('파일 3개를 삭제해 주세요. 최대 1개까지 첨부할 수 있습니다.')
  })

  test('count where the host lowers the limit later, and where it can’t be mended the field is valid', async () => {
    const { change } = mount({ defaultValue: ids, knownFiles, maxFiles: 4 })
    expect(inputOf().validity.valid).toBe(true)
    await change({ defaultValue: ids, knownFiles, maxFiles: 3 })
    expect(inputOf().validity.valid).toBe(false)
    await change({ defaultValue: ids, knownFiles, maxFiles: 3, disabled: true })
    expect(inputOf().validationMessage).toBe('')
  })

  test('do not include a file that only waits for its successor, whatever a submit does meanwhile', async () => {
    const { backend } = mount({ defaultValue: ['a'], knownFiles, maxFiles: 1, whenPending: 'wait' })
    backend.hold('send')
    await choose(aFile('new.pdf'))
    await untilStored()
    expect(names()).toEqual(['a.pdf', 'new.pdf'])
    expect(inputOf().validationMessage).toBe('')
  })
})

test('stored files that are together larger than `maxTotalSize` make the field invalid, and stay', () => {
  mount({ defaultValue: ['a', 'b'], knownFiles: [aStored('a', 2_048), aStored('b', 2_048)], maxTotalSize: 3_072 })
  expect(idsShown()).toEqual(['a', 'b'])
  expect(inputOf().validationMessage).toBe('Together the files would be 4 KB. The limit is 3 KB.')
})

/** As a host without types, or with data that is not what its types say. */
const untyped = (props: Record<string, unknown>) => props as Partial<FileAnswerFieldProps>
const warned = () => {
  const { calls } = vi.mocked(console.warn).mock
  vi.mocked(console.warn).mockClear()
  return calls
}
const leftOut = expect.stringMatching(/no list of ids, each once: what is no id, or stands twice, is left out/)

describe('what is no list of ids', () => {
  test.each([
    ['null among ids', ['a', null, 'b', undefined], ['a', 'b']],
    ['objects, empty texts and no numbers', [{ id: 'x' }, '', Number.NaN, 'a', ['b'], true], ['a']],
    ['an id twice', ['a', 'b', 'a'], ['a', 'b']],
    ['a text', 'abc', []],
    ['an object', { 0: 'a', length: 1 }, []],
  ])('%s: the ids in it are shown and sent once, and the developer is told once', async (_, given, shown) => {
    vi.mocked(console.warn).mockImplementation(() => {})
    for (const prop of ['value', 'defaultValue']) {
      const { change, unmount } = mount(untyped({ [prop]: given, knownFiles }), { around: inForm })
      await change(untyped({ [prop]: structuredClone(given), knownFiles }))
      expect(idsShown()).toEqual(shown)
      expect(sent(form())).toEqual(shown)
      expect(warned()).toEqual([[leftOut]])
      unmount()
    }
  })

  test('an instruction with null in it is followed as far as it goes', async () => {
    vi.mocked(console.warn).mockImplementation(() => {})
    const { change } = mount({ value: ['a'], knownFiles }, { around: inForm })
    await change(untyped({ value: [null, 'b', 'b'], knownFiles }))
    expect(idsShown()).toEqual(['b'])
    expect(sent(form())).toEqual(['b'])
    expect(warned()).toEqual([[leftOut]])
  })

  test('a reset to a `defaultValue` with null in it throws nothing', async () => {
    vi.mocked(console.warn).mockImplementation(() => {})
    const { change } = mount({ defaultValue: ['a'], knownFiles }, { around: inForm })
    await change(untyped({ defaultValue: ['b', null], knownFiles }))
    form().reset()
    await pass(100)
    expect(idsShown()).toEqual(['b'])
    expect(warned()).toEqual([[leftOut]])
  })

  test('numbers are ids as text, as they are in a grant, and find their known files', async () => {
    mount(untyped({ value: [7, 8], knownFiles: [{ ...aStored('x'), id: 7 }, null, { ...aStored('y'), id: '8' }] }), {
      around: inForm,
    })
    expect(names()).toEqual(['x.pdf', 'y.pdf'])
    expect(sent(form())).toEqual(['7', '8'])
  })

  test('`value={null}` is no value: the field keeps its own, and sends it', async () => {
    const onChange = vi.fn()
    mount(untyped({ value: null, onChange, required: true }), { around: inForm })
    await choose(aFile())
    await untilStored()
    expect(sent(form())).toEqual(['file-1'])
    expect(onChange).toHaveBeenCalledWith(['file-1'], expect.anything())
    expect(inputOf().validity.valid).toBe(true)
    expect(field()).toHaveAttribute('data-state', 'complete')
  })

  test('in production nothing is said', () => {
    vi.stubEnv('NODE_ENV', 'production')
    mount(untyped({ value: ['a', null], knownFiles }))
    vi.unstubAllEnvs()
    expect(idsShown()).toEqual(['a'])
  })
})
