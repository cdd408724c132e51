/** Puts failures, rows, hint and counter into words of a catalogue. Pure: no clock, no DOM. */
import { type Rules, sizeOf } from '../answer/admission.js'
import type { Entry } from '../answer/entry.js'
import { acceptedKinds } from '../protocol/accept.js'
import type { Failure } from '../protocol/failure.js'
import {
  fill,
  formatPercent,
  formatSize,
  formatSizes,
  listFormat,
  type MessageKey,
  type Messages,
  percentOf,
  type Slots,
  spokenName,
} from './messages.js'
import type { CommonWait } from './useFileAnswer.js'

export const say = ({ locale, text }: Messages, key: MessageKey, slots?: Slots): string =>
  fill(locale, text[key], slots)

/** A file's name; a stored one that nobody told the name of is called by what it is. */
export const nameOf = (entry: Entry, messages: Messages): string =>
  entry.state === 'restored' ? entry.stored?.name || say(messages, 'unnamed') : entry.name

export const entryName = (entry: Entry, messages: Messages): string => spokenName(nameOf(entry, messages))

const kindKeys: Readonly<Record<string, MessageKey>> = {
  'image/*': 'kindImages',
  'audio/*': 'kindAudio',
  'video/*': 'kindVideo',
}

/** Accepted kinds as a list for people: "PDF, HWP or images". */
function kindsText(messages: Messages, kinds: readonly string[]): string {
  const { locale } = messages
  const words = kinds.map((kind) => {
    const key = kindKeys[kind]
    return key === undefined ? kind : say(messages, key)
  })
  // British English has no serial comma; a Korean hint reads better with commas alone.
  return locale.startsWith('ko') ? words.join(', ') : listFormat(locale === 'en' ? 'en-GB' : locale).format(words)
}

/** Why, and what to do. The host's own codes have the host's own words. */
export function reasonText(messages: Messages, { code, figures, message, storageCode, status }: Failure): string {
  const { locale, reasons } = messages
  const storages = storageCode ?? (status || undefined)
  const isPlain = code === 'storage-rejected' ? storages === undefined : figures === undefined
  const template = (isPlain ? reasons[`${code}:plain`] : undefined) ?? reasons[code]
  const { actual = 0, limit = 0, kinds = [] } = figures ?? {}
  const [size, most] = formatSizes(locale, actual, limit)
  if (template === undefined && message !== undefined) return message
  return fill(locale, template ?? reasons.server, {
    count: code === 'too-many' || code === 'required' ? limit : actual,
    limit: code === 'too-few' ? limit : most,
    size,
    get types() {
      return kindsText(messages, kinds)
    },
    code: storages ?? '',
  })
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

/** A first failed try that heals by itself in a moment is worth neither a word nor a colour. */
export const isFirstStumble = (entry: Entry, commonWait: CommonWait): boolean =>
  entry.state === 'retrying' && commonWait === null && entry.tries < 2 && entry.retryAt !== null

/** What a row says below the name. `seconds`: until the next try; null: with the network or the service. */
export function rowText(
  messages: Messages,
  entry: Entry,
  { sentBytes, seconds, commonWait }: { sentBytes: number | null; seconds: number | null; commonWait: CommonWait },
): string {
  const { locale, reasons } = messages
  const bytes = sizeOf(entry)
  const tell = (key: MessageKey) =>
    say(messages, key, {
      size: formatSize(locale, bytes),
      // Made where a text has them: most rows are told by their size alone.
      get sent() {
        return formatSize(locale, sentBytes ?? 0)
      },
      get percent() {
        return formatPercent(locale, percentOf(sentBytes ?? 0, bytes))
      },
    })
  /** While it goes on by itself, it tells the cause alone. */
  const waits = (wait: NonNullable<CommonWait>, key: MessageKey = 'rowRetrying') =>
    wait === 'offline'
      ? tell('rowOffline')
      : say(messages, key, {
          reason: fill(locale, reasons[`${wait.code}:short`] ?? reasons['server:short']),
          count: Math.max(1, seconds ?? 0),
        })
  switch (entry.state) {
    case 'queued':
    case 'ready':
      return entry.started && commonWait !== null ? waits(commonWait) : tell('rowWaiting')
    case 'preparing':
    case 'requesting':
      return tell('rowPreparing')
    case 'uploading':
      return tell(sentBytes === null ? 'rowUploading' : 'rowProgress')
    case 'finishing':
      return tell(entry.checking ? 'rowChecking' : 'rowFinishing')
    case 'done':
      return tell('rowDone')
    case 'restored':
      return entry.failure === null ? tell('rowRestored') : reasonText(messages, entry.failure)
    case 'retrying':
      if (isFirstStumble(entry, commonWait)) return tell('rowPreparing')
      return commonWait === null && seconds !== null
        ? waits(entry.failure, 'rowRetryingIn')
        : waits(commonWait ?? entry.failure)
    case 'paused':
      return tell('rowPaused')
    case 'failed':
    case 'rejected':
      return reasonText(messages, entry.failure)
  }
}

/** What may be added, before anything is: types, size of each, number, total. Empty where there is no rule. */
export function hintText(messages: Messages, { accept, maxSize, maxFiles, maxTotalSize }: Rules): string {
  const { locale } = messages
  const size = (key: MessageKey, bytes: number | undefined) =>
    bytes === undefined ? '' : say(messages, key, { size: formatSize(locale, bytes) })
  const sentence = (key: 'hintTypes' | 'hintEnd', slot: 'types' | 'parts', text: string) =>
    text === '' ? '' : capitalised(say(messages, key, { [slot]: text }), locale)
  const parts = [
    size(maxFiles === 1 ? 'hintSize' : 'hintEach', maxSize),
    maxFiles === undefined || maxFiles === 1 ? '' : say(messages, 'hintCount', { count: maxFiles }),
    size('hintTotal', maxTotalSize),
  ]
  const given = (texts: string[], between: string) => texts.filter((text) => text !== '').join(between)
  return given(
    [
      sentence('hintTypes', 'types', kindsText(messages, acceptedKinds(accept))),
      sentence('hintEnd', 'parts', given(parts, say(messages, 'hintJoin'))),
    ],
    ' ',
  )
}

const capitalised = (text: string, locale: string): string => text.slice(0, 1).toLocaleUpperCase(locale) + text.slice(1)

/** How many there are, of how many, and bytes where there is a total; bare counts only from two on. */
export function counterText(
  messages: Messages,
  { counted, bytes }: { counted: number; bytes: number },
  { maxFiles = 1, maxTotalSize }: Rules,
): string {
  const { locale } = messages
  return say(messages, `counter${maxFiles > 1 ? 'Of' : ''}${maxTotalSize === undefined ? '' : 'Total'}`, {
    count: counted,
    most: maxFiles,
    size: formatSize(locale, bytes),
    limit: formatSize(locale, maxTotalSize ?? 0),
  })
}
