'use client'
/** What a submit of the form does while files are pending or failed: block, wait, allow. */
import { type RefObject, useEffect, useState } from 'react'
import { summaryOf, type WhenPending } from '../answer/selectors.js'
import type { FileAnswer } from '../engine/fileAnswer.js'
import { controlOf, formOf, holdsIds } from './form.js'
import { listenTo } from './listenTo.js'
import { useNewest } from './newest.js'

export interface SubmitRules {
  readonly answer: FileAnswer
  /** What the ids are in the form's data. */
  readonly name: string | undefined
  readonly whenPending: WhenPending
  /** `submit`: a submit starts the files, and `block` then waits for them. */
  readonly start: 'now' | 'submit' | 'manual'
  readonly disabled: boolean
  /** Nothing can be mended by the person: what is pending is waited for, what failed stands in nobody's way. */
  readonly readOnly: boolean
  /** Shows why the form was not sent, with the focus where it can be mended. */
  readonly refuse: () => void
  /** The submit is held until so many files are stored. */
  readonly onHeld: (pending: number) => void
}

/** Guards the form that the field belongs to; tells whether a submit is held until the files are stored. */
export function useSubmit(field: RefObject<HTMLElement | null>, rules: SubmitRules): boolean {
  const [isHeld, setIsHeld] = useState(false)
  const newest = useNewest(rules)
  useEffect(() => {
    const root = field.current?.getRootNode()
    if (root === undefined) return
    let isWaiting = false
    // A field that has gone holds nothing, and sends nothing: its ids are not in the form any more.
    const gone = new AbortController()

    // At the root and in the capture phase: before the host's handlers and React's.
    const end = listenTo(
      root,
      'submit',
      (event) => {
        const { answer, whenPending, start, disabled, readOnly, refuse, onHeld } = newest.current
        const form = formOf(field.current)
        if (form === null || event.target !== form || disabled || controlOf(field.current)?.matches(':disabled')) return
        const hold = () => {
          event.preventDefault()
          event.stopImmediatePropagation()
        }
        if (isWaiting) return hold()
        const { pending, failed } = summaryOf(answer.getAnswer())
        if (whenPending === 'allow') return start === 'submit' ? answer.start() : undefined
        const blocks = failed > 0 && !readOnly
        if (pending === 0 && !blocks) return
        hold()
        if (blocks || !(whenPending === 'wait' || start === 'submit' || readOnly)) return refuse()
        isWaiting = true
        setIsHeld(true)
        onHeld(pending)
        void sendLater(answer, form, (event as SubmitEvent).submitter as HTMLButtonElement | null)
      },
      true,
    )

    async function sendLater(answer: FileAnswer, form: HTMLFormElement, submitter: HTMLButtonElement | null) {
      const isStored = await answer.settled({ signal: gone.signal }).then(rendered, () => false)
      isWaiting = false
      if (gone.signal.aborted) return
      setIsHeld(false)
      if (isStored || newest.current.readOnly) {
        // The button may have left meanwhile, or gone to another form.
        if (form.isConnected) form.requestSubmit(submitter?.form === form ? submitter : undefined)
      } else if (!answer.isDisposed) newest.current.refuse()
    }

    /** Waits for the render that brings the last ids into the form; a host that never takes them up is not waited for. */
    async function rendered(): Promise<true> {
      const { clock } = newest.current.answer
      const until = clock.now() + 1_000
      const isShown = () => {
        const { answer, name } = newest.current
        return holdsIds(field.current, name === undefined ? [] : answer.getIds())
      }
      while (!isShown() && clock.now() < until) await new Promise<void>((resolve) => clock.after(10, resolve))
      return true
    }

    return () => {
      gone.abort()
      end()
    }
  }, [field, newest])
  return isHeld
}
