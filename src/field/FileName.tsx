'use client'
/** A row's file name: whole wherever there is room, and always whole for assistive technology. */
import { memo, type ReactNode } from 'react'
import { useField } from './FieldContext.js'
import { spokenName } from './messages.js'

/** `name` as `shownName` gives it. Where space is short, styles show a long one cut in the middle, its extension kept. */
export const FileName = memo(function FileName({
  id,
  name,
}: {
  readonly id: string
  readonly name: string
}): ReactNode {
  const { part } = useField()
  const short = spokenName(name)
  return (
    <span {...part('name')} id={id} dir="auto" {...(short === name ? {} : { 'data-short': short })}>
      {short === name ? name : <span>{name}</span>}
    </span>
  )
})
