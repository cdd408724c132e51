/** Checks 1 and 2: what a machine can find. */
import { expectNoViolations } from './axe.js'
import { expect, type Field, showEveryState, test } from './field.js'
import type { Scene } from './page/scene.js'

test('1. axe finds nothing in any state of the field and of its rows', async ({ field, page }) => {
  await field.open({ props: { maxFiles: 5 } })
  await expectNoViolations(field, 'empty')
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['a'], 'a.pdf'))
    const zone = document.querySelector('[data-part=dropzone]')
    for (const type of ['dragenter', 'dragover'])
      zone?.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }))
  })
  await field.pass(100)
  await expect(field.root.locator('[data-part=dropzone]')).not.toHaveAttribute('data-drag', 'none')
  await expectNoViolations(field, 'dragging')
})

test('1. … with rows in all twelve states', async ({ field }) => {
  await showEveryState(field)
  const states = await field.rows.evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.state))
  expect(new Set(states)).toEqual(
    new Set(
      'queued preparing requesting ready uploading finishing done retrying paused failed rejected restored'.split(' '),
    ),
  )
  await expectNoViolations(field, 'all states')
})

const stored = { defaultValue: ['old'], knownFiles: [{ id: 'old', name: 'old.pdf', size: 9, type: '' }] }
for (const [what, props] of [
  ['with an error', { ...stored, required: true, error: 'The bank did not accept this document.' }],
  ['disabled', { ...stored, disabled: true }],
  ['read only', { ...stored, readOnly: true }],
] as const)
  test(`1. … ${what}`, async ({ field }) => {
    await field.open({ props })
    await expectNoViolations(field, what)
  })

test('1. … in lines, with rows that can be moved and replaced, and what may not enter in one', async ({ field }) => {
  const layout = { layout: 'compact', sortable: true, replaceable: true }
  await showEveryState(field, { props: layout })
  await field.root.locator('[id$=-up]').first().waitFor()
  await field.add(...[...'abcdef'].map((name) => `${name}.exe`))
  await field.root.locator('summary').click()
  await expectNoViolations(field, 'compact')
})

const look = async (field: Field, scene: Scene, media: Parameters<Field['page']['emulateMedia']>[0] = {}) => {
  await field.page.emulateMedia(media)
  await showEveryState(field, { ...scene, props: { ...scene.props, error: 'No.', required: true } })
  await expectNoViolations(field, JSON.stringify(scene))
}

test('2. … in the dark', ({ field }) => look(field, { scheme: 'dark' }))
test('2. … in forced colours', ({ field }) => look(field, {}, { forcedColors: 'active' }))
test('2. … at 320 px, in Korean', async ({ field, page }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  await look(field, { locale: 'ko', label: '제출 서류' })
})
test('2. … from right to left', ({ field }) => look(field, { dir: 'rtl' }))
