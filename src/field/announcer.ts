/**
 * When something is said: happenings close together are one announcement, two are apart, progress gives way to all else.
 * A queue without DOM; `write` puts the text into the one live region.
 */
import type { Rules } from '../answer/admission.js'
import { hasPending, summaryOf } from '../answer/selectors.js'
import type { FileAnswer } from '../engine/fileAnswer.js'
import { announcement, type Happening, saidName } from './announcement.js'
import { joined, moved, noBatch } from './batch.js'
import { formatPercent, type Messages } from './messages.js'
import { say } from './words.js'

/** Happenings so close together are one. */
const mergeMs = 600
/** Screen readers speak the page's return from the file chooser first. */
const afterChooserMs = 1_000
const apartMs = 1_500
/** A cleared region says the same words again when they come again. */
const clearMs = 60
/** Stale words are not met when browsing. */
const staleMs = 8_000

/** What an announcement is about: something went wrong, uploads move on, or the answer changed. */
export type AnnouncementKind = 'problem' | 'progress' | 'change'

const isProblem = (each: Happening): boolean =>
  each.type === 'failed' || each.type === 'rejected' || (each.type === 'added' && each.rejected.length > 0)

export interface Announcer {
  /** Has told what happened, or a text of the field itself. */
  tell(happening: Happening): void
  stop(): void
}

export function createAnnouncer({
  answer,
  now,
  write,
}: {
  answer: FileAnswer
  /** The newest words and rules. */
  now: () => { readonly messages: Messages; readonly rules: Rules }
  /** `kind` says what a text is about; a cleared region ('') is about nothing. */
  write: (text: string, kind: AnnouncementKind) => void
}): Announcer {
  const { clock } = answer
  let waiting: Happening[] = []
  let batch = noBatch
  /** The batch as it was when its progress was last told, or gave way. */
  let told = noBatch
  let cancel: (() => void) | null = null
  let cancelClear = () => {}
  let saidAt = Number.NEGATIVE_INFINITY

  const endProgress = answer.subscribe(() => {
    const next = moved(batch, answer.getAnswer().entries, answer.sentBytes, clock.now())
    if (next === batch) return
    batch = next
    wake(mergeMs)
  })

  function wake(delayMs: number): void {
    cancel ??= clock.after(Math.max(delayMs, saidAt + apartMs - clock.now()), () => {
      cancel = null
      const news = announcement(waiting, {
        answer: answer.getAnswer(),
        ...now(),
        batch: batch.keys,
      })
      const kind = news === '' ? 'progress' : waiting.some(isProblem) ? 'problem' : 'change'
      const text = news || progress()
      waiting = []
      if (!hasPending(answer.getAnswer())) batch = noBatch
      told = batch
      if (text !== '') speak(text, kind)
    })
  }

  function progress(): string {
    const { messages } = now()
    const state = answer.getAnswer()
    if (!hasPending(state)) return ''
    if (batch.stalled !== null && batch.stalled !== told.stalled)
      return say(messages, 'sayStillTrying', { name: saidName(batch.stalled, state, messages) })
    if (batch.quarter === told.quarter) return ''
    return batch.quarter === 0
      ? say(messages, 'sayUploading', { count: summaryOf(state).pending })
      : say(messages, 'sayProgress', { percent: formatPercent(messages.locale, batch.quarter * 25) })
  }

  function speak(text: string, kind: AnnouncementKind): void {
    saidAt = clock.now()
    write('', kind)
    cancelClear()
    cancelClear = clock.after(clearMs, () => {
      write(text, kind)
      cancelClear = clock.after(staleMs, () => write('', kind))
    })
  }

  return {
    tell(happening) {
      if (happening.type === 'text') {
        const { kind } = happening
        if (kind !== undefined) waiting = waiting.filter((each) => each.type !== 'text' || each.kind !== kind)
      } else {
        batch = joined(batch, happening, clock.now())
        // What came of the files before is no news any more.
        if (happening.type === 'removed-many') waiting = []
      }
      waiting.push(happening)
      wake(happening.type === 'added' ? afterChooserMs : mergeMs)
    },
    stop() {
      endProgress()
      cancel?.()
      cancelClear()
    },
  }
}
