/** Files for tests and stories, made in a line. */
import { contentTypeFor } from '../protocol/fileTypes.js'

/**
 * A `File` with a name and some content: text, or so many bytes of zeros. Its type is what the extension tells
 * (`photo.jpg` is `image/jpeg`), unless one is given.
 */
export function makeFile(
  name: string,
  content: string | number = 'content',
  type: string = contentTypeFor(name, ''),
): File {
  return new File([typeof content === 'number' ? new Uint8Array(content) : content], name, { type, lastModified: 0 })
}
