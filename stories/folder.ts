/** Folders as a browser gives them to a drop: items of kind `file` whose entry is a directory. */

/** What lies in a folder: files, and folders with what lies in them. */
export interface Folder {
  readonly name: string
  readonly inside: readonly (File | Folder)[]
}

const isFolder = (one: File | Folder): one is Folder => 'inside' in one

/** Chromium gives this many entries at a time. */
const batch = 100

type Entry = Pick<FileSystemEntry, 'name' | 'fullPath' | 'isFile' | 'isDirectory'>

function entryOf(one: File | Folder, parent: string): Entry {
  const { name } = one
  const fullPath = `${parent}/${name}`
  const entry = { name, fullPath, isFile: !isFolder(one), isDirectory: isFolder(one) }
  if (!isFolder(one)) return Object.assign(entry, { file: (give: (file: File) => void) => give(one) })
  const createReader = () => {
    const rest = one.inside.map((each) => entryOf(each, fullPath))
    return { readEntries: (give: (entries: Entry[]) => void) => give(rest.splice(0, batch)) }
  }
  return Object.assign(entry, { createReader })
}

/** What a drop of files and folders carries. */
export function carrying(...given: readonly (File | Folder)[]): object {
  const files = given.map((one) => (isFolder(one) ? new File([], one.name) : one))
  const items = given.map((one, index) => ({
    kind: 'file',
    type: isFolder(one) ? '' : one.type,
    getAsFile: () => files[index],
    webkitGetAsEntry: () => entryOf(one, ''),
  }))
  return { types: ['Files'], files, items, dropEffect: 'none' }
}

/** Drags files and folders over an element and drops them there. */
export function dispatchFolder(target: Element, ...given: readonly (File | Folder)[]): void {
  const dataTransfer = carrying(...given)
  for (const type of ['dragenter', 'dragover', 'drop']) {
    const event = new Event(type, { bubbles: true, cancelable: true, composed: true })
    Object.defineProperty(event, 'dataTransfer', { value: dataTransfer })
    target.dispatchEvent(event)
  }
}
