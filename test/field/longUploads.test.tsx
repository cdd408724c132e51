/** What is said while uploads take long. */
import { screen, within } from '@testing-library/react'
import { ko } from 'file-answer-field/locales/ko'
import { createMemoryBackend } from 'file-answer-field/testing'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { addEntries, emptyAnswer } from '../../src/answer/answer.js'
import { totalsOf } from '../../src/field/longUploads.js'
import { anEntry, aRestored } from '../answer/builders.js'
import { aFile, choose, field, mount as mountField, pass, press, rows, standStill, textOf, triggerOf } from './kit.js'

// Loaded by now, so that a render has it within a turn.
beforeAll(() => import('../../src/field/longUploads.js'))
standStill()

/** What a test held is let go: it would keep the page's connections from the next. */
const held = new Set<ReturnType<typeof createMemoryBackend>>()
afterEach(async () => {
  for (const backend of held) backend.release()
  held.clear()
  await pass(1_000)
})
function mount(props: Parameters<typeof mountField>[0] = {}) {
  const mounted = mountField(props)
  held.add(mounted.backend)
  return mounted
}

const mb = 1024 * 1024

function large(name: string, size: number): File {
  const file = aFile(name)
  Object.defineProperty(file, 'size', { value: size })
  return file
}

describe('the time left of a large file', () => {
  test.each([
    ['en', undefined, '66.7 MB of 200 MB, 33%, about 40 sec left'],
    ['ko', ko, '200MB 중 66.7MB, 33%, 약 40초 남음'],
  ])('is said after ten seconds (%s)', async (_, messages, text) => {
    const { backend } = mount(messages === undefined ? {} : { messages })
    backend.hold('send')
    await choose(large('a.mov', 200 * mb))
    await pass(200)
    for (let step = 1; step <= 9; step += 1) {
      backend.progress('a.mov', step / 60)
      await pass(1_000)
    }
    expect(textOf('a.mov')).not.toContain('left')
    for (let step = 10; step <= 20; step += 1) {
      backend.progress('a.mov', step / 60)
      await pass(1_000)
    }
    expect(textOf('a.mov')).toBe(text)
  })

  test('is not said of a small one', async () => {
    const { backend } = mount()
    backend.hold('send')
    await choose(large('a.jpg', mb / 2))
    for (let step = 1; step <= 20; step += 1) {
      backend.progress('a.jpg', step / 60)
      await pass(1_000)
    }
    expect(textOf('a.jpg')).toBe('171 KB of 512 KB, 33%')
  })
})

describe('many files', () => {
  const five = ['1', '2', '3', '4', '5'].map((name) => `${name}.pdf`)
  const total = () => screen.queryByRole('progressbar', { name: 'Files for Documents' })

  test('have one line and one bar, from a second on, until all are through', async () => {
    const { backend } = mount()
    for (const name of five.slice(1)) backend.hold('send', name)
    await choose(five.map((name) => large(name, mb)))
    await pass(800)
    expect(total()).toBeNull()
    await pass(600)
    expect(total()).toHaveAttribute('aria-valuenow', '20')
    expect(field()).toHaveTextContent('1 of 5 files uploaded, 20%')
    backend.progress('2.pdf', 0.5)
    await pass(200)
    expect(total()).toHaveAttribute('aria-valuetext', '30%')
    backend.release()
    await pass(1_000)
    expect(total()).toBeNull()
  })

  test('up to three have none: their rows tell enough', async () => {
    const { backend } = mount()
    backend.hold('send')
    await choose(five.slice(0, 3).map((name) => large(name, mb)))
    await pass(3_000)
    expect(total()).toBeNull()
  })

  test('can be cancelled all at once: what is stored stays, and the focus stays in the field', async () => {
    const { backend } = mount()
    for (const name of five.slice(1)) backend.hold('send', name)
    await choose(five.map((name) => large(name, mb)))
    await pass(1_500)
    screen.getByRole('button', { name: 'Cancel all' }).focus()
    await press('Cancel all')
    await pass(100)
    expect(rows().map((row) => within(row).getByText(/pdf$/).textContent)).toEqual(['1.pdf'])
    expect(triggerOf()).toHaveFocus()
  })

  test('count by bytes; what failed, was refused or was there before is no part of it', () => {
    const sized = (state: Parameters<typeof anEntry>[0], key: string, size: number) => ({
      ...anEntry(state, key),
      size,
    })
    const answer = addEntries(emptyAnswer, [
      sized('done', 'a', 100),
      sized('finishing', 'b', 50),
      sized('uploading', 'c', 200),
      sized('queued', 'd', 10),
      sized('failed', 'e', 999),
      sized('rejected', 'f', 999),
      sized('done', 'before', 999),
      aRestored('old', 'g'),
    ])
    const keys = new Set(['a', 'b', 'c', 'd', 'e', 'f', 'g'])
    const sentOf = (key: string) => (key === 'c' ? 20 : null)
    expect(totalsOf(answer, keys, sentOf)).toEqual({ files: 4, done: 1, bytes: 360, sentBytes: 170 })
  })
})

test('`pauseButtons` says which files can be paused, and what is paused can always be resumed', async () => {
  const { backend, change } = mount({ pauseButtons: 'all' })
  backend.hold('send')
  await choose(aFile('a.pdf'))
  await pass(200)
  await press('Pause a.pdf')
  await change({ pauseButtons: 'none' })
  await press('Resume a.pdf')
  await pass(200)
  expect(screen.queryByRole('button', { name: /^(Pause|Resume)/ })).toBeNull()
  await change({ pauseButtons: 'large' })
  expect(screen.queryByRole('button', { name: /^Pause/ })).toBeNull()
})
