/**
 * What is said, and when: happenings within 600 ms become one sentence, never more than one in 1.5 s, failures before
 * the rest; progress of long batches by quarters, where nothing else is to be said. A queue without DOM; `write` puts the text into the one live region.
 */
import type { Rules } from '../answer/admission.js'
import type { LocalEntry } from '../answer/entry.js'
import { summaryOf } from '../answer/selectors.js'
import type { Clock } from '../engine/environment.js'
import type { FileAnswer } from '../engine/fileAnswer.js'
import type { News } from '../engine/news.js'
import { formatPercent, type Messages, spokenName } from './messages.js'
import { counterText, entryName, reasonText, say } from './words.js'

/** Happenings so close together are one. */
const mergeMs = 600
/** Screen readers speak the page's return from the file chooser first. */
const afterChooserMs = 1_000
const apartMs = 1_500
/** A cleared region says the same words again when they come again. */
const clearMs = 60
/** Stale words are not met when browsing. */
const staleMs = 8_000
/** Shorter batches end before progress is worth a word. */
const longBatchMs = 5_000
/** Progress is no chatter. */
const progressApartMs = 10_000

/** What an announcement is about: something went wrong, uploads move on, or the answer changed. */
export type AnnouncementKind = 'problem' | 'progress' | 'change'

const tellsOfProblem = (news: News): boolean =>
  news.type === 'failed' ||
  news.type === 'denied' ||
  news.type === 'rejected' ||
  (news.type === 'added' && news.rejected.length > 0)

export interface Announcer {
  /** A text of the field itself; of one `kind` the newest alone is said. */
  say(text: string, kind?: string): void
  stop(): void
}

interface Outcomes {
  stored: LocalEntry[]
  failed: LocalEntry[]
}

/** Files that came while something was pending. */
interface Batch extends Outcomes {
  readonly keys: Set<string>
  /** Of its bytes, the last that was told. */
  quarter: number
  /** Nothing is said of progress before. */
  progressAt: number
}

const emptyBatch = (now: number): Batch => ({
  stored: [],
  failed: [],
  keys: new Set(),
  quarter: 0,
  progressAt: now + longBatchMs,
})

/** How much of a batch's bytes is sent: 0 to 1. */
function shareOf(answer: FileAnswer, keys: ReadonlySet<string>): number {
  let sent = 0
  let total = 0
  for (const entry of answer.getAnswer().entries) {
    if (!keys.has(entry.key) || entry.state === 'restored' || entry.state === 'rejected') continue
    total += entry.size
    const isSent = entry.state === 'done' || entry.state === 'finishing'
    sent += isSent ? entry.size : (answer.sentBytes(entry.key) ?? 0)
  }
  return total === 0 ? 0 : sent / total
}

