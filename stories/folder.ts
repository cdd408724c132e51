/** A folder as a browser gives it to a drop: an item of kind `file` whose entry is a directory. */
export function dispatchFolder(target: Element, name: string): void {
  const folder = new File([], name)
  const transfer = {
    types: ['Files'],
    files: [folder],
    items: [
      {
        kind: 'file',
        type: '',
        getAsFile: () => folder,
        webkitGetAsEntry: () => ({ isDirectory: true, isFile: false }),
      },
    ],
  }
  for (const type of ['dragenter', 'dragover', 'drop']) {
    const event = new Event(type, { bubbles: true, cancelable: true })
    Object.defineProperty(event, 'dataTransfer', { value: transfer })
    target.dispatchEvent(event)
  }
}
