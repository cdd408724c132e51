'use client'
/** The field as a control of its form: when it is valid, what a submit and a reset do with it, what it says is wrong. */
import type { ReactNode, RefObject } from 'react'
import type { Rules } from '../answer/admission.js'
import type { Answer } from '../answer/answer.js'
import { problemOf } from '../answer/selectors.js'
import type { FileAnswer } from '../engine/fileAnswer.js'
import { useAttempt } from './attempt.js'
import { formOf } from './form.js'
import type { Messages } from './messages.js'
import { useNewest, useRootEvents } from './newest.js'
import type { FileAnswerFieldProps } from './props.js'
import { useSubmit } from './submit.js'
import { useCommitEffect } from './useFileAnswer.js'
import { useProblem } from './useProblem.js'
import { say } from './words.js'

export interface FormControl {
  /** What is shown as wrong; null: nothing. */
  readonly error: ReactNode
  /** A submit is held until the files are stored. */
  readonly isHeld: boolean
  /** Shows what is wrong; the person is sent to the field if it is the form's first that is. */
  refuse(isFirst?: boolean): void
}

export function useFormControl(
  props: Omit<FileAnswerFieldProps, 'ref'>,
  o: {
    readonly answer: FileAnswer
    readonly state: Answer
    readonly rules: Rules
    /** The value of this render; null: uncontrolled. */
    readonly value: readonly string[] | null
    readonly messages: Messages
    readonly root: RefObject<HTMLElement | null>
    readonly input: RefObject<HTMLInputElement | null>
    readonly trigger: RefObject<HTMLButtonElement | null>
    readonly announce: (text: string) => void
  },
): FormControl {
  const { name, required = false, disabled = false, readOnly = false, whenPending = 'block' } = props
  const { answer, value, messages, root, input, trigger, announce } = o
  // Files start as the answer was made for; a prop that changes later is too late for it.
  const { start = 'now' } = answer.settings
  const found = problemOf(o.state, {
    rules: o.rules,
    required,
    whenPending: start === 'submit' && whenPending === 'block' ? 'wait' : whenPending,
    value,
  })
  const problem = useProblem(disabled || readOnly ? null : found, props.error, messages)
  const refuse = (isFirst = true) => {
    problem.show()
    if (isFirst) trigger.current?.focus()
  }
  // Native constraint validation by the file input: '' while the field is valid.
  useCommitEffect(() => input.current?.setCustomValidity(problem.text), [input, problem.text])
  useAttempt(root, input, answer.clock, refuse)
  const isHeld = useSubmit(root, {
    answer,
    name,
    whenPending,
    start,
    disabled,
    readOnly,
    refuse,
    onHeld: (count) => announce(say(messages, 'sayWaitingToSubmit', { count })),
  })
  const reset = useNewest(() => {
    // As of a native control: nobody has answered yet.
    problem.show(false)
    // A controlled field follows its value alone.
    const { defaultValue = [] } = props.answer === undefined ? props : props.answer.settings
    if (value === null) answer.reset(defaultValue)
  })
  useRootEvents(
    root,
    'reset',
    (event) => {
      // React 19 resets a form in the very commit that brings the action's new default: that one counts.
      if (event.target === formOf(root.current) && !event.defaultPrevented) queueMicrotask(() => reset.current())
    },
    // After the host's handlers, which may prevent it.
    false,
  )
  return { error: problem.shown, isHeld, refuse }
}
