/** The server's face: the handler and what a backend needs around it. Stateless; any number of copies may run. */
import type { ServerRules } from '../protocol/index.js'
import { deleteFiles } from './discard.js'
import { type Download, downloadId, downloadObject, type KnownObject } from './download.js'
import type { Who } from './grantedFile.js'
import { createHandler } from './handler.js'
import type { UploadsOptions } from './options.js'
import { settingsOf } from './settings.js'
import { type Verification, type VerifyOptions, verifyAnswer } from './verify.js'

export interface Uploads {
  /** Answers the protocol's calls: a Next route handler as it is, `toNodeListener(handler)` for Node and Express. Never rejects. */
  handler: (request: Request) => Promise<Response>
  /**
   * Checks the ids of a submitted answer before it is saved: genuine, of this person and question, none twice, within
   * the rules, and stored as granted. @throws what the storage answers when it cannot be asked.
   */
  verifyAnswer: (ids: unknown, options: VerifyOptions) => Promise<Verification>
  /** Deletes the files of a saved answer; resolves to the ids that were this person's. Idempotent. */
  deleteAnswer: (ids: readonly string[], who: Who) => Promise<string[]>
  presignDownload: {
    /** A download link for an id; null where it is not this person's for this question. */
    (id: string, who: Who): Promise<Download | null>
    /** A download link for an object the host knows by itself. */
    (object: KnownObject): Promise<Download>
  }
  /** The limits of a question, as the field is told them. */
  rulesFor: (who: Who) => Promise<ServerRules>
}

/** Puts the server side together. @throws TypeError that names the option to mend. */
export function createUploads(options: UploadsOptions): Uploads {
  const settings = settingsOf(options)
  function presignDownload(id: string, who: Who): Promise<Download | null>
  function presignDownload(object: KnownObject): Promise<Download>
  async function presignDownload(file: string | KnownObject, who?: Who): Promise<Download | null> {
    if (typeof file === 'object') return downloadObject(file, settings)
    if (who === undefined) throw new TypeError('presignDownload(id, who): whose id is it?')
    return downloadId(file, who, settings)
  }
  return {
    handler: createHandler(settings),
    verifyAnswer: (ids, verifyOptions) => verifyAnswer(ids, verifyOptions, settings),
    deleteAnswer: (ids, who) => deleteFiles(ids, who, settings),
    presignDownload,
    rulesFor: settings.rulesFor,
  }
}

/**
 * The handler alone: `export const POST = createUploadHandler({ … })` in a Next route.
 * @throws TypeError that names the option to mend.
 */
export const createUploadHandler = (options: UploadsOptions): ((request: Request) => Promise<Response>) =>
  createHandler(settingsOf(options))
