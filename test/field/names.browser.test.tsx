/** What assistive technology is told, as Chromium computes it. */
import { FileAnswerField } from 'file-answer-field'
import { en } from 'file-answer-field/locales/en'
import { chooseFiles, createMemoryBackend } from 'file-answer-field/testing'
import { expect, test } from 'vitest'
import { accessibilityTree, type Field, fileOf, KB, MB, mount, openPage, type Told, until } from './openPage.js'

const named = (tree: readonly Told[], role: string) => tree.filter((node) => node.role === role).map(({ name }) => name)
const only = (tree: readonly Told[], role: string, name: string): Told => {
  const found = tree.filter((node) => node.role === role && node.name === name)
  if (found.length !== 1)
    throw new Error(`${found.length} of role ${role} named ${name}: ${JSON.stringify(named(tree, role))}`)
  return found[0] as Told
}

/** One file in each state that a page can show at once. */
const everyState = async (locale: 'en' | 'ko' = 'en'): Promise<Field> => {
  const field = await openPage({
    locale,
    label: locale === 'en' ? 'Documents' : '제출 서류',
    required: true,
    maxFiles: 12,
    accept: '.pdf',
    defaultValue: ['old', 'gone'],
    backend: { confirm: true, files: [{ id: 'old', name: 'old.pdf', size: 9 * KB, type: 'application/pdf' }] },
    prepare(backend) {
      backend.hold('send', 'uploading.pdf')
      backend.progress('uploading.pdf', 0.425)
      backend.hold('send', 'no progress.pdf')
      backend.hold('presign', 'preparing.pdf')
      backend.hold('complete', 'finishing.pdf')
      backend.hold('check', 'checking.pdf')
      backend.fail('send', 'storage-rejected', { name: 'failed.pdf' })
    },
  })
  const states = ['uploading', 'no progress', 'preparing', 'finishing', 'checking', 'failed', 'done']
  await field.add(...states.map((state) => fileOf(`${state}.pdf`, 12 * MB)), 'rejected.exe')
  await field.clock.advance(200)
  return field
}

test('the states are those that are meant', async () => {
  const field = await everyState()
  expect(field.all('[data-part=item]').map(({ dataset }) => dataset.state)).toEqual([
    'restored',
    'restored',
    'uploading',
    'uploading',
    'requesting',
    'finishing',
    'finishing',
    'failed',
    'done',
    'rejected',
  ])
})

test('one group is named by the question and described by the rules', async () => {
  const field = await openPage({ required: true, accept: '.pdf', maxSize: 20 * MB, description: 'Of this year.' })
  const tree = await accessibilityTree()
  expect(named(tree, 'group')).toEqual(['Documents (required)'])
  expect(only(tree, 'group', 'Documents (required)').description).toBe('Of this year. PDF. Up to 20 MB each.')
  expect(field.root.hasAttribute('aria-required')).toBe(false)
})

test('an error is a part of the description while it stands', async () => {
  await openPage({ error: 'Too old.' })
  const { description, is } = only(await accessibilityTree(), 'group', 'Documents')
  expect(description).toBe('Error: Too old.')
  expect(is.invalid).toBe('true')
})

test.each([
  ['en', 'Choose files Documents (required)', {}],
  ['ko', '파일 선택 제출 서류 (필수)', {}],
  ['en', 'Choose a file Documents (required)', { maxFiles: 1 }],
] as const)('the button is named by what is seen on it and by the question (%s)', async (locale, name, rules) => {
  const field = await openPage({ locale, label: locale === 'en' ? 'Documents' : '제출 서류', required: true, ...rules })
  only(await accessibilityTree(), 'button', name)
  expect(name.startsWith(field.trigger().textContent ?? '?')).toBe(true)
})

test.each(['en', 'ko'] as const)('everything that takes focus has a role and a name (%s)', async (locale) => {
  await everyState(locale)
  const focusable = (await accessibilityTree()).filter(
    ({ is, role }) => is.focusable === true && role !== 'RootWebArea',
  )
  expect(focusable.length).toBeGreaterThan(10)
  for (const { role, name } of focusable) {
    expect(['button', 'link']).toContain(role)
    expect(name).not.toBe('')
  }
})

test('nothing that is pressed holds something else that is pressed', async () => {
  const field = await everyState()
  const interactive = 'a[href], button, input:not([type=hidden]), select, textarea, label, [tabindex], [role=button]'
  for (const node of field.all(interactive)) expect(node.querySelector(interactive)).toBeNull()
})

test.each(['en', 'ko'] as const)(
  'no two buttons share a name, be it with equal names or removed files (%s)',
  async (locale) => {
    const field = await openPage({ locale, maxFiles: 9 })
    await field.add('image.jpg', 'image.jpg', 'image.jpg', 'other.jpg', 'image.jpg')
    field.remove('image.jpg').click()
    field.remove('image.jpg').click()
    await field.clock.advance(100)
    const names = named(await accessibilityTree(), 'button')
    expect(names).toHaveLength(6)
    expect(new Set(names).size).toBe(names.length)
  },
)

