/** Files that are dragged and pasted, with the browser's own events. */
import { dragFiles, dropFiles, pasteFiles } from 'file-answer-field/testing'
import { beforeEach, expect, test, vi } from 'vitest'
import { fileOf, mount, openPage, until } from './openPage.js'

/** What a browser would do with a drop that nobody took: replace the page. */
const replacesPage = (event: Event): boolean => !event.defaultPrevented

/** Dispatches a drag event with files at an element, and gives it back. */
function drag(type: 'dragenter' | 'dragover' | 'drop', target: EventTarget, files: readonly File[]): DragEvent {
  const dataTransfer = new DataTransfer()
  for (const file of files) dataTransfer.items.add(file)
  const event = new DragEvent(type, { bubbles: true, cancelable: true, composed: true, dataTransfer })
  target.dispatchEvent(event)
  return event
}

const addresses: string[] = []
beforeEach(() => {
  addresses.push(location.href)
})

test('a drop on the zone adds the files, in the order people expect', async () => {
  const field = await openPage()
  const drop = (type: 'dragover' | 'drop') =>
    drag(type, field.find('[data-part=dropzone]'), [fileOf('page 10.pdf'), fileOf('page 2.pdf')])
  expect(replacesPage(drop('dragover'))).toBe(false)
  expect(replacesPage(drop('drop'))).toBe(false)
  await vi.waitFor(() => expect(field.names()).toEqual(['page 2.pdf', 'page 10.pdf']))
})

test('the zone says that a drop adds, until the drag leaves', async () => {
  const field = await openPage({ accept: '.hwpx' })
  const zone = field.find('[data-part=dropzone]')
  // Systems know no type for it.
  dragFiles(zone, [new File(['bytes'], 'a.hwpx')])
  await vi.waitFor(() => expect(zone.dataset.drag).toBe('unknown'))
  expect(field.find('[data-part=drop-text]').textContent).toBe('Drop to add')
  zone.dispatchEvent(new DragEvent('dragleave', { bubbles: true }))
  await vi.waitFor(() => expect(zone.dataset.drag).toBe('none'))
})

test('files dropped beside the field do not replace the page, and are not added', async () => {
  const field = await openPage()
  await field.add('a.pdf')
  expect(replacesPage(drag('dragover', document.body, [fileOf('b.pdf')]))).toBe(false)
  expect(replacesPage(drag('drop', document.body, [fileOf('b.pdf')]))).toBe(false)
  await field.clock.advance(100)
  expect(field.names()).toEqual(['a.pdf'])
})

test.each([
  ['the list', '[data-part=list]'],
  ['a row', '[data-part=item]'],
  ['the label', 'label'],
])('files dropped on %s, within the field, are added', async (_, selector) => {
  const field = await openPage()
  await field.add('a.pdf')
  expect(replacesPage(drag('dragover', field.find(selector), [fileOf('b.pdf')]))).toBe(false)
  expect(replacesPage(drag('drop', field.find(selector), [fileOf('b.pdf')]))).toBe(false)
  await field.clock.advance(100)
  expect(field.names()).toEqual(['a.pdf', 'b.pdf'])
})

test.each([
  ['disabled', { disabled: true }],
  ['read only', { readOnly: true }],
])('a field that is %s takes no drop and lets the page stay', async (_, props) => {
  const field = await openPage(props)
  const target = field.all('[data-part=dropzone]')[0] ?? field.root
  expect(replacesPage(drag('dragover', target, [fileOf('a.pdf')]))).toBe(false)
  expect(replacesPage(drag('drop', target, [fileOf('a.pdf')]))).toBe(false)
  await field.clock.advance(100)
  expect(field.names()).toEqual([])
})

test('a field in a disabled fieldset takes no drop', async () => {
  const field = await openPage({ around: (node) => <fieldset disabled>{node}</fieldset> })
  expect(replacesPage(drag('drop', field.find('[data-part=dropzone]'), [fileOf('a.pdf')]))).toBe(false)
  await field.clock.advance(100)
  expect(field.names()).toEqual([])
})

test('a host’s own drop target beside the field keeps its files', async () => {
  await openPage()
  const host = mount(<div>Drop avatars here</div>)
  const taken: string[] = []
  host.addEventListener('dragover', (event) => event.preventDefault())
  host.addEventListener('drop', (event) => {
    event.preventDefault()
    taken.push(...[...(event.dataTransfer?.files ?? [])].map(({ name }) => name))
  })
  drag('drop', host, [fileOf('a.png')])
  expect(taken).toEqual(['a.png'])
})

test('text that is dragged over the page is the page’s matter', async () => {
  await openPage()
  const dataTransfer = new DataTransfer()
  dataTransfer.setData('text/plain', 'words')
  const event = new DragEvent('dragover', { bubbles: true, cancelable: true, dataTransfer })
  document.body.dispatchEvent(event)
  expect(event.defaultPrevented).toBe(false)
})

test('a field that has left the page guards it no longer', async () => {
  const host = mount(<div />)
  const event = drag('dragover', host, [fileOf('a.pdf')])
  expect(event.defaultPrevented).toBe(false)
})

test('files are pasted with the focus on any button of the field', async () => {
  const field = await openPage()
  await field.add('a.pdf')
  pasteFiles(field.remove('a.pdf'), [fileOf('b.png')])
  // What names pasted files comes with the first of them.
  await until(() => field.names().length === 2)
  expect(field.names()).toEqual(['a.pdf', 'b.png'])
})

test('pasted text stays text', async () => {
  const field = await openPage()
  const clipboardData = new DataTransfer()
  clipboardData.setData('text/plain', 'words')
  const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData })
  field.trigger().dispatchEvent(event)
  expect(event.defaultPrevented).toBe(false)
  expect(field.names()).toEqual([])
})

test('what the chooser does stays within the field', async () => {
  const seen: string[] = []
  const field = await openPage({ around: (node) => <form>{node}</form> })
  for (const type of ['change', 'input', 'cancel']) field.host.addEventListener(type, () => seen.push(type))
  await field.add('a.pdf')
  field.input().dispatchEvent(new Event('cancel', { bubbles: true }))
  expect(seen).toEqual([])
})

test('the same file can be chosen again after it was removed', async () => {
  const field = await openPage()
  await field.add('a.pdf')
  field.remove('a.pdf').click()
  await field.add('a.pdf')
  expect(field.names()).toEqual(['a.pdf'])
})

test('a full field still tells why a dropped file is not added', async () => {
  const field = await openPage({ maxFiles: 2 })
  await field.add('a.pdf', 'b.pdf')
  dragFiles(field.find('[data-part=dropzone]'), [fileOf('c.pdf')])
  await field.clock.advance(100)
  expect(field.find('[data-part=dropzone]').dataset.drag).toBe('none')
  dropFiles(field.find('[data-part=dropzone]'), [fileOf('c.pdf')])
  await vi.waitFor(() => expect(field.names()).toEqual(['a.pdf', 'b.pdf', 'c.pdf']))
  expect(field.meta('c.pdf')).toBe('Only 2 files can be attached. Remove one to add this.')
})

test('the page was never left', () => {
  expect(new Set(addresses).size).toBe(1)
})
