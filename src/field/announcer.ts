/**
 * What is said, and when: happenings within 600 ms become one sentence, never more than one in 1.5 s, failures before
 * the rest. A queue without DOM; `write` puts the text into the one live region.
 */
import type { Rules } from '../answer/admission.js'
import type { Entry, LocalEntry } from '../answer/entry.js'
import { summaryOf } from '../answer/selectors.js'
import type { Clock } from '../engine/environment.js'
import type { FileAnswer } from '../engine/fileAnswer.js'
import type { News } from '../engine/news.js'
import { type Messages, spokenName } from './messages.js'
import { counterText, reasonText, say } from './words.js'

/** Happenings so close together are one. */
const mergeMs = 600
/** Screen readers speak the page's return from the file chooser first. */
const afterChooserMs = 1_000
const apartMs = 1_500
/** A cleared region says the same words again when they come again. */
const clearMs = 60
/** Stale words are not met when browsing. */
const staleMs = 8_000

export interface Announcer {
  /** A text of the field itself. */
  say(text: string): void
  stop(): void
}

export function createAnnouncer(o: {
  answer: FileAnswer
  messages: () => Messages
  rules: () => Rules
  write: (text: string) => void
}): Announcer {
  const clock: Clock = o.answer.clock
  let waiting: News[] = []
  let texts: string[] = []
  let cancel: (() => void) | null = null
  let cancelClear = () => {}
  let saidAt = Number.NEGATIVE_INFINITY
  /** Files stored or failed since nothing was pending. */
  const batch = { stored: [] as LocalEntry[], failed: [] as LocalEntry[] }

  const unsubscribe = o.answer.subscribeNews((news) => {
    if (news.type === 'stored') batch.stored.push(news.entry)
    if (news.type === 'failed') batch.failed.push(news.entry)
    waiting.push(news)
    wake(news.type === 'added' ? afterChooserMs : mergeMs)
  })

  function wake(delayMs: number): void {
    cancel ??= clock.after(Math.max(delayMs, saidAt + apartMs - clock.now()), () => {
      cancel = null
      const messages = o.messages()
      const text = [...sentences(messages), ...texts].join(' ')
      waiting = []
      texts = []
      if (text !== '') speak(text)
    })
  }

  function speak(text: string): void {
    saidAt = clock.now()
    o.write('')
    cancelClear()
    cancelClear = clock.after(clearMs, () => {
      o.write(text)
      cancelClear = clock.after(staleMs, () => o.write(''))
    })
  }

  function sentences(messages: Messages): string[] {
    const of = <Type extends News['type']>(type: Type) =>
      waiting.filter((news): news is News & { type: Type } => news.type === type)
    const said: string[] = []
    const name = (entry: { name: string }) => spokenName(entry.name)

    const [denied] = of('denied')
    if (denied !== undefined) said.push(reasonText(messages, denied.failure))
    const rejected = [...of('added').flatMap((news) => news.rejected), ...of('rejected').map(({ entry }) => entry)]
    if (rejected.length > 0) said.push(rejection(messages, rejected))
    const added = of('added').flatMap((news) => news.entries)
    const only = added[0]
    if (added.length > 0 && only !== undefined) {
      const rules = o.rules()
      const counter = counterText(messages, summaryOf(o.answer.getAnswer()), {
        maxFiles: rules.maxFiles,
        maxTotalSize: undefined,
      })
      const counted = rules.maxFiles !== undefined && rules.maxFiles > 1
      if (added.length > 1) said.push(say(messages, 'sayAddedMany', { count: added.length, counter }))
      else said.push(say(messages, counted ? 'sayAddedOf' : 'sayAdded', { name: name(only), counter }))
    }
    for (const news of of('removed')) {
      const left = summaryOf(o.answer.getAnswer()).counted
      if (news.entry.state === 'rejected') continue
      if (news.cancelled) said.push(say(messages, 'sayCancelled', { name: entryName(news.entry, messages) }))
      else
        said.push(
          say(messages, left === 0 ? 'sayRemovedLast' : 'sayRemoved', {
            name: entryName(news.entry, messages),
            count: left,
          }),
        )
    }
    for (const { entry, by } of of('replaced'))
      said.push(say(messages, 'sayReplaced', { old: entryName(entry, messages), name: name(by) }))
    for (const { entry } of of('undone')) said.push(say(messages, 'sayUndone', { name: entryName(entry, messages) }))
    const retried = of('retried')
    if (retried.length === 1 && retried[0] !== undefined)
      said.push(say(messages, 'sayRetrying', { name: name(retried[0].entry) }))
    const isDenied = denied !== undefined
    if (summaryOf(o.answer.getAnswer()).pending === 0 && batch.stored.length + batch.failed.length > 0) {
      said.push(...outcome(messages, isDenied))
      batch.stored = []
      batch.failed = []
    } else if (!isDenied && of('failed').length === 1) {
      const failed = of('failed')[0]
      if (failed !== undefined)
        said.push(
          say(messages, 'sayFailed', { name: name(failed.entry), reason: reasonText(messages, failed.failure) }),
        )
    }
    if (of('offline').length > 0 && summaryOf(o.answer.getAnswer()).pending > 0) said.push(say(messages, 'sayOffline'))
    else if (of('online').length > 0 && summaryOf(o.answer.getAnswer()).pending > 0)
      said.push(say(messages, 'sayOnline'))
    return said
  }

  /** All of a batch is through: told once, however many files. */
  function outcome(messages: Messages, isDenied: boolean): string[] {
    const { stored, failed } = batch
    const said: string[] = []
    const [first] = stored
    if (stored.length === 1 && first !== undefined && failed.length === 0)
      said.push(say(messages, 'sayStored', { name: spokenName(first.name) }))
    else if (stored.length > 0)
      said.push(say(messages, failed.length === 0 ? 'sayStoredAll' : 'sayStoredSome', { count: stored.length }))
    const [bad] = failed
    if (!isDenied && bad !== undefined && bad.state === 'failed') {
      said.push(
        failed.length === 1
          ? say(messages, 'sayFailed', { name: spokenName(bad.name), reason: reasonText(messages, bad.failure) })
          : say(messages, 'sayFailedMany', { count: failed.length }),
      )
    }
    return said
  }

  return {
    say(text) {
      texts.push(text)
      wake(mergeMs)
    },
    stop() {
      unsubscribe()
      cancel?.()
      cancelClear()
    },
  }
}

/** A stored file whose name nobody told is called by what it is. */
const entryName = (entry: Entry, messages: Messages): string =>
  spokenName(entry.state === 'restored' ? entry.stored?.name || say(messages, 'unnamed') : entry.name)

function rejection(messages: Messages, rejected: readonly LocalEntry[]): string {
  const reasons = rejected.flatMap((entry) => (entry.state === 'rejected' ? [reasonText(messages, entry.failure)] : []))
  const [first] = rejected
  const [reason = ''] = reasons
  if (rejected.length === 1 && first !== undefined)
    return say(messages, 'sayRejected', { name: spokenName(first.name), reason })
  const isAlike = reasons.every((each) => each === reason)
  return say(messages, isAlike ? 'sayRejectedAlike' : 'sayRejectedMany', { count: rejected.length, reason })
}
