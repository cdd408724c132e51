/** Checks 3 to 10: what assistive technology is told, as Chromium computes it. */
import { expect, everyState, type Field, MB, showEveryState, test, type Told } from './field.js'

const nodes = (tree: readonly Told[], role: string) => tree.filter((node) => node.role === role)
const names = (tree: readonly Told[], role: string) => nodes(tree, role).map(({ name }) => name)

test('3. one group is named by the question, and described by the rules and by the error once it is shown', async ({
  field,
}) => {
  const rules = { accept: '.pdf', maxSize: 20 * MB, required: true }
  await field.open({ around: 'form', props: rules })
  const [group, ...more] = nodes(await field.tree(), 'group')
  expect(more).toEqual([])
  expect(group?.name).toBe('Documents (required)')
  expect(group?.description).toBe('PDF. Up to 20 MB each.')
  await field.page.getByRole('button', { name: 'Send' }).click()
  await field.pass(100)
  const [after] = nodes(await field.tree(), 'group')
  expect(after?.description).toBe('PDF. Up to 20 MB each. Error: Attach at least 1 file.')
})

for (const [locale, label] of [
  ['en', 'Documents'],
  ['ko', '제출 서류'],
] as const)
  test(`4. the button’s name starts with what is seen on it, and holds the question (${locale})`, async ({ field }) => {
    await field.open({ locale, label, props: { required: true, maxFiles: 2 } })
    for (const added of [null, 'a.pdf', 'b.pdf']) {
      if (added !== null) await field.add(added)
      const seen = (await field.trigger.textContent())?.trim() ?? ''
      const name = names(await field.tree(), 'button').find((each) => each.includes(label))
      expect(name?.startsWith(seen), `${name} for ${seen}`).toBe(true)
    }
  })

test('5. nothing that takes focus is without a name or a role', async ({ field }) => {
  await showEveryState(field)
  const focusable = (await field.tree()).filter(({ is, role }) => is.focusable === true && role !== 'RootWebArea')
  expect(focusable.length).toBeGreaterThan(15)
  for (const { role, name } of focusable) {
    expect(name.trim(), role).not.toBe('')
    expect(['none', 'presentation', 'generic']).not.toContain(role)
  }
})

test('6. nothing that is pressed holds something else that is pressed', async ({ field }) => {
  await showEveryState(field)
  const nested = field.root.locator(
    ':is(button, a, label, [role=button], [tabindex]) :is(button, a, input, label, [role=button], [tabindex])',
  )
  await expect(nested).toHaveCount(0)
})

for (const locale of ['en', 'ko'] as const)
  test(`7. no two enabled buttons share a name (${locale})`, async ({ field }) => {
    await showEveryState(field, { locale })
    // Equal names are the hard case: in the list, among those refused, and among those removed.
    await field.add('twin.pdf', 'twin.pdf', 'twin.exe', 'twin.exe')
    await field.pass(500)
    const buttons = nodes(await field.tree(), 'button').filter(({ is }) => is.disabled !== true)
    const all = buttons.map(({ name }) => name)
    expect(all.filter((name, position) => all.indexOf(name) !== position)).toEqual([])
  })

const awkward = ['한글 이름.hwp'.normalize('NFD'), '👩‍🎓 thesis.pdf', `${'long-name '.repeat(20)}end.pdf`]
test('8. every action’s name holds the whole name of its file', async ({ field }) => {
  await field.open()
  await field.add(...awkward)
  const buttons = names(await field.tree(), 'button')
  for (const name of awkward) expect(buttons).toContain(`Remove ${name.normalize('NFC')}`)
})

test('9. the list has a name, and as many items as rows', async ({ field }) => {
  await showEveryState(field)
  const tree = await field.tree()
  expect(names(tree, 'list')).toEqual(['Files for Documents'])
  expect(nodes(tree, 'listitem')).toHaveLength(everyState.files.length + 1)
})

const bars = async (field: Field) => nodes(await field.tree(), 'progressbar')
test('10. bars are named by their files, hold whole numbers, and are never full before the file is stored', async ({
  field,
}) => {
  await field.open({ hold: [['send'], ['complete']], backend: { confirm: true } })
  await field.add({ name: 'film.mp4', size: 9 * MB }, { name: 'other.mp4', size: 9 * MB })
  for (const share of [0, 0.333, 0.999, 1]) {
    await field.progress('film.mp4', share)
    await field.pass(200)
    const [bar] = await bars(field)
    expect(bar?.name).toBe('film.mp4')
    const now = Number(await field.root.getByRole('progressbar').first().getAttribute('aria-valuenow'))
    expect(Number.isInteger(now)).toBe(true)
    expect(now).toBeLessThan(100)
  }
  await field.release('send')
  await field.pass(200)
  for (const { is } of await bars(field)) expect(is.valuenow).toBeUndefined()
  await field.release('complete')
  await field.pass(200)
  expect(await bars(field)).toEqual([])
})
