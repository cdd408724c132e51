/** The secret that signs ids: made once and kept, so that ids outlive a restart. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export function secretIn(directory: string): string {
  const path = join(directory, 'secret')
  try {
    return readFileSync(path, 'utf8')
  } catch {
    mkdirSync(directory, { recursive: true })
    const secret = randomBytes(32).toString('base64url')
    writeFileSync(path, secret, { mode: 0o600 })
    return secret
  }
}
