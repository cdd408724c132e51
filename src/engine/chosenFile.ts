/** A browser's File as the answer knows it. */
import type { ChosenFile } from '../answer/entry.js'
import { contentTypeFor } from '../protocol/fileTypes.js'
import { stated } from '../protocol/stated.js'
import { noteDate } from './fileOnDisk.js'

/** A file with the path that it has in a folder: a browser tells it of a chosen folder, not of a dropped one. */
export interface FileInFolder {
  readonly file: File
  /** From the folder's own name on: `holiday/day 1/a.jpg`. */
  readonly path: string
}

/** Names are compared, shown and sent in NFC: macOS gives decomposed Korean. */
export function chosenFile(file: File, path: string | undefined = file.webkitRelativePath || undefined): ChosenFile {
  noteDate(file)
  const name = file.name.normalize('NFC')
  return stated({ file, name, size: file.size, type: contentTypeFor(name, file.type), path })
}

/** What was given to be added; what nobody meant to hand in is left out. */
export const chosenFiles = (given: Iterable<File | FileInFolder>): readonly ChosenFile[] =>
  meantFiles(
    Array.from(given, (one) => ('path' in one ? chosenFile(one.file, one.path.normalize('NFC')) : chosenFile(one))),
  )

/** What systems and programs leave beside people's files: a folder's view, thumbnails, resource forks, locks of open documents. */
const isOfTheSystem = ({ name }: ChosenFile): boolean =>
  /^(\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|~\$.*)$/i.test(name)

/** Leaves out what nobody meant to hand in, unless there is nothing else. */
function meantFiles(files: readonly ChosenFile[]): readonly ChosenFile[] {
  const meant = files.filter((file) => !isOfTheSystem(file))
  return meant.length === 0 ? files : meant
}
