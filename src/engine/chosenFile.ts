/** A browser's File as the answer knows it. */
import type { ChosenFile } from '../answer/entry.js'
import { contentTypeFor } from '../protocol/fileTypes.js'
import { noteDate } from './fileOnDisk.js'

/** Names are compared, shown and sent in NFC: macOS gives decomposed Korean. */
export function chosenFile(file: File, path: string | undefined = file.webkitRelativePath || undefined): ChosenFile {
  noteDate(file)
  const name = file.name.normalize('NFC')
  return { file, name, size: file.size, type: contentTypeFor(name, file.type), ...(path === undefined ? {} : { path }) }
}

/** What systems and programs leave beside people's files: a folder's view, thumbnails, resource forks, locks of open documents. */
const isOfTheSystem = ({ name }: File): boolean => /^(\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|~\$.*)$/i.test(name)

/** Leaves out what nobody meant to hand in, unless there is nothing else. */
export function meantFiles(files: readonly File[]): readonly File[] {
  const meant = files.filter((file) => !isOfTheSystem(file))
  return meant.length === 0 ? files : meant
}
