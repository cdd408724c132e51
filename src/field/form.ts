'use client'
/** The form a field belongs to: which it is, its native validity, its reset. */
import { type RefObject, useEffect, useRef } from 'react'
import { useCommitEffect } from './useFileAnswer.js'

/** Native constraint validation by the file input: `message` is '' while the field is valid. */
export function useValidity(input: RefObject<HTMLInputElement | null>, message: string): void {
  useCommitEffect(() => input.current?.setCustomValidity(message), [input, message])
}

/** What says to which form a field belongs: its file input, and of a read-only field, which has none, its ids. */
export function controlOf(root: HTMLElement | null): HTMLInputElement | null {
  return root?.querySelector<HTMLInputElement>('[data-part=input], input[type=hidden]') ?? null
}

/** The form a field belongs to; a read-only one without ids belongs to the one around it. */
export function formOf(root: HTMLElement | null): HTMLFormElement | null {
  const control = controlOf(root)
  return control === null ? (root?.closest('form') ?? null) : control.form
}

/** Whether the form holds these ids by now: React has rendered. */
export function holdsIds(root: HTMLElement | null, ids: readonly string[]): boolean {
  const held = [...(root?.querySelectorAll<HTMLInputElement>('input[type=hidden]') ?? [])]
  return held.length === ids.length && held.every(({ value }, position) => value === ids[position])
}

/** Calls back after the field's form was reset, by a person or by code, unless a handler prevented it. */
export function useFormReset(field: RefObject<HTMLElement | null>, onReset: () => void): void {
  const newest = useRef(onReset)
  useCommitEffect(() => {
    newest.current = onReset
  })
  useEffect(() => {
    const root = field.current?.getRootNode()
    if (root === undefined) return
    const listen = (event: Event) => {
      if (event.target !== formOf(field.current) || event.defaultPrevented) return
      // React 19 resets a form in the very commit that brings the action's new default: that one counts.
      queueMicrotask(() => newest.current())
    }
    root.addEventListener('reset', listen)
    return () => root.removeEventListener('reset', listen)
  }, [field])
}
