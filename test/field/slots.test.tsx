/** The host's own parts in place of the field's, and what people say of their files in one of them. */
import { act, fireEvent, screen, within } from '@testing-library/react'
import type { ButtonSlotProps, EntryExtraProps } from 'file-answer-field'
import { forwardRef } from 'react'
import { describe, expect, test, vi } from 'vitest'
import { aFile, button, choose, field, mount, pass, press, rowOf, standStill, triggerOf, untilStored } from './kit.js'

standStill()

const Button = forwardRef<HTMLButtonElement, ButtonSlotProps>(function Own(props, ref) {
  return <button {...props} ref={ref} className={`own own-${props['data-part']}`} />
})

test('`Button` is every button of the field, and works like the field’s', async () => {
  const { backend, handle } = mount({ components: { Button } })
  backend.fail('send', 'unreadable', { times: 2 })
  await choose([aFile('a.pdf'), aFile('b.pdf')])
  await untilStored()
  await press('Remove b.pdf')
  const all = within(field()).getAllByRole('button')
  expect(all.map((each) => each.className)).toEqual([
    'own own-trigger',
    ...Array(all.length - 1).fill('own own-action'),
  ])
  expect(all.length).toBe(4)
  await press('Try again a.pdf')
  await untilStored()
  expect(rowOf('a.pdf').dataset.state).toBe('done')
  act(() => handle.current?.focus())
  expect(triggerOf()).toHaveFocus()
})

test('`Thumb` and `StateIcon` stand where the field’s stood, hidden from screen readers', async () => {
  mount({
    components: {
      Thumb: ({ name }: { name: string }) => <i data-testid="thumb">{name}</i>,
      StateIcon: ({ state }: { state: string }) => <i data-testid="icon">{state}</i>,
    },
  })
  await choose(aFile('a.pdf'))
  await untilStored()
  expect(screen.getByTestId('thumb')).toHaveTextContent('a.pdf')
  expect(screen.getByTestId('icon')).toHaveTextContent('done')
  for (const id of ['thumb', 'icon']) expect(screen.getByTestId(id).closest('[aria-hidden=true]')).not.toBeNull()
})

describe('`EntryExtra`', () => {
  const renders: string[] = []
  function Kind({ name, nameId, meta, setMeta, isEditable }: EntryExtraProps) {
    renders.push(name)
    return (
      <input
        aria-labelledby={nameId}
        disabled={!isEditable}
        value={String(meta ?? '')}
        onChange={(event) => setMeta(event.target.value)}
      />
    )
  }
  const box = (name: string) => screen.getByRole('textbox', { name })

  test('is asked of each file, and what is said goes with it to the host, once for each change', async () => {
    const onChange = vi.fn()
    mount({ onChange, components: { EntryExtra: Kind } })
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await untilStored()
    onChange.mockClear()
    renders.length = 0
    await act(async () => void fireEvent.change(box('b.pdf'), { target: { value: 'passport' } }))
    await pass(100)
    expect(box('b.pdf')).toHaveValue('passport')
    expect(onChange.mock.calls.map(([, files]) => files.map(({ meta }: { meta: unknown }) => meta))).toEqual([
      [undefined, 'passport'],
    ])
    // The other row has nothing to do with it.
    expect(new Set(renders)).toEqual(new Set(['b.pdf']))
  })

  test('keeps what was said while its file is sent, fails and is tried again', async () => {
    const onChange = vi.fn()
    const { backend } = mount({ onChange, components: { EntryExtra: Kind } })
    backend.fail('send', 'unreadable', { times: 1 })
    await choose(aFile('a.pdf'))
    await act(async () => void fireEvent.change(box('a.pdf'), { target: { value: 'bill' } }))
    await untilStored()
    expect(button('Try again a.pdf')).toBeVisible()
    await press('Try again a.pdf')
    await untilStored()
    expect(box('a.pdf')).toHaveValue('bill')
    expect(onChange.mock.calls.at(-1)?.[1][0].meta).toBe('bill')
  })

  test('shows what the host gave, is not asked of a refused file, and only read in a field that is only read', async () => {
    const known = { id: 'old', name: 'old.pdf', size: 5, type: 'application/pdf', meta: 'contract' }
    const props = { accept: '.pdf', defaultValue: ['old'], knownFiles: [known], components: { EntryExtra: Kind } }
    const { change } = mount(props)
    await choose(aFile('a.exe'))
    expect(screen.getAllByRole('textbox')).toHaveLength(1)
    expect(box('old.pdf')).toHaveValue('contract')
    await change({ ...props, readOnly: true })
    expect(box('old.pdf')).toBeDisabled()
  })

  test('deletes letters and no file by Delete and Backspace', async () => {
    mount({ components: { EntryExtra: Kind } })
    await choose(aFile('a.pdf'))
    await untilStored()
    for (const key of ['Delete', 'Backspace']) fireEvent.keyDown(box('a.pdf'), { key })
    await pass(100)
    expect(rowOf('a.pdf')).toBeVisible()
  })
})
