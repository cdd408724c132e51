/** Rows are moved by buttons, keys and pointer: announced, with the focus, in the order that the host is told. */
import type { ReactNode } from 'react'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { cdp, page, userEvent } from 'vitest/browser'
import { type Field, fileOf, openPage, until } from './openPage.js'

beforeEach(() => page.viewport(900, 900))

const inFieldset = (field: ReactNode) => <fieldset>{field}</fieldset>

async function openSortable(setting: Parameters<typeof openPage>[0] = {}) {
  const onChange = vi.fn<(ids: string[]) => void>()
  const field = await openPage({ sortable: true, onChange, ...setting })
  await field.add('a.pdf', 'b.pdf', 'c.pdf', 'd.pdf')
  // What is said of adding is said.
  await field.clock.advance(5_000)
  await until(() => field.all('[data-part=handle]').length === 4)
  return { field, onChange }
}

const buttonOf = (field: Field, name: string, own: 'up' | 'down' | 'remove') =>
  field.row(name).querySelector<HTMLButtonElement>(`button[id$="-${own}"]`) as HTMLButtonElement

describe('a row', () => {
  test('moves by its buttons: it keeps the focus, the place is said, the host is told the order', async () => {
    const { field, onChange } = await openSortable()
    const heard = field.hear()
    onChange.mockClear()
    const down = buttonOf(field, 'a.pdf', 'down')
    down.focus()
    await userEvent.keyboard('{Enter}')
    expect(field.names()).toEqual(['b.pdf', 'a.pdf', 'c.pdf', 'd.pdf'])
    expect(document.activeElement).toBe(down)
    await field.clock.advance(3_000)
    expect(heard.at(-1)?.text).toBe('a.pdf moved to position 2 of 4.')
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['file-2', 'file-1', 'file-3', 'file-4']])
  })

  test('moves by Alt and an arrow on any of its buttons; of several steps the last place alone is said', async () => {
    const { field } = await openSortable()
    const heard = field.hear()
    const remove = buttonOf(field, 'd.pdf', 'remove')
    remove.focus()
    await userEvent.keyboard('{Alt>}{ArrowUp}{ArrowUp}{ArrowUp}{ArrowUp}{/Alt}')
    expect(field.names()).toEqual(['d.pdf', 'a.pdf', 'b.pdf', 'c.pdf'])
    expect(document.activeElement).toBe(remove)
    await field.clock.advance(3_000)
    expect(heard.map(({ text }) => text)).toEqual(['d.pdf moved to position 1 of 4.'])
  })

  test('at an end says so to everybody, and its button stays focusable', async () => {
    const { field } = await openSortable()
    expect(buttonOf(field, 'a.pdf', 'up').getAttribute('aria-disabled')).toBe('true')
    expect(buttonOf(field, 'b.pdf', 'up').getAttribute('aria-disabled')).toBeNull()
    expect(buttonOf(field, 'd.pdf', 'down').getAttribute('aria-disabled')).toBe('true')
    buttonOf(field, 'a.pdf', 'up').click()
    expect(field.names()).toEqual(['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf'])
  })

  test('moves while its file is on its way, and the order holds when all are stored', async () => {
    const onChange = vi.fn<(ids: string[], files: { name: string }[]) => void>()
    const field = await openPage({ sortable: true, onChange, prepare: (backend) => backend.hold('send') })
    await field.add('a.pdf', 'b.pdf', 'c.pdf')
    await until(() => field.all('[data-part=handle]').length === 3)
    await userEvent.click(buttonOf(field, 'a.pdf', 'down'))
    await userEvent.click(buttonOf(field, 'a.pdf', 'down'))
    field.backend.release()
    await field.clock.advance(1_000)
    expect(field.names()).toEqual(['b.pdf', 'c.pdf', 'a.pdf'])
    expect(onChange.mock.calls.at(-1)?.[1].map(({ name }) => name)).toEqual(['b.pdf', 'c.pdf', 'a.pdf'])
  })

  test('has its name in every button, and 44 px for each', async () => {
    const { field } = await openSortable()
    for (const own of ['up', 'down'] as const) {
      const button = buttonOf(field, 'b.pdf', own)
      const { width, height } = button.getBoundingClientRect()
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(44)
      const name = (button.getAttribute('aria-labelledby') ?? '')
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent?.trim())
        .join(' ')
      expect(name).toBe(own === 'up' ? 'Move up b.pdf' : 'Move down b.pdf')
    }
  })
})

