/** Download links of stored files: whatever they lead to, the form's page stays. */
import { act, fireEvent, screen } from '@testing-library/react'
import { createMemoryBackend } from 'file-answer-field/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { mount, pass, standStill, statusOf, textOf } from './kit.js'

standStill()

const url = 'https://storage.test/a?X-Amz-Expires=900'
const stored = (more: object = {}) => ({ id: 'a', name: 'a.pdf', size: 5, type: 'application/pdf', url, ...more })
const link = () => screen.getByRole('link', { name: 'a.pdf' })
const frames = () => [...document.querySelectorAll('iframe')]
const follow = (init: MouseEventInit = {}) =>
  act(async () => {
    fireEvent.click(link(), { button: 0, ...init })
    // What follows a link is a chunk of its own.
    await vi.dynamicImportSettled()
    await vi.advanceTimersByTimeAsync(50)
  })
afterEach(() => {
  for (const frame of frames()) frame.remove()
})

test('a download starts in a frame that nobody sees, which leaves in time', async () => {
  mount({ defaultValue: ['a'], knownFiles: [stored()] })
  await follow()
  expect(frames().map(({ src, hidden, referrerPolicy }) => ({ src, hidden, referrerPolicy }))).toEqual([
    { src: url, hidden: true, referrerPolicy: 'no-referrer' },
  ])
  await pass(200_000)
  expect(frames()).toEqual([])
})

test('what comes in place of a file opens in a new tab', async () => {
  const open = vi.spyOn(window, 'open').mockReturnValue(null)
  mount({ defaultValue: ['a'], knownFiles: [stored()] })
  await follow()
  act(() => void frames()[0]?.dispatchEvent(new Event('load')))
  expect(open.mock.calls).toEqual([[url, '_blank', 'noopener,noreferrer']])
  expect(frames()).toEqual([])
})

test.each([{ metaKey: true }, { ctrlKey: true }, { shiftKey: true }, { altKey: true }, { button: 1 }])(
  "a click with %o is the browser's",
  async (init) => {
    mount({ defaultValue: ['a'], knownFiles: [stored()] })
    let isLeft = true
    const note = (event: Event) => {
      isLeft = !event.defaultPrevented
      event.preventDefault()
    }
    document.addEventListener('click', note)
    await follow(init)
    document.removeEventListener('click', note)
    expect(isLeft).toBe(true)
    expect(frames()).toEqual([])
  },
)

test('a link that has ended and is not renewed leads nowhere, and its row says why, until it works again', async () => {
  const backend = createMemoryBackend()
  let answers: () => unknown = () => {
    throw new Error('The server is down.')
  }
  const describeFiles = vi.fn(async () => answers() as never)
  mount({ backend: { ...backend, describeFiles }, defaultValue: ['a'], knownFiles: [stored()] })
  await pass(901_000)
  await follow()
  expect(frames()).toEqual([])
  expect(textOf('a.pdf')).toBe('Something went wrong on our side. Try again in a moment.')
  await pass(1_500)
  expect(statusOf()).toHaveTextContent('a.pdf: Something went wrong on our side. Try again in a moment.')
  answers = () => ({ files: [{ ...stored(), url: 'https://storage.test/new', expiresIn: 900 }] })
  await follow()
  expect(frames().map(({ src }) => src)).toEqual(['https://storage.test/new'])
  expect(textOf('a.pdf')).toBe('5 bytes, already attached')
})

test('of a file that is gone the row says so', async () => {
  const backend = createMemoryBackend()
  const describeFiles = async () => ({ files: [{ id: 'a', error: { code: 'not-found', message: '' } }] })
  mount({ backend: { ...backend, describeFiles } as never, defaultValue: ['a'], knownFiles: [stored()] })
  await pass(901_000)
  await follow()
  expect(frames()).toEqual([])
  expect(textOf('a.pdf')).toBe('This file can no longer be found. Remove it and add it again.')
  await pass(1_500)
  expect(statusOf()).toHaveTextContent('a.pdf: This file can no longer be found.')
})

test('of a link that can’t be followed for want of the network the row says so, and the next click tries again', async () => {
  vi.resetModules()
  vi.doMock('../../src/field/followLink.js', () => {
    throw new TypeError('Failed to fetch dynamically imported module')
  })
  mount({ defaultValue: ['a'], knownFiles: [stored()] })
  await follow()
  expect(textOf('a.pdf')).toBe('The connection was lost. Check it and try again.')
  vi.doUnmock('../../src/field/followLink.js')
  await follow()
  expect(frames()).toHaveLength(1)
  expect(textOf('a.pdf')).toBe('5 bytes, already attached')
})
