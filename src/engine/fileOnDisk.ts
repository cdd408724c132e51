/**
 * What became of a chosen file since it was chosen. Browsers give a File with the size and date of that moment, refuse to
 * read one that is another by now, and tell neither of both when they send it: a request fails like a lost connection,
 * and one that has begun joins old and new bytes and succeeds.
 */
import type { ChosenFile } from '../answer/entry.js'

/** `gone`: not there, for now or for good; or a folder. `short`: says that it has bytes, and has none. */
export type OnDisk = 'there' | 'changed' | 'gone' | 'short'

const dates = new WeakMap<Blob, number>()
const suspects = new WeakSet<Blob>()

/** Remembers the date of a file as it is chosen. */
export function noteDate(file: File): void {
  if (!dates.has(file)) dates.set(file, file.lastModified)
}

/** Whether the file itself says that it is another than was promised. Some browsers tell of the disk as it is now. */
export const saysOtherwise = ({ file, size }: Pick<ChosenFile, 'file' | 'size'>): boolean =>
  file.size !== size || (dates.get(file) ?? file.lastModified) !== file.lastModified

/** Reads one byte, which costs the page a third of a millisecond. What is not there is looked at first from then on. */
export async function look(body: Blob): Promise<OnDisk> {
  const first = body.size === 0 ? body : body.slice(0, 1)
  if (typeof first.arrayBuffer !== 'function') return 'there'
  const found = await first.arrayBuffer().then(
    ({ byteLength }) => (byteLength === first.size ? 'there' : 'short'),
    (thrown: Partial<DOMException> | null) => (thrown?.name === 'NotFoundError' ? 'gone' : 'changed'),
  )
  if (found !== 'there') suspect(body)
  return found
}

/** It will not be again what it was. */
export const isChanged = (found: OnDisk): boolean => found === 'changed' || found === 'short'

/** The next look at it comes before anything is asked for it. */
export const suspect = (file: Blob): void => void suspects.add(file)

/** A folder that was taken for a file has no type, and a size that systems give to folders. */
const isLikeFolder = ({ file, size }: Pick<ChosenFile, 'file' | 'size'>): boolean => file.type === '' && size % 32 === 0

/** Whether to look before a grant is asked for. */
export const isDoubtful = (chosen: Pick<ChosenFile, 'file' | 'size'>): boolean =>
  suspects.has(chosen.file) || saysOtherwise(chosen) || isLikeFolder(chosen)

/** Why a doubtful file can't be sent, or null. */
export async function doubtOf(chosen: Pick<ChosenFile, 'file' | 'size'>): Promise<'folder' | 'unreadable' | null> {
  if (saysOtherwise(chosen)) return 'unreadable'
  const found = await look(chosen.file)
  if (found === 'there') return null
  return found === 'gone' && isLikeFolder(chosen) ? 'folder' : 'unreadable'
}
