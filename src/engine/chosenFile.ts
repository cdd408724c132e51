/** A browser's File as the answer knows it. */
import type { ChosenFile } from '../answer/entry.js'
import { contentTypeFor } from '../protocol/fileTypes.js'

/** Names are compared, shown and sent in NFC: macOS gives decomposed Korean. */
export function chosenFile(file: File, path: string | undefined = file.webkitRelativePath || undefined): ChosenFile {
  const name = file.name.normalize('NFC')
  return { file, name, size: file.size, type: contentTypeFor(name, file.type), ...(path === undefined ? {} : { path }) }
}
