'use client'
/** How far the bytes of one file are. */
import type { ReactNode } from 'react'
import type { Entry } from '../answer/entry.js'
import { useField } from './FieldContext.js'
import { formatPercent, percentOf } from './messages.js'

/**
 * Percent for a file's bar; null while how far it is isn't known, undefined without a bar: it is shown while bytes move,
 * are paused or are being taken in.
 */
export function progressOf(entry: Entry, sentBytes: number | null): number | null | undefined {
  if (entry.state === 'restored' || entry.size === 0) return undefined
  if (entry.state === 'finishing') return null
  const isMoving = entry.state === 'uploading' || entry.state === 'paused'
  return isMoving && sentBytes !== null ? percentOf(sentBytes, entry.size) : undefined
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
