'use client'
/** A stored file's name as its download link. */
import type { MouseEvent, ReactNode } from 'react'
import type { RestoredEntry } from '../answer/entry.js'
import { type Failure, failure } from '../protocol/failure.js'
import { useField } from './FieldContext.js'

/** `onFollowed` is told of each click: why there was no link to follow, or null. */
export function StoredLink({
  entry,
  url,
  children,
  onFollowed,
}: {
  readonly entry: RestoredEntry
  readonly url: string
  readonly children: ReactNode
  readonly onFollowed: (dead: Failure | null) => void
}): ReactNode {
  const { answer, baseId } = useField()
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    // What people open elsewhere is the browser's.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    const { ownerDocument } = event.currentTarget
    import('./followLink.js')
      .then(({ followLink }) => followLink(answer, entry, ownerDocument))
      .then(onFollowed, () => onFollowed(failure('network')))
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
