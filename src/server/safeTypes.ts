/** Content types as the server trusts them: one for what is stored, another for what a browser is given. */
import { contentTypeFor, knownTypes } from '../protocol/index.js'

/** Most characters of a signed type; a longer one leaves no room in an id. */
const maxTypeLength = 100

/**
 * The type that is signed and stored. Where the table knows the name's extension, a type it does not list there is
 * replaced by its own (`page.html` sent as `image/png` is stored as HTML, and judged as that).
 */
export function signedType(name: string, claimed: string): string {
  const type = contentTypeFor(name, claimed)
  const known = knownTypes(name)
  const fitting = known.length === 0 || known.includes(type) ? type : (known[0] ?? type)
  return fitting.length <= maxTypeLength ? fitting : 'application/octet-stream'
}

const active =
  /^(text\/(html|xml|xsl|javascript|ecmascript|css|.*\+xml)|application\/(xhtml\+xml|xml|javascript|ecmascript|x-javascript|x-shockwave-flash|.*\+xml)|image\/svg.*|multipart\/.*|message\/.*)$/i

/** Whether a browser runs a document of this type, or fetches what it names. */
export const isActiveType = (type: string): boolean => active.test(type.trim())

/** The type to download with: itself, or plain bytes where a browser would run it. */
export const downloadType = (type: string): string => (isActiveType(type) ? 'application/octet-stream' : type)
