// Plain Node, no DOM: the server's HTML, and every subpath.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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

test('importing everything does nothing: no word on the console, nothing that keeps Node alive', () => {
  const all = subpaths.map((path) => `await import('${path.replace('.', 'file-answer-field')}')`).join(';')
  const heard = execFileSync('node', ['--input-type=module', '-e', `${all}`], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  expect(heard).toBe('')
})

const dist = 'node_modules/file-answer-field/dist'
const modules = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'))
const sourceOf = (path: string) => readFileSync(join(dist, path), 'utf8')

test('every module that runs React says that it is the page’s; what servers import says so nowhere', () => {
  const isOfPage = (path: string) => /^["']use client["']/.test(sourceOf(path))
  const runsReact = modules.filter((path) => /\b(use(State|Ref|Effect|Context)|createContext)\b/.test(sourceOf(path)))
  expect(runsReact.length).toBeGreaterThan(15)
  expect(runsReact.filter((path) => !isOfPage(path))).toEqual([])
  expect(modules.filter((path) => !path.startsWith('field/') && isOfPage(path))).toEqual([])
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
