/** Bytes and their URL-safe spelling. Decoding is strict: of the strings that mean the same bytes only one is read. */

export type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()

/** UTF-8 bytes of a string; lone surrogates become U+FFFD. */
export const utf8 = (text: string): Bytes => encoder.encode(text) as Bytes

/** UTF-8 text of bytes; null where they are not well-formed. */
export function textOf(bytes: Bytes): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Base64url without padding ({@link https://www.rfc-editor.org/rfc/rfc4648#section-5 RFC 4648 §5}). */
export function toBase64Url(bytes: Bytes): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** The bytes of a base64url string; null where it is none, or not the one canonical spelling of its bytes. */
export function fromBase64Url(text: string): Bytes | null {
  if (!/^[\w-]*$/.test(text)) return null
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    // The last character may hold idle bits: up to sixteen strings decode to the same bytes, one encodes back.
    return toBase64Url(bytes) === text ? bytes : null
  } catch {
    return null
  }
}

/** Lower-case hexadecimal. */
export const toHex = (bytes: Bytes): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Bytes of a lower-case hexadecimal string of even length. */
export const fromHex = (text: string): Bytes =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

/** Bytes one after another. */
export function concat(...pieces: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/** A whole number as `width` bytes, most significant first; up to 2^53 − 1. */
export function integerBytes(value: number, width: number): Bytes {
  const bytes = new Uint8Array(width)
  for (let at = width - 1, rest = value; at >= 0; at--, rest = Math.floor(rest / 256)) bytes[at] = rest % 256
  return bytes
}

/** The whole number that {@link integerBytes} wrote. */
export const integerOf = (bytes: Bytes): number => bytes.reduce((value, byte) => value * 256 + byte, 0)
