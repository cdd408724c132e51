/** Says in the console, in development, what is likely wrong with a set-up: each thing once. */
import type { Failure } from '../protocol/failure.js'
import type { Environment } from './environment.js'

/** Where more is to be had than a page can find out by itself. */
const doctor = '`npx file-answer-field doctor` tries the bucket and says what mends it.'

export interface DeveloperNotes {
  say(note: string): void
  /** A file's bytes met silence. One may have bad luck; two and no success at all are the set-up's fault. */
  silence(key: string, failed: Failure): void
  /** Storage took a file: silence before it was no matter of the set-up. */
  well(): void
}

export function createDeveloperNotes(environment: Pick<Environment, 'isProduction' | 'warn'>): DeveloperNotes {
  const said = new Set<string>()
  const silent = new Set<string>()
  let isWell = false
  function say(note: string): void {
    if (environment.isProduction || said.has(note)) return
    said.add(note)
    environment.warn(note)
  }
  return {
    say,
    silence(key, { code, hint }) {
      if (code !== 'network' || hint === undefined || isWell) return
      silent.add(key)
      if (silent.size === 2) say(`Two files could not be sent and none was stored yet. ${hint} ${doctor}`)
    },
    well() {
      isWell = true
    },
  }
}
