// @vitest-environment node
/** Where there is no DOM at all. */
import { createMemoryBackend } from 'file-answer-field/testing'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'

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
