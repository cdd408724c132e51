'use client'
/** The browser's file chooser: opened by the one hidden input, whose attributes are set just before. */
import { type RefObject, useCallback, useEffect, useRef } from 'react'
import type { Rules } from '../answer/admission.js'
import { acceptAttribute } from '../protocol/accept.js'

/** What is asked for. */
export interface Choice {
  /** A whole folder, or a picture by the camera; files without. */
  readonly of?: 'folder' | 'camera'
  /** Which camera of a phone. */
  readonly facing?: 'user' | 'environment'
  /** The entry that the file is to take the place of. */
  readonly insteadOf?: string
}

const plain: Choice = {}

/** Whether a person points with a finger; false in test DOMs and on servers. */
export const isTouched = (): boolean => globalThis.matchMedia?.('(pointer: coarse)').matches === true

/** Phones grey out all that they know no type for: where one such kind is accepted, they are told of no kind. */
const unknownToPhones = /\.(hwpx?|hwt|cell|show|alz|egg|7z|rar|psd)\b/

/** The input's `accept`; the chooser's only. What is chosen is judged by the rules. */
function acceptOf(rules: Rules, { of }: Choice): string {
  if (of === 'camera') return 'image/*'
  const accept = acceptAttribute(rules.accept) ?? ''
  return isTouched() && unknownToPhones.test(accept) ? '' : accept
}

function prepare(input: HTMLInputElement, rules: Rules, choice: Choice): void {
  input.multiple = rules.maxFiles !== 1 && choice.insteadOf === undefined && choice.of !== 'camera'
  input.accept = acceptOf(rules, choice)
  input.toggleAttribute('webkitdirectory', choice.of === 'folder')
  if (choice.of === 'camera') input.setAttribute('capture', choice.facing ?? 'environment')
  else input.removeAttribute('capture')
}

/**
 * Hands over what is chosen. The chooser's events are the field's own: a `cancel` would close the host's dialog, a
 * `change` reach its form, the programmatic `click` its card.
 */
function takeFrom(input: HTMLInputElement, onChosen: (files: readonly File[]) => void): () => void {
  const take = () => {
    const files = [...(input.files ?? [])]
    // Cleared, so that choosing the same file again is a change.
    input.value = ''
    onChosen(files)
  }
  const inside = (event: Event) => {
    event.stopPropagation()
    if (event.type === 'change') take()
  }
  const types = ['change', 'input', 'cancel', 'click']
  for (const type of types) input.addEventListener(type, inside)
  // Chosen before the page came to life.
  if ((input.files?.length ?? 0) > 0) take()
  return () => {
    for (const type of types) input.removeEventListener(type, inside)
  }
}

/** Opens the chooser, and hands over what was chosen. `isThere`: the field has its input now. */
export function useChooser(
  input: RefObject<HTMLInputElement | null>,
  isThere: boolean,
  o: { readonly rules: Rules; onChosen(files: readonly File[], choice: Choice): void },
): (choice?: Choice) => void {
  const newest = useRef(o)
  const asked = useRef(plain)
  useEffect(() => {
    newest.current = o
  })
  useEffect(() => {
    const own = input.current
    if (own === null || !isThere) return
    return takeFrom(own, (files) => {
      const choice = asked.current
      asked.current = plain
      prepare(own, newest.current.rules, plain)
      if (files.length > 0) newest.current.onChosen(files, choice)
    })
  }, [input, isThere])
  return useCallback(
    (choice = plain) => {
      if (input.current === null) return
      asked.current = choice
      prepare(input.current, newest.current.rules, choice)
      input.current.click()
    },
    [input],
  )
}
