/** Says in the console, in development, what is likely wrong with a set-up: each thing once. Loaded in development alone. */
import type { Grant } from '../protocol/grant.js'
import { emptyChecksumAdvice } from '../protocol/storageAdvice.js'
import { hasEmptyChecksum } from './advice.js'
import type { Environment } from './environment.js'
import type { FileAnswerEvent } from './trace.js'
import { takeUpMs } from './valueExchange.js'

/** Where more is to be had than a page can find out by itself. */
const doctor = '`npx file-answer-field doctor` tries the bucket and says what mends it.'

export interface DeveloperNotes {
  /** The engine did something. */
  heard(event: FileAnswerEvent): void
  granted(grant: Grant): void
  /** What the host gave is no list of ids. */
  oddIds(): void
  /** The host was given ids; false once it took them up, or others came. */
  given(isIgnored: () => boolean): void
}

export function createDeveloperNotes({ warn, clock }: Pick<Environment, 'warn' | 'clock'>): DeveloperNotes {
  const said = new Set<string>()
  const silent = new Set<string>()
  let isWell = false
  function say(note: string): void {
    if (said.has(note)) return
    said.add(note)
    warn(note)
  }
  return {
    heard(event) {
      if (event.type === 'state' && event.to === 'failed' && event.failure?.hint !== undefined)
        say(`A file failed (${event.failure.code}). ${event.failure.hint}`)
      if (event.type !== 'send') return
      const { outcome } = event
      if (outcome === 'stored' || outcome === 'exists') isWell = true
      // A file's bytes met silence. One may have bad luck; two and no success at all are the set-up's fault.
      if (isWell || typeof outcome === 'string' || outcome.code !== 'network' || outcome.hint === undefined) return
      silent.add(event.file)
      if (silent.size === 2) say(`Two files could not be sent and none was stored yet. ${outcome.hint} ${doctor}`)
    },
    granted(grant) {
      if (grant.method === 'PUT' && hasEmptyChecksum(grant.url)) say(emptyChecksumAdvice)
    },
    oddIds: () =>
      say('`value` or `defaultValue` is no list of ids, each once: what is no id, or stands twice, is left out.'),
    given(isIgnored) {
      clock.after(takeUpMs, () => {
        if (isIgnored())
          say(
            '`value` is given, but a stored file’s id did not come back in it within a second of `onChange`: the form will be sent without it.',
          )
      })
    },
  }
}
