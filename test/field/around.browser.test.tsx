/** The page around the field, in a real browser: shadow roots, dialogs, portals, fields side by side, folders of the disk. */
import { FileAnswerField, type FileAnswerFieldProps } from 'file-answer-field'
import styles from 'file-answer-field/styles.css?inline'
import { createMemoryBackend, dragFiles, dropFiles, makeFile } from 'file-answer-field/testing'
import { type ReactElement, useState } from 'react'
import { createPortal } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { expect, onTestFinished, test, vi } from 'vitest'
import { cdp, server, userEvent } from 'vitest/browser'
import { mount } from './openPage.js'

const aField = (props: Record<string, unknown> = {}) => (
  <FileAnswerField
    {...({ label: 'Documents', name: 'documents', backend: createMemoryBackend(), ...props } as FileAnswerFieldProps)}
  />
)

/** What a person finds within a tree of nodes. */
function inside(tree: ParentNode) {
  const find = (selector: string) => {
    const found = tree.querySelector<HTMLElement>(selector)
    if (found === null) throw new Error(`There is no ${selector}.`)
    return found
  }
  const names = () => [...tree.querySelectorAll('[data-part=name]')].map(({ textContent }) => textContent)
  return {
    find,
    names,
    trigger: () => find('[data-part=trigger]'),
    removeOf: (name: string) => {
      const row = [...tree.querySelectorAll('[data-part=item]')][names().indexOf(name)]
      return row?.querySelector<HTMLButtonElement>('[data-faf-remove]') as HTMLButtonElement
    },
    see: (...expected: string[]) => vi.waitFor(() => expect(names()).toEqual(expected)),
  }
}

/** A field in an open shadow root. */
async function inShadow(element: ReactElement) {
  const host = document.createElement('div')
  document.body.append(host)
  const shadow = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(styles)
  shadow.adoptedStyleSheets = [sheet]
  const root = createRoot(shadow)
  root.render(element)
  onTestFinished(() => {
    root.unmount()
    host.remove()
  })
  await vi.waitFor(() => expect(shadow.querySelector('[data-part=trigger]')).not.toBeNull())
  return { shadow, ...inside(shadow) }
}

test('in a shadow root a drag wakes the zone, a drop is taken, and the guard of the page lets it in', async () => {
  const field = await inShadow(aField())
  dragFiles(field.trigger(), [makeFile('a.pdf')])
  await vi.waitFor(() => expect(field.find('[data-part=dropzone]').dataset.drag).toBe('accept'))
  dragFiles(document.body, [makeFile('a.pdf')])
  await vi.waitFor(() => expect(field.find('[data-part=dropzone]').dataset.drag).toBe('none'))
  dropFiles(field.find('[data-part=dropzone]'), [makeFile('a.pdf')])
  await field.see('a.pdf')
})

test('in a shadow root the form around takes a drop where that is wanted', async () => {
  const field = await inShadow(
    <form>
      <input name="name" />
      {aField({ dropArea: 'form' })}
    </form>,
  )
  dropFiles(field.find('[name=name]'), [makeFile('a.pdf')])
  await field.see('a.pdf')
})

test('in a shadow root the focus goes on to the next row, and to the button after the last', async () => {
  const field = await inShadow(aField())
  dropFiles(field.trigger(), [makeFile('a.pdf'), makeFile('b.pdf')])
  await field.see('a.pdf', 'b.pdf')
  field.removeOf('a.pdf').focus()
  await userEvent.keyboard('{Enter}')
  await field.see('b.pdf')
  expect(field.shadow.activeElement).toBe(field.removeOf('b.pdf'))
  await userEvent.keyboard('{Enter}')
  await field.see()
  expect(field.shadow.activeElement).toBe(field.trigger())
})

test('in a shadow root a row that is moved keeps the focus', async () => {
  const field = await inShadow(aField({ sortable: true }))
  dropFiles(field.trigger(), [makeFile('a.pdf'), makeFile('b.pdf')])
  await vi.waitFor(() => expect(field.shadow.querySelectorAll('[id$="-down"]')).toHaveLength(2), 5_000)
  const down = field.find('[id$="-down"]')
  down.focus()
  await userEvent.keyboard('{Enter}')
  await field.see('b.pdf', 'a.pdf')
  await vi.waitFor(() => expect(field.shadow.activeElement).toBe(down))
  await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}')
  await field.see('a.pdf', 'b.pdf')
  await vi.waitFor(() => expect(field.shadow.activeElement).toBe(down))
})

test('in a shadow root a label opens the chooser once, and words are put into the live region', async () => {
  const field = await inShadow(aField())
  const opened = vi.spyOn(field.find('input[type=file]'), 'click').mockImplementation(() => {})
  field.find('label').click()
  expect(opened).toHaveBeenCalledTimes(1)
  dropFiles(field.trigger(), [makeFile('a.pdf')])
  await vi.waitFor(() => expect(field.find('[data-part=announcer]').textContent).toContain('a.pdf'), 5_000)
})

test('in a dialog nothing of the chooser closes it, the focus stays inside, and Escape still closes', async () => {
  const closes: string[] = []
  const host = mount(
    <dialog onCancel={() => closes.push('cancel')} onClose={() => closes.push('close')}>
      {aField()}
    </dialog>,
  )
  const dialog = host.querySelector('dialog') as HTMLDialogElement
  dialog.showModal()
  const field = inside(dialog)
  field.find('input[type=file]').dispatchEvent(new Event('cancel', { bubbles: true }))
  dropFiles(field.trigger(), [makeFile('a.pdf')])
  await field.see('a.pdf')
  expect(dialog.open).toBe(true)
  field.removeOf('a.pdf').focus()
  await userEvent.keyboard('{Enter}')
  await field.see()
  expect(document.activeElement).toBe(field.trigger())
  expect(closes).toEqual([])
  await userEvent.keyboard('{Escape}')
  await vi.waitFor(() => expect(dialog.open).toBe(false))
})

