'use client'
/** The rows in the order shown. Renders on add, remove and move, and where equal names appear. */
import { memo, type ReactNode } from 'react'
import type { Answer } from '../answer/answer.js'
import { EntryRow } from './EntryRow.js'
import { useField } from './FieldContext.js'
import { say } from './words.js'

/** ", 2 of 2" for names that stand more than once, by key. */
export function ordinalsOf(answer: Answer, messages: Parameters<typeof say>[0]): ReadonlyMap<string, string> {
  const byName = new Map<string, string[]>()
  for (const entry of answer.entries) {
    const name = entry.state === 'restored' ? (entry.stored?.name ?? '') : entry.name
    byName.set(name, [...(byName.get(name) ?? []), entry.key])
  }
  const ordinals = new Map<string, string>()
  for (const keys of byName.values()) {
    if (keys.length < 2) continue
    for (const [index, key] of keys.entries())
      ordinals.set(key, say(messages, 'ordinal', { position: index + 1, count: keys.length }))
  }
  return ordinals
}

export const EntryList = memo(function EntryList({
  keys,
  ordinals,
  labelledBy,
  isOnline,
}: {
  readonly keys: readonly string[]
  readonly ordinals: ReadonlyMap<string, string>
  readonly labelledBy: string
  readonly isOnline: boolean
}): ReactNode {
  const { part } = useField()
  if (keys.length === 0) return null
  return (
    // Safari drops the role of a list without markers.
    <ul {...part('list')} role="list" aria-labelledby={labelledBy}>
      {keys.map((key) => (
        <EntryRow key={key} entryKey={key} ordinal={ordinals.get(key) ?? ''} isOnline={isOnline} />
      ))}
    </ul>
  )
})
