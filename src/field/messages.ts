/** The catalogue of words: its type, and how a message is filled in. Numbers, sizes, lists and plurals go through Intl. */
import type { FailureCode } from '../protocol/failure.js'

/**
 * A text with slots in braces (`{name}`), or one for each plural form of `{count}`. Slots that a message may use are
 * those of the English catalogue.
 */
export type Template = string | ({ readonly other: string } & Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>)

export type MessageKey =
  // controls
  | 'chooseFiles'
  | 'chooseFile'
  | 'addFiles'
  | 'replaceFile'
  | 'replace'
  | 'chooseFolder'
  | 'takePhoto'
  | 'dropHere'
  | 'dropFileHere'
  | 'dropNow'
  | 'required'
  | 'remove'
  | 'cancel'
  | 'dismiss'
  | 'dismissAll'
  | 'rejectedMany'
  | 'nothingReceived'
  /** The first word of a pasted picture's file name. */
  | 'pasted'
  | 'retry'
  | 'retryAll'
  | 'cancelAll'
  | 'removeAll'
  | 'pause'
  | 'resume'
  | 'moveUp'
  | 'moveDown'
  | 'undo'
  | 'undoName'
  | 'removedText'
  | 'listName'
  | 'errorPrefix'
  | 'ordinal'
  | 'limitReached'
  // hint and counter
  | 'hintTypes'
  | 'hintSize'
  | 'hintEach'
  | 'hintCount'
  | 'hintTotal'
  | 'hintJoin'
  | 'hintEnd'
  | 'counter'
  | 'counterTotal'
  | 'counterOf'
  | 'counterOfTotal'
  // kinds of files
  | 'kindImages'
  | 'kindAudio'
  | 'kindVideo'
  // rows
  | 'rowWaiting'
  | 'rowPreparing'
  | 'rowUploading'
  | 'rowProgress'
  | 'timeLeft'
  | 'rowFinishing'
  | 'rowChecking'
  | 'rowDone'
  | 'rowRestored'
  | 'rowRetryingIn'
  | 'rowRetrying'
  | 'rowOffline'
  | 'rowPaused'
  | 'reference'
  | 'unnamed'
  // the answer as a whole
  | 'totalProgress'
  | 'elsewhere'
  // announcements
  | 'sayAdded'
  | 'sayAddedMany'
  | 'sayCounter'
  | 'sayRejected'
  | 'sayRejectedMany'
  | 'sayAlsoRejected'
  /** Instead of reasons that differ. */
  | 'sayDetails'
  | 'sayUploading'
  | 'sayProgress'
  | 'sayStillTrying'
  | 'sayStored'
  | 'sayStoredAll'
  | 'sayStoredSome'
  | 'sayStoredFew'
  | 'sayFailed'
  | 'sayFailedMany'
  | 'sayRetrying'
  | 'sayPaused'
  | 'sayResumed'
  | 'sayLeft'
  | 'sayNoneLeft'
  | 'sayRemovedMany'
  | 'sayCancelled'
  | 'sayCancelledAll'
  | 'sayUndone'
  | 'sayUndoneMany'
  | 'sayMoved'
  | 'sayReplaced'
  | 'sayOffline'
  | 'sayOnline'
  | 'sayWaitingToSubmit'

/** All words of the field in one language. Spread and override to change some. */
export interface Messages {
  /** BCP 47, for Intl. */
  readonly locale: string
  readonly text: Readonly<Record<MessageKey, Template>>
  /** Why a file or the field is not right, and what to do; hosts add words for codes of their own. */
  readonly reasons: Readonly<Record<FailureCode | PlainReason | ShortReason | 'too-many:field', Template>> &
    Readonly<Record<string, Template | undefined>>
}

/** The same where no figures are known: the server alone knows the rule; or no code of storage's own. */
export type PlainReason =
  `${'file-type' | 'file-too-large' | 'file-too-small' | 'too-many' | 'total-too-large' | 'storage-rejected'}:plain`
/** The cause alone, while a row goes on by itself. */
export type ShortReason = `${'network' | 'timeout' | 'rate-limited' | 'server'}:short`

export type Slots = Readonly<Record<string, string | number>>

