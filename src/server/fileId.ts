/**
 * Signed ids: an id is the file it stands for, and proof that this server granted it to this person for this question.
 * No database is needed. Reading never throws, and tells nothing of why an id is refused.
 *
 * Layout: version 1, number of the secret 2, time of issue 5, size 7, random of the key 16, then length and bytes of
 * prefix, bucket and type, then the name, then 32 bytes of HMAC-SHA-256 over all of it and {@link Who}; base64url.
 */
import { concat, fromBase64Url, fromHex, integerBytes, integerOf, textOf, toBase64Url, toHex, utf8 } from './bytes.js'
import type { Bytes } from './bytes.js'
import { type GrantedFile, type Who, whoText } from './grantedFile.js'
import { type Keyring, signatureBytes } from './keyring.js'
import { maxNameBytes, safeName } from './names.js'

/** Most characters of an id of ours. */
export const maxIdLength = 512

/** Bytes of the random part of a key. */
const randomBytes = 16
const version = 1
const fixedBytes = 1 + 2 + 5 + 7 + randomBytes
const maxPayloadBytes = Math.floor((maxIdLength * 3) / 4) - signatureBytes

/** Gives ids for granted files and reads them back. */
export interface FileIds {
  issue(file: GrantedFile, who: Who): Promise<string>
  /** The file behind an id of this person and question; null for everything else. */
  read(id: unknown, who: Who): Promise<GrantedFile | null>
}

/** A new key: the prefix and 128 random bits in hexadecimal, never anything of the file's name. */
export const newKey = (prefix: string): string =>
  prefix + toHex(globalThis.crypto.getRandomValues(new Uint8Array(randomBytes)))

const withLength = (bytes: Bytes): Bytes => concat(integerBytes(bytes.length, 1), bytes)

/** Ids of files in `bucket`, which is the one bucket they need not carry. */
export function createFileIds(keyring: Keyring, bucket: string): FileIds {
  const encode = (file: GrantedFile, number: number): Bytes => {
    const head = concat(
      integerBytes(version, 1),
      integerBytes(number, 2),
      integerBytes(file.issuedAt, 5),
      integerBytes(file.size, 7),
      fromHex(file.key.slice(-randomBytes * 2)),
      withLength(utf8(file.key.slice(0, -randomBytes * 2))),
      withLength(utf8(file.bucket === bucket ? '' : file.bucket)),
      withLength(utf8(file.type)),
    )
    // A long prefix and a long type leave less for the name: the id's length is the firm limit.
    return concat(head, utf8(safeName(file.name, Math.min(maxNameBytes, maxPayloadBytes - head.length))))
  }

  const decode = (payload: Bytes): GrantedFile | null => {
    let at = fixedBytes
    const next = () => {
      const length = payload[at] ?? 0
      const text = textOf(payload.slice(at + 1, at + 1 + length))
      at += 1 + length
      return text
    }
    const [prefix, ownBucket, type] = [next(), next(), next()]
    const name = textOf(payload.slice(at))
    if (at > payload.length || prefix === null || ownBucket === null || type === null || name === null) return null
    return {
      bucket: ownBucket === '' ? bucket : ownBucket,
      key: prefix + toHex(payload.slice(15, fixedBytes)),
      name,
      size: integerOf(payload.slice(8, 15)),
      type,
      issuedAt: integerOf(payload.slice(3, 8)),
    }
  }

  const message = (payload: Bytes, who: Who) => `${toBase64Url(payload)}\n${whoText(who)}`

  return {
    issue: async (file, who) => {
      const payload = encode(file, await keyring.signingNumber())
      return toBase64Url(concat(payload, await keyring.sign('id', message(payload, who))))
    },
    read: async (id, who) => {
      // The length comes first: nobody makes this server hash a megabyte.
      if (typeof id !== 'string' || id.length > maxIdLength) return null
      const bytes = fromBase64Url(id)
      if (bytes === null || bytes.length < fixedBytes + 3 + signatureBytes || bytes[0] !== version) return null
      const payload = bytes.slice(0, -signatureBytes)
      const number = integerOf(payload.slice(1, 3))
      const genuine = await keyring.verify('id', message(payload, who), bytes.slice(-signatureBytes), number)
      return genuine ? decode(payload) : null
    },
  }
}
