// docs/engine.md says what the source says.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { defaultTiming } from '../../src/engine/timing.js'
import { en } from '../../src/locales/en.js'
import { failureCodes } from '../../src/protocol/failure.js'

const page = readFileSync(new URL('../../docs/engine.md', import.meta.url), 'utf8')
const rows = [...page.matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)].map(
  ([, name, rest]) => [name, rest?.split(' | ')] as const,
)
const cellsOf = (name: string) => rows.findLast(([each]) => each === name)?.[1]

test.each(failureCodes.map((code) => [code]))('%s is in the table, with the words of the catalogue', (code) => {
  const template = en.reasons[code]
  expect(cellsOf(code)?.at(-1)).toBe(typeof template === 'string' ? template : template?.other)
})

test.each(Object.entries(defaultTiming))('timing.%s has its default %s in the table', (name, value) => {
  expect(cellsOf(name)?.[0]).toBe(String(value))
})

test('every timing has what it is as the source says it', () => {
  const source = readFileSync(new URL('../../src/engine/timing.ts', import.meta.url), 'utf8')
  for (const [, words, name] of source.matchAll(/\/\*\* (.*?) @default \S+ \*\/\n {2}readonly (\w+):/g))
    expect(cellsOf(name ?? '')?.[1]).toBe(words)
})
