'use client'
/** What is wrong with the answer, and whether the person is told by now. */
import { type ReactNode, useState } from 'react'
import type { Failure } from '../protocol/failure.js'
import type { Messages } from './messages.js'
import { problemText } from './words.js'

export interface Problem {
  /** Why the answer can't be sent, also while nobody was told; '' where it can. */
  readonly text: string
  /** What is shown: the host's own error, or ours once it was asked for. Null: nothing. */
  readonly shown: ReactNode
  /** Shows ours, until it is mended or hidden. */
  show(isShown?: boolean): void
}

export function useProblem(problem: Failure | null, error: ReactNode, messages: Messages): Problem {
  const [isAsked, setIsAsked] = useState(false)
  if (problem === null && isAsked) setIsAsked(false)
  const text = problem === null ? '' : problemText(messages, problem)
  // What React would show nothing of is no error: `error={errors.documents?.message ?? ''}`, `error={isWrong && '…'}`.
  const own = error === '' || error === false || error === true ? null : error
  return { text, shown: own ?? (isAsked && text !== '' ? text : null), show: (isShown = true) => setIsAsked(isShown) }
}
