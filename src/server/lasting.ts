/**
 * Where a file is between its upload and the saved answer: an upload that nobody handed in yet, a draft's, an answer's.
 * By copy each has a prefix of its own, by tag the upload's key stays; either way a lifecycle rule clears the rest away.
 */
import { checkedPrefix } from './storage.js'

/** In order: a file only ever goes forward. */
export type Stage = 'upload' | 'draft' | 'answer'

export interface Lasting {
  readonly by: 'copy' | 'tag'
  readonly draft: string
  readonly answer: string
}

/** Checks the prefixes. @throws TypeError where one lies in another, since a key must tell its stage. */
export function lastingOf(by: 'copy' | 'tag', uploads: string, draft: string, answer: string): Lasting {
  if (by !== 'copy' && by !== 'tag') throw new TypeError('claimBy: "copy" or "tag".')
  checkedPrefix(draft, 'draftsPrefix')
  checkedPrefix(answer, 'claimedPrefix')
  const named = { draftsPrefix: draft, claimedPrefix: answer }
  for (const [name, prefix] of Object.entries(named)) {
    if (!prefix.endsWith('/')) throw new TypeError(`${name}: must end with "/".`)
    if (by === 'copy' && uploads.startsWith(prefix)) {
      throw new TypeError(`storage.prefix: lies in ${name} (${prefix}), where files count as handed in.`)
    }
  }
  if (draft.startsWith(answer) || answer.startsWith(draft)) {
    throw new TypeError('draftsPrefix and claimedPrefix: one lies in the other.')
  }
  return { by, draft, answer }
}

/** The stage that a key tells. By tag every key is an upload's: its tag has to be asked for. */
export function stageOf(key: string, { by, draft, answer }: Lasting): Stage {
  if (by === 'tag') return 'upload'
  return key.startsWith(answer) ? 'answer' : key.startsWith(draft) ? 'draft' : 'upload'
}

/** The key that the file of `key` has, or would have, at a stage. The same file always has the same ones. */
export function keyAt(stage: Stage, key: string, lasting: Lasting): string {
  const now = stageOf(key, lasting)
  const uploaded = now === 'upload' ? key : key.slice(lasting[now].length)
  return stage === 'upload' || lasting.by === 'tag' ? uploaded : lasting[stage] + uploaded
}

const order: readonly Stage[] = ['upload', 'draft', 'answer']

/** Whether a stage is behind another. */
export const isBefore = (one: Stage, other: Stage): boolean => order.indexOf(one) < order.indexOf(other)
