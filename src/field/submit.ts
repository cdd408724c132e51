'use client'
/** What a submit of the form does while files are pending or failed: block, wait, allow. */
import { type RefObject, useEffect, useRef } from 'react'
import { summaryOf, type WhenPending } from '../answer/selectors.js'
import type { FileAnswer } from '../engine/fileAnswer.js'
import { controlOf, formOf } from './form.js'

export interface SubmitRules {
  readonly answer: FileAnswer
  readonly whenPending: WhenPending
  /** `submit`: a submit starts the files, and `block` then waits for them. */
  readonly start: 'now' | 'submit' | 'manual'
  readonly isDisabled: boolean
  /** Nothing can be mended by the person: what is pending is waited for, what failed stands in nobody's way. */
  readonly isReadOnly: boolean
  /** Shows why the form was not sent, with the focus where it can be mended. */
  readonly onRefused: () => void
  /** The submit is held until the files are stored. */
  readonly onHeld: (pending: number) => void
  /** It is held no longer: sent, or refused after all. */
  readonly onReleased: () => void
  /** Whether the hidden inputs hold what the answer does: React has rendered. */
  readonly isShown: () => boolean
}

/** Waits for the render that brings the last ids into the form; a host that never takes them up is not waited for. */
async function rendered({ answer, isShown }: SubmitRules): Promise<void> {
  const end = answer.clock.now() + 1_000
  while (!isShown() && answer.clock.now() < end) {
    await new Promise<void>((resolve) => {
      answer.clock.after(10, resolve)
    })
  }
}

/** Guards the form that the field belongs to. */
export function useSubmit(field: RefObject<HTMLElement | null>, rules: SubmitRules): void {
  const newest = useRef(rules)
  useEffect(() => {
    newest.current = rules
  })
  useEffect(() => {
    const root = field.current?.getRootNode()
    if (root === undefined) return
    let isWaiting = false
    // A field that has gone holds nothing, and sends nothing: its ids are not in the form any more.
    const gone = new AbortController()

    // At the root and in the capture phase: before the host's handlers and React's.
    const onSubmit = (event: Event) => {
      const { answer, whenPending, start, isDisabled, isReadOnly, onRefused, onHeld } = newest.current
      const form = formOf(field.current)
      if (form === null || event.target !== form || isDisabled || controlOf(field.current)?.matches(':disabled')) return
      const hold = () => {
        event.preventDefault()
        event.stopImmediatePropagation()
      }
      if (isWaiting) return hold()
      const { pending, failed } = summaryOf(answer.getAnswer())
      if (whenPending === 'allow') {
        if (start === 'submit') answer.start()
        return
      }
      if (pending === 0 && (failed === 0 || isReadOnly)) return
      hold()
      const waits = whenPending === 'wait' || start === 'submit' || isReadOnly
      if ((failed > 0 && !isReadOnly) || !waits) return onRefused()
      isWaiting = true
      onHeld(pending)
      const { submitter } = event as SubmitEvent
      void answer
        .settled({ signal: gone.signal })
        .then(() => rendered(newest.current))
        .then(submit, () => {
          if (newest.current.isReadOnly) return submit()
          isWaiting = false
          if (gone.signal.aborted) return
          newest.current.onReleased()
          if (!answer.isDisposed) newest.current.onRefused()
        })

      function submit() {
        isWaiting = false
        if (gone.signal.aborted) return
        newest.current.onReleased()
        if (!form?.isConnected) return
        // A button may have left meanwhile, or gone to another form.
        if (submitter instanceof HTMLElement && (submitter as HTMLButtonElement).form === form)
          form.requestSubmit(submitter)
        else form.requestSubmit()
      }
    }
    root.addEventListener('submit', onSubmit, true)
    return () => {
      gone.abort()
      root.removeEventListener('submit', onSubmit, true)
    }
  }, [field])
}
