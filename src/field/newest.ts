'use client'
/** What outlives a render — a listener, a timer — works with the newest one's values. */
import { type RefObject, useEffect, useRef } from 'react'
import { listenTo } from './listenTo.js'
import { useCommitEffect } from './useFileAnswer.js'

/** Holds the value of the newest render that was committed. */
export function useNewest<Value>(value: Value): { readonly current: Value } {
  const newest = useRef(value)
  useCommitEffect(() => {
    newest.current = value
  })
  return newest
}

/**
 * Listens at the root of an element's tree, be it the document or a shadow tree's: with `capture` before the host's
 * handlers and React's, without it after them.
 */
export function useRootEvents(
  element: RefObject<HTMLElement | null>,
  types: string,
  listener: (event: Event) => void,
  capture = true,
): void {
  const newest = useNewest(listener)
  useEffect(() => {
    const root = element.current?.getRootNode()
    return root && listenTo(root, types, (event) => newest.current(event), capture)
  }, [element, types, capture, newest])
}
