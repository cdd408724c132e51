/** State is told by shape beside word and colour: one icon for each group of states. Never carries meaning alone. */
import { memo, type ReactNode } from 'react'
import type { EntryState } from '../answer/entry.js'

const circle = 'M8 2a6 6 0 1 0 .1 0z'
const clock = `${circle}M8 5v3l2 2`
const arrow = 'M8 13V3M4 7l4-4 4 4'
const tick = 'm3 9 3 3 7-8'
const cross = `${circle}M6 6l4 4m0-4-4 4`

type Waiting = 'queued' | 'preparing' | 'requesting' | 'ready'

const shapes: Readonly<Record<Exclude<EntryState, Waiting>, string> & Partial<Record<Waiting, string>>> = {
  uploading: arrow,
  finishing: arrow,
  done: tick,
  restored: tick,
  retrying: 'M13 8a5 5 0 1 1-2-4m2-2v3h-3',
  paused: 'M6 3v10m4 0V3',
  failed: cross,
  rejected: cross,
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
      <path d={shapes[state] ?? clock} />
    </svg>
  )
})
