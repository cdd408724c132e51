/** What a browser does by itself with a form that is not valid: none of it reaches the input that nobody sees. */
import { expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { openPage } from './openPage.js'

const text = 'Error: Attach at least 1 file.'

async function openForm() {
  const field = await openPage({
    required: true,
    around: (node) => (
      <form>
        <label>
          Who <input id="who" />
        </label>
        {node}
        <label>
          Why <input id="why" />
        </label>
        <button id="send">Send</button>
      </form>
    ),
  })
  const error = () => field.all('[data-part=error]')[0]?.textContent ?? null
  const form = field.find<HTMLFormElement>('form')
  const focused = () => document.activeElement
  return { ...field, error, form, focused }
}

test.each(['a press', 'Enter'])(
  'a submit by %s sends the person to the field, if it is the first that is wrong',
  async (how) => {
    const page = await openForm()
    // Native, and later in the form: the browser would go to it.
    page.find<HTMLInputElement>('#why').required = true
    if (how === 'a press') await userEvent.click(page.find('#send'))
    else {
      page.find('#who').focus()
      await userEvent.keyboard('{Enter}')
    }
    expect(page.error()).toBe(text)
    expect(page.focused()).toBe(page.trigger())
  },
)

test('a control that stands before the field keeps what the browser gives it', async () => {
  const page = await openForm()
  const who = page.find<HTMLInputElement>('#who')
  who.required = true
  await userEvent.click(page.find('#send'))
  expect(page.error()).toBe(text)
  expect(page.focused()).toBe(who)
})

test('a host that asks at each keystroke hears, and the person goes on typing', async () => {
  const page = await openForm()
  const asked: boolean[] = []
  page.form.addEventListener('input', () => asked.push(page.form.checkValidity()))
  page.find('#who').focus()
  await userEvent.keyboard('Lee')
  expect(asked).toEqual([false, false, false])
  expect(page.error()).toBeNull()
  expect(page.focused()).toBe(page.find('#who'))
  expect(page.find<HTMLInputElement>('#who').value).toBe('Lee')
})

test('an attempt that nobody saw begin is told all the same', async () => {
  const page = await openForm()
  HTMLFormElement.prototype.reportValidity.call(page.form)
  await page.clock.advance(100)
  expect(page.error()).toBe(text)
  expect(page.focused()).toBe(page.trigger())
})
