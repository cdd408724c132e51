'use client'
/** A stored file's name as its download link: in the same tab, since the disposition is attachment. */
import type { MouseEvent, ReactNode } from 'react'
import type { Entry } from '../answer/entry.js'
import { useField } from './FieldContext.js'

export function StoredLink({ entry, children }: { readonly entry: Entry; readonly children: ReactNode }): ReactNode {
  const { answer, baseId } = useField()
  const url = entry.state === 'restored' ? entry.stored?.url : undefined
  if (url === undefined || entry.state !== 'restored') return children
  const { id } = entry
  // A link that has ended asks for a new one, then goes.
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    const { ownerDocument } = event.currentTarget
    void answer.linkOf(id).then((link) => {
      if (link !== null) ownerDocument.location.assign(link)
    })
  }
  return (
    <a
      href={url}
      id={`${baseId}-${entry.key}-link`}
      rel="noopener noreferrer"
      referrerPolicy="no-referrer"
      onClick={follow}
    >
      {children}
    </a>
  )
}
