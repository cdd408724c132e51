'use client'
/** The headless hooks: an answer that lives with a component, and subscriptions to it. The field is built on them. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type { Answer } from '../answer/answer.js'
import { entryOf } from '../answer/answer.js'
import type { Entry } from '../answer/entry.js'
import { idsOf } from '../answer/selectors.js'
import { createFileAnswer } from '../engine/createFileAnswer.js'
import type { FileAnswer, FileAnswerOptions } from '../engine/fileAnswer.js'
import type { Failure } from '../protocol/failure.js'
import type { FileAnswerListeners } from '../engine/valueExchange.js'

/** Effects that must run before anybody sees the page; on a server there is nothing to run. */
export const useCommitEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect

export type UseFileAnswerOptions = FileAnswerListeners &
  (
    | ({ readonly answer?: undefined } & FileAnswerOptions)
    | { readonly answer: FileAnswer; readonly value?: readonly string[] | undefined }
  )

/**
 * An answer for a component: made on the first render, ended a second after the component left (StrictMode's second
 * mount comes earlier), given the newest options and callbacks at each commit. With `answer` it uses that one and
 * leaves its life to its owner.
 */
export function useFileAnswer(options: UseFileAnswerOptions): FileAnswer {
  const [own, setOwn] = useState<FileAnswer | null>(() =>
    options.answer === undefined ? createFileAnswer(options) : null,
  )
  const answer = options.answer ?? own
  const newest = useRef(options)
  const isControlled = useRef(false)
  /** The end that waits for an answer made here, and how to call it off. */
  const pendingEnd = useRef<{ readonly of: FileAnswer; cancel(): void } | null>(null)
  const endListening = useRef<(() => void) | null>(null)

  useCommitEffect(() => {
    newest.current = options
    if (answer === null) return
    if (options.answer === undefined) answer.configure(options)
    endListening.current = answer.listen(options)
    // A value that is not given any more leaves the field with what it holds.
    if (options.value !== undefined || isControlled.current) answer.setValue(options.value ?? null)
    isControlled.current = options.value !== undefined
  })

  // Before effects of a field that takes this one's place: that one's callbacks stay.
  useCommitEffect(
    () => () => {
      if (newest.current.answer !== undefined) endListening.current?.()
    },
    [answer],
  )

  useEffect(() => {
    const { current } = newest
    if (answer !== null && pendingEnd.current?.of === answer) {
      pendingEnd.current.cancel()
      pendingEnd.current = null
    }
    if (answer === null || answer.isDisposed) {
      // Hidden for longer than the grace and shown again, or given its own source now: a new one with the same ids.
      if (current.answer === undefined)
        setOwn(
          createFileAnswer({ ...current, ...(answer === null ? {} : { defaultValue: idsOf(answer.getAnswer()) }) }),
        )
      return
    }
    answer.connect()
    // One from outside is its owner's, also when another takes its place.
    if (answer !== own) return
    return () => {
      pendingEnd.current = { of: answer, cancel: answer.leave() }
    }
  }, [answer, own])

  if (answer === null)
    throw new Error(
      'useFileAnswer: `answer` was given at first and is not any more. Give the component another `key` when it changes its source.',
    )
  return answer
}

/** The answer's entries; renders when they change, not for bytes that moved. */
export function useAnswer(answer: FileAnswer): Answer {
  return useSyncExternalStore(answer.subscribe, answer.getAnswer, answer.getAnswer)
}

/** One entry of an answer and its bytes sent; undefined once it has left. Renders for this entry alone. */
export function useFileEntry(answer: FileAnswer, key: string): FileEntry {
  const { subscribe, now } = useMemo(() => readerOf(answer, key), [answer, key])
  return useSyncExternalStore(subscribe, now, now)
}

/** Gives the same object while nothing changed: one subscription a row, for a thousand rows. */
function readerOf(answer: FileAnswer, key: string) {
  let seen: FileEntry = { entry: undefined, sentBytes: null }
  return {
    subscribe: (listener: () => void) => answer.subscribeEntry(key, listener),
    now() {
      const entry = entryOf(answer.getAnswer(), key)
      const sentBytes = answer.sentBytes(key)
      if (entry !== seen.entry || sentBytes !== seen.sentBytes) seen = { entry, sentBytes }
      return seen
    },
  }
}

interface FileEntry {
  readonly entry: Entry | undefined
  readonly sentBytes: number | null
}

/** What all files wait for: the network (`offline`), what failed for everyone, or (null) nothing. */
export type CommonWait = 'offline' | Failure | null

export function useCommonWait(answer: FileAnswer): CommonWait {
  const now = () => (answer.isOnline() ? answer.restsFor() : 'offline')
  return useSyncExternalStore<CommonWait>(answer.subscribeNews, now, () => null)
}

/** Whether another tab works on the answer's draft. */
export function useElsewhere(answer: FileAnswer): boolean {
  return useSyncExternalStore(
    answer.subscribe,
    () => answer.isElsewhere,
    () => false,
  )
}
