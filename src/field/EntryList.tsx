'use client'
/** The rows in the order shown. Renders on add, remove and move, and where equal names appear. */
import { memo, type ReactNode, useEffect, useState } from 'react'
import type { Answer } from '../answer/answer.js'
import { EntryRow } from './EntryRow.js'
import { useField } from './FieldContext.js'
import { Fold } from './Fold.js'
import type { Messages } from './messages.js'
import type { CommonWait } from './useFileAnswer.js'
import { say } from './words.js'

const known = new WeakMap<
  readonly string[],
  { readonly names: readonly string[]; readonly messages: Messages; readonly ordinals: ReadonlyMap<string, string> }
>()

/** ", 2 of 2" for names that stand more than once, by key. The same map for the same names: rows render by it. */
export function ordinalsOf({ keys, entries }: Answer, messages: Messages): ReadonlyMap<string, string> {
  const names = entries.map((entry) => (entry.state === 'restored' ? (entry.stored?.name ?? '') : entry.name))
  const before = known.get(keys)
  if (before?.messages === messages && names.every((name, position) => name === before.names[position]))
    return before.ordinals
  const byName = new Map<string, string[]>()
  for (const [position, { key }] of entries.entries()) {
    const name = names[position] ?? ''
    const alike = byName.get(name)
    if (alike === undefined) byName.set(name, [key])
    else alike.push(key)
  }
  const ordinals = new Map<string, string>()
  for (const alike of byName.values()) {
    if (alike.length < 2) continue
    for (const [index, key] of alike.entries())
      ordinals.set(key, say(messages, 'ordinal', { position: index + 1, count: alike.length }))
  }
  known.set(keys, { names, messages, ordinals })
  return ordinals
}

/** Rows that may come in the render that answers a click. */
const mostAtOnce = 20
/** The files' first requests are worth more than rows below the screen: these wait while the first grants come, ms. */
const firstTurnMs = 80
/** Between two turns the page has time for what else there is to do, ms. */
const turnMs = 16
/** Rows that may come in each turn of the page after it. */
const mostInATurn = 100

/**
 * How many of `total` rows to show: few new ones at once, many turn by turn, so that a click is answered before a
 * thousand rows are made. Not by a deferred render: news of files that move on would begin it anew each time, and the
 * list would stay empty until all are stored.
 */
function useGradual(total: number): number {
  const { clock } = useField().answer
  const [{ reached, turn }, setReached] = useState({ reached: total, turn: 0 })
  const isNear = total <= reached + mostAtOnce
  if (isNear && reached !== total) setReached({ reached: total, turn: 0 })
  const shown = isNear ? total : reached + mostAtOnce
  useEffect(
    () =>
      shown < total
        ? clock.after(turn === 0 ? firstTurnMs : turnMs, () =>
            setReached({ reached: shown - mostAtOnce + mostInATurn, turn: turn + 1 }),
          )
        : undefined,
    [shown, total, turn, clock],
  )
  return shown
}

export const EntryList = memo(function EntryList({
  keys,
  folded,
  ordinals,
  labelledBy,
  commonWait,
  onDismissAll,
}: {
  readonly keys: readonly string[]
  /** Keys, with spaces between, of what is told in one row at the end. A string: equal ones render nothing. */
  readonly folded: string
  readonly ordinals: ReadonlyMap<string, string>
  readonly labelledBy: string
  readonly commonWait: CommonWait
  readonly onDismissAll: () => void
}): ReactNode {
  const { part } = useField()
  const within = new Set(folded.split(' '))
  const own = keys.filter((key) => !within.has(key))
  const shown = useGradual(own.length)
  if (keys.length === 0) return null
  const rowsOf = (some: readonly string[]) =>
    some.map((key, index) => (
      <EntryRow
        key={key}
        entryKey={key}
        ordinal={ordinals.get(key) ?? ''}
        before={some[index - 1] ?? null}
        after={some[index + 1] ?? null}
        commonWait={commonWait}
      />
    ))
  return (
    // Safari drops the role of a list without markers.
    <ul {...part('list')} role="list" aria-labelledby={labelledBy}>
      {rowsOf(own.slice(0, shown))}
      {folded === '' ? null : (
        <Fold count={within.size} onDismissAll={onDismissAll}>
          {() => rowsOf([...within])}
        </Fold>
      )}
    </ul>
  )
})
