'use client'
/** Moves rows: by buttons, by Alt and an arrow key, by dragging a handle. Loaded with the first `sortable` field. */
import { type ButtonHTMLAttributes, type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react'
import { entryOf } from '../answer/answer.js'
import { type FieldShared, useField } from './FieldContext.js'
import { dragRow } from './dragRow.js'
import type { Part } from './props.js'
import { focusedBeside } from './useKeptFocus.js'
import { entryName, say } from './words.js'

/** Moves an entry to the place of another, and says where it is. */
function moveTo({ answer, messages, announce }: FieldShared, key: string, place: string | null | undefined): void {
  const now = answer.getAnswer()
  const entry = entryOf(now, key)
  const to = now.keys.indexOf(place ?? '')
  if (entry === undefined || to < 0 || place === key) return
  answer.move(key, to)
  const slots = { name: entryName(entry, messages), position: to + 1, count: now.keys.length }
  announce(say(messages, 'sayMoved', slots), 'moved')
}

function step(field: FieldShared, key: string, place: string | null, pressed: HTMLElement): void {
  const hadFocus = focusedBeside(pressed) === pressed
  moveTo(field, key, place)
  // The row takes its focus along, which React sees to in documents alone; a person follows both.
  field.answer.clock.after(0, () => {
    if (hadFocus && focusedBeside(pressed) !== pressed) pressed.focus()
    pressed.scrollIntoView?.({ block: 'nearest' })
  })
}

/** Alt and an arrow key on a button of the row. */
export function onMoveKey(
  event: KeyboardEvent,
  field: FieldShared,
  key: string,
  before: string | null,
  after: string | null,
): void {
  if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
  event.preventDefault()
  step(field, key, event.key === 'ArrowUp' ? before : after, event.target as HTMLElement)
}

export function MoveButtons({
  entryKey,
  before,
  after,
  action,
}: {
  readonly entryKey: string
  readonly before: string | null
  readonly after: string | null
  readonly action: (own: string) => ButtonHTMLAttributes<HTMLButtonElement> & { readonly 'data-part': Part }
}): ReactNode {
  const field = useField()
  const { messages, Button } = field
  const button = (own: 'up' | 'down', place: string | null, path: string) => {
    const word = say(messages, own === 'up' ? 'moveUp' : 'moveDown')
    return (
      <Button
        {...action(own)}
        data-faf-icon=""
        title={word}
        {...(place === null ? { 'aria-disabled': true } : {})}
        onClick={({ currentTarget }) => step(field, entryKey, place, currentTarget)}
      >
        <svg
          viewBox="0 0 16 16"
          width="16"
          height="16"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.7"
          strokeLinecap="round"
          strokeLinejoin="round"
          aria-hidden="true"
        >
          <path d={path} />
        </svg>
        <span data-faf-hidden="">{word}</span>
      </Button>
    )
  }
  return (
    <>
      {button('up', before, 'M8 13V3M3.8 7 8 2.8 12.2 7')}
      {button('down', after, 'M8 3v10M3.8 9 8 13.2 12.2 9')}
    </>
  )
}

/** For the pointer alone: the buttons do the same for everybody else. */
export function Handle({ entryKey }: { readonly entryKey: string }): ReactNode {
  const field = useField()
  const handle = useRef<HTMLSpanElement>(null)
  const onPointerDown = (event: PointerEvent) => {
    const row = handle.current?.closest('li')
    if (row == null || event.button !== 0 || row.closest('fieldset:disabled') !== null) return
    event.preventDefault()
    dragRow(row, event.nativeEvent, (place) => moveTo(field, entryKey, place.dataset.key))
  }
  return (
    <span {...field.part('handle')} ref={handle} aria-hidden="true" onPointerDown={onPointerDown}>
      <svg viewBox="0 0 16 16" width="16" height="16" fill="currentColor">
        <path d="M5 2.5h2v2H5zM9 2.5h2v2H9zM5 7h2v2H5zM9 7h2v2H9zM5 11.5h2v2H5zM9 11.5h2v2H9z" />
      </svg>
    </span>
  )
}