test.each([
  'report.pdf',
  '이력서 최종.hwp'.normalize('NFD'),
  '👩‍👩‍👧 family.heic',
  `${'long name '.repeat(19).trim()}.pdf`,
  '<img src=x onerror=alert(1)>.pdf',
])('every action names its file in full: %s', async (name) => {
  const field = await openPage({ prepare: (backend) => backend.fail('send', 'storage-rejected') })
  await field.add(name)
  const tree = await accessibilityTree()
  const shown = name.normalize('NFC')
  only(tree, 'button', `Try again ${shown}`)
  only(tree, 'button', `Remove ${shown}`)
  expect(field.all('img')).toEqual([])
})

test('what could turn the text around is shown as a mark', async () => {
  const field = await openPage()
  await field.add('invoice\u202Efdp.exe')
  expect(field.names()).toEqual(['invoice\uFFFDfdp.exe'])
})

test.each([
  ['en', 'Files for Documents'],
  ['ko', 'Documents 항목의 파일'],
] as const)('the list has a name and an item for each row (%s)', async (locale, name) => {
  const field = await openPage({ locale })
  await field.add('a.pdf', 'b.pdf', 'c.pdf')
  const tree = await accessibilityTree()
  only(tree, 'list', name)
  expect(named(tree, 'listitem')).toHaveLength(3)
})

test('bars are named by their files, and full only when storage has confirmed', async () => {
  const field = await everyState()
  const bars = (await accessibilityTree()).filter(({ role }) => role === 'progressbar')
  expect(bars.map(({ name }) => name)).toEqual(['uploading.pdf', 'finishing.pdf', 'checking.pdf'])
  expect(field.all('[role=progressbar]').map((bar) => bar.getAttribute('aria-valuenow'))).toEqual(['42', null, null])
  expect(field.find('[role=progressbar]').getAttribute('aria-valuetext')).toBe('42%')
  field.backend.progress('uploading.pdf', 1)
  await field.clock.advance(100)
  expect(field.find('[role=progressbar]').getAttribute('aria-valuenow')).toBe('99')
})

test('a progress tick makes no new nodes', async () => {
  const field = await everyState()
  const nodes = () => field.all('*')
  const before = nodes()
  field.backend.progress('uploading.pdf', 0.605)
  await field.clock.advance(100)
  expect(field.meta('uploading.pdf')).toBe('7.3 MB of 12 MB, 60%')
  expect(nodes()).toEqual(before)
})

test('texts have spaces between them where there are no styles', async () => {
  const field = await openPage({ required: true, accept: '.pdf' })
  await field.add('a.pdf')
  expect(field.root.textContent).toContain('Add files or drop files here')
  expect(field.row('a.pdf').textContent).toMatch(/a\.pdf\s+240 KB, uploaded/)
})

test('many rows come turn by turn, while the files before them move on', async () => {
  const field = await openPage({ prepare: (backend) => backend.hold('send') })
  const names = Array.from({ length: 300 }, (_, index) => `${index}.pdf`)
  chooseFiles(
    field.root,
    names.map((name) => fileOf(name)),
  )
  await field.clock.settle()
  // The click is answered with some of them…
  expect(field.names()).toHaveLength(20)
  // …and bytes that move keep nobody waiting for the rest.
  for (let turn = 1; turn <= 6; turn += 1) {
    field.backend.progress('0.pdf', turn / 10)
    await field.clock.advance(50)
  }
  expect(field.names()).toEqual(names)
  field.remove('7.pdf').click()
  await field.clock.advance(0)
  expect(field.names()).toHaveLength(299)
})

/** Left edges of words within a text, as they are seen. */
function placesOf(node: Element, ...words: string[]): number[] {
  const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT)
  const left = new Map<string, number>()
  while (texts.nextNode()) {
    const text = texts.currentNode as Text
    for (const word of words) {
      const at = text.data.indexOf(word)
      if (at < 0) continue
      const range = document.createRange()
      range.setStart(text, at)
      range.setEnd(text, at + word.length)
      left.set(word, range.getBoundingClientRect().left)
    }
  }
  return words.map((word) => left.get(word) ?? Number.NaN)
}

test('a name from right to left leaves the words around it where they are when it was removed', async () => {
  const field = await openPage()
  await field.add('العربية ملف.pdf')
  field.row('العربية ملف.pdf').querySelector<HTMLButtonElement>('[data-faf-remove]')?.click()
  await until(() => field.all('[data-part=undo]').length === 1)
  const [name = 0, dot = 0, word = 0] = placesOf(field.find('[data-part=undo]'), 'العربية', 'pdf', 'removed.')
  // The extension stands at the left of such a name, as it does in the list; the sentence goes on behind the name.
  expect(dot).toBeLessThan(name)
  expect(word).toBeGreaterThan(name)
})

test('among words from right to left a size is read from left to right', async () => {
  const hebrew = { ...en, locale: 'he', text: { ...en.text, rowDone: 'הועלה {size}' } }
  const host = mount(
    <main dir="rtl">
      <FileAnswerField label="Documents" backend={createMemoryBackend()} messages={hebrew} />
    </main>,
  )
  chooseFiles(host, [fileOf('a.pdf', 600 * MB)])
  await until(() => host.querySelector('[data-state=done]') !== null)
  const [figure = 0, unit = 0] = placesOf(host.querySelector('[data-part=meta]') as Element, '600', 'MB')
  expect(figure).toBeLessThan(unit)
})
