/** What a drop or a paste holds. To be read within its event: a browser empties it afterwards. */
import type { FileInFolder } from '../engine/chosenFile.js'

/** A folder as an entry that can be opened, and as the file that a browser passes it off as. */
export interface TransferredFolder {
  readonly file: File
  readonly entry: FileSystemDirectoryEntry
}

/** Files and folders of a drop or a paste. A browser gives folders as files too, which can't be read. */
export function transferred({ items, files: listed }: DataTransfer): {
  readonly files: readonly File[]
  readonly folders: readonly TransferredFolder[]
} {
  const given = [...(items ?? [])].filter(({ kind }) => kind === 'file')
  if (given.length === 0) return { files: [...listed], folders: [] }
  const files: File[] = []
  const folders: TransferredFolder[] = []
  for (const item of given) {
    const file = item.getAsFile()
    const entry = item.webkitGetAsEntry?.() ?? null
    // A browser may have a name for a folder, but no file.
    if (isFolder(entry)) folders.push({ file: file ?? new File([], entry.name), entry })
    else if (file !== null) files.push(file)
  }
  return { files, folders }
}

export const isFolder = (entry: FileSystemEntry | null): entry is FileSystemDirectoryEntry =>
  entry?.isDirectory === true

/** Files of a drop or a folder come in the order of the system's whim; people expect 2 before 10. */
export function inNaturalOrder<Added extends File | FileInFolder>(files: readonly Added[]): Added[] {
  const { compare } = new Intl.Collator(undefined, { numeric: true })
  const placeOf = (added: Added) => ('path' in added ? added.path : added.webkitRelativePath || added.name)
  return [...files].sort((a, b) => compare(placeOf(a), placeOf(b)))
}