export function createAnnouncer(o: {
  answer: FileAnswer
  messages: () => Messages
  rules: () => Rules
  /** `kind` says what a text is about; a cleared region ('') is about nothing. */
  write: (text: string, kind: AnnouncementKind) => void
}): Announcer {
  const clock: Clock = o.answer.clock
  let waiting: News[] = []
  let texts: { readonly text: string; readonly kind: string | undefined }[] = []
  let cancel: (() => void) | null = null
  let cancelClear = () => {}
  let saidAt = Number.NEGATIVE_INFINITY
  let progress: string | null = null
  /** What came of files since nothing was pending. */
  let batch = emptyBatch(clock.now())

  const unsubscribe = o.answer.subscribeNews((news) => {
    if (news.type === 'stored') batch.stored.push(news.entry)
    if (news.type === 'failed') batch.failed.push(news.entry)
    if (news.type === 'retried' || news.type === 'removed') {
      // What came of it before counts no more.
      const isOther = ({ key }: LocalEntry) => key !== news.entry.key
      batch.failed = batch.failed.filter(isOther)
      batch.stored = batch.stored.filter(isOther)
    }
    if (news.type === 'removed-many') {
      // What came of the files before is no news any more.
      batch = emptyBatch(clock.now())
      waiting = []
    }
    if (news.type === 'added') {
      if (batch.keys.size === 0) batch = { ...emptyBatch(clock.now()), stored: batch.stored, failed: batch.failed }
      for (const { key } of news.entries) batch.keys.add(key)
    }
    waiting.push(news)
    wake(news.type === 'added' ? afterChooserMs : mergeMs)
  })

  const endProgress = o.answer.subscribe(() => {
    if (batch.keys.size === 0 || clock.now() < batch.progressAt) return
    const quarter = Math.floor(shareOf(o.answer, batch.keys) * 4)
    if (quarter <= batch.quarter || quarter > 3) return
    batch.quarter = quarter
    batch.progressAt = clock.now() + progressApartMs
    const messages = o.messages()
    progress = say(messages, 'sayProgress', { percent: formatPercent(messages.locale, quarter * 25) })
    wake(mergeMs)
  })

  function wake(delayMs: number): void {
    cancel ??= clock.after(Math.max(delayMs, saidAt + apartMs - clock.now()), () => {
      cancel = null
      const messages = o.messages()
      const news = [...sentences(messages), ...texts.map(({ text }) => text)]
      // Progress gives way to everything else.
      const text = news.length > 0 ? news.join(' ') : (progress ?? '')
      const kind = news.length === 0 ? 'progress' : waiting.some(tellsOfProblem) ? 'problem' : 'change'
      waiting = []
      texts = []
      progress = null
      if (text !== '') speak(text, kind)
    })
  }

  function speak(text: string, kind: AnnouncementKind): void {
    saidAt = clock.now()
    o.write('', kind)
    cancelClear()
    cancelClear = clock.after(clearMs, () => {
      o.write(text, kind)
      cancelClear = clock.after(staleMs, () => o.write('', kind))
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
    // Added, then refused by a later check: one word on it is enough.
    const refused = new Set(rejected.map(({ key }) => key))
    const added = of('added').flatMap((news) => news.entries.filter(({ key }) => !refused.has(key)))
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
    for (const { entries } of of('removed-many')) said.push(say(messages, 'sayRemovedMany', { count: entries.length }))
    for (const { entry, by } of of('replaced'))
      said.push(say(messages, 'sayReplaced', { old: entryName(entry, messages), name: name(by) }))
    for (const { entry } of of('undone')) said.push(say(messages, 'sayUndone', { name: entryName(entry, messages) }))
    for (const { entries } of of('undone-many')) said.push(say(messages, 'sayUndoneMany', { count: entries.length }))
    const retried = of('retried')
    if (retried.length === 1 && retried[0] !== undefined)
      said.push(say(messages, 'sayRetrying', { name: name(retried[0].entry) }))
    for (const { entries } of of('cancelled')) said.push(say(messages, 'sayCancelledAll', { count: entries.length }))
    for (const [type, key] of [
      ['paused', 'sayPaused'],
      ['resumed', 'sayResumed'],
    ] as const)
      for (const { entries } of of(type))
        if (entries.length === 1 && entries[0] !== undefined) said.push(say(messages, key, { name: name(entries[0]) }))
    const isDenied = denied !== undefined
    const isThrough = summaryOf(o.answer.getAnswer()).pending === 0
    const { stored, failed } = batch
    if (isThrough) {
      batch = emptyBatch(clock.now())
      progress = null
    }
    if (isThrough && stored.length + failed.length > 0) {
      said.push(...outcome(messages, isDenied, { stored, failed }))
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
  function outcome(messages: Messages, isDenied: boolean, { stored, failed }: Outcomes): string[] {
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
    say(text, kind) {
      texts = [...texts.filter((each) => kind === undefined || each.kind !== kind), { text, kind }]
      wake(mergeMs)
    },
    stop() {
      unsubscribe()
      endProgress()
      cancel?.()
      cancelClear()
    },
  }
}

function rejection(messages: Messages, rejected: readonly LocalEntry[]): string {
  const reasons = rejected.flatMap((entry) => (entry.state === 'rejected' ? [reasonText(messages, entry.failure)] : []))
  const [first] = rejected
  const [reason = ''] = reasons
  if (rejected.length === 1 && first !== undefined)
    return say(messages, 'sayRejected', { name: spokenName(first.name), reason })
  const isAlike = reasons.every((each) => each === reason)
  return say(messages, isAlike ? 'sayRejectedAlike' : 'sayRejectedMany', { count: rejected.length, reason })
}
