/** Puts what happened into the sentences that are said. Pure: no clock, no DOM. */
import type { Rules } from '../answer/admission.js'
import type { Answer } from '../answer/answer.js'
import type { Entry } from '../answer/entry.js'
import { hasPending, summaryOf } from '../answer/selectors.js'
import type { News } from '../engine/news.js'
import { ordinalsOf } from './EntryList.js'
import type { MessageKey, Messages, Slots } from './messages.js'
import { counterText, entryName, reasonText, rowText, say } from './words.js'

/** News of the answer, or a text of the field itself; of one `kind` the newest alone is said. */
export type Happening = News | { readonly type: 'text'; readonly text: string; readonly kind?: string | undefined }

/** A file's name as it is said. Equal names are told apart as in the list; one that is not in the answer needs no place. */
export const saidName = (entry: Entry, answer: Answer, messages: Messages): string =>
  entryName(entry, messages) + (entry.state === 'rejected' ? '' : (ordinalsOf(answer, messages).get(entry.key) ?? ''))

/**
 * What happened, in the order in which a listener follows it: what came in and what did not, what was done with files,
 * what became of them. `batch`: keys of the files that came or went on since nothing
 * was pending; once nothing is again, they are told as one. Empty: nothing to say.
 */
export function announcement(
  happenings: readonly Happening[],
  o: {
    readonly answer: Answer
    readonly messages: Messages
    readonly rules: Rules
    readonly batch: ReadonlySet<string>
  },
): string {
  const { answer, messages, rules, batch } = o
  const said: string[] = []
  const tell = (key: MessageKey, slots?: Slots) => said.push(say(messages, key, slots))
  const of = <Type extends Happening['type']>(type: Type) =>
    happenings.filter((each): each is Extract<Happening, { type: Type }> => each.type === type)
  const name = (entry: Entry) => saidName(entry, answer, messages)
  const { counted, pending } = summaryOf(answer)

  /** One file by its name, more by how many; with their reason where it is one. */
  const tellOf = (entries: readonly Entry[], one: MessageKey, many: MessageKey, count = entries.length) => {
    const reasons = entries.map((entry) =>
      'failure' in entry && entry.failure !== null ? reasonText(messages, entry.failure) : '',
    )
    const [first] = entries
    const reason = new Set(reasons).size > 1 ? say(messages, 'sayDetails') : (reasons[0] ?? '')
    if (first !== undefined)
      tell(entries.length === 1 ? one : many, { name: name(first), failed: entries.length, count, reason })
  }

  const isThrough = !hasPending(answer)
  const ended = isThrough ? answer.entries.filter(({ key }) => batch.has(key)) : []
  const stored = ended.filter(({ state }) => state === 'done')
  const failed = isThrough ? ended.filter(({ state }) => state === 'failed') : of('failed').map(({ entry }) => entry)

  const rejected = [...of('added').flatMap((news) => news.rejected), ...of('rejected').map(({ entry }) => entry)]
  // Added, then refused by a later check: one word on it is enough.
  const refused = new Set(rejected.map(({ key }) => key))
  const added = of('added').flatMap((news) => news.entries.filter(({ key }) => !refused.has(key)))
  tellOf(added, 'sayAdded', 'sayAddedMany')
  if (rejected.length > 0) tellOf(rejected, added.length > 0 ? 'sayAlsoRejected' : 'sayRejected', 'sayRejectedMany')
  // One file and its question are one, and without a limit there is nothing to count towards.
  else if (added.length > 0 && rules.maxFiles !== undefined && rules.maxFiles > 1)
    tell('sayCounter', { counter: counterText(messages, { counted, bytes: 0 }, { maxFiles: rules.maxFiles }) })

  // A refused file that is dismissed never was in the answer.
  const removed = of('removed').filter(({ entry }) => entry.state !== 'rejected')
  for (const { entry, cancelled } of removed) tell(cancelled ? 'sayCancelled' : 'removedText', { name: name(entry) })
  if (removed.some(({ cancelled }) => !cancelled)) tell(counted === 0 ? 'sayNoneLeft' : 'sayLeft', { count: counted })
  for (const { entry, by } of of('replaced')) tell('sayReplaced', { old: name(entry), name: name(by) })
  for (const { entry } of of('undone')) tell('sayUndone', { name: name(entry) })
  for (const { entries } of of('removed-many')) tell('sayRemovedMany', { count: entries.length })
  for (const { entries } of of('undone-many')) tell('sayUndoneMany', { count: entries.length })
  for (const { entries } of of('cancelled')) tell('sayCancelledAll', { count: entries.length })
  tellOf(
    of('retried').map(({ entry }) => entry),
    'sayRetrying',
    'sayUploading',
  )
  for (const type of ['paused', 'resumed'] as const)
    for (const { entries } of of(type))
      if (entries.length === 1) tellOf(entries, type === 'paused' ? 'sayPaused' : 'sayResumed', 'sayUploading')

  if (stored.length === 0) tellOf(failed, 'sayFailed', 'sayFailedMany')
  else if (failed.length > 0) tellOf(failed, 'sayStoredSome', 'sayStoredFew', stored.length)
  else if (stored.length > 1 || !of('replaced').some(({ by }) => by.key === stored[0]?.key))
    tellOf(stored, 'sayStored', 'sayStoredAll')

  if (pending > 0) {
    const waits = answer.entries.find(({ state }) => state === 'retrying')
    const [rest] = of('resting').slice(-1)
    if (rest !== undefined && waits !== undefined)
      said.push(rowText(messages, waits, { sentBytes: null, seconds: null, commonWait: rest.failure }))
    const [network] = happenings.filter(({ type }) => type === 'offline' || type === 'online').slice(-1)
    if (network !== undefined) tell(network.type === 'offline' ? 'sayOffline' : 'sayOnline')
  }
  return [...said, ...of('text').map(({ text }) => text)].join(' ')
}
