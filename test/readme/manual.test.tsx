import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { membersOf } from '../../.storybook/propsOfTypes.js'

vi.mock('@storybook/addon-docs/blocks', () => ({}))
const { linked } = await import('../../stories/manual/Page.js')
const { storyOf } = await import('../../stories/manual/RecipesPage.js')

const text = (path: string) => readFileSync(path, 'utf8')
const docs = readdirSync('docs').filter((name) => name.endsWith('.md'))
const manual = readdirSync('stories/manual').filter((name) => name.endsWith('.mdx'))
const idOf = (file: string) =>
  `manual-${/title="Manual\/([^"]+)"/
    .exec(text(`stories/manual/${file}`))?.[1]
    ?.toLowerCase()
    .replaceAll(' ', '-')}--docs`

describe('the manual', () => {
  test('has every page of docs/ that is for users', () => {
    const shown = manual.flatMap((file) => [...text(`stories/manual/${file}`).matchAll(/docs\/([\w-]+\.md)/g)])
    const names = shown.map(([, name]) => name)
    expect(docs.filter((name) => name !== 'architecture.md' && !names.includes(name))).toEqual([])
  })

  test.each([...docs.map((name) => `docs/${name}`), 'README.md'])('finds every page that %s links to', (path) => {
    const ids = new Set(manual.map(idOf))
    const pages = [...linked(text(path)).matchAll(/\]\(\?path=\/docs\/([\w-]+)/g)].map(([, id]) => id)
    expect(pages.filter((id) => !ids.has(id ?? ''))).toEqual([])
    const sources = [
      ...linked(text(path)).matchAll(
        /\]\(https:\/\/github\.com\/file-answer-field\/file-answer-field\/blob\/main\/([^)#]+)/g,
      ),
    ]
    expect(sources.map(([, file]) => file).filter((file = '') => !existsSync(file))).toEqual([])
  })

  test('runs every recipe above its source', () => {
    const recipes = readdirSync('stories/recipes').filter((name) => !name.includes('.stories.'))
    expect(Object.keys(storyOf).sort()).toEqual(recipes.map((path) => basename(path)).sort())
    const stories = text('stories/recipes/Recipes.stories.tsx')
    for (const name of Object.values(storyOf)) expect(stories).toContain(`export const ${name}: Story`)
  })
})

describe('a table made from types', () => {
  const source = `
/** Not of it. */
interface Props extends Other {
  /** The question. */
  readonly label: ReactNode
  /**
   * When files go:
   * at once. @default 'now'
   */
  readonly start?: 'now' | 'submit' | undefined
  readonly validate?: ((file: File) => string | null) | undefined
  /** Waits. */
  settled(o?: { signal?: AbortSignal }): Promise<string[]>
}`

  test('has names, types, defaults and docstrings', () => {
    expect(membersOf('props.ts', source, 'Props', 'All')).toEqual([
      {
        name: 'label',
        type: 'ReactNode',
        isRequired: true,
        description: 'The question.',
        fallback: null,
        group: 'All',
      },
      {
        name: 'start',
        type: "'now' | 'submit'",
        isRequired: false,
        description: 'When files go: at once.',
        fallback: "'now'",
        group: 'All',
      },
      {
        name: 'validate',
        type: '(file: File) => string | null',
        isRequired: false,
        description: '',
        fallback: null,
        group: 'All',
      },
      {
        name: 'settled',
        type: 'settled(o?: { signal?: AbortSignal }): Promise<string[]>',
        isRequired: true,
        description: 'Waits.',
        fallback: null,
        group: 'All',
      },
    ])
  })

  test('says when the interface has another name now', () => {
    expect(() => membersOf('props.ts', source, 'Gone', 'All')).toThrow('props.ts has no interface Gone.')
  })
})

test('the theme for shadcn sets custom properties that the field has', () => {
  const set = [...text('src/field/theme-shadcn.css').matchAll(/^ {4}(--faf-[\w-]+):/gm)].map(([, name]) => name)
  const known = [...text('src/field/styles.css').matchAll(/^ {4}(--faf-[\w-]+):/gm)].map(([, name]) => name)
  expect(set.length).toBeGreaterThanOrEqual(10)
  expect(set.filter((name) => !known.includes(name))).toEqual([])
})
