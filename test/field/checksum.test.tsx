import { render, waitFor } from '@testing-library/react'
import { FileAnswerField } from 'file-answer-field'
import { chooseFiles } from 'file-answer-field/testing'
import { expect, test, vi } from 'vitest'
import { aFile, inputOf } from './kit.js'

test('where bytes cannot be read for the prop `checksum`, as in jsdom, a file goes without and a developer is told', async () => {
  const given: (string | undefined)[] = []
  const requestUpload = async (_: File, { checksum }: { checksum?: string }) => {
    given.push(checksum)
    throw Object.assign(new Error(), { code: 'closed' })
  }
  render(<FileAnswerField label="Documents" requestUpload={requestUpload} checksum="sha-256" />)
  await chooseFiles(inputOf(), [aFile()])
  await waitFor(() => expect(given).toEqual([undefined]))
  const warn = vi.mocked(console.warn)
  expect(warn.mock.calls.map(([message]) => message)).toEqual([expect.stringContaining('`checksum`')])
  warn.mockClear()
})
