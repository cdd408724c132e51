/** The chunk that puts into words what happens: it comes late, or not at all. */
import { act, render } from '@testing-library/react'
import type { FileAnswerFieldProps } from 'file-answer-field'
import { createMemoryBackend } from 'file-answer-field/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { aFile, choose, pass, press, standStill, statusOf, triggerOf, untilStored } from './kit.js'

standStill()

const chunk = '../../src/field/announcer.js'
afterEach(() => {
  vi.doUnmock(chunk)
})

/** A field on a page that nobody has come to yet. */
async function open(more: Partial<FileAnswerFieldProps>): Promise<void> {
  vi.resetModules()
  const { FileAnswerField } = await import('file-answer-field')
  const props = { label: 'Documents', maxFiles: 5, backend: createMemoryBackend(), ...more } as FileAnswerFieldProps
  render(<FileAnswerField {...props} />)
}

async function saidIn(ms: number): Promise<string[]> {
  const said = new Set<string>()
  for (let passed = 0; passed < ms; passed += 100) {
    await pass(100)
    said.add(statusOf().textContent ?? '')
  }
  said.delete('')
  return [...said]
}

test('it is asked for when a person comes, and says what happened before it was there', async () => {
  let asked = 0
  let arrive = () => {}
  const onItsWay = new Promise<void>((resolve) => {
    arrive = resolve
  })
  vi.doMock(chunk, async (original) => {
    asked += 1
    await onItsWay
    return original()
  })
  await open({})
  await pass(5_000)
  expect(asked).toBe(0)
  act(() => triggerOf().focus())
  await vi.waitFor(() => expect(asked).toBe(1))
  await choose([aFile('a.pdf'), aFile('b.pdf')])
  await untilStored()
  await press('Remove b.pdf')
  expect(await saidIn(3_000)).toEqual([])
  arrive()
  await vi.dynamicImportSettled()
  expect(await saidIn(3_000)).toEqual(['2 files added. 1 of 5 files. b.pdf removed. 1 file left. a.pdf uploaded.'])
  expect(asked).toBe(1)
})

test('where it can’t be loaded nothing is said; the next that happens asks again, and is said', async () => {
  vi.doMock(chunk, () => {
    throw new TypeError('Failed to fetch dynamically imported module')
  })
  const knownFiles = ['a', 'b'].map((id) => ({ id, name: `${id}.pdf`, size: 1, type: '' }))
  await open({ defaultValue: ['a', 'b'], knownFiles } as Partial<FileAnswerFieldProps>)
  await press('Remove a.pdf')
  await vi.dynamicImportSettled()
  expect(await saidIn(3_000)).toEqual([])
  vi.doUnmock(chunk)
  await press('Remove b.pdf')
  await vi.dynamicImportSettled()
  expect(await saidIn(3_000)).toEqual(['b.pdf removed. No files left.'])
})
