'use client'
/** The announcer of a field: what happens is put into words, and these into the field's live region. */
import { type RefObject, useCallback, useEffect, useRef } from 'react'
import type { Rules } from '../answer/admission.js'
import type { FileAnswer } from '../engine/fileAnswer.js'
import { type AnnouncementKind, type Announcer, createAnnouncer } from './announcer.js'
import type { Messages } from './messages.js'

export function useAnnouncer(
  answer: FileAnswer,
  messages: Messages,
  rules: Rules,
  /** The host's own announcer, which takes over. */
  announce: ((text: string, kind: AnnouncementKind) => void) | undefined,
): { readonly region: RefObject<HTMLDivElement | null>; say(text: string, kind?: string): void } {
  const region = useRef<HTMLDivElement>(null)
  const announcer = useRef<Announcer | null>(null)
  const newest = useRef({ messages, rules, announce })
  useEffect(() => {
    newest.current = { messages, rules, announce }
  })
  useEffect(() => {
    const made = createAnnouncer({
      answer,
      messages: () => newest.current.messages,
      rules: () => newest.current.rules,
      // Written by hand: a render for each word said would be one too many.
      write: (text, kind) => {
        const own = newest.current.announce
        if (own !== undefined) {
          if (text !== '') own(text, kind)
        } else if (region.current !== null) region.current.textContent = text
      },
    })
    announcer.current = made
    return made.stop
  }, [answer])
  return { region, say: useCallback((text: string, kind?: string) => announcer.current?.say(text, kind), []) }
}
