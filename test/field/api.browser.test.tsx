/// <reference types="vite/client" />
/** docs/api.md says what the page and the stylesheet say. */
import { expect, test, vi } from 'vitest'
import { fileOf, MB, openPage, until } from './openPage.js'

const texts: Record<string, string> = import.meta.glob(
  ['../../docs/api.md', '../../src/field/styles.css', '../../src/field/props.ts'],
  {
    query: '?raw',
    import: 'default',
    eager: true,
  },
)
const textOf = (name: string) => Object.entries(texts).find(([path]) => path.endsWith(name))?.[1] ?? ''
const api = textOf('api.md')

/** The first two cells of a table's rows, below a heading. */
function table(heading: string): string[][] {
  const section = api.split(/^## /m).find((each) => each.startsWith(heading)) ?? ''
  const rows = [...section.matchAll(/^\| (.*) \|$/gm)].map(([, row = '']) => row.split(' | '))
  return rows.slice(2).map((cells) => cells.map((cell) => cell.replaceAll('`', '')))
}

test('every part of the page is in the table with its element, and every row of the table is on the page', async () => {
  const seen = new Map<string, string>()
  const look = () => {
    for (const node of document.querySelectorAll<HTMLElement>('[data-part]'))
      seen.set(node.dataset.part ?? '', node.tagName.toLowerCase())
  }
  vi.spyOn(window, 'matchMedia').mockImplementation((query) => ({ matches: true, media: query }) as MediaQueryList)
  const field = await openPage({
    sortable: true,
    folders: true,
    camera: true,
    error: 'Wrong.',
    description: 'Originals.',
    accept: '.pdf',
    maxFiles: 20,
    components: { EntryExtra: () => <p>Extra</p> },
    prepare(backend) {
      backend.hold('send', 'a.pdf')
      backend.progress('a.pdf', 0.5)
      backend.fail('send', 'unreadable')
    },
  })
  await field.add(...['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf', 'e.pdf'].map((name) => fileOf(name, MB)))
  await until(() => field.all('[data-part=handle]').length > 0)
  await field.clock.advance(2_000)
  field.remove('e.pdf').click()
  await until(() => field.all('[data-part=total]').length > 0)
  look()
  await field.add(...Array.from({ length: 7 }, (_, index) => fileOf(`${index}.exe`)))
  look()
  const held = await openPage({
    whenPending: 'wait',
    name: 'documents',
    around: (node) => <form>{node}</form>,
    prepare: (backend) => backend.hold('send'),
  })
  await held.add('a.pdf')
  held.find<HTMLFormElement>('form').requestSubmit()
  await held.clock.advance(100)
  look()
  const documented = new Map(table('Parts').map(([part = '', element = '']) => [part, element]))
  // Shown in a second tab alone.
  const parts = new Set([...seen.keys(), 'elsewhere'])
  expect([...parts].sort()).toEqual([...documented.keys()].sort())
  for (const [part, element] of seen) expect(`${part} ${element}`).toBe(`${part} ${documented.get(part)}`)
})

test('the table of parts has those of the type `Part`, which `classNames` takes', () => {
  const [, union = ''] = /export type Part =\n([\s\S]*?)\n\n/.exec(textOf('props.ts')) ?? []
  const parts = [...union.matchAll(/'([\w-]+)'/g)].map(([, part]) => part)
  expect(parts.length).toBeGreaterThan(20)
  expect(
    table('Parts')
      .map(([part]) => part)
      .toSorted(),
  ).toEqual(parts.toSorted())
})

test('every custom property has its default in the table', () => {
  const declared = [...textOf('styles.css').matchAll(/^ {4}(--faf-[\w-]+): (.*);$/gm)].map(
    ([, name = '', value = '']) => [name, value],
  )
  const ofFailedRows = declared.filter(([name]) => name !== '--faf-meta' && name !== '--faf-target')
  const target = declared.find(([name]) => name === '--faf-target')
  expect(table('Custom properties').toSorted()).toEqual([...ofFailedRows, target].toSorted())
})

test('the states of the field in the table are those it takes', async () => {
  const values = table('Attributes').find(([name, on]) => name === 'data-state' && on === 'root')?.[2]
  const states = new Set<string | undefined>()
  const note = async (
    setting: Parameters<typeof openPage>[0],
    act: (field: Awaited<ReturnType<typeof openPage>>) => unknown = () => {},
  ) => {
    const field = await openPage(setting)
    await act(field)
    states.add(field.root.dataset.state)
  }
  await note({})
  await note({ disabled: true })
  await note({ readOnly: true })
  await note({ error: 'Wrong.' })
  await note({ prepare: (backend) => backend.hold('send') }, (field) => field.add('a.pdf'))
  await note({}, (field) => field.add('a.pdf'))
  await note({}, async (field) => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(fileOf('a.pdf'))
    field.find('[data-part=dropzone]').dispatchEvent(new DragEvent('dragenter', { bubbles: true, dataTransfer }))
    await until(() => field.root.dataset.state === 'dragging')
  })
  expect([...states].sort()).toEqual(values?.split(', ').sort())
})
