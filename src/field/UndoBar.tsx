'use client'
/** Removals that can still be undone, the newest last; held while focus or pointer is on them. */
import { type ReactNode, useEffect, useRef } from 'react'
import type { Removal } from '../answer/answer.js'
import { useField } from './FieldContext.js'
import { shownName } from './messages.js'
import { nameOf, say } from './words.js'

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
  const held = useRef({ focus: false, pointer: false })
  const hold = (change: Partial<typeof held.current>) => {
    Object.assign(held.current, change)
    answer.holdUndo(held.current.focus || held.current.pointer)
  }
  // A bar that goes tells of no pointer or focus that left it.
  useEffect(() => () => answer.holdUndo(false), [answer])
  // What was removed at once stands in one line, and comes back at once.
  const shown = removals.filter(({ act }, index) => removals[index - 1]?.act !== act).slice(-mostShown)
  const countOf = (wanted: string) => removals.filter(({ act }) => act === wanted).length
  const names = shown.map(({ entry, act }) => {
    const count = countOf(act)
    return count > 1 ? say(messages, 'sayRemovedMany', { count }) : shownName(nameOf(entry, messages))
  })
  // The sentence keeps its own direction whatever the name's is.
  const [before = '', after = ''] = say(messages, 'removedText').split('{name}')
  return (
    <div
      {...part('undo')}
      onFocus={() => hold({ focus: true })}
      onBlur={() => hold({ focus: false })}
      onPointerEnter={() => hold({ pointer: true })}
      onPointerLeave={() => hold({ pointer: false })}
    >
      {shown.map(({ entry: { key }, act, replaced }, index) => {
        // What was replaced swaps with its successor.
        const isStuck = isFull && !replaced
        const name = names[index] ?? ''
        const placeOf = (some: readonly string[]) => some.filter((each) => each === name).length
        const count = placeOf(names)
        // Equal names are told apart here as in the list.
        const ordinal =
          count > 1 ? say(messages, 'ordinal', { position: placeOf(names.slice(0, index + 1)), count }) : ''
        const isMany = countOf(act) > 1
        return (
          <div key={key}>
            {isMany ? (
              <span>{name}</span>
            ) : (
              <span>
                <span>{before}</span>
                <bdi>{name}</bdi>
                <span>{after}</span>
              </span>
            )}{' '}
            <Button
              {...part('action')}
              type="button"
              id={`${baseId}-${key}-undo`}
              aria-label={
                (isMany ? `${say(messages, 'undo')}: ${name}` : say(messages, 'undoName', { name })) + ordinal
              }
              aria-disabled={isStuck || undefined}
              onClick={() => {
                if (isStuck) return onFull()
                // The focus goes to the row; the pointer may still be at the other removals.
                hold({ focus: false })
                answer.undo(key)
                onUndone(key)
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
