/** Check 30 and the spare ones: names are text; choosing again; two fields; hydration; no styles; touch. */
import { writeFile } from 'node:fs/promises'
import { expect, test } from './field.js'

test('30. a file named like markup is shown as text', async ({ field }) => {
  await field.open()
  const name = '<img src=x onerror=document.title=1>.pdf'
  await field.add(name)
  await expect(field.root.locator('[data-part=name]')).toHaveText(name)
  await expect(field.root.locator('img[src=x]')).toHaveCount(0)
})

test('the same file is chosen again after it was removed', async ({ field }) => {
  await field.open()
  const input = field.root.locator('input[type=file]')
  const file = { name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('a') }
  for (let turn = 0; turn < 2; turn += 1) {
    await input.setInputFiles(file)
    await field.pass(300)
    await expect(field.rows).toHaveCount(1)
    await field.button('Remove a.pdf').click()
    await field.pass(300)
    await expect(field.rows).toHaveCount(0)
  }
})

test('files dragged from the desktop are added', async ({ field }, testInfo) => {
  await field.open()
  const paths = ['page 10.txt', 'page 2.txt'].map((name) => testInfo.outputPath(name))
  for (const path of paths) await writeFile(path, 'text')
  const box = await field.root.locator('[data-part=dropzone]').boundingBox()
  const session = await field.cdp()
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', {
      type,
      x: (box?.x ?? 0) + 20,
      y: (box?.y ?? 0) + 20,
      data: { items: [], files: paths, dragOperationsMask: 1 },
    })
  await expect
    .poll(async () => {
      await field.pass(100)
      return field.root.locator('[data-part=name]').allTextContents()
    })
    .toEqual(['page 2.txt', 'page 10.txt'])
})

test('a character that turns the text around is shown as a mark, and the name is isolated', async ({ field }) => {
  await field.open()
  await field.add('invoice\u202Efdp.exe')
  const name = field.root.locator('[data-part=name]')
  await expect(name).toHaveText('invoice\ufffdfdp.exe')
  expect(await name.evaluate((node) => getComputedStyle(node).unicodeBidi)).toMatch(/isolate/)
})

test('a second field on the page says nothing of the first', async ({ field, page }) => {
  await field.open({ second: true })
  await field.add('a.pdf')
  await field.pass(3_000)
  await expect(page.getByRole('group', { name: 'Other' }).getByRole('status')).toHaveText('')
  expect((await field.said()).length).toBeGreaterThan(0)
})

test('React takes over the server’s HTML without a warning, and files chosen before are kept', async ({ field }) => {
  await field.open({ hydrated: true, props: { required: true, maxFiles: 3, accept: '.pdf' } })
  expect(await field.warnings()).toEqual([])
  await field.add('a.pdf')
  await expect(field.rows).toHaveCount(1)
  expect(await field.warnings()).toEqual([])
})

test('without styles, texts have spaces between them', async ({ field }) => {
  await field.open({ unstyled: true, props: { required: true } })
  await field.add('a.pdf')
  const text = await field.root.evaluate((root) => root.textContent ?? '')
  expect(text).toContain('Documents (required)')
  expect(text).toMatch(/a\.pdf\s+240 KB, uploaded/)
  expect(text).toMatch(/Add files\s+or drop files here/)
})

test.describe('where fingers point', () => {
  test.use({ hasTouch: true, isMobile: true })
  test('nothing is said of dropping', async ({ field }) => {
    await field.open()
    await expect(field.root.locator('[data-part=drop-text]')).toBeHidden()
  })
})
