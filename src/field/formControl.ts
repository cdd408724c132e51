'use client'
/** The field as a form's control: native validity, and the form's reset. */
import { type RefObject, useEffect, useRef } from 'react'
import { useCommitEffect } from './useFileAnswer.js'

/** Native constraint validation by the file input: `message` is '' while the field is valid. */
export function useValidity(input: RefObject<HTMLInputElement | null>, message: string): void {
  useCommitEffect(() => input.current?.setCustomValidity(message), [input, message])
}

/** Calls back after the form of `input` was reset, by a person or by code, unless a handler prevented it. */
export function useFormReset(input: RefObject<HTMLInputElement | null>, onReset: () => void): void {
  const newest = useRef(onReset)
  useCommitEffect(() => {
    newest.current = onReset
  })
  useEffect(() => {
    const root = input.current?.getRootNode()
    if (root === undefined) return
    const listen = (event: Event) => {
      if (event.target !== input.current?.form || event.defaultPrevented) return
      // React 19 resets a form in the very commit that brings the action's new default: that one counts.
      queueMicrotask(() => newest.current())
    }
    root.addEventListener('reset', listen)
    return () => root.removeEventListener('reset', listen)
  }, [input])
}
