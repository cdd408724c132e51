/** A grant for one entry: asked for, judged, held; or why there is none. */
import { idOf } from '../answer/answer.js'
import type { HeldGrant, LocalEntry } from '../answer/entry.js'
import { failure } from '../protocol/failure.js'
import { type Grant, urlOf } from '../protocol/grant.js'
import { doubtOf, isDoubtful } from './fileOnDisk.js'
import { hinted } from './hinted.js'
import { fail, type WorkTools } from './workTools.js'

export async function request(
  entry: LocalEntry,
  renews: HeldGrant | null,
  tools: WorkTools,
  signal: AbortSignal,
): Promise<void> {
  const { environment, timing, waiting, grants, pace, report } = tools
  report(entry, { type: 'request-started' })
  const doubt = isDoubtful(entry) ? await doubtOf(entry) : null
  if (signal.aborted) return
  if (doubt === 'folder') return report(entry, { type: 'refused', failure: failure(doubt) })
  if (doubt !== null)
    return fail(entry, { step: 'request', held: renews, failed: failure(doubt), together: [entry.key] }, tools)
  const hashing = tools.checksums()
  // Not awaited without need: what is wanted within one microtask goes in one call.
  const sums = hashing === null ? {} : await (await hashing)?.ofFile(await tools.bytesOf(entry), signal)
  const answer = await grants.request({ entry, signal, sums, id: renews?.grant.id })
  if (signal.aborted) {
    // What came in the turn of its end is held by nobody; a renewed grant is let go of with the one it renews.
    if (answer.granted && answer.grant.id !== renews?.grant.id) tools.onReleased(answer.grant)
    return
  }
  if (!answer.granted) {
    const { failure: failed, together, chance } = answer
    if (together.length > 0 && (failed.status === 401 || failed.status === 403)) return tools.deny(failed)
    if (failed.remedy === 'none') return report(entry, { type: 'refused', failure: failed })
    // An id that can't be renewed (its secret was retired, its object moved): the file begins anew, once.
    if (renews !== null && failed.remedy === 'person' && together.length === 1 && entry.renewals < timing.renewals)
      return report(entry, { type: 'attempt-failed', failure: failed, next: { do: 'start-over' } })
    return fail(entry, { step: 'request', held: renews, failed, together, chance }, tools)
  }
  const { grant, askedAt } = answer
  pace.granted(environment.clock.now() - askedAt)
  tools.notes()?.granted(grant)
  const endsAt = grant.expiresInMs === null ? null : askedAt + grant.expiresInMs
  if (
    endsAt !== null &&
    endsAt - environment.clock.now() < Math.min(timing.leastLife, (grant.expiresInMs ?? 0) / 2 || 1)
  ) {
    tools.onReleased(grant)
    // Once more; a grant that ends at once a second time is no accident.
    return report(entry, {
      type: 'attempt-failed',
      failure: await hinted(failure('url-expired'), (advice) => advice.grantEnded, environment.clock),
      next:
        entry.renewals >= timing.renewals
          ? { do: 'stop' }
          : renews === null
            ? { do: 'start-over' }
            : { do: 'new-grant' },
    })
  }
  waiting.healed('backend', entry.tries > 0)
  report(entry, { type: 'granted', held: { grant, endsAt, attempt: entry.attempt, origin: originOf(grant) } })
  // Given up in this very turn, the file does not take it.
  const now = tools.current(entry.key)
  if (now === undefined || idOf(now) !== grant.id) tools.onReleased(grant)
}

function originOf(grant: Grant): string {
  const url = grant.method === 'MULTIPART' ? grant.parts[0]?.url : grant.url
  return url === undefined ? '' : urlOf(url).origin
}
