/**
 * Asks the backend for grants, many files a call: whatever is wanted within one microtask goes together. A call is
 * aborted only when none of its files is wanted any more; what is granted to a file that left meanwhile is handed back.
 */
import { broughtIds, idOf } from '../answer/answer.js'
import type { LocalEntry } from '../answer/entry.js'
import type { AnswerStore } from '../answer/store.js'
import { maxMembersPerCall, type UploadRequest } from '../protocol/actions.js'
import { type Failure, failure, failureFrom } from '../protocol/failure.js'
import { type Grant, type GrantResult, isObject, parseGrant } from '../protocol/grant.js'
import { stated } from '../protocol/stated.js'
import type { Calls } from './calls.js'
import type { Environment } from './environment.js'

export type GrantAnswer =
  | {
      readonly granted: true
      readonly grant: Grant /** Monotonic ms when the call began: lifetimes count from it. */
      readonly askedAt: number
    }
  /** `together`: the whole call failed, with these keys. */
  | {
      readonly granted: false
      readonly failure: Failure
      readonly together: readonly string[] /** 0 ≤ x < 1, the same for all of a call. */
      readonly chance: number
    }

export interface GrantRequest {
  readonly entry: LocalEntry
  /** Renews the grant of this id. */
  readonly id?: string | undefined
  /** The file's checksum, and whether its parts' can be had. */
  readonly sums?: Pick<UploadRequest, 'checksum' | 'partChecksums'> | undefined
  readonly signal: AbortSignal
}

export interface GrantOptions {
  readonly backend: () => Pick<Calls, 'requestUploads' | 'largestBatch'>
  readonly environment: Pick<Environment, 'clock' | 'random' | 'pageIsSecure'>
  readonly store: AnswerStore
  /** A grant that no entry holds: its file left while the call was on its way. */
  readonly onReleased: (grant: Grant) => void
}

interface Wanted extends GrantRequest {
  settle(answer: GrantAnswer): void
}

/** One call's outcome: a result for each file, or why the call as a whole is of no use. */
type Granted = { readonly results: readonly GrantResult[]; readonly askedAt: number }
type CallOutcome = Granted | { readonly refused: Failure; readonly malformed: boolean }

const isOfNoUse = ({ refused, malformed }: Exclude<CallOutcome, Granted>) => malformed || refused.status === 409

export interface Grants {
  request(request: GrantRequest): Promise<GrantAnswer>
}