test('in a portal it belongs to the form that it names: ids, drops and reset', async () => {
  const host = mount(
    <form id="application">
      <input name="person" />
      {createPortal(aField({ form: 'application', dropArea: 'form' }), document.body)}
    </form>,
  )
  const form = host.querySelector('form') as HTMLFormElement
  const field = inside(document)
  dropFiles(form, [makeFile('a.pdf')])
  dropFiles(field.trigger(), [makeFile('b.pdf')])
  await field.see('a.pdf', 'b.pdf')
  await vi.waitFor(() => expect(new FormData(form).getAll('documents')).toHaveLength(2), 5_000)
  form.reset()
  await field.see()
})

test('side by side with one label, each keeps its own files, and no two elements share an id', async () => {
  const host = mount(['one', 'two', 'three'].map((name) => <div key={name}>{aField({ name, dropArea: 'form' })}</div>))
  const fields = [...host.children].map(inside)
  dropFiles(fields[1]?.trigger() as HTMLElement, [makeFile('second.pdf')])
  dropFiles(fields[2]?.find('label') as HTMLElement, [makeFile('third.pdf')])
  await fields[2]?.see('third.pdf')
  expect(fields.map(({ names }) => names())).toEqual([[], ['second.pdf'], ['third.pdf']])
  const ids = [...host.querySelectorAll('[id]')].map(({ id }) => id)
  expect(ids.length).toBeGreaterThan(10)
  expect(new Set(ids).size).toBe(ids.length)
})

test('a row that leaves while a drag is over it leaves no highlight behind', async () => {
  const field = inside(mount(aField({ accept: '.pdf' })))
  dropFiles(field.trigger(), [makeFile('a.exe')])
  await field.see('a.exe')
  dragFiles(field.find('[data-part=item]'), [makeFile('b.pdf')])
  await vi.waitFor(() => expect(field.find('[data-part=dropzone]').dataset.drag).toBe('accept'))
  field.removeOf('a.exe').click()
  await field.see()
  dragFiles(document.body, [makeFile('b.pdf')])
  await vi.waitFor(() => expect(field.find('[data-part=dropzone]').dataset.drag).toBe('none'))
})

test("a host's page that refuses all drops to keep itself does not refuse the field's", async () => {
  const refuse = (event: { preventDefault(): void }) => event.preventDefault()
  const field = inside(
    mount(
      <div onDragOver={refuse} onDrop={refuse}>
        {aField()}
      </div>,
    ),
  )
  dropFiles(field.trigger(), [makeFile('a.pdf')])
  await field.see('a.pdf')
})

/** Drags files of the disk over an element with a real pointer and drops them. */
async function dragFromDisk(target: Element, ...files: string[]): Promise<void> {
  const devtools = cdp() as unknown as { send(method: string, params: object): Promise<unknown> }
  const frame = window.frameElement?.getBoundingClientRect()
  const scale = (frame?.width ?? window.innerWidth) / window.innerWidth
  const box = target.getBoundingClientRect()
  const x = (frame?.left ?? 0) + (box.left + 8) * scale
  const y = (frame?.top ?? 0) + (box.top + 8) * scale
  for (const type of ['dragEnter', 'dragOver', 'drop'])
    await devtools.send('Input.dispatchDragEvent', { type, x, y, data: { items: [], files, dragOperationsMask: 1 } })
}

const ofFolder = Object.keys(import.meta.glob('../../src/{locales,answer}/*.ts', { query: '?url' }))

test('a folder of the disk is walked, and every file is told with its place in it', async () => {
  const paths: (string | undefined)[] = []
  const memory = createMemoryBackend()
  const backend = {
    ...memory,
    requestUploads: (...call: Parameters<typeof memory.requestUploads>) => {
      paths.push(...call[0].map(({ path }) => path))
      return memory.requestUploads(...call)
    },
  }
  const field = inside(mount(aField({ folders: true, backend })))
  const { root } = server.config
  await dragFromDisk(field.find('[data-part=dropzone]'), `${root}/src/locales`, `${root}/package.json`)
  const inLocales = ofFolder
    .filter((path) => path.includes('/locales/'))
    .map((path) => path.replace(/^.*\/locales\//, ''))
  await vi.waitFor(() => expect(field.names().toSorted()).toEqual([...inLocales, 'package.json'].toSorted()), 5_000)
  await vi.waitFor(() => expect(paths).toHaveLength(inLocales.length + 1), 5_000)
  expect(paths.toSorted()).toEqual([...inLocales.map((name) => `locales/${name}`), undefined].toSorted())
})

test('without that option the folder alone is refused', async () => {
  const field = inside(mount(aField()))
  const { root } = server.config
  await dragFromDisk(field.find('[data-part=dropzone]'), `${root}/src/locales`, `${root}/package.json`)
  await field.see('locales', 'package.json')
  expect(field.find('[data-part=item]').dataset.reason).toBe('folder')
})

test('the choice of an accepted type may change with the very press that opens the chooser', async () => {
  function Host() {
    const [accept, setAccept] = useState('.pdf')
    return (
      <div onClickCapture={() => setAccept('.txt')} role="presentation">
        {aField({ accept })}
      </div>
    )
  }
  const field = inside(mount(<Host />))
  const input = field.find('input[type=file]') as HTMLInputElement
  const opened = vi.spyOn(input, 'click').mockImplementation(() => {})
  field.trigger().click()
  expect(opened).toHaveBeenCalledTimes(1)
  await vi.waitFor(() => expect(input.accept).toBe('.txt,text/plain'))
})
