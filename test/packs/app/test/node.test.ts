// Plain Node, no DOM: the server's HTML, and every subpath.
import { readFileSync } from 'node:fs'
import { createElement, StrictMode, version } from 'react'
import { renderToString } from 'react-dom/server'
import { FileAnswerField } from 'file-answer-field'
import { ko } from 'file-answer-field/locales/ko'
import { expect, test } from 'vitest'

const manifest = JSON.parse(readFileSync('node_modules/file-answer-field/package.json', 'utf8')) as {
  exports: Record<string, unknown>
}

test('this is the oldest React', () => {
  expect(version).toBe('18.2.0')
})

const subpaths = Object.keys(manifest.exports)
  .filter((path) => !/\.css$|\.json$/.test(path))
  .map((path) => path.replace('*', 'ko'))
test.each(subpaths)('%s is imported without a DOM', async (path) => {
  expect('document' in globalThis).toBe(false)
  const names = Object.keys((await import(/* @vite-ignore */ path.replace('.', 'file-answer-field'))) as object)
  expect(names.length).toBeGreaterThan(0)
})

test("the server's HTML names the known files and holds their ids", () => {
  const html = renderToString(
    createElement(
      StrictMode,
      null,
      createElement(FileAnswerField, {
        label: '서류',
        name: 'documents',
        endpoint: '/api/uploads',
        messages: ko,
        defaultValue: ['a', 'b'],
        knownFiles: [
          { id: 'a', name: '이력서 최종.hwp', size: 2048, type: 'application/x-hwp' },
          { id: 'b', name: 'b.pdf', size: 1, type: 'application/pdf' },
        ],
      }),
    ),
  )
  expect(html).toContain('이력서 최종.hwp')
  expect([...html.matchAll(/name="documents" value="(.)"/g)].map(([, id]) => id)).toEqual(['a', 'b'])
})
