import { readFileSync } from 'node:fs'
import * as exported from 'file-answer-field'
import { describe, expect, test } from 'vitest'

const text = (path: string) => readFileSync(path, 'utf8')
const docs = text('docs/field.md')
/** What the first cells of the tables name. */
const named = new Set(
  [...docs.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)[^`]*`/g)].map(([, name]) => name),
  ),
)
const between = (source: string, from: string, to: string) => source.slice(source.indexOf(from), source.indexOf(to))
const members = (source: string) =>
  [...source.matchAll(/^ {2}(?:readonly )?(\w+)(?=\??[:(])/gm)].map(([, name]) => name)

const props = text('src/field/props.ts')
describe('docs/field.md has in its tables', () => {
  test.each([
    ['the props', members(between(props, 'interface CommonProps', '/** An answer made by')), 30],
    ['the rules', members(between(text('src/answer/admission.ts'), 'export interface Rules', '/** A chosen file')), 9],
    [
      'the callbacks',
      members(
        between(
          text('src/engine/valueExchange.ts'),
          'export interface FileAnswerListeners',
          'export interface ValueExchange',
        ),
      ),
      3,
    ],
    ['the handle', members(between(props, 'export interface FileAnswerHandle', 'interface CommonProps')), 7],
    ['the exports', Object.keys(exported).filter((name) => !/^File(AnswerField|AnswerProvider)$/.test(name)), 8],
  ])('%s', (_, names, atLeast) => {
    expect(names.length).toBeGreaterThanOrEqual(atLeast)
    expect(names.filter((name) => !named.has(name ?? '') && !['ref', 'settledAll'].includes(name ?? ''))).toEqual([])
  })

  test('nothing that is not there', () => {
    const known = new Set([
      ...members(props),
      ...members(text('src/answer/admission.ts')),
      ...members(text('src/engine/valueExchange.ts')),
      ...Object.keys(exported),
      'endpoint',
      'requestUpload',
      'confirmUpload',
      'describeFiles',
      'backend',
      'answer',
    ])
    expect([...named].filter((name) => !known.has(name ?? ''))).toEqual([])
  })
})
