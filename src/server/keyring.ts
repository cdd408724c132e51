/**
 * The host's secrets as HMAC-SHA-256 keys: the first signs, all verify. Each signature is made for a purpose,
 * so that what was signed as an id is never taken for anything else.
 */
import { type Bytes, integerOf, utf8 } from './bytes.js'

/** What a signature is for. */
export type Purpose = 'id' | 'upload'

/** Length of every signature, in bytes. */
export const signatureBytes = 32

export interface Keyring {
  /** Number of the secret that signs, 0…65535. It follows from the secret, so that rotating changes no number. */
  signingNumber(): Promise<number>
  sign(purpose: Purpose, message: string): Promise<Bytes>
  /** Whether one of the secrets (with this number, where one is given) made the signature. In constant time. */
  verify(purpose: Purpose, message: string, signature: Bytes, number?: number): Promise<boolean>
}

const leastBytes = 32

/**
 * The secret of `signTestIds`, for `createUploads` in tests. It is no secret: `createUploads` takes it only with an
 * `endpoint` on the machine itself.
 */
export const testSecret = 'file-answer-field: known to everybody, for tests alone'

const messageBytes = (purpose: Purpose, message: string): Bytes => utf8(`file-answer-field/${purpose}/1\n${message}`)

async function importSecret(secret: string): Promise<{ key: CryptoKey; number: number }> {
  const { subtle } = globalThis.crypto
  const key = await subtle.importKey('raw', utf8(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
  const mark = new Uint8Array(await subtle.sign('HMAC', key, utf8('file-answer-field/number/1')))
  return { key, number: integerOf(mark.slice(0, 2)) }
}

/**
 * A keyring of one secret, or of several after a rotation (the newest first).
 * @throws TypeError where there is none, or one has fewer than 32 bytes.
 */
export function createKeyring(secret: string | readonly string[]): Keyring {
  const secrets = typeof secret === 'string' ? [secret] : [...(secret ?? [])]
  if (secrets.length === 0 || secrets.some((each) => typeof each !== 'string' || utf8(each).length < leastBytes)) {
    throw new TypeError(
      `secret: give at least one, each of ${leastBytes} bytes or more, such as \`openssl rand -base64 32\` prints.`,
    )
  }
  let imported: ReturnType<typeof importAll> | undefined
  const importAll = async () => {
    const [first, ...others] = await Promise.all(secrets.map(importSecret))
    if (first === undefined) throw new TypeError('secret: give at least one.')
    return { first, all: [first, ...others] }
  }
  const keys = () => (imported ??= importAll())
  return {
    signingNumber: async () => (await keys()).first.number,
    sign: async (purpose, message) => {
      const { first } = await keys()
      return new Uint8Array(await globalThis.crypto.subtle.sign('HMAC', first.key, messageBytes(purpose, message)))
    },
    verify: async (purpose, message, signature, number) => {
      const { all } = await keys()
      const bytes = messageBytes(purpose, message)
      for (const { key, number: own } of all) {
        if (number !== undefined && number !== own) continue
        if (await globalThis.crypto.subtle.verify('HMAC', key, signature, bytes)) return true
      }
      return false
    },
  }
}
