/** State is told by shape beside word and colour: one icon for each group of states. Never carries meaning alone. */
import { memo, type ReactNode } from 'react'
import type { EntryState } from '../answer/entry.js'

const shapes: Readonly<Record<'clock' | 'arrow' | 'tick' | 'cross' | 'again' | 'pause', string>> = {
  clock: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM8 4.6V8l2.3 1.6',
  arrow: 'M8 13.4V3M3.8 7 8 2.8 12.2 7',
  tick: 'm2.8 8.6 3.4 3.5 7-8',
  cross: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM5.8 5.8l4.4 4.4m0-4.4-4.4 4.4',
  pause: 'M5.5 3v10M10.5 3v10',
  again: 'M13.4 8A5.4 5.4 0 1 1 11.6 4M13.5 1.6v3.3h-3.3',
}

const shapeOf: Readonly<Record<EntryState, keyof typeof shapes>> = {
  queued: 'clock',
  preparing: 'clock',
  requesting: 'clock',
  ready: 'clock',
  uploading: 'arrow',
  finishing: 'arrow',
  done: 'tick',
  restored: 'tick',
  retrying: 'again',
  paused: 'pause',
  failed: 'cross',
  rejected: 'cross',
}

export const StateIcon = memo(function StateIcon({
  state,
  ...part
}: {
  readonly state: EntryState
  readonly 'data-part': string
  readonly className?: string
}): ReactNode {
  return (
    <svg {...part} aria-hidden="true" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor">
      <path d={shapes[shapeOf[state]]} />
    </svg>
  )
})
