'use client'
/** How far the bytes of one file are. */
import type { ReactNode } from 'react'
import type { Entry } from '../answer/entry.js'
import { useField } from './FieldContext.js'
import { formatPercent, percentOf } from './messages.js'

/** Shown while bytes move or are paused: nothing is said of progress that isn't known. */
export function ProgressBar({
  entry,
  sentBytes,
  labelledBy,
}: {
  readonly entry: Entry
  readonly sentBytes: number | null
  readonly labelledBy: string
}): ReactNode {
  const isMoving = entry.state === 'uploading' || entry.state === 'paused'
  if ((!isMoving && entry.state !== 'finishing') || entry.size === 0) return null
  if (isMoving && sentBytes === null) return null
  const percent = isMoving && sentBytes !== null ? percentOf(sentBytes, entry.size) : null
  return <Bar percent={percent} labelledBy={labelledBy} />
}

/** `percent` is null while how far it is isn't known. */
export function Bar({
  percent,
  labelledBy,
}: {
  readonly percent: number | null
  readonly labelledBy: string
}): ReactNode {
  const { messages, part } = useField()
  return (
    <div
      {...part('progress')}
      role="progressbar"
      aria-labelledby={labelledBy}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === null
        ? {}
        : { 'aria-valuenow': percent, 'aria-valuetext': formatPercent(messages.locale, percent) })}
    >
      <div style={{ transform: `scaleX(${percent === null ? 1 : percent / 100})` }} />
    </div>
  )
}
