/** The keyboard and the focus, with real keys in a real browser. */
import { describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { dropFiles, pasteFiles } from 'file-answer-field/testing'
import { type Field, fileOf, MB, openPage } from './openPage.js'

/** Counts how often the file chooser would open, and keeps it shut. */
function choosers(field: Field): { readonly count: number; readonly isMultiple: boolean } {
  const opened = { count: 0, isMultiple: false }
  field.input().addEventListener(
    'click',
    (event) => {
      event.preventDefault()
      opened.count += 1
      opened.isMultiple = field.input().multiple
    },
    true,
  )
  return opened
}

/** The parts that the Tab key stops at, from the trigger on. */
async function stops(field: Field, keys: '{Tab}' | '{Shift>}{Tab}{/Shift}' = '{Tab}'): Promise<string[]> {
  const seen: string[] = []
  while (field.root.contains(document.activeElement) && seen.length < 30) {
    const { id, textContent } = document.activeElement as HTMLElement
    seen.push(`${textContent} ${id.split('-').at(-1)}`)
    await userEvent.keyboard(keys)
  }
  return seen
}

test.each(['{Enter}', ' '])('the key "%s" on the button opens one chooser', async (key) => {
  const field = await openPage({ maxFiles: 5 })
  const opened = choosers(field)
  field.trigger().focus()
  await userEvent.keyboard(key)
  expect(opened).toEqual({ count: 1, isMultiple: true })
  expect(document.activeElement).toBe(field.trigger())
})

test('a field for one file opens a chooser for one file', async () => {
  const field = await openPage({ maxFiles: 1 })
  const opened = choosers(field)
  await userEvent.click(field.trigger())
  expect(opened).toEqual({ count: 1, isMultiple: false })
})

test('a click on the question opens one chooser', async () => {
  const field = await openPage()
  const opened = choosers(field)
  await userEvent.click(field.find('label'))
  expect(opened.count).toBe(1)
})

test('a full field opens no chooser, and says why', async () => {
  const field = await openPage({ maxFiles: 2 })
  await field.add('a.pdf', 'b.pdf')
  await field.clock.advance(12_000)
  const heard = field.hear()
  const opened = choosers(field)
  field.trigger().focus()
  await userEvent.keyboard('{Enter}')
  await field.clock.advance(2_000)
  expect(opened.count).toBe(0)
  expect(document.activeElement).toBe(field.trigger())
  expect(heard.map(({ text }) => text)).toEqual(['2 of 2 files. Remove one to add another.'])
})

test('Tab goes through the field in the order of the page, and back', async () => {
  const field = await openPage({
    around: (node) => (
      <>
        <button type="button">before</button>
        {node}
        <button type="button">after</button>
      </>
    ),
    defaultValue: ['old'],
    backend: { files: [{ id: 'old', name: 'old.pdf', size: 9, type: 'application/pdf' }] },
    prepare: (backend) => {
      for (const name of ['b.pdf', 'c.pdf']) backend.fail('send', 'storage-rejected', { name })
    },
  })
  await field.add('a.pdf', 'b.pdf', 'c.pdf')
  field.remove('a.pdf').click()
  await field.clock.advance(100)
  field.host.querySelector<HTMLElement>('button')?.focus()
  await userEvent.keyboard('{Tab}')
  const there = await stops(field)
  expect(document.activeElement?.textContent).toBe('after')
  expect(there.map((stop) => stop.trim())).toEqual([
    'Add files trigger',
    'old.pdf link',
    'Remove remove',
    'Try again retry',
    'Remove remove',
    'Try again retry',
    'Remove remove',
    'Try all again',
    'Undo undo',
  ])
  await userEvent.keyboard('{Shift>}{Tab}{/Shift}')
  expect(await stops(field, '{Shift>}{Tab}{/Shift}')).toEqual(there.toReversed())
  expect(document.activeElement?.textContent).toBe('before')
})

test('the hidden input never has the focus: by Tab, by a click, by the question, by a failed submit', async () => {
  const field = await openPage({ required: true, around: (node) => <form>{node}</form> })
  choosers(field)
  const focused = vi.fn()
  field.input().addEventListener('focus', focused)
  await userEvent.keyboard('{Tab}{Tab}{Tab}')
  await userEvent.click(field.trigger())
  await userEvent.click(field.find('label'))
  document.body.focus()
  field.find<HTMLFormElement>('form').requestSubmit()
  await field.clock.advance(100)
  expect(document.activeElement).toBe(field.trigger())
  expect(focused).not.toHaveBeenCalled()
})

describe('a submit without a required file', () => {
  test('is refused with words and without a bubble, and goes once there is one', async () => {
    const submitted = vi.fn((event: Event) => event.preventDefault())
    const field = await openPage({ required: true, name: 'documents', around: (node) => <form>{node}</form> })
    const form = field.find<HTMLFormElement>('form')
    form.addEventListener('submit', submitted)
    let hasBubble: boolean | undefined
    field.input().addEventListener('invalid', (event) => {
      queueMicrotask(() => {
        hasBubble = !event.defaultPrevented
      })
    })
    form.requestSubmit()
    await field.clock.advance(100)
    expect(submitted).not.toHaveBeenCalled()
    expect(hasBubble).toBe(false)
    const error = field.find('[data-part=error]')
    expect(error.textContent).toBe('Error: Attach at least 1 file.')
    expect(field.trigger().getAttribute('aria-describedby')?.split(' ')).toContain(error.id)
    expect(field.root.getAttribute('aria-invalid')).toBe('true')
    expect(document.activeElement).toBe(field.trigger())

    await field.add('a.pdf')
    expect(field.all('[data-part=error]')).toEqual([])
    expect(field.root.hasAttribute('aria-invalid')).toBe(false)
    form.requestSubmit()
    expect(submitted).toHaveBeenCalledOnce()
    expect([...new FormData(form)]).toEqual([['documents', 'file-1']])
  })
})

test.each([
  ['first', 'a.pdf', 'b.pdf'],
  ['middle', 'b.pdf', 'c.pdf'],
  ['last', 'c.pdf', 'b.pdf'],
])('after the %s row is removed the focus is on the next, or the one before', async (_, removed, next) => {
  const field = await openPage()
  await field.add('a.pdf', 'b.pdf', 'c.pdf')
  field.remove(removed).focus()
  await userEvent.keyboard('{Enter}')
  await field.clock.advance(100)
  expect(document.activeElement).toBe(field.remove(next))
})

test('after the only row is removed the focus is on the button', async () => {
  const field = await openPage()
  await field.add('a.pdf')
  field.remove('a.pdf').focus()
  await userEvent.keyboard('{Backspace}')
  await field.clock.advance(100)
  expect(field.names()).toEqual([])
  expect(document.activeElement).toBe(field.trigger())
})

test('a removal that a person did not make here leaves the focus where it is', async () => {
  const field = await openPage()
  await field.add('a.pdf', 'b.pdf')
  field.trigger().focus()
  field.answer.remove(field.answer.getAnswer().keys[0] ?? '')
  await field.clock.advance(100)
  expect(document.activeElement).toBe(field.trigger())
})

test('undo does not take the focus by itself, and gives it to the row that came back', async () => {
  const field = await openPage()
  await field.add('a.pdf', 'b.pdf')
  field.remove('a.pdf').focus()
  await userEvent.keyboard('{Enter}')
  await field.clock.advance(100)
  expect(document.activeElement).toBe(field.remove('b.pdf'))
  await userEvent.keyboard('{Tab}')
  expect(document.activeElement?.textContent).toBe('Undo')
  // The undo lasts as long as somebody is at it.
  await field.clock.advance(20_000)
  expect(document.activeElement?.textContent).toBe('Undo')
  await userEvent.keyboard('{Enter}')
  await field.clock.advance(100)
  expect(field.names()).toEqual(['a.pdf', 'b.pdf'])
  expect(document.activeElement).toBe(field.remove('a.pdf'))
})

test('Cancel becomes Remove on the same button, with the focus on it', async () => {
  const field = await openPage({ prepare: (backend) => backend.hold('send') })
  await field.add(fileOf('film.mp4', 9 * MB))
  const cancel = field.remove('film.mp4')
  expect(cancel.textContent).toBe('Cancel')
  cancel.focus()
  field.backend.progress('film.mp4', 0.7)
  await field.clock.advance(100)
  field.backend.release('send')
  await field.clock.advance(100)
  expect(field.remove('film.mp4')).toBe(cancel)
  expect(cancel.textContent).toBe('Remove')
  expect(document.activeElement).toBe(cancel)
})

test('Try again hands the focus to the button beside it when it leaves', async () => {
  const field = await openPage({ prepare: (backend) => backend.fail('send', 'storage-rejected', { times: 1 }) })
  await field.add('a.pdf')
  field.find('[id$=-retry]').focus()
  await userEvent.keyboard('{Enter}')
  await field.clock.advance(100)
  expect(field.all('[id$=-retry]')).toEqual([])
  expect(document.activeElement).toBe(field.remove('a.pdf'))
})

test('Try all again hands the focus on when it leaves', async () => {
  const field = await openPage({ prepare: (backend) => backend.fail('send', 'storage-rejected', { times: 2 }) })
  await field.add('a.pdf', 'b.pdf')
  field.find('[data-part=bulk] button').focus()
  await userEvent.keyboard('{Enter}')
  await field.clock.advance(100)
  expect(field.all('[data-part=bulk]')).toEqual([])
  expect(field.root.contains(document.activeElement)).toBe(true)
})

test.each([
  ['chosen', (field: Field) => field.add('b.pdf')],
  ['dropped', async (field: Field) => dropFiles(field.find('[data-part=dropzone]'), [fileOf('b.pdf')])],
  ['pasted', async (field: Field) => pasteFiles(field.trigger(), [fileOf('b.pdf')])],
])('the focus stays on the button while files are %s', async (_, give) => {
  const field = await openPage()
  field.trigger().focus()
  await give(field)
  await vi.waitFor(() => expect(field.names()).toEqual(['b.pdf']))
  expect(document.activeElement).toBe(field.trigger())
})

test('a click on a row’s button removes that row alone', async () => {
  const field = await openPage()
  await field.add('a.pdf', 'b.pdf')
  await userEvent.click(page.elementLocator(field.remove('a.pdf')))
  await field.clock.advance(100)
  expect(field.names()).toEqual(['b.pdf'])
})