test('a field that is only read, and one that was not asked to, has none of it', async () => {
  const field = await openPage({ sortable: true, readOnly: true, defaultValue: ['x', 'y'] })
  await field.clock.advance(100)
  expect(field.all('[data-part=handle], button').length).toBe(0)
})

/** A pointer that presses, moves and lets go, as the browser's own input. */
async function pointer(type: 'mousePressed' | 'mouseMoved' | 'mouseReleased', x: number, y: number): Promise<void> {
  // The runner shows the page in a frame, perhaps scaled.
  const frame = window.frameElement as HTMLElement | null
  const { left, top, width } = frame?.getBoundingClientRect() ?? { left: 0, top: 0, width: 1 }
  const scale = width / (frame?.offsetWidth ?? 1)
  const session = cdp() as unknown as { send(method: string, params: object): Promise<unknown> }
  await session.send('Input.dispatchMouseEvent', {
    type,
    x: left + x * scale,
    y: top + y * scale,
    button: 'left',
    buttons: type === 'mouseReleased' ? 0 : 1,
    clickCount: 1,
  })
}

const middleOf = (node: Element) => {
  const { left, top, width, height } = node.getBoundingClientRect()
  return { x: left + width / 2, y: top + height / 2 }
}
const handleOf = (field: Field, name: string) => field.row(name).querySelector('[data-part=handle]') as Element

describe('a dragged row', () => {
  test('lets the others make room, and is moved once, when it is dropped', async () => {
    const { field, onChange } = await openSortable()
    onChange.mockClear()
    const from = middleOf(handleOf(field, 'a.pdf'))
    const to = middleOf(field.row('c.pdf'))
    await pointer('mousePressed', from.x, from.y)
    for (const share of [0.3, 0.6, 1]) await pointer('mouseMoved', from.x, from.y + (to.y - from.y) * share)
    await until(() => getComputedStyle(field.row('c.pdf')).translate !== 'none')
    expect(onChange).not.toHaveBeenCalled()
    expect(field.names()).toEqual(['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf'])
    await pointer('mouseReleased', to.x, to.y)
    await until(() => field.names()[0] === 'b.pdf')
    expect(field.names()).toEqual(['b.pdf', 'c.pdf', 'a.pdf', 'd.pdf'])
    expect(onChange).toHaveBeenCalledTimes(1)
    for (const row of field.all('[data-part=item]')) expect(row.style.translate).toBe('')
    expect(field.find('[data-part=list]').hasAttribute('data-sorting')).toBe(false)
  })

  test('goes back where it was by Escape, and when the list changes under it', async () => {
    const { field, onChange } = await openSortable()
    onChange.mockClear()
    for (const callOff of [() => userEvent.keyboard('{Escape}'), () => field.add(fileOf('e.pdf'))]) {
      const from = middleOf(handleOf(field, 'a.pdf'))
      const to = middleOf(field.row('d.pdf'))
      await pointer('mousePressed', from.x, from.y)
      await pointer('mouseMoved', to.x, to.y)
      await until(() => field.find('[data-part=list]').hasAttribute('data-sorting'))
      await callOff()
      await until(() => !field.find('[data-part=list]').hasAttribute('data-sorting'))
      await pointer('mouseReleased', to.x, to.y)
      expect(field.names().slice(0, 4)).toEqual(['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf'])
    }
    expect(onChange.mock.calls.some(([ids]) => ids[0] !== 'file-1')).toBe(false)
  })

  test('stays where it is in a disabled fieldset', async () => {
    const { field } = await openSortable({ around: inFieldset })
    field.find<HTMLFieldSetElement>('fieldset').disabled = true
    const from = middleOf(field.row('a.pdf').querySelector('[data-part=handle]') as Element)
    const to = middleOf(field.row('d.pdf'))
    await pointer('mousePressed', from.x, from.y)
    await pointer('mouseMoved', to.x, to.y)
    expect(field.find('[data-part=list]').hasAttribute('data-sorting')).toBe(false)
    await pointer('mouseReleased', to.x, to.y)
    expect(field.names()).toEqual(['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf'])
  })
})
