/** Puts failures, rows, hint and counter into words of a catalogue. Pure: no clock, no DOM. */
import type { Rules } from '../answer/admission.js'
import type { Entry } from '../answer/entry.js'
import { acceptedKinds } from '../protocol/accept.js'
import type { Failure } from '../protocol/failure.js'
import {
  fill,
  formatPercent,
  formatSize,
  formatSizes,
  type MessageKey,
  type Messages,
  percentOf,
  type Slots,
  spokenName,
} from './messages.js'
import type { CommonWait } from './useFileAnswer.js'

export const say = ({ locale, text }: Messages, key: MessageKey, slots?: Slots): string =>
  fill(locale, text[key], slots)

/** A stored file whose name nobody told is called by what it is. */
export const entryName = (entry: Entry, messages: Messages): string =>
  spokenName(entry.state === 'restored' ? entry.stored?.name || say(messages, 'unnamed') : entry.name)

/** Accepted kinds as a list for people: "PDF, HWP or images". */
export function kindsText(messages: Messages, kinds: readonly string[]): string {
  const words = kinds.map((kind) => {
    if (kind === 'image/*') return say(messages, 'kindImages')
    if (kind === 'audio/*') return say(messages, 'kindAudio')
    return kind === 'video/*' ? say(messages, 'kindVideo') : kind
  })
  // British English has no serial comma; a Korean hint reads better with commas alone.
  if (messages.locale.startsWith('ko')) return words.join(', ')
  const locale = messages.locale === 'en' ? 'en-GB' : messages.locale
  return new Intl.ListFormat(locale, { type: 'disjunction' }).format(words)
}

/** Why, and what to do. The host's own codes have the host's own words. */
export function reasonText(messages: Messages, failed: Failure): string {
  const { locale, reasons } = messages
  const template =
    failed.figures === undefined ? (reasons[`${failed.code}:plain`] ?? reasons[failed.code]) : reasons[failed.code]
  if (template === undefined) return failed.message ?? fill(locale, reasons.server)
  const { actual = 0, limit = 0, kinds = [] } = failed.figures ?? {}
  switch (failed.code) {
    case 'too-many':
    case 'required':
      return fill(locale, template, { count: limit })
    case 'too-few':
      return fill(locale, template, { count: actual, limit })
    case 'still-uploading':
    case 'has-failed':
      return fill(locale, template, { count: actual })
    case 'storage-rejected':
      return fill(locale, template, { code: failed.storageCode ?? (failed.status || '–') })
    default: {
      const [size, most] = formatSizes(locale, actual, limit)
      return fill(locale, template, { size, limit: most, types: kindsText(messages, kinds) })
    }
  }
}

/** Nothing can be added before something leaves; where the host gave more than may be, so many have to. */
export const fullText = (messages: Messages, count: number, limit: number): string =>
  count > limit
    ? fill(messages.locale, messages.reasons['too-many:field'], { count: count - limit, limit })
    : say(messages, 'limitReached', { count: limit })

/** What is wrong with the answer as a whole, and what mends it. */
export const problemText = (messages: Messages, problem: Failure): string =>
  problem.code === 'too-many' && problem.figures !== undefined
    ? fullText(messages, problem.figures.actual ?? 0, problem.figures.limit ?? 0)
    : reasonText(messages, problem)

/** The cause alone, for a row that goes on by itself. */
function shortReason(messages: Messages, { code }: Failure): string {
  const { locale, reasons } = messages
  return fill(locale, reasons[`${code}:short`] ?? reasons['server:short'])
}

/** A first failed try that heals by itself in a moment is worth neither a word nor a colour. */
export const isFirstStumble = (entry: Entry, commonWait: CommonWait): boolean =>
  entry.state === 'retrying' && commonWait === null && entry.tries < 2 && entry.retryAt !== null

/** What all files wait for. */
const waitText = (messages: Messages, wait: NonNullable<CommonWait>): string =>
  wait === 'offline'
    ? say(messages, 'rowOffline')
    : say(messages, 'rowRetrying', { reason: shortReason(messages, wait) })

