'use client'
/** The focus stays in the field when the row that has it leaves, for whatever reason. */
import { type RefObject, useCallback, useRef } from 'react'
import { removeButtonMark } from './FieldContext.js'
import { useCommitEffect } from './useFileAnswer.js'

export interface KeptFocus {
  /** Gives the focus to a row once it is shown; to the trigger without a row. */
  toRow(key: string | null): void
  /**
   * A row is about to leave the page. Where the focus is in it, it goes to the row that comes in its place, else to the
   * next, else to the one before, else to the trigger.
   */
  leaving(row: HTMLElement, successor: string | null): void
}

/** The element with the focus, as the node's own tree tells it: a document knows the host of a shadow tree alone. */
export const focusedBeside = (node: Node): Element | null => {
  const root = node.getRootNode()
  return root instanceof Document || root instanceof ShadowRoot ? root.activeElement : null
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
  const leaving = useCallback(
    (row: HTMLElement, successor: string | null) => {
      if (next.current !== null || !row.contains(focusedBeside(row))) return
      const rows = [...(root.current?.querySelectorAll<HTMLElement>('[data-key]') ?? [])]
      const position = rows.indexOf(row)
      toRow(successor ?? (rows[position + 1] ?? rows[position - 1])?.dataset.key ?? null)
    },
    [root, toRow],
  )
  return { toRow, leaving }
}
