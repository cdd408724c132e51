/**
 * Choose, drop and paste files in a host's test: in jsdom, in Happy DOM and in real browsers, with nothing but the DOM.
 * What follows is for the test to await (`await screen.findByText(…)`).
 */
import { dispatch, fileEvent, fileList, realTransfer } from './fileEvents.js'

type Files = File | Iterable<File>

const listOf = (files: Files): readonly File[] => (Symbol.iterator in files ? Array.from(files) : [files])

const isFileInput = (node: unknown): node is HTMLInputElement =>
  node instanceof Element && node.matches('input[type=file]')

/** The file input that an element is, labels, or holds; else that of its nearest surroundings. */
function fileInputFor(target: Element): HTMLInputElement {
  if (isFileInput(target)) return target
  const labelled = (target as Partial<HTMLLabelElement>).control
  if (isFileInput(labelled)) return labelled
  for (let around: Element | null = target; around !== null; around = around.parentElement) {
    const input = around.querySelector<HTMLInputElement>('input[type=file]')
    if (input !== null) return input
  }
  throw new Error('chooseFiles: there is no <input type="file"> in or around the given element.')
}

/** Puts files into an input. The DOM's own FileList where there is one; emptied by `input.value = ''` like the real one. */
function putFiles(input: HTMLInputElement, files: readonly File[]): void {
  const real = realTransfer(files)
  if (real !== null) {
    try {
      input.files = real.files
      if (input.files?.length === files.length) return
    } catch {
      // A test DOM's setter takes its own FileList alone.
    }
  }
  Object.defineProperty(input, 'files', { configurable: true, value: fileList(files) })
  Object.defineProperty(input, 'value', {
    configurable: true,
    get: () => (files[0] === undefined ? '' : `C:\\fakepath\\${files[0].name}`),
    set: (value: string) => {
      if (value !== '') throw new DOMException('A file input can only be emptied.', 'InvalidStateError')
      Reflect.deleteProperty(input, 'files')
      Reflect.deleteProperty(input, 'value')
    },
  })
}

/**
 * Chooses files as in the browser's dialog. `target`: the file input, its label, the field's group or its button.
 * Like the dialog it ignores `accept` ("all files"), gives one file alone to an input without `multiple`, and does
 * nothing where the input is disabled.
 */
export function chooseFiles(target: Element, files: Files): void {
  const input = fileInputFor(target)
  const chosen = listOf(files).slice(0, input.multiple ? undefined : 1)
  if (chosen.length === 0 || input.matches(':disabled')) return
  putFiles(input, chosen)
  dispatch(input, new Event('input', { bubbles: true, composed: true }), new Event('change', { bubbles: true }))
}

/** Drags files over an element and drops them there: `dragenter`, `dragover`, `drop`. */
export function dropFiles(target: Element, files: Files): void {
  dragFiles(target, files)
  dispatch(target, fileEvent('drop', 'dataTransfer', listOf(files)))
}

/** Drags files over an element without dropping them; `dragleave` ends it: `target.dispatchEvent(new Event('dragleave', { bubbles: true }))`. */
export function dragFiles(target: Element, files: Files): void {
  const list = listOf(files)
  dispatch(target, fileEvent('dragenter', 'dataTransfer', list), fileEvent('dragover', 'dataTransfer', list))
}

/** Pastes files from the clipboard into an element. */
export function pasteFiles(target: Element, files: Files): void {
  dispatch(target, fileEvent('paste', 'clipboardData', listOf(files)))
}
