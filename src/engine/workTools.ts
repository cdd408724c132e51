/** What every piece of work has at hand, and the ends they share: a failed attempt, a file that begins anew, a wait. */
import type { Rules } from '../answer/admission.js'
import type { Entry, EntryEvent, HeldGrant, LocalEntry, Step } from '../answer/entry.js'
import { type Failure, isFailureCode } from '../protocol/failure.js'
import type { Grant } from '../protocol/grant.js'
import type { Calls } from './calls.js'
import type { Checksums } from './checksum.js'
import type { Connections } from './connections.js'
import type { DeveloperNotes } from './developerNotes.js'
import type { DraftKeeper } from './draftKeeper.js'
import type { Environment } from './environment.js'
import type { Grants } from './grants.js'
import type { Pace } from './pace.js'
import type { Progress } from './progress.js'
import { nextAfter } from './retryPolicy.js'
import type { Trace } from './trace.js'
import type { Timing } from './timing.js'
import type { Waiting } from './waiting.js'

export interface WorkTools {
  readonly environment: Environment
  readonly timing: Timing
  readonly connections: Connections
  readonly progress: Progress
  readonly grants: Grants
  readonly pace: Pace
  readonly waiting: Waiting
  /** Calls of `complete` on their way, by id: never two at a time for one file. */
  readonly completing: Map<string, Promise<unknown>>
  readonly backend: () => Calls
  readonly rules: () => Rules
  readonly trace: Trace
  /** Null in production, and until they are loaded. */
  readonly notes: () => DeveloperNotes | null
  /** Null: not wanted. Resolves to null where the page can't hash. */
  readonly checksums: () => Promise<Checksums | null> | null
  readonly report: (entry: Entry, event: EntryEvent) => void
  /** The entry as it is now; undefined once it has left. */
  readonly current: (key: string) => Entry | undefined
  /** What to send for an entry. Rejects with `unreadable`. */
  readonly bytesOf: (entry: LocalEntry) => Promise<Blob>
  /** How often the page had come back when this work began. */
  readonly returns: number
  /** A grant that no entry holds any more. */
  readonly onReleased: (grant: Grant) => void
  /** A whole call was refused: the person may not upload. */
  readonly deny: (failed: Failure) => void
  /** Knows when the draft holds an entry's id. */
  readonly keeper: () => Pick<DraftKeeper, 'recorded'>
}

/** An attempt failed, together with those of these keys: again, later, or told. */
export function fail(
  entry: LocalEntry,
  attempt: {
    readonly step: Step
    readonly held: HeldGrant | null
    readonly failed: Failure
    readonly together: readonly string[]
    /** 0 ≤ x < 1 for the delay; files of one call share theirs, so that they are asked for together again. */
    readonly chance?: number
    /** All bytes left, and no answer could be read. */
    readonly unanswered?: boolean | 'perhaps'
  },
  tools: WorkTools,
): void {
  const { environment, timing, waiting, report, current } = tools
  const { step, held, failed, together, chance = environment.random() } = attempt
  if (sleptThrough(failed, tools)) {
    report(entry, { type: 'attempt-failed', failure: failed, next: { do: 'wait' } })
    const again = current(entry.key)
    if (again !== undefined) report(again, { type: 'retry-due' })
    return
  }
  const unanswered = (attempt.unanswered ?? false) !== false && environment.network.isOnline()
  // A refusal that can't be read says nothing of the way, and would have the whole queue rest for it.
  if (attempt.unanswered === true) waiting.healed('storage')
  const inDoubt = attempt.unanswered === 'perhaps' && !waiting.isOpen
  if (!unanswered || inDoubt) waiting.note(failed, together, step === 'send' ? 'storage' : 'backend')
  const now = current(entry.key)
  if (now === undefined || now.state === 'restored') return
  const { tries, renewals } = now
  const next = nextAfter(
    {
      failure: failed,
      step,
      tries,
      renewals,
      held,
      unanswered: unanswered ? { before: now.unanswered, inDoubt } : undefined,
    },
    { timing, random: chance, now: environment.clock.now(), resting: waiting.countsNothing(failed) },
  )
  if (next.do === 'wait') waiting.joined()
  report(entry, { type: 'attempt-failed', failure: failed, next })
}

/**
 * It failed because the page was frozen or the machine asleep: at once again, counting nothing. What begins after the
 * return counts, so this can't go on.
 */
export function sleptThrough({ code }: Failure, { environment, returns }: WorkTools): boolean {
  const { network, page } = environment
  return (code === 'network' || code === 'timeout') && network.isOnline() && (page?.returns() ?? 0) > returns
}

/** Files whose bytes arrived damaged, and are on their way once more. */
const damaged = new WeakSet<Blob>()

/** The file begins anew with another id, once; `before`: that often it may have sent its missing parts. */
export function startOver(entry: LocalEntry, failed: Failure, tools: WorkTools, before = 0): void {
  const { timing, report, checksums } = tools
  const isDamaged = failed.code === 'damaged'
  const again = isDamaged ? !damaged.delete(entry.file) : entry.renewals < timing.renewals + before
  if (isDamaged && again) damaged.add(entry.file)
  // The file itself may be another now.
  if (isDamaged) void checksums()?.then((known) => known?.forget(entry.file))
  // What backend and page say among themselves (`not-stored`, `expired`) has no words for people.
  const code = isFailureCode(failed.code) ? failed.code : 'server'
  report(entry, {
    type: 'attempt-failed',
    failure: again ? failed : { ...failed, code },
    next: { do: again ? 'start-over' : 'stop' },
  })
}
