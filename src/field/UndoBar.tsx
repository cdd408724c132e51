'use client'
/** Removals that can still be undone, the newest last; held while focus or pointer is on them. */
import { type ReactNode, useEffect, useState } from 'react'
import type { Removal } from '../answer/answer.js'
import { useField } from './FieldContext.js'
import { shownName } from './messages.js'
import { say } from './words.js'

/** Older removals go on to end by themselves; more than these would push the page around. */
const mostShown = 3

interface UndoBarProps {
  readonly removals: readonly Removal[]
  /** The places are taken again: nothing can come back before something leaves. */
  readonly isFull: boolean
  readonly onFull: () => void
  readonly onUndone: (key: string) => void
}

export function UndoBar(props: UndoBarProps): ReactNode {
  return props.removals.length === 0 ? null : <Removals {...props} />
}

function Removals({ removals, isFull, onFull, onUndone }: UndoBarProps): ReactNode {
  const { answer, messages, baseId, part, Button } = useField()
  const [held, setHeld] = useState({ focus: false, pointer: false })
  const hold = (change: Partial<typeof held>) => {
    const next = { ...held, ...change }
    setHeld(next)
    answer.holdUndo(next.focus || next.pointer)
  }
  // A bar that goes tells of no pointer or focus that left it.
  useEffect(() => () => answer.holdUndo(false), [answer])
  const shown = removals.slice(-mostShown).map(({ entry, replaced }) => ({
    entry,
    // What was replaced swaps with its successor.
    isStuck: isFull && !replaced,
    name: shownName(entry.state === 'restored' ? entry.stored?.name || say(messages, 'unnamed') : entry.name),
  }))
  return (
    <div
      {...part('undo')}
      onFocus={() => hold({ focus: true })}
      onBlur={() => hold({ focus: false })}
      onPointerEnter={() => hold({ pointer: true })}
      onPointerLeave={() => hold({ pointer: false })}
    >
      {shown.map(({ entry, name, isStuck }, index) => {
        const alike = shown.filter((each) => each.name === name).length
        const position = shown.slice(0, index + 1).filter((each) => each.name === name).length
        // Equal names are told apart here as in the list.
        const ordinal = alike > 1 ? say(messages, 'ordinal', { position, count: alike }) : ''
        return (
          <div key={entry.key}>
            <span dir="auto">{say(messages, 'removedText', { name })}</span>{' '}
            <Button
              {...part('action')}
              type="button"
              id={`${baseId}-${entry.key}-undo`}
              aria-label={`${say(messages, 'undoName', { name })}${ordinal}`}
              {...(isStuck ? { 'aria-disabled': true } : {})}
              onClick={() => {
                if (isStuck) return onFull()
                // The focus goes to the row; the pointer may still be at the other removals.
                hold({ focus: false })
                answer.undo(entry.key)
                onUndone(entry.key)
              }}
            >
              {say(messages, 'undo')}
            </Button>
          </div>
        )
      })}
    </div>
  )
}