/** What a row says below the name. `seconds`: until the next try; null: with the network or the service. */
export function rowText(
  messages: Messages,
  entry: Entry,
  o: { sentBytes: number | null; seconds: number | null; commonWait: CommonWait },
): string {
  const { locale } = messages
  if (entry.state === 'restored') {
    if (entry.failure !== null) return reasonText(messages, entry.failure)
    return say(messages, 'rowRestored', { size: formatSize(locale, entry.stored?.size ?? 0) })
  }
  const size = formatSize(locale, entry.size)
  switch (entry.state) {
    case 'queued':
    case 'ready':
      if (!entry.started || o.commonWait === null) return say(messages, 'rowWaiting', { size })
      return waitText(messages, o.commonWait)
    case 'preparing':
    case 'requesting':
      return say(messages, 'rowPreparing', { size })
    case 'uploading': {
      if (o.sentBytes === null) return say(messages, 'rowUploading', { size })
      const percent = formatPercent(locale, percentOf(o.sentBytes, entry.size))
      return say(messages, 'rowProgress', { sent: formatSize(locale, o.sentBytes), size, percent })
    }
    case 'finishing':
      return say(messages, entry.checking ? 'rowChecking' : 'rowFinishing')
    case 'done':
      return say(messages, 'rowDone', { size })
    case 'retrying': {
      if (isFirstStumble(entry, o.commonWait)) return say(messages, 'rowPreparing', { size })
      if (o.commonWait !== null) return waitText(messages, o.commonWait)
      if (o.seconds === null) return waitText(messages, entry.failure)
      const reason = shortReason(messages, entry.failure)
      return say(messages, 'rowRetryingIn', { reason, count: Math.max(1, o.seconds) })
    }
    case 'paused':
      return say(messages, 'rowPaused', { percent: formatPercent(locale, percentOf(o.sentBytes ?? 0, entry.size)) })
    case 'failed':
    case 'rejected':
      return reasonText(messages, entry.failure)
    default:
      return entry satisfies never
  }
}

/** What may be added, before anything is: types, size of each, number, total. Empty where there is no rule. */
export function hintText(messages: Messages, { accept, maxSize, maxFiles, maxTotalSize }: Rules): string {
  const { locale } = messages
  const kinds = acceptedKinds(accept)
  const parts = [
    ...(maxSize === undefined
      ? []
      : [say(messages, maxFiles === 1 ? 'hintSize' : 'hintEach', { size: formatSize(locale, maxSize) })]),
    ...(maxFiles === undefined || maxFiles === 1 ? [] : [say(messages, 'hintCount', { count: maxFiles })]),
    ...(maxTotalSize === undefined ? [] : [say(messages, 'hintTotal', { size: formatSize(locale, maxTotalSize) })]),
  ]
  const limits =
    parts.length === 0
      ? ''
      : say(messages, 'hintEnd', { parts: capitalised(parts.join(say(messages, 'hintJoin')), locale) })
  const types =
    kinds.length === 0 ? '' : capitalised(say(messages, 'hintTypes', { types: kindsText(messages, kinds) }), locale)
  return [types, limits].filter((part) => part !== '').join(' ')
}

const capitalised = (text: string, locale: string): string => text.slice(0, 1).toLocaleUpperCase(locale) + text.slice(1)

/** How many there are, of how many, and bytes where there is a total; bare counts only from two on. */
export function counterText(
  messages: Messages,
  { counted, bytes }: { counted: number; bytes: number },
  { maxFiles, maxTotalSize }: Rules,
): string {
  const { locale } = messages
  const size = formatSize(locale, bytes)
  const slots = { count: counted, most: maxFiles ?? 0, size, limit: formatSize(locale, maxTotalSize ?? 0) }
  const isCounted = maxFiles !== undefined && maxFiles > 1
  if (maxTotalSize !== undefined) return say(messages, isCounted ? 'counterOfTotal' : 'counterTotal', slots)
  return say(messages, isCounted ? 'counterOf' : 'counter', slots)
}
