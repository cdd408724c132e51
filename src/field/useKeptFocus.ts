'use client'
/** The focus stays in the field when the button that has it leaves with its row. */
import { type RefObject, useCallback, useRef } from 'react'
import { removeButtonMark } from './FieldContext.js'
import { useCommitEffect } from './useFileAnswer.js'

export interface KeptFocus {
  /** Gives the focus to a row once it is shown; to the trigger without a row. */
  toRow(key: string | null): void
  /** Where the focus is in this row, it goes to the next, else to the one before, else to the trigger. */
  from(key: string, keys: readonly string[]): void
}

export function useKeptFocus(
  root: RefObject<HTMLElement | null>,
  trigger: RefObject<HTMLButtonElement | null>,
): KeptFocus {
  const next = useRef<{ readonly key: string | null } | null>(null)
  useCommitEffect(() => {
    const target = next.current
    if (target === null) return
    next.current = null
    const row =
      target.key === null
        ? null
        : root.current?.querySelector<HTMLElement>(`[data-key="${target.key}"] [${removeButtonMark}]`)
    ;(row ?? trigger.current)?.focus()
  })
  const toRow = useCallback((key: string | null) => {
    next.current = { key }
  }, [])
  const from = useCallback(
    (key: string, keys: readonly string[]) => {
      const row = root.current?.querySelector(`[data-key="${key}"]`)
      const position = keys.indexOf(key)
      if (row?.contains(row.ownerDocument.activeElement)) toRow(keys[position + 1] ?? keys[position - 1] ?? null)
    },
    [root, toRow],
  )
  return { toRow, from }
}
