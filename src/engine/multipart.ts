/**
 * Sends a file in parts: several at once, sliced lazily, each retried alone, URLs asked for in small batches just ahead.
 * Completing is the backend's, from storage's own listing, so no ETag is needed here. What storage has is not sent again.
 */
import type { LocalEntry } from '../answer/entry.js'
import { type Failure, FailureError, failure, failureFrom } from '../protocol/failure.js'
import { type MultipartGrant, parseSignedParts, type SignedPart } from '../protocol/grant.js'
import { parseStoredParts } from '../protocol/storedParts.js'
import type { Side } from './conditions.js'
import { look, saysOtherwise } from './fileOnDisk.js'
import { retryDelay } from './retryPolicy.js'
import { failedWith, type RequestToStorage, type SendTools, sendToStorage, yielded } from './singleRequest.js'
import { shareOut } from './shares.js'
import { refusedUnread, type Verdict } from './storageFailure.js'
import { waitFor } from './timeLimit.js'
import { sleptThrough, type WorkTools } from './workTools.js'

export interface MultipartRequest extends Pick<RequestToStorage, 'owner' | 'signal' | 'hold' | 'onProgress'> {
  readonly grant: MultipartGrant
  readonly file: Blob
  readonly entry: LocalEntry
  /** Parts of an earlier attempt may be stored: storage is asked where this page doesn't know. */
  readonly resumes: boolean
  /** The URLs that came with the grant are near their end. */
  readonly isOld: boolean
  onStart(): void
}

/** S3 and its likes take no more. */
const maxParts = 10_000

/** What this page knows of an upload that it left unfinished: going on takes no round trip then. */
interface Unfinished {
  readonly stored: ReadonlySet<number>
  /** All their bytes left, and no answer came: only storage's list tells of them. */
  readonly inDoubt: ReadonlySet<number>
  readonly urls: ReadonlyMap<number, SignedPart>
  readonly slices: ReadonlyMap<number, Blob>
}
const unfinished = new WeakMap<MultipartGrant, Unfinished>()

/** Bytes of a part. */
export const partRange = (
  size: number,
  partSize: number,
  partNumber: number,
): readonly [start: number, end: number] => [(partNumber - 1) * partSize, Math.min(size, partNumber * partSize)]

