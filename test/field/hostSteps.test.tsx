/** The host's own steps before the grant: `validate` and `prepare`. */
import { act } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import {
  aFile,
  button,
  choose,
  mount,
  names,
  pass,
  press,
  standStill,
  stateOf,
  statusOf,
  stepsOf,
  textOf,
  untilStored,
} from './kit.js'

standStill()

interface Running {
  readonly file: File
  readonly signal: AbortSignal
  end(file: File): void
}

/** A `prepare` whose end a test decides. */
function held() {
  const running: Running[] = []
  const prepare = (file: File, { signal }: { signal: AbortSignal }) =>
    new Promise<File>((resolve) => {
      running.push({ file, signal, end: resolve })
    })
  return { running, prepare }
}

test("the reason of `validate` is shown and announced like ours, and the file's bytes are never asked for", async () => {
  const onError = vi.fn()
  const { backend } = mount({
    validate: async () => ({ code: 'blurred', message: 'The scan is blurred. Scan it again.' }),
    onError,
  })
  await choose(aFile('scan.pdf'))
  await pass(2_000)
  expect(stateOf('scan.pdf')).toBe('rejected')
  expect(textOf('scan.pdf')).toBe('The scan is blurred. Scan it again.')
  expect(statusOf()).toHaveTextContent('The scan is blurred. Scan it again.')
  expect(onError).toHaveBeenCalledWith(
    expect.objectContaining({ code: 'blurred', message: 'The scan is blurred. Scan it again.' }),
    expect.objectContaining({ name: 'scan.pdf' }),
  )
  expect(stepsOf(backend, 'presign')).toEqual([])
})

test('a `validate` that never settles is told after a minute, and can be dismissed', async () => {
  mount({ validate: () => new Promise<null>(() => {}) })
  await choose(aFile('scan.pdf'))
  await pass(59_000)
  expect(stateOf('scan.pdf')).toBe('preparing')
  await pass(2_000)
  expect(stateOf('scan.pdf')).toBe('rejected')
})

test('`prepare` runs for two files at a time, in their order, and each goes as soon as it is through', async () => {
  const { running, prepare } = held()
  mount({ prepare })
  await choose(['1.pdf', '2.pdf', '3.pdf'].map((name) => aFile(name)))
  await pass(100)
  expect(running.map(({ file }) => file.name)).toEqual(['1.pdf', '2.pdf'])
  await act(async () => running[1]?.end(aFile('2 small.pdf', 'hi')))
  await untilStored()
  expect(names()).toEqual(['1.pdf', '2 small.pdf', '3.pdf'])
  expect(['1.pdf', '2 small.pdf', '3.pdf'].map((name) => stateOf(name))).toEqual(['preparing', 'done', 'preparing'])
  expect(running.map(({ file }) => file.name)).toEqual(['1.pdf', '2.pdf', '3.pdf'])
})

test('removing a file aborts its `prepare`, whose late result is dropped', async () => {
  const { running, prepare } = held()
  const { backend } = mount({ prepare })
  await choose(aFile('a.pdf'))
  await pass(100)
  await press('Cancel a.pdf')
  expect(running[0]?.signal.aborted).toBe(true)
  await act(async () => running[0]?.end(aFile('late.pdf')))
  await untilStored()
  expect(names()).toEqual([])
  expect(stepsOf(backend, 'presign')).toEqual([])
  expect(button('Undo: remove a.pdf')).toBeInTheDocument()
})

test('size and type are judged before `prepare`, and again for what it made', async () => {
  const prepare = vi.fn((file: File) => (file.name === 'grows.pdf' ? aFile(file.name, 20) : file))
  mount({ prepare, accept: '.pdf', maxSize: 10 })
  await choose([aFile('wrong.exe', 1), aFile('large.pdf', 11), aFile('grows.pdf', 5), aFile('fits.pdf', 5)])
  await untilStored()
  expect(prepare.mock.calls.map(([file]) => file.name)).toEqual(['grows.pdf', 'fits.pdf'])
  expect(['wrong.exe', 'large.pdf', 'grows.pdf', 'fits.pdf'].map((name) => stateOf(name))).toEqual([
    'rejected',
    'rejected',
    'rejected',
    'done',
  ])
})
