// @vitest-environment node
/** Where there is no DOM at all. */
import { createMemoryBackend, type MemoryBackend } from 'file-answer-field/testing'
import { renderToString } from 'react-dom/server'
import { expect, test, vi } from 'vitest'

test('the field is imported and rendered where there is no DOM', async () => {
  expect(typeof document).toBe('undefined')
  expect(typeof window).toBe('undefined')
  const { createFileAnswer, FileAnswerField, failureCodes } = await import('file-answer-field')
  const { images } = await import('file-answer-field/accept')
  const { ko } = await import('file-answer-field/locales/ko')
  const backend = createMemoryBackend()
  const html = renderToString(
    <FileAnswerField
      label="Documents"
      name="documents"
      backend={backend}
      accept={images}
      messages={ko}
      value={['a']}
      knownFiles={[{ id: 'a', name: 'a.png', size: 5, type: 'image/png' }]}
    />,
  )
  expect(html).toContain('a.png')
  expect(html).toContain('<input type="hidden" name="documents" value="a"/>')
  expect(createFileAnswer({ backend, defaultValue: ['a'] }).getIds()).toEqual(['a'])
  expect(failureCodes).toContain('too-many')
  expect(backend.calls).toEqual([])
})

test.each<[state: string, name: string, prepare: (backend: MemoryBackend) => void]>([
  ['requesting', 'a.pdf', (backend) => backend.hold('presign')],
  ['uploading', 'a.pdf', (backend) => backend.hold('send')],
  ['finishing', 'a.pdf', (backend) => backend.hold('complete')],
  ['failed', 'a.pdf', (backend) => backend.fail('send', 'storage-rejected')],
  ['rejected', 'a.exe', () => {}],
  ['done', 'a.pdf', () => {}],
])('a file that is %s is in the HTML', async (state, name, prepare) => {
  const { createFileAnswer, FileAnswerField } = await import('file-answer-field')
  const backend = createMemoryBackend({ confirm: true })
  prepare(backend)
  const answer = createFileAnswer({ backend, accept: '.pdf' })
  answer.add([new File(['hello'], name)])
  await vi.waitFor(() => expect(answer.getAnswer().entries[0]?.state).toBe(state), { timeout: 5_000, interval: 5 })
  const html = renderToString(<FileAnswerField label="Documents" name="documents" answer={answer} />)
  expect(html).toMatch(new RegExp(`<li[^>]* data-state="${state}"`))
  answer.dispose()
})
