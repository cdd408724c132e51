import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const text = (path: string) => readFileSync(path, 'utf8')
const shown = new Map(
  [...text('docs/recipes.md').matchAll(/<!-- (stories\/recipes\/\S+) -->\n\n```tsx\n([\s\S]*?)```\n/g)].map(
    ([, file = '', code]) => [file, code],
  ),
)

test('docs/recipes.md shows every recipe of the catalogue', () => {
  const recipes = readdirSync('stories/recipes').filter((name) => !name.includes('.stories.'))
  expect([...shown.keys()].sort()).toEqual(recipes.map((name) => `stories/recipes/${name}`).sort())
})

test.each([...shown.keys()])('the docs show %s as it runs', (file) => {
  expect(shown.get(file)).toBe(text(file))
})
