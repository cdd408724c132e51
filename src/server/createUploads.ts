/** The server's face: the handler and what a backend needs around it. Stateless; any number of copies may run. */
import type { ServerRules } from '../protocol/index.js'
import { claim, type Claim, type ClaimOptions, keep } from './claim.js'
import { deleteAnswer, type Receipt } from './deleteAnswer.js'
import {
  type Download,
  downloadId,
  downloadObject,
  type DownloadOptions,
  type KnownObject,
  redirectToDownload,
} from './download.js'
import type { Who } from './grantedFile.js'
import { createHandler } from './handler.js'
import type { UploadsOptions } from './options.js'
import { settingsOf } from './settings.js'
import { sweep, type SweepOptions, type Swept } from './sweep.js'
import { type Verification, type VerifyOptions, verifyAnswer } from './verify.js'

export interface Uploads {
  /** Answers the protocol's calls: a Next route handler as it is, `toNodeListener(handler)` for Node and Express. Never rejects. */
  handler: (request: Request) => Promise<Response>
  /**
   * Checks the ids of a submitted answer before it is saved: genuine, of this person and question, none twice, within
   * the rules, stored as granted, let through by `onStored`. @throws what the storage answers when it cannot be asked.
   */
  verifyAnswer: (ids: unknown, options: VerifyOptions) => Promise<Verification>
  /**
   * Keeps files for a draft that outlives a day: moves them out of reach of the rule for what nobody handed in, and gives
   * ids whose age begins anew. Neither rules nor ages are judged. @throws what the storage answers.
   */
  keep: (ids: unknown, who: Who, options?: ClaimOptions) => Promise<Claim>
  /**
   * Makes files of a verified answer last, by `claimBy`, and gives the ids to save: after `verifyAnswer`, before your
   * database. All or none; may be repeated, and then gives the same. A claimed file is beyond the page's `discard` and
   * renewal. @throws what the storage answers.
   */
  claim: (ids: unknown, who: Who, options?: ClaimOptions) => Promise<Claim>
  /**
   * Deletes files with their copies, versions and unfinished uploads, wherever `keep` and `claim` put them: a receipt
   * for each id, in the order given. Idempotent; never rejects.
   */
  deleteAnswer: (ids: readonly unknown[], who: Who) => Promise<Receipt[]>
  presignDownload: {
    /** A download link for an id; null where it is not this person's for this question. */
    (id: string, who: Who, options?: DownloadOptions): Promise<Download | null>
    /** A download link for an object the host knows by itself. */
    (object: KnownObject, options?: DownloadOptions): Promise<Download>
  }
  /** The answer of your download route: 302 to a fresh link for the id, 404 where it is not this person's. */
  redirectToDownload: (id: string, who: Who, options?: DownloadOptions) => Promise<Response>
  /** Ends multipart uploads that nobody will complete, where no lifecycle rule does. @throws what the storage answers. */
  sweep: (options?: SweepOptions) => Promise<Swept>
  /**
   * The limits of a question, as the field is told them: for server-rendered HTML. A name alone asks without a person:
   * `rules` is then called with an empty `subject`.
   */
  rulesFor: (question: string | Who) => Promise<ServerRules>
}

/** Puts the server side together. @throws TypeError that names the option to mend. */
export function createUploads(options: UploadsOptions): Uploads {
  const settings = settingsOf(options)
  function presignDownload(id: string, who: Who, options?: DownloadOptions): Promise<Download | null>
  function presignDownload(object: KnownObject, options?: DownloadOptions): Promise<Download>
  async function presignDownload(
    file: string | KnownObject,
    second?: Who | DownloadOptions,
    third?: DownloadOptions,
  ): Promise<Download | null> {
    if (typeof file === 'object') return downloadObject(file, settings, second as DownloadOptions | undefined)
    if (second === undefined || !('subject' in second)) throw new TypeError('presignDownload(id, who): whose id is it?')
    return downloadId(file, second, settings, third)
  }
  return {
    handler: createHandler(settings),
    verifyAnswer: (ids, verifyOptions) => verifyAnswer(ids, verifyOptions, settings),
    keep: (ids, who, keepOptions) => keep(ids, who, settings, keepOptions),
    claim: (ids, who, claimOptions) => claim(ids, who, settings, claimOptions),
    deleteAnswer: (ids, who) => deleteAnswer(ids, who, settings),
    presignDownload,
    redirectToDownload: (id, who, downloadOptions) => redirectToDownload(id, who, settings, downloadOptions),
    sweep: (sweepOptions) => sweep(settings, sweepOptions),
    rulesFor: (question) =>
      settings.rulesFor(typeof question === 'string' ? { subject: '', field: question } : question),
  }
}

/**
 * The handler alone: `export const POST = createUploadHandler({ … })` in a Next route.
 * @throws TypeError that names the option to mend.
 */
export const createUploadHandler = (options: UploadsOptions): ((request: Request) => Promise<Response>) =>
  createHandler(settingsOf(options))
