/** When the field says what is wrong, and who takes the focus: after an attempt to send the form, never for a question. */
import { act, fireEvent, render, screen } from '@testing-library/react'
import { FileAnswerField } from 'file-answer-field'
import { createMemoryBackend } from 'file-answer-field/testing'
import type { FormEvent, KeyboardEvent, ReactNode } from 'react'
import { expect, test, vi } from 'vitest'
import { errorOf, field, inputOf, mount, pass, standStill, triggerOf } from './kit.js'

standStill()

const form = () => screen.getByTestId<HTMLFormElement>('form')
const who = () => screen.getByLabelText<HTMLInputElement>('Who')
const required = 'Error: Attach at least 1 file.'

const around = (element: ReactNode, props: React.ComponentProps<'form'> = {}) => (
  <>
    <form id="f" data-testid="form" {...props}>
      <input aria-label="Who" defaultValue="Kim" />
      <textarea aria-label="Why" />
      {element}
      <button>Send</button>
      <button type="button">Other</button>
    </form>
    <button form="f">Send from afar</button>
  </>
)

const inForm =
  (props: React.ComponentProps<'form'> = {}) =>
  (element: ReactNode) =>
    around(element, props)

test('checkValidity() is a question: nobody is told, the focus stays, at each keystroke and when nobody types', async () => {
  mount({ required: true }, { around: inForm({ onInput: (event) => event.currentTarget.checkValidity() }) })
  act(() => expect(form().checkValidity()).toBe(false))
  act(() => expect(inputOf().checkValidity()).toBe(false))
  expect(errorOf()).toBeNull()
  who().focus()
  act(() => void fireEvent.input(who(), { target: { value: 'Lee' } }))
  await pass(100)
  expect(errorOf()).toBeNull()
  expect(who()).toHaveFocus()
})

test('checkValidity() after a failed submit leaves the focus where the person went', async () => {
  mount({ required: true }, { around: inForm({ onInput: (event) => event.currentTarget.checkValidity() }) })
  act(() => screen.getByText('Send').click())
  expect(triggerOf()).toHaveFocus()
  await pass(100)
  who().focus()
  act(() => void fireEvent.input(who(), { target: { value: 'Lee' } }))
  expect(who()).toHaveFocus()
  expect(errorOf()).toBe(required)
})

test.each<[string, () => unknown]>([
  ['a press on its submit button', () => screen.getByText('Send').click()],
  ['a press on a submit button that stands elsewhere', () => screen.getByText('Send from afar').click()],
  ['requestSubmit()', () => form().requestSubmit()],
  ['reportValidity()', () => form().reportValidity()],
  ['reportValidity() of the field alone', () => inputOf().reportValidity()],
])('%s tells what is wrong and takes the focus, wherever it was', async (_, attempt) => {
  mount({ required: true }, { around: inForm() })
  who().focus()
  act(() => void attempt())
  expect(errorOf()).toBe(required)
  expect(triggerOf()).toHaveFocus()
})

test('a press on a button that submits nothing is no attempt', () => {
  mount({ required: true }, { around: inForm({ onClick: (event) => event.currentTarget.checkValidity() }) })
  act(() => screen.getByText('Other').click())
  expect(errorOf()).toBeNull()
})

test('a form with noValidate whose handler asks is attempted', () => {
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    event.currentTarget.checkValidity()
  }
  mount({ required: true }, { around: inForm({ noValidate: true, onSubmit }) })
  act(() => form().requestSubmit())
  expect(errorOf()).toBe(required)
  expect(triggerOf()).toHaveFocus()
})

test.each<[string, string, KeyboardEventInit, boolean]>([
  ['Enter in an input', 'Who', { key: 'Enter' }, true],
  ['a letter in an input', 'Who', { key: 'a' }, false],
  ['Enter that ends a syllable', 'Who', { key: 'Enter', isComposing: true }, false],
  ['Enter in a text of several lines', 'Why', { key: 'Enter' }, false],
])('%s: is it an attempt?', (_, label, key, isAttempt) => {
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => void event.currentTarget.checkValidity()
  mount({ required: true }, { around: inForm({ onKeyDown }) })
  const control = screen.getByLabelText(label)
  control.focus()
  act(() => void fireEvent.keyDown(control, key))
  expect(errorOf()).toBe(isAttempt ? required : null)
})

test('of two fields in one form both tell, and the first takes the focus', () => {
  const backend = createMemoryBackend()
  render(
    around(
      <>
        <FileAnswerField label="Documents" required backend={backend} />
        <FileAnswerField label="Photos" required backend={backend} />
      </>,
    ),
  )
  act(() => screen.getByText('Send').click())
  expect([errorOf(), errorOf(field(/^Photos/))]).toEqual([required, required])
  expect(triggerOf()).toHaveFocus()
})

test('a control of the host that is invalid before the field keeps the focus', () => {
  mount({ required: true }, { around: inForm() })
  who().setCustomValidity('Who is that?')
  who().focus()
  act(() => screen.getByText('Send').click())
  expect(errorOf()).toBe(required)
  expect(who()).toHaveFocus()
})

test("another form's attempt is nothing to the field", () => {
  mount(
    { required: true },
    {
      around: (element) => (
        <>
          {around(element)}
          <form data-testid="other" onSubmit={() => form().checkValidity()}>
            <button>Search</button>
          </form>
        </>
      ),
    },
  )
  vi.spyOn(screen.getByTestId<HTMLFormElement>('other'), 'submit')
  act(() => void fireEvent.submit(screen.getByTestId('other')))
  expect(errorOf()).toBeNull()
})

test("the form's own methods stay the host's: what is put over them is called, and what they give is given", () => {
  const spy = vi.spyOn(HTMLFormElement.prototype, 'requestSubmit').mockImplementation(() => {})
  mount({ required: true }, { around: inForm() })
  form().requestSubmit()
  expect(spy).toHaveBeenCalledTimes(1)
  expect(Object.keys(form())).not.toContain('requestSubmit')
  expect(form().reportValidity()).toBe(false)
})
