'use client'
/** What is said while uploads take long: the time left of a large file, and the progress of many. Loaded by then. */
import { type ReactNode, useEffect, useState } from 'react'
import type { Answer } from '../answer/answer.js'
import { isPending } from '../answer/selectors.js'
import type { FileAnswer } from '../engine/fileAnswer.js'
import { useField } from './FieldContext.js'
import { formatPercent, type Messages, numberFormat, percentOf } from './messages.js'
import { Bar } from './ProgressBar.js'
import { createTimeLeft } from './timeLeft.js'
import { say } from './words.js'

/** Batches that are through by then show no progress of their own. */
const patienceMs = 1_000

function timeText(messages: Messages, seconds: number | null): string {
  if (seconds === null) return ''
  const [value, unit] =
    seconds < 60 ? [seconds, 'second'] : seconds < 3_600 ? [seconds / 60, 'minute'] : [seconds / 3_600, 'hour']
  const format = numberFormat(messages.locale, { style: 'unit', unit, unitDisplay: 'short' })
  return say(messages, 'timeLeft', { left: format.format(value) })
}

/** ", about 2 min left" for one file that is sent. */
export function FileTimeLeft({ entryKey, size }: { readonly entryKey: string; readonly size: number }): ReactNode {
  const { answer, messages } = useField()
  const [seconds, setSeconds] = useState<number | null>(null)
  useEffect(() => {
    const timeLeft = createTimeLeft()
    const look = () => setSeconds(timeLeft.at(answer.clock.now(), answer.sentBytes(entryKey) ?? 0, size))
    return answer.subscribeEntry(entryKey, look)
  }, [answer, entryKey, size])
  return <span>{timeText(messages, seconds)}</span>
}

export interface Totals {
  readonly files: number
  readonly done: number
  readonly bytes: number
  readonly sentBytes: number
}

/** How far the files of these keys are; what has failed or left is no part of it. */
export function totalsOf({ entries }: Answer, keys: ReadonlySet<string>, sentOf: FileAnswer['sentBytes']): Totals {
  const totals = { files: 0, done: 0, bytes: 0, sentBytes: 0 }
  for (const entry of entries) {
    if (!keys.has(entry.key) || entry.state === 'restored' || entry.state === 'rejected' || entry.state === 'failed')
      continue
    const isSent = entry.state === 'done' || entry.state === 'finishing'
    totals.files += 1
    totals.done += entry.state === 'done' ? 1 : 0
    totals.bytes += entry.size
    totals.sentBytes += isSent ? entry.size : (sentOf(entry.key) ?? 0)
  }
  return totals
}

/** One line and one bar for all that is on its way. Mounted while something is pending. */
export function TotalProgress({
  labelledBy,
  onCancel,
}: {
  readonly labelledBy: string
  readonly onCancel: () => void
}): ReactNode {
  const { answer, messages, isEditable, part, baseId, Button } = useField()
  const { clock } = answer
  const [now, setNow] = useState<{ readonly totals: Totals; readonly seconds: number | null } | null>(null)
  useEffect(() => {
    const keys = new Set<string>()
    const timeLeft = createTimeLeft()
    let isShown = false
    const look = () => {
      const current = answer.getAnswer()
      for (const entry of current.entries) if (isPending(entry)) keys.add(entry.key)
      const totals = totalsOf(current, keys, answer.sentBytes)
      const seconds = timeLeft.at(clock.now(), totals.sentBytes, totals.bytes)
      if (isShown) setNow({ totals, seconds })
    }
    look()
    const cancel = clock.after(patienceMs, () => {
      isShown = true
      look()
    })
    const end = answer.subscribe(look)
    return () => {
      cancel()
      end()
    }
  }, [answer, clock])
  if (now === null) return null
  const { files, done, bytes, sentBytes } = now.totals
  const percent = percentOf(sentBytes, bytes)
  const percentText = formatPercent(messages.locale, percent)
  const text = say(messages, 'totalProgress', { count: files, done, percent: percentText })
  return (
    <div {...part('total')}>
      <p id={`${baseId}-total`}>
        <span>{text}</span>
        <span>{timeText(messages, now.seconds)}</span>
      </p>
      {isEditable ? (
        <Button {...part('action')} type="button" onClick={onCancel}>
          {say(messages, 'cancelAll')}
        </Button>
      ) : null}
      <Bar percent={percent} labelledBy={labelledBy} />
    </div>
  )
}
