/**
 * Follows a stored file's link. The download starts in a frame that nobody sees, so that what comes in place of a file
 * (storage's error page, a file that browsers show) never replaces the form; that opens in a new tab. Loaded with the
 * first click.
 */
import { entryOf } from '../answer/answer.js'
import type { RestoredEntry } from '../answer/entry.js'
import type { FileAnswer } from '../engine/fileAnswer.js'
import { type Failure, failure } from '../protocol/failure.js'

/** Storage that has not answered by then won't; a download that has begun needs no frame. */
const frameMs = 120_000

/** Tells why there is no link to follow, or null. A link that has ended asks for a new one, then goes. */
export async function followLink(
  answer: FileAnswer,
  { id, key }: RestoredEntry,
  page: Document,
): Promise<Failure | null> {
  const link = await answer.linkOf(id)
  if (link === null) {
    const now = entryOf(answer.getAnswer(), key)
    const gone = now?.state === 'restored' ? now.failure : null
    return gone ?? failure(answer.isOnline() ? 'server' : 'network')
  }
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
  answer.clock.after(frameMs, () => frame.remove())
  return null
}
