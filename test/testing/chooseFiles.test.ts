// @vitest-environment jsdom
import { afterEach, describe, expect, test } from 'vitest'
import { chooseFiles, dragFiles, dropFiles, makeFile, pasteFiles } from '../../src/testing.js'

const namesIn = (list: ArrayLike<File> | null | undefined) => Array.from(list ?? [], ({ name }) => name)

function page(html: string) {
  document.body.innerHTML = html
  const input = document.querySelector('input') as HTMLInputElement
  const heard: string[] = []
  for (const type of ['input', 'change', 'dragenter', 'dragover', 'drop', 'paste'])
    document.addEventListener(type, (event) => heard.push(event.type), { signal: ended.signal })
  return { input, heard, find: (selector: string) => document.querySelector(selector) as HTMLElement }
}
let ended = new AbortController()
afterEach(() => {
  ended.abort()
  ended = new AbortController()
})

describe('chooseFiles', () => {
  test.each(['input', 'label', '#group', 'button', 'label[for]'])(
    'finds the input from %s and fires input and change that bubble',
    (selector) => {
      const { input, heard, find } = page(
        '<div id=group><label>A<input type=file multiple id=f></label><label for=f>B</label><button>Add</button></div>',
      )
      chooseFiles(find(selector), [makeFile('a.pdf'), makeFile('b.pdf')])
      expect(namesIn(input.files)).toEqual(['a.pdf', 'b.pdf'])
      expect(input.files?.item(1)?.name).toBe('b.pdf')
      expect(heard).toEqual(['input', 'change'])
    },
  )

  test('an input without multiple gets one file', () => {
    const { input } = page('<input type=file>')
    chooseFiles(input, [makeFile('a.pdf'), makeFile('b.pdf')])
    expect(namesIn(input.files)).toEqual(['a.pdf'])
  })

  test.each(['<input type=file disabled>', '<fieldset disabled><input type=file></fieldset>'])(
    'nothing comes of it where the input is disabled: %s',
    (html) => {
      const { input, heard } = page(html)
      chooseFiles(input, makeFile('a.pdf'))
      expect([namesIn(input.files), heard]).toEqual([[], []])
    },
  )

  test('the page can empty the input and files can be chosen again', () => {
    const { input, heard } = page('<input type=file>')
    chooseFiles(input, makeFile('a.pdf'))
    input.value = ''
    expect(namesIn(input.files)).toEqual([])
    chooseFiles(input, makeFile('a.pdf'))
    expect(namesIn(input.files)).toEqual(['a.pdf'])
    expect(heard).toEqual(['input', 'change', 'input', 'change'])
  })

  test('says so when there is no file input', () => {
    const { find } = page('<p><input type=text></p>')
    expect(() => chooseFiles(find('p'), makeFile('a.pdf'))).toThrow('no <input type="file">')
  })
})

describe('dropFiles and pasteFiles', () => {
  test('drag in, over and drop with the files, and can be cancelled', () => {
    const { heard, find } = page('<div><p></p></div>')
    const dropped: unknown[] = []
    find('div').addEventListener('drop', (event) => {
      event.preventDefault()
      const { dataTransfer } = event as DragEvent
      dropped.push(dataTransfer?.types, namesIn(dataTransfer?.files), dataTransfer?.items[0]?.getAsFile()?.name)
    })
    dropFiles(find('p'), [makeFile('a.pdf'), makeFile('b.pdf')])
    expect(heard).toEqual(['dragenter', 'dragover', 'drop'])
    expect(dropped).toEqual([['Files'], ['a.pdf', 'b.pdf'], 'a.pdf'])
  })

  test('drag without a drop', () => {
    const { heard, find } = page('<p></p>')
    dragFiles(find('p'), makeFile('a.pdf'))
    expect(heard).toEqual(['dragenter', 'dragover'])
  })

  test('paste with the files', () => {
    const { find } = page('<p></p>')
    const pasted: string[] = []
    find('p').addEventListener('paste', (event) =>
      pasted.push(...namesIn((event as ClipboardEvent).clipboardData?.files)),
    )
    pasteFiles(find('p'), makeFile('shot.png'))
    expect(pasted).toEqual(['shot.png'])
  })
})

test('makeFile gives the type that the extension tells, and content of a size', () => {
  const file = makeFile('photo.jpg', 1234)
  expect([file.name, file.type, file.size]).toEqual(['photo.jpg', 'image/jpeg', 1234])
})