export function createGrants(options: GrantOptions): Grants {
  const { environment, store, onReleased } = options
  let gathering: Wanted[] = []
  let largest = maxMembersPerCall
  /** Ids that were granted here. */
  const issued = new Set<string>()
  /**
   * A backend that issues an id again which the answer has already would double it. Looking all entries up for each grant
   * would take a list of ten thousand seconds.
   */
  const isAnothers = (id: string, key: string) =>
    (issued.has(id) || broughtIds(store.get()).has(id)) &&
    store.get().entries.some((entry) => entry.key !== key && idOf(entry) === id)
  const atMost = () => Math.min(largest, options.backend().largestBatch ?? maxMembersPerCall)

  return {
    request: (request) =>
      new Promise((settle) => {
        gathering.push({ ...request, settle })
        if (gathering.length === 1) {
          queueMicrotask(() => {
            const wanted = gathering
            gathering = []
            const size = atMost()
            for (let start = 0; start < wanted.length; start += size) void askFor(wanted.slice(start, start + size))
          })
        }
      }),
  }

  /** Those whose files have not left meanwhile: nothing is asked for the others. */
  function wantedOf(batch: readonly Wanted[]): readonly Wanted[] {
    for (const wanted of batch) if (wanted.signal.aborted) wanted.settle(nobodyAsks)
    return batch.filter(({ signal }) => !signal.aborted)
  }

  /** Asks for a batch, once more where the protocol says that a second call may mend it. */
  async function askFor(all: readonly Wanted[]): Promise<void> {
    const batch = wantedOf(all)
    if (batch.length === 0) return
    const first = await callFor(batch)
    if ('results' in first) return settle(batch, first)
    const { refused } = first
    const wanted = wantedOf(batch)
    if (refused.status === 413 && wanted.length > 1) {
      const limit = refused.figures?.limit ?? Math.floor(wanted.length / 2)
      largest = Math.max(1, Math.min(limit, Math.ceil(wanted.length / 2)))
      for (let start = 0; start < wanted.length; start += largest) await askFor(wanted.slice(start, start + largest))
      return
    }
    // One bad file must not hold back the others: each is asked for by itself, once.
    const alone = refused.status === 400 || refused.status === 422
    if (alone && wanted.length > 1) {
      for (const one of wanted) await askOnce([one])
      return
    }
    if (isOfNoUse(first)) return askOnce(wanted)
    refuse(wanted, refused)
  }

  /** A second call. What is of no use again is no matter of time; a service that asks for time now is given it. */
  async function askOnce(all: readonly Wanted[]): Promise<void> {
    const batch = wantedOf(all)
    if (batch.length === 0) return
    const answer = await callFor(batch)
    if ('results' in answer) settle(batch, answer)
    else refuse(batch, isOfNoUse(answer) ? { ...answer.refused, remedy: 'person' } : answer.refused)
  }

  /** Told of one call, so that its files are asked for again together. */
  function refuse(batch: readonly Wanted[], refused: Failure): void {
    const together = batch.map(({ entry }) => entry.key)
    const chance = environment.random()
    for (const wanted of batch) wanted.settle({ granted: false, failure: refused, together, chance })
  }

  async function callFor(batch: readonly Wanted[]): Promise<CallOutcome> {
    const noneLeft = new AbortController()
    const leave = () => {
      if (batch.every(({ signal }) => signal.aborted)) noneLeft.abort()
    }
    for (const { signal } of batch) signal.addEventListener('abort', leave)
    const askedAt = environment.clock.now()
    try {
      const requests = batch.map(requestFor)
      const files = new Map(batch.map(({ entry }) => [entry.key, entry.file]))
      // A host's own backend may ignore the signal: what it grants too late is handed back.
      const late = (answer: unknown) => handBackLate(answer, batch, askedAt)
      return read(
        await options.backend().requestUploads(requests, { files, signal: noneLeft.signal, late }),
        batch,
        askedAt,
      )
    } catch (thrown) {
      const refused = failureFrom(thrown)
      // Something that is not JSON is asked for once more, then told.
      return { refused, malformed: refused.code === 'server' && refused.status !== undefined && refused.status < 300 }
    } finally {
      for (const { signal } of batch) signal.removeEventListener('abort', leave)
    }
  }

  function handBackLate(late: unknown, batch: readonly Wanted[], askedAt: number): void {
    const outcome = read(late, batch, askedAt)
    if ('results' in outcome) outcome.results.forEach((result, position) => handBack(result, batch[position]))
  }

  /** A renewed grant keeps its id, which the entry may still hold, or which was handed back with it. */
  function handBack(result: GrantResult, wanted: Wanted | undefined): void {
    if (result.ok && result.grant.id !== wanted?.id) onReleased(result.grant)
  }

  /** An answer that fits the batch, or a refusal of it as a whole: no guess which file a surplus grant belongs to. */
  function read(answer: unknown, batch: readonly Wanted[], askedAt: number): CallOutcome {
    const malformed = (what: string): CallOutcome => ({
      refused: failure('server', { hint: `The backend's answer to \`presign\` is not usable: ${what}.` }),
      malformed: true,
    })
    const members: unknown = isObject(answer) ? answer.grants : answer
    if (!Array.isArray(members)) return malformed('`grants` is not a list')
    if (members.length !== batch.length) return malformed(`${members.length} grants for ${batch.length} files`)
    const byKey = new Map<string, unknown>()
    for (const member of members as unknown[]) {
      if (isObject(member) && typeof member.key === 'string') {
        if (byKey.has(member.key)) return malformed('a key twice')
        byKey.set(member.key, member)
      }
    }
    if (byKey.size > 0 && !batch.every(({ entry }) => byKey.has(entry.key)))
      return malformed('the keys are not those that were asked for')
    const seen = new Set<string>()
    const results: GrantResult[] = []
    for (const [position, { entry, id: renews }] of batch.entries()) {
      const result = parseGrant(
        byKey.size > 0 ? byKey.get(entry.key) : (members[position] as unknown),
        environment.pageIsSecure,
      )
      if (result.ok) {
        const { grant } = result
        const marks = [
          grant.id,
          ...(grant.method === 'MULTIPART' ? [grant.upload] : grant.method === 'PUT' ? [grant.url] : []),
        ]
        if (marks.some((mark) => seen.has(mark)) || (grant.id !== renews && isAnothers(grant.id, entry.key)))
          return malformed('an id or URL that another file has')
        for (const mark of marks) seen.add(mark)
      } else if (result.failure.code === 'server' && result.failure.hint !== undefined) {
        return malformed(result.failure.hint)
      }
      results.push(result)
    }
    for (const result of results) if (result.ok) issued.add(result.grant.id)
    return { results, askedAt }
  }

  function settle(batch: readonly Wanted[], { results, askedAt }: Granted): void {
    for (const [position, wanted] of batch.entries()) {
      const result = results[position]
      if (result === undefined) continue
      if (!result.ok) refuse([wanted], result.failure)
      else if (wanted.signal.aborted) {
        handBack(result, wanted)
        wanted.settle(nobodyAsks)
      } else wanted.settle({ granted: true, grant: result.grant, askedAt })
    }
  }
}

const nobodyAsks: GrantAnswer = { granted: false, failure: failure('network'), together: [], chance: 0 }

const requestFor = ({ entry: { key, name, size, type, path }, id, sums }: GrantRequest): UploadRequest =>
  stated({ key, name, size, type, path, id, ...sums })