const made = new Map<string, unknown>()

/** Formats cost more to make than to use, and rows say the same few sizes again and again. */
function once<Made>(name: string, make: () => Made): Made {
  if (!made.has(name)) {
    // Sizes of what is on its way are new each time.
    if (made.size > 2_000) made.clear()
    made.set(name, make())
  }
  return made.get(name) as Made
}

/** A message with its slots filled; numbers in the locale's digits. */
export function fill(locale: string, template: Template, slots: Slots = {}): string {
  const form = () => once(`${locale}/plural`, () => new Intl.PluralRules(locale)).select(Number(slots.count))
  const text = typeof template === 'string' ? template : (template[form()] ?? template.other)
  return text.replace(/\{(\w+)\}/g, (slot, name: string) => {
    const value = slots[name] ?? slot
    return typeof value === 'number' ? numberFormat(locale).format(value) : value
  })
}

/** One format for each locale and way of writing. */
export const numberFormat = (locale: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat =>
  once([locale, ...Object.values(options)].join('/'), () => new Intl.NumberFormat(locale, options))

/** "PDF, HWP or images": one for each locale. */
export const listFormat = (locale: string): Intl.ListFormat =>
  once(`${locale}/list`, () => new Intl.ListFormat(locale, { type: 'disjunction' }))

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']

/** A page's first format takes the browser 10 to 20 ms: better while nothing happens than with the first file. */
export const warmFormats = (locale: string): unknown => [numberFormat(locale).format(1), formatSize(locale, 1024)]

/** Languages that are written from right to left. */
const rightToLeft = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/

/** More decimals than these make no size clearer: it is told in bytes. */
const mostDecimals = 4

/** A size for people: 1024s as systems show it, at most one decimal (or `decimals`), "KB" as people know it. */
export function formatSize(locale: string, bytes: number, decimals = 1): string {
  return once(`${locale}/${bytes}/${decimals}/size`, () => {
    let step = 0
    let value = bytes
    while (value >= 1023.95 && step < 4 && decimals <= mostDecimals) {
      value /= 1024
      step += 1
    }
    const size = numberFormat(locale, {
      style: 'unit',
      unit: units[step],
      unitDisplay: step > 0 ? 'short' : 'long',
      // Kilobytes are told whole where that is clear enough.
      maximumFractionDigits: step > 1 || decimals > 1 ? decimals : 0,
    })
      .formatToParts(value)
      .map(({ type, value: text }) => (type === 'unit' && text === 'kB' ? 'KB' : text))
      .join('')
    // Isolated: among words from right to left "600 MB" would be seen as "MB 600".
    return rightToLeft.test(locale) ? `\u2068${size}\u2069` : size
  })
}

/** Two sizes that differ as texts too: no "20 MB is over 20 MB". */
export function formatSizes(locale: string, a: number, b: number, decimals = 1): [string, string] {
  const texts: [string, string] = [formatSize(locale, a, decimals), formatSize(locale, b, decimals)]
  return a === b || texts[0] !== texts[1] || decimals > mostDecimals ? texts : formatSizes(locale, a, b, decimals + 1)
}

/** Whole percent, floored: never 100 before the storage has confirmed. */
export function percentOf(sentBytes: number, size: number): number {
  return size > 0 ? Math.max(0, Math.min(99, Math.floor((sentBytes / size) * 100))) : 0
}

export const formatPercent = (locale: string, percent: number): string =>
  numberFormat(locale, { style: 'percent' }).format(percent / 100)

// Controls, line separators, bidirectional marks and overrides, lone surrogates.
const unsafe = /\p{Cc}|\p{Cs}|\p{Zl}|\p{Zp}|\p{Bidi_Control}/gu

/** A file name as it is shown: what could turn the text around it, or hide, is replaced by a visible mark. */
export const shownName = (name: string): string => name.replace(unsafe, '\ufffd')

/** For speech only: long names cut in the middle to 40 characters, the extension kept. */
export function spokenName(name: string): string {
  const shown = [...shownName(name)]
  return shown.length <= 40 ? shown.join('') : `${shown.slice(0, 26).join('')}…${shown.slice(-13).join('')}`
}
