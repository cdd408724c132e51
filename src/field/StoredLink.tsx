'use client'
/**
 * A stored file's name as its download link. The download starts in a frame that nobody sees, so that what comes in
 * place of a file (storage's error page, a file that browsers show) never replaces the form; that opens in a new tab.
 */
import type { MouseEvent, ReactNode } from 'react'
import { entryOf } from '../answer/answer.js'
import type { Entry } from '../answer/entry.js'
import type { Clock } from '../engine/environment.js'
import { type Failure, failure } from '../protocol/failure.js'
import { useField } from './FieldContext.js'

/** Storage that has not answered by then won't; a download that has begun needs no frame. */
const frameMs = 120_000

function download(link: string, page: Document, clock: Clock): void {
  const frame = page.createElement('iframe')
  frame.hidden = true
  frame.referrerPolicy = 'no-referrer'
  frame.src = link
  // Browsers load nothing into the frame where a download begins.
  frame.addEventListener('load', () => {
    frame.remove()
    page.defaultView?.open(link, '_blank', 'noopener,noreferrer')
  })
  page.body.append(frame)
  clock.after(frameMs, () => frame.remove())
}

/** `onFollowed` is told of each click: why there was no link to follow, or null. */
export function StoredLink({
  entry,
  children,
  onFollowed,
}: {
  readonly entry: Entry
  readonly children: ReactNode
  readonly onFollowed: (dead: Failure | null) => void
}): ReactNode {
  const { answer, baseId } = useField()
  const url = entry.state === 'restored' ? entry.stored?.url : undefined
  if (url === undefined || entry.state !== 'restored') return children
  const { id } = entry
  // A link that has ended asks for a new one, then goes. What people open elsewhere is the browser's.
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    const { ownerDocument } = event.currentTarget
    void answer.linkOf(id).then((link) => {
      if (link !== null) download(link, ownerDocument, answer.clock)
      const now = entryOf(answer.getAnswer(), entry.key)
      const gone = now?.state === 'restored' ? now.failure : null
      onFollowed(link === null ? (gone ?? failure(answer.isOnline() ? 'server' : 'network')) : null)
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
