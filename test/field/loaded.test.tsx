/** Parts that are loaded when they are first needed. */
import { act, render, screen } from '@testing-library/react'
import { renderToString } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { useLoaded } from '../../src/field/loaded.js'

function Host({ isNeeded = true, load }: { isNeeded?: boolean; load: () => Promise<{ text: string }> }) {
  const loaded = useLoaded(load, isNeeded)
  return <p>{loaded === null ? 'without' : loaded.text}</p>
}

test('a part is asked for once, when it is needed, and is there for all at once', async () => {
  const load = vi.fn(async () => ({ text: 'here' }))
  const hosts = (isNeeded: boolean) => (
    <>
      <Host isNeeded={isNeeded} load={load} />
      <Host isNeeded={isNeeded} load={load} />
    </>
  )
  const { rerender } = render(hosts(false))
  expect(load).not.toHaveBeenCalled()
  await act(async () => rerender(hosts(true)))
  expect(screen.getAllByText('here')).toHaveLength(2)
  await act(async () => rerender(hosts(false)))
  await act(async () => rerender(hosts(true)))
  expect(screen.getAllByText('here')).toHaveLength(2)
  // Whoever asks before it has come asks for the same module.
  expect(load.mock.calls.length).toBeLessThanOrEqual(2)
})

test('a part that can’t be loaded is done without, and asked for again by the next that needs it', async () => {
  const load = vi
    .fn<() => Promise<{ text: string }>>()
    .mockRejectedValueOnce(new TypeError('Failed to fetch dynamically imported module'))
    .mockResolvedValue({ text: 'here' })
  const first = render(<Host load={load} />)
  await act(async () => {})
  expect(screen.getByText('without')).toBeInTheDocument()
  first.unmount()
  render(<Host load={load} />)
  expect(await screen.findByText('here')).toBeInTheDocument()
})

test('the server’s HTML is without, also where the part is there', async () => {
  const load = async () => ({ text: 'here' })
  render(<Host load={load} />)
  await screen.findByText('here')
  expect(renderToString(<Host load={load} />)).toBe('<p>without</p>')
})
