'use client'
/** The announcer of a field: what happens is put into words, and these into the field's live region. */
import { type RefObject, useEffect, useMemo, useRef } from 'react'
import type { Rules } from '../answer/admission.js'
import { chunk } from '../engine/chunks.js'
import type { FileAnswer } from '../engine/fileAnswer.js'
import type { Happening } from './announcement.js'
import type { AnnouncementKind, Announcer } from './announcer.js'
import type { Messages } from './messages.js'
import { useNewest } from './newest.js'

type Words = typeof import('./announcer.js')

let words: Words | null = null

/** What happens is put into words by a chunk: asked for by the first thing to say, or when a person has come. */
export const loadAnnouncer = /* @__PURE__ */ chunk(async (): Promise<Words> => {
  words = await import('./announcer.js')
  return words
})

export interface FieldAnnouncer {
  readonly region: RefObject<HTMLDivElement | null>
  /** A text of the field itself; of one `kind` the newest alone is said. */
  say(text: string, kind?: string): void
  /** A person has come: something will be said soon. */
  prepare(): void
}

export function useAnnouncer(
  answer: FileAnswer,
  messages: Messages,
  rules: Rules,
  /** The host's own announcer, which takes over. */
  announce: ((text: string, kind: AnnouncementKind) => void) | undefined,
): FieldAnnouncer {
  const region = useRef<HTMLDivElement>(null)
  const newest = useNewest({ messages, rules, announce })
  const live = useRef<((happening?: Happening) => void) | null>(null)
  useEffect(() => {
    let announcer: Announcer | null = null
    /** What happened before there were words. */
    let early: Happening[] = []
    let isOver = false
    const begin = ({ createAnnouncer }: Words) => {
      if (isOver || announcer !== null) return
      announcer = createAnnouncer({
        answer,
        now: () => newest.current,
        // Written by hand: a render for each word said would be one too many.
        write(text, kind) {
          const own = newest.current.announce
          if (own !== undefined) {
            if (text !== '') own(text, kind)
          } else if (region.current !== null) region.current.textContent = text
        },
      })
      for (const each of early) announcer.tell(each)
    }
    const tell = (happening?: Happening) => {
      if (announcer === null && words !== null) begin(words)
      if (announcer !== null) return happening && announcer.tell(happening)
      if (happening !== undefined) early.push(happening)
      // What can't be said now is old when it can; the next that happens asks again.
      loadAnnouncer().then(begin, () => {
        early = []
      })
    }
    live.current = tell
    const end = answer.subscribeNews(tell)
    return () => {
      isOver = true
      end()
      announcer?.stop()
    }
  }, [answer, newest])
  return useMemo(
    () => ({
      region,
      say: (text, kind) => live.current?.({ type: 'text', text, kind }),
      prepare: () => live.current?.(),
    }),
    [],
  )
}
