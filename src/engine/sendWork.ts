/** The bytes of one entry on their way, by the transport its grant names. */
import type { HeldGrant, LocalEntry } from '../answer/entry.js'
import { isAged } from '../answer/plan.js'
import type { Backend, Sendable } from '../protocol/backend.js'
import { failure, failureFrom } from '../protocol/failure.js'
import { loadMultipart } from './chunks.js'
import { isChanged, look, saysOtherwise, suspect } from './fileOnDisk.js'
import { failedWith, sendToStorage } from './singleRequest.js'
import { refusedUnread } from './storageFailure.js'
import { fail, startOver, type WorkTools } from './workTools.js'

export async function send(entry: LocalEntry, held: HeldGrant, work: WorkTools, signal: AbortSignal): Promise<void> {
  const { environment, timing, pace, progress, waiting, report } = work
  const { grant } = held
  if (saysOtherwise(entry)) return changed()
  const recorded = work.keeper().recorded(entry)
  if (recorded !== undefined) await recorded
  const file = await work.bytesOf(entry)
  if (signal.aborted) return
  const backend = work.backend()
  const tools = { ...work, send: backend.send?.bind(backend) }
  let startedAt = environment.clock.now()
  const onStart = () => {
    startedAt = environment.clock.now()
    report(entry, { type: 'send-started' })
  }
  const onProgress = (sentBytes: number) => progress.set(entry.key, sentBytes)
  const hold = () => waiting.hold(signal)
  const resumes = entry.attempt > held.attempt
  const isOld = isAged(held, environment.clock.now(), timing.renewBefore)
  const sending = { owner: entry.key, signal, hold, onStart, onProgress }
  const verdict =
    grant.method === 'MULTIPART'
      ? await loadMultipart()
          .then(({ sendInParts }) => sendInParts({ ...sending, grant, file, entry, resumes, isOld }, work, tools))
          .catch((thrown) => failedWith(failureFrom(thrown)))
      : await sendToStorage(
          {
            ...sending,
            grant: withContentType(grant, entry.type),
            body: file,
            earlier: entry.tries + entry.unanswered,
          },
          tools,
        )
  if (signal.aborted) return
  if (!verdict.stored && !('exists' in verdict)) {
    progress.forget(entry.key)
    const isOurs = verdict.failure.code === 'unreadable' && backend.send === undefined
    if (isOurs && isChanged(await look(entry.file))) return changed()
    if (signal.aborted) return
    // The multipart upload itself is gone: aborted, swept, or completed and deleted.
    if (verdict.failure.code === 'not-stored' || verdict.failure.code === 'expired') {
      // It may have been completed by a call whose answer was lost, or was never waited for.
      if (resumes && entry.renewals === 0) {
        onStart()
        return report(entry, { type: 'sent' })
      }
      return startOver(entry, verdict.failure, work, 1)
    }
    // Storage noticed: nothing is stored. A part was sent again by itself.
    if (verdict.failure.code === 'damaged' && grant.method !== 'MULTIPART')
      return startOver(entry, verdict.failure, work)
    const { failure: failed, unanswered } = verdict
    // Whether the bytes are there only a backend can say that looks at storage itself.
    if (unanswered && entry.unanswered > 0 && environment.network.isOnline() && !looks(backend))
      return report(entry, {
        type: 'attempt-failed',
        failure: await refusedUnread(environment.clock),
        next: { do: 'stop' },
      })
    return fail(entry, { step: 'send', held, failed, together: [entry.key], unanswered }, work)
  }
  // A request that has begun goes on reading, and joins old and new bytes; small ones are read at once.
  if (backend.send === undefined && file.size > timing.smallBytes && (await look(file)) === 'changed') return changed()
  if (signal.aborted) return
  waiting.healed('storage', entry.tries > 0, entry.key)
  pace.sent(environment.clock.now() - startedAt)
  const confirms = grant.method === 'MULTIPART' || grant.confirm || (!verdict.stored && backend.complete !== undefined)
  report(entry, { type: confirms ? 'sent' : 'stored' })

  /** What storage may have is of another file than was chosen, or of two: its id is given up, and no other asked for. */
  function changed(): void {
    progress.forget(entry.key)
    suspect(entry.file)
    startOver(entry, failure('unreadable', { hint: 'The file was changed after it was chosen.' }), work, 1)
  }
}

/** Whether `complete` tells what storage holds: a host's own `confirmUpload` is told, and looks at nothing. */
const looks = ({ complete, looksAtStorage = true }: Backend): boolean => complete !== undefined && looksAtStorage

/** A PUT says what it is, as it was told to whoever signed: a file's own type may be missing or another. */
function withContentType<Sent extends Sendable>(grant: Sent, type: string): Sent {
  if (!('headers' in grant)) return grant
  const isNamed = Object.keys(grant.headers ?? {}).some((name) => name.toLowerCase() === 'content-type')
  return isNamed ? grant : { ...grant, headers: { ...grant.headers, 'content-type': type } }
}
