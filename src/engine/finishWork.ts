/** All bytes are sent: the backend looks at storage and confirms, or its scan is running. */
import type { HeldGrant, LocalEntry } from '../answer/entry.js'
import type { CompleteRequest } from '../protocol/actions.js'
import { parseCompletion } from '../protocol/completion.js'
import { failure, failureFrom } from '../protocol/failure.js'
import type { Grant } from '../protocol/grant.js'
import { refusedUnread } from './storageFailure.js'
import { orEnded, waitFor } from './timeLimit.js'
import { fail, startOver, type WorkTools } from './workTools.js'

export async function finish(entry: LocalEntry, held: HeldGrant, tools: WorkTools, signal: AbortSignal): Promise<void> {
  const { environment, waiting, report } = tools
  const { grant } = held
  const isInDoubt = entry.unanswered > 1
  try {
    const isHashed = grant.method === 'MULTIPART' && grant.partChecksums === true
    // Stored, whether or not the file can be read again.
    const file = isHashed ? await tools.bytesOf(entry).catch(() => entry.file) : entry.file
    const sums = isHashed ? await (await tools.checksums())?.ofWhole(file, grant.partSize, signal) : undefined
    signal.throwIfAborted()
    const answer = await orEnded(completionOf(grant, sums, tools), signal)
    if (signal.aborted) return
    if (answer === undefined && grant.method === 'MULTIPART') {
      throw failure('server', {
        remedy: 'person',
        hint: 'The backend issued a multipart grant, but has no `complete`.',
      })
    }
    const completion = answer === undefined ? null : parseCompletion(answer)
    if (answer !== undefined && completion === null) {
      throw failure('server', { hint: "The backend's answer to `complete` is neither `{ id, size }` nor `checking`." })
    }
    if (completion?.stored === false) {
      report(entry, { type: 'check-announced' })
      await waitFor(environment.clock, completion.retryAfterMs, signal)
      return await finish(entry, held, tools, signal)
    }
    const size = completion?.size ?? null
    // It was asked whether the bytes are there at all, and nobody looked.
    if (size === null && isInDoubt) return refuse()
    if (size !== null && size !== entry.size) {
      // Another object stands at this key: this file needs one of its own.
      return startOver(
        entry,
        failure('damaged', { hint: `Storage holds ${size} bytes where ${entry.size} were sent.` }),
        tools,
      )
    }
    waiting.healed('backend', entry.tries > 0)
    report(entry, { type: 'stored' })
  } catch (thrown) {
    if (signal.aborted) return
    const failed = failureFrom(thrown)
    // No answer to the bytes, twice, and storage doesn't have them: it refused them.
    if (failed.code === 'not-stored' && isInDoubt) return refuse()
    // Storage lacks parts: it is asked which, and gets those; failing that, the file begins anew.
    if (failed.code === 'not-stored')
      return grant.method === 'MULTIPART' && entry.renewals === 0
        ? report(entry, { type: 'attempt-failed', failure: failed, next: { do: 'resend' } })
        : startOver(entry, failed, tools, grant.method === 'MULTIPART' ? 1 : 0)
    // What is stored is not what was sent; it is never overwritten, so the file needs another key.
    if (failed.code === 'damaged') return startOver(entry, failed, tools)
    fail(entry, { step: 'finish', held, failed, together: [entry.key] }, tools)
  }

  async function refuse(): Promise<void> {
    const refused = await refusedUnread(environment.clock)
    report(entry, { type: 'attempt-failed', failure: refused, next: { do: 'stop', step: 'send' } })
  }
}

/**
 * Storage answers 500 to the second of two completions at once, so a file that was removed and brought back meanwhile
 * waits for the call that is on its way.
 */
function completionOf(
  grant: Grant,
  sums: Pick<CompleteRequest, 'checksum'> | undefined,
  tools: WorkTools,
): Promise<unknown> {
  const { completing } = tools
  const running = completing.get(grant.id)
  if (running !== undefined) return running
  const upload = grant.method === 'MULTIPART' ? { upload: grant.upload } : {}
  const reference = { id: grant.id, ...upload, ...sums }
  // A removal doesn't end it: storage would go on, and answer 500 to the next.
  const begun = Promise.resolve(tools.backend().complete?.(reference, {})).finally(() => completing.delete(grant.id))
  completing.set(grant.id, begun)
  return begun
}
