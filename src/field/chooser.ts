'use client'
/** The browser's file chooser: opened by the one hidden input, whose attributes are set just before. */
import { type RefObject, useCallback, useEffect, useRef } from 'react'
import type { Rules } from '../answer/admission.js'
import { acceptAttribute } from '../protocol/accept.js'
import { listenTo } from './listenTo.js'
import { useNewest } from './newest.js'

/** What is asked for. */
export interface Choice {
  /** A whole folder; files without. */
  readonly folder?: boolean
  /** A picture by this camera of a phone. */
  readonly camera?: 'user' | 'environment'
  /** The entry that the file is to take the place of. */
  readonly insteadOf?: string
}

const plain: Choice = {}

/** Whether a person points with a finger; false in test DOMs and on servers. */
export const isTouched = (): boolean => globalThis.matchMedia?.('(pointer: coarse)').matches === true

/** Phones grey out all that they know no type for: where one such kind is accepted, they are told of no kind. */
const unknownToPhones = /\.(hwpx?|hwt|cell|show|alz|egg|7z|rar|psd)\b/

/** The input's `accept`; the chooser's only. What is chosen is judged by the rules. */
function acceptOf(rules: Rules): string {
  const accept = acceptAttribute(rules.accept) ?? ''
  return isTouched() && unknownToPhones.test(accept) ? '' : accept
}

function prepare(input: HTMLInputElement, rules: Rules, { folder = false, camera, insteadOf }: Choice): void {
  const isForFiles = camera === undefined
  input.multiple = isForFiles && rules.maxFiles !== 1 && insteadOf === undefined
  input.accept = isForFiles ? acceptOf(rules) : 'image/*'
  input.toggleAttribute('webkitdirectory', folder)
  if (isForFiles) input.removeAttribute('capture')
  else input.setAttribute('capture', camera)
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
  // Chosen before the page came to life.
  if (input.files?.length) take()
  return listenTo(input, 'change input cancel click', (event) => {
    event.stopPropagation()
    if (event.type === 'change') take()
  })
}

/** Opens the chooser, and hands over what was chosen. `isThere`: the field has its input now. */
export function useChooser(
  input: RefObject<HTMLInputElement | null>,
  isThere: boolean,
  rules: Rules,
  onChosen: (files: readonly File[], choice: Choice) => void,
): (choice?: Choice) => void {
  const newest = useNewest({ rules, onChosen })
  const asked = useRef(plain)
  useEffect(() => {
    const own = input.current
    if (own === null || !isThere) return
    return takeFrom(own, (files) => {
      const choice = asked.current
      asked.current = plain
      prepare(own, newest.current.rules, plain)
      if (files.length > 0) newest.current.onChosen(files, choice)
    })
  }, [input, isThere, newest])
  return useCallback(
    (choice = plain) => {
      if (input.current === null) return
      asked.current = choice
      prepare(input.current, newest.current.rules, choice)
      input.current.click()
    },
    [input, newest],
  )
}
