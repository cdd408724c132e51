'use client'
/** Removals that can still be undone, the newest last; held while focus or pointer is on them. */
import { type ReactNode, useState } from 'react'
import type { Removal } from '../answer/answer.js'
import { useField } from './FieldContext.js'
import { shownName } from './messages.js'
import { say } from './words.js'

/** Older removals go on to end by themselves; more than these would push the page around. */
const mostShown = 3

export function UndoBar({
  removals,
  onUndone,
}: {
  readonly removals: readonly Removal[]
  readonly onUndone: (key: string) => void
}): ReactNode {
  const { answer, messages, baseId, part } = useField()
  const [held, setHeld] = useState({ focus: false, pointer: false })
  const hold = (change: Partial<typeof held>) => {
    const next = { ...held, ...change }
    setHeld(next)
    answer.holdUndo(next.focus || next.pointer)
  }
  if (removals.length === 0) return null
  return (
    <div
      {...part('undo')}
      onFocus={() => hold({ focus: true })}
      onBlur={() => hold({ focus: false })}
      onPointerEnter={() => hold({ pointer: true })}
      onPointerLeave={() => hold({ pointer: false })}
    >
      {removals.slice(-mostShown).map(({ entry }) => {
        const name = shownName(entry.state === 'restored' ? entry.stored?.name || say(messages, 'unnamed') : entry.name)
        return (
          <div key={entry.key}>
            <span dir="auto">{say(messages, 'removedText', { name })}</span>{' '}
            <button
              {...part('action')}
              type="button"
              id={`${baseId}-${entry.key}-undo`}
              aria-label={say(messages, 'undoName', { name })}
              onClick={() => {
                hold({ focus: false, pointer: false })
                answer.undo(entry.key)
                onUndone(entry.key)
              }}
            >
              {say(messages, 'undo')}
            </button>
          </div>
        )
      })}
    </div>
  )
}