/** Sends what is missing of a file. Rejects only when its signal aborts. */
export async function sendInParts(request: MultipartRequest, work: WorkTools, tools: SendTools): Promise<Verdict> {
  const { grant, file, entry, owner, signal, hold, onStart } = request
  const { environment, timing, waiting, report } = work
  const backend = work.backend()
  /** Parts on their way at once. */
  const parallel = timing.connectionBudget / 2
  const checksums = grant.partChecksums === true ? await work.checksums() : null
  const total = Math.max(1, Math.ceil(file.size / grant.partSize))
  if (total > maxParts) {
    const hint = `The backend's part size of ${grant.partSize} bytes would make ${total} parts; storage takes ${maxParts}.`
    return failedWith(failure('server', { remedy: 'person', hint }))
  }
  // One part failing for good ends the others at once.
  const ended = new AbortController()
  const abort = () => ended.abort(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)

  const left = unfinished.get(grant)
  unfinished.delete(grant)
  const numbers = Array.from({ length: total }, (_, index) => index + 1)
  const stored = new Set(left?.stored)
  /** Storage's list is asked about these, while parts that it lacks for certain are sent. */
  const inDoubt = new Set(left?.inDoubt ?? (request.resumes ? numbers : []))
  let missing = numbers.filter((partNumber) => !stored.has(partNumber) && !inDoubt.has(partNumber))
  let settling: Promise<void> | null = null
  /** Parts without an answer at their last try, and how many they have had. */
  const silent = new Map<number, number>()
  // The URLs that came with the grant are old by the time another page resumes it.
  const urls = new Map<number, SignedPart>(
    request.isOld ? [] : (left?.urls ?? (request.resumes ? [] : grant.parts.map((part) => [part.partNumber, part]))),
  )
  /** Cut once: Chromium copies a slice of a file in memory, and has room for only so many until they are collected. */
  const slices = new Map(left?.slices)
  /** Parts whose URL may be why they fail. */
  const doubted = new Set<number>()
  const isSigned = (partNumber: number) => urls.has(partNumber) && !doubted.has(partNumber)
  const sent = new Map<number, number>()
  // Hashed before their URLs are asked for: no more at once than there are lanes.
  const batch = checksums === null ? timing.partBatch : Math.min(timing.partBatch, parallel)
  let asking: Promise<void> | null = null
  /** Parts whose lane waits for a URL. */
  const unsignedNow = new Set<number>()
  /** Kept along: there may be ten thousand parts, and bytes that move twenty times a second. */
  let sentInAll = 0
  const setSent = (partNumber: number, bytes: number) => {
    sentInAll += bytes - (sent.get(partNumber) ?? 0)
    sent.set(partNumber, bytes)
  }
  const progress = () => request.onProgress(Math.min(file.size, sentInAll))

  const rangeOf = (partNumber: number) => partRange(file.size, grant.partSize, partNumber)
  const sizeOf = (partNumber: number) => {
    const [start, end] = rangeOf(partNumber)
    return end - start
  }

  try {
    showStored()
    if (inDoubt.size > 0) settleDoubt()
    await Promise.all(Array.from({ length: Math.min(parallel, missing.length + inDoubt.size) }, sendParts))
    return { stored: true }
  } catch (thrown) {
    // Who was stopped may come back long after, when the upload is no more: one question tells that, and not six parts.
    if (signal.aborted) throw signal.reason
    remember()
    return { stored: false, failure: failureFrom(thrown), unanswered: false }
  } finally {
    ended.abort()
    signal.removeEventListener('abort', abort)
  }

  /** Where nobody tells whether bytes leave, only storage's list can be believed. */
  function remember(): void {
    if (tools.send !== undefined || !environment.network.tellsUploads()) return
    for (const [partNumber, bytes] of sent) if (bytes === sizeOf(partNumber)) inDoubt.add(partNumber)
    for (const partNumber of stored) inDoubt.delete(partNumber)
    unfinished.set(grant, { stored, inDoubt, urls, slices })
  }

  function showStored(): void {
    for (const partNumber of stored) setSent(partNumber, sizeOf(partNumber))
    if (stored.size === 0) return
    onStart()
    progress()
  }

  /** Has storage's list decide on the parts in doubt; lanes with nothing else to send wait for it. */
  function settleDoubt(): void {
    settling ??= lookAtDoubt().then(() => {
      settling = null
      if (inDoubt.size > 0) settleDoubt()
    })
    settling.catch((thrown) => ended.abort(thrown))
  }

  async function lookAtDoubt(): Promise<void> {
    const asked = [...inDoubt]
    const list = await storedParts()
    for (const partNumber of asked) inDoubt.delete(partNumber)
    const isStored = (partNumber: number) => list.get(partNumber) === sizeOf(partNumber)
    for (const partNumber of asked.filter(isStored)) stored.add(partNumber)
    missing = asked.filter((partNumber) => !isStored(partNumber)).concat(missing)
    showStored()
  }

  async function storedParts(): Promise<ReadonlyMap<number, number>> {
    return parseStoredParts(
      await retried((signal) => backend.listParts?.({ id: grant.id, upload: grant.upload }, { signal })),
    )
  }

  /** One of several lanes: takes the next missing part until there is none. */
  async function sendParts(): Promise<void> {
    for (;;) {
      const partNumber = missing.shift()
      if (partNumber !== undefined) {
        await sendPart(partNumber).catch((thrown) => {
          ended.abort(thrown)
          throw thrown
        })
      } else if (settling !== null) await settling
      else return
    }
  }

  async function sendPart(partNumber: number): Promise<void> {
    const [start, end] = rangeOf(partNumber)
    let renewed = false
    let damaged = false
    for (let tries = silent.get(partNumber) ?? 0; ; tries += 1) {
      await hold()
      ended.signal.throwIfAborted()
      const part = await urlOf(partNumber)
      if (saysOtherwise(entry)) throw new FailureError(failure('unreadable'))
      const body = slices.get(partNumber) ?? file.slice(start, end)
      slices.set(partNumber, body)
      const verdict = await sendOnce(part, body, tries)
      if (verdict === yielded) {
        setSent(partNumber, 0)
        tries -= 1
        continue
      }
      if (verdict.stored || 'exists' in verdict) return done(tries > 0)
      setSent(partNumber, 0)
      progress()
      const { failure: failed } = verdict
      // A line that broke says nothing against the URL, at first.
      if (verdict.unanswered || failed.remedy !== 'wait' || tries > timing.quickTries) doubted.add(partNumber)
      if (verdict.unanswered) inDoubt.add(partNumber)
      // Offline counts no tries: the entry waits for the network.
      if (!environment.network.isOnline()) throw new FailureError(failed)
      if (verdict.unanswered) {
        const isSecond = silent.has(partNumber)
        silent.set(partNumber, tries + 1)
        // Storage's own list says whether the bytes arrived, and the lane goes on meanwhile.
        if (!isSecond) return settleDoubt()
        if ((await storedParts()).get(partNumber) !== end - start)
          throw new FailureError(await refusedUnread(environment.clock))
        return done(true)
      }
      silent.delete(partNumber)
      // There was no room for it.
      if (failed.code === 'network' && (await look(body)) !== 'there') slices.delete(partNumber)
      if (failed.code === 'damaged') {
        if (damaged) throw new FailureError({ ...failed, remedy: 'person' })
        damaged = true
        checksums?.forget(file, start)
      }
      const fresh: boolean = failed.remedy === 'new-grant' && !renewed
      renewed ||= fresh
      if (fresh) continue
      if (failed.remedy === 'new-grant') throw new FailureError({ ...failed, remedy: 'person' })
      if (failed.remedy !== 'wait' || isForAll(failed, 'storage')) throw new FailureError(failed)
      if (tries + 1 >= timing.sendTries) throw new FailureError({ ...failed, remedy: 'person' })
      const grown = failed.code === 'network' && tries <= timing.quickTries + 1 ? 0 : tries
      await waitFor(environment.clock, retryDelay(failed, grown, timing, environment.random()), ended.signal)
    }

    /** One request, which another file's need may end. */
    async function sendOnce(part: SignedPart, body: Blob, earlier: number): Promise<Verdict | typeof yielded> {
      const given = new AbortController()
      const end = () => given.abort(ended.signal.reason)
      if (ended.signal.aborted) end()
      ended.signal.addEventListener('abort', end)
      // Before the connection: it may be asked back in the moment in which it comes.
      let moved = 0
      try {
        return await sendToStorage(
          {
            grant: part,
            body,
            of: file,
            owner,
            signal: given.signal,
            earlier,
            // What is half sent frees its connection soon enough by itself.
            yielding: { shareOut, onYield: () => (moved < body.size / 2 ? given.abort(yielded) : undefined) },
            hold,
            onStart,
            onProgress: (bytes) => {
              moved = bytes
              setSent(partNumber, bytes)
              progress()
            },
          },
          tools,
        )
      } catch (thrown) {
        if (thrown === yielded) return yielded
        throw thrown
      } finally {
        ended.signal.removeEventListener('abort', end)
      }
    }

    function done(again: boolean): void {
      urls.delete(partNumber)
      slices.delete(partNumber)
      inDoubt.delete(partNumber)
      stored.add(partNumber)
      setSent(partNumber, end - start)
      progress()
      waiting.healed('storage', again, entry.key)
      report(entry, { type: 'part-stored' })
    }
  }

  /** A part failed with what can heal. True: everything waits for the network or the service, so this file does too. */
  function isForAll(failed: Failure, side: Side): boolean {
    if (sleptThrough(failed, work)) return true
    waiting.note(failed, [owner], side)
    return waiting.countsNothing(failed)
  }

  /** A part's URL: at hand, or asked for together with those that come next. */
  async function urlOf(partNumber: number): Promise<SignedPart> {
    for (;;) {
      const part = urls.get(partNumber)
      if (part !== undefined && isSigned(partNumber)) {
        unsignedNow.delete(partNumber)
        lookAhead()
        return part
      }
      // Other lanes may wait for a URL too, after a break: one call for all of them.
      unsignedNow.add(partNumber)
      asking ??= Promise.resolve().then(() =>
        askFor(
          [...unsignedNow]
            .filter((each) => !isSigned(each))
            .concat(unsigned().next)
            .slice(0, batch),
        ),
      )
      await asking
    }
  }

  /** The next parts without a URL, of one call at most, and how many before them have one. URLs come in their order. */
  function unsigned(): { readonly next: readonly number[]; readonly signed: number } {
    const next: number[] = []
    let signed = 0
    for (const partNumber of missing) {
      if (next.length === batch) break
      if (isSigned(partNumber)) signed += 1
      else next.push(partNumber)
    }
    return { next, signed }
  }

  function askFor(partNumbers: readonly number[]): Promise<void> {
    return ask(partNumbers).finally(() => {
      asking = null
    })
  }

  /** The next URLs are asked for while there is still one for each lane, so that none waits for the round trip. */
  function lookAhead(): void {
    if (asking !== null) return
    const { next, signed } = unsigned()
    if (next.length === 0 || signed >= parallel) return
    asking = askFor(next)
    // Whoever needs one of these asks again, and meets the failure then.
    asking.catch(() => {})
  }

  async function ask(partNumbers: readonly number[]): Promise<void> {
    if (backend.requestParts === undefined) {
      throw new FailureError(
        failure('server', {
          remedy: 'person',
          hint: 'The backend issued a multipart grant without all parts, but has no `presign-parts`.',
        }),
      )
    }
    const sums = await checksums?.ofParts(file, partNumbers.map(rangeOf), ended.signal)
    const answer = await retried((signal) =>
      backend.requestParts?.({ id: grant.id, upload: grant.upload, partNumbers, ...sums }, { signal }),
    )
    const parts = parseSignedParts(answer?.parts, environment.pageIsSecure)
    if (parts === null || !partNumbers.every((wanted) => parts.some(({ partNumber }) => partNumber === wanted))) {
      throw new FailureError(
        failure('server', {
          remedy: 'person',
          hint: 'The backend answered `presign-parts` without a usable URL for each part.',
        }),
      )
    }
    for (const part of parts) {
      urls.set(part.partNumber, part)
      doubted.delete(part.partNumber)
    }
  }

  /** A call that can succeed later is made again, with backoff. */
  async function retried<T>(call: (signal: AbortSignal) => Promise<T> | undefined): Promise<T | undefined> {
    const { clock } = environment
    for (let tries = 0; ; tries += 1) {
      ended.signal.throwIfAborted()
      try {
        const answer = await call(ended.signal)
        waiting.healed('backend', false, entry.key)
        return answer
      } catch (thrown) {
        if (ended.signal.aborted) throw thrown
        const failed = failureFrom(thrown)
        if (failed.remedy !== 'wait' || isForAll(failed, 'backend')) throw new FailureError(failed)
        if (tries + 1 >= timing.callTries) throw new FailureError({ ...failed, remedy: 'person' })
        await waitFor(clock, retryDelay(failed, tries, timing, environment.random()), ended.signal)
      }
    }
  }
}
