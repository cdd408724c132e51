/** All bytes are sent: the backend looks at storage and confirms, or its scan is running. */
import type { HeldGrant, LocalEntry } from '../answer/entry.js'
import { failure, failureFrom } from '../protocol/failure.js'
import { orEnded, timeLimit } from './timeLimit.js'
import { fail, startOver, waitFor, type WorkTools } from './workTools.js'

export async function finish(entry: LocalEntry, held: HeldGrant, tools: WorkTools, signal: AbortSignal): Promise<void> {
  const { environment, timing, waiting, report } = tools
  const { grant } = held
  const backend = tools.backend()
  const limit = timeLimit(environment.clock, timing.callTimeout, signal)
  try {
    const reference = { id: grant.id, ...(grant.method === 'MULTIPART' ? { upload: grant.upload } : {}) }
    const answer = await orEnded(
      backend.complete?.(reference, { ...tools.context(), signal: limit.signal }),
      limit.signal,
    )
    if (signal.aborted) return
    if (answer === undefined && grant.method === 'MULTIPART') {
      throw failure('server', {
        remedy: 'person',
        hint: 'The backend issued a multipart grant, but has no `complete`.',
      })
    }
    if (answer !== undefined && 'status' in answer) {
      report(entry, { type: 'check-announced' })
      await waitFor(tools, Math.min(60, Math.max(1, answer.retryAfter)) * 1000, signal)
      limit.end()
      return await finish(entry, held, tools, signal)
    }
    if (answer !== undefined && answer.size >= 0 && answer.size !== entry.size) {
      // Another object stands at this key: this file needs one of its own.
      return startOver(
        entry,
        failure('damaged', { hint: `Storage holds ${answer.size} bytes where ${entry.size} were sent.` }),
        tools,
      )
    }
    waiting.healed()
    report(entry, { type: 'stored' })
  } catch (thrown) {
    if (signal.aborted) return
    const failed = limit.timedOut()
      ? failure('timeout', { hint: 'The backend did not answer `complete` in time.' })
      : failureFrom(thrown)
    // Storage lacks parts: it is asked which, and gets those; failing that, the file begins anew.
    if (failed.code === 'not-stored')
      return grant.method === 'MULTIPART' && entry.renewals === 0
        ? report(entry, { type: 'attempt-failed', failure: failed, next: { do: 'resend' } })
        : startOver(entry, failed, tools, grant.method === 'MULTIPART' ? 1 : 0)
    fail(entry, { step: 'finish', held, failed, together: [entry.key] }, tools)
  } finally {
    limit.end()
  }
}
