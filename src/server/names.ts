/**
 * Names of files made safe: kept as people know them (NFC, every script, spaces), freed of what hurts a page, a header
 * or a file system. A name is only ever shown and offered for the download; it never becomes part of a key.
 */
import { utf8 } from './bytes.js'

/** Most UTF-8 bytes of a kept name; with the 75 left, file systems that stop at 255 can still add ` (1)`. */
export const maxNameBytes = 180

// Controls, line and paragraph separators; marks that turn the reading direction (`gpj.exe` shown as `exe.jpg`);
// characters without width, but not the joiners that emoji and Persian need.
const unseen = /[\p{Cc}\u2028\u2029\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu
const slashes = /[/\\]/gu
const device = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/iu

const byteLength = (text: string): number => utf8(text).length

function take(pieces: Iterable<string>, bytes: number): string {
  let kept = ''
  let length = 0
  for (const piece of pieces) {
    length += byteLength(piece)
    if (length > bytes) break
    kept += piece
  }
  return kept
}

const graphemes = function* (text: string) {
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)) yield segment
}

// One letter under a hundred accents is a single grapheme, and longer than any name may be.
const cutTo = (text: string, bytes: number): string =>
  byteLength(text) <= bytes ? text : take(graphemes(text), bytes) || take(text, bytes)

/** An extension this long is no extension but a sentence with a dot in it. */
const maxExtensionBytes = 20

/**
 * The name as it is kept: well-formed, NFC, at most `maxBytes` UTF-8 bytes cut on a grapheme with the extension kept.
 * Controls, direction marks and slashes become `_`; dots and spaces at the end go, since
 * Windows drops them; a device's name gets a `_` in front. Applied twice it changes nothing. Never empty: `file`.
 */
export function safeName(name: string, maxBytes = maxNameBytes): string {
  const clean = name
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .normalize('NFC')
    .replace(unseen, '_')
    .replace(slashes, '_')
    .replace(/^\s+/u, '')
    .replace(/[\s.]+$/u, '')
  const tame = device.test(clean) ? `_${clean}` : clean
  const dot = tame.lastIndexOf('.')
  const extension = dot > 0 ? tame.slice(dot) : ''
  const cut =
    extension !== '' && byteLength(extension) <= maxExtensionBytes
      ? `${cutTo(tame.slice(0, dot), maxBytes - byteLength(extension))}${extension}`
      : cutTo(tame, maxBytes).replace(/[\s.]+$/u, '')
  return cut === '' ? 'file' : cut
}

// RFC 8187's attr-char; everything else is percent-encoded.
const extendedValue = (text: string): string =>
  Array.from(utf8(text), (byte) => {
    const character = String.fromCharCode(byte)
    return /[\w!#$&+.^`|~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')

/**
 * A Content-Disposition of printable ASCII for any string: an ASCII `filename`, and where that is not the whole name
 * `filename*` ({@link https://www.rfc-editor.org/rfc/rfc6266 RFC 6266}, {@link https://www.rfc-editor.org/rfc/rfc8187 RFC 8187}).
 */
export function contentDisposition(name: string, kind: 'attachment' | 'inline' = 'attachment'): string {
  const safe = safeName(name)
  // Some browsers decode `%41` and take `\` and `;` by their own rules: such names go by filename* alone.
  const fallback = safe.replace(/[^\w !#$&'()+,.=@[\]^`{}~-]/gu, '_')
  const plain = `${kind}; filename="${fallback}"`
  return fallback === safe ? plain : `${plain}; filename*=UTF-8''${extendedValue(safe)}`
}
