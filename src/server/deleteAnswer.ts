/** The host's own deletion: all that storage has of a file, with a receipt for each id. */
import { DeleteObjectCommand, HeadObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3'
import type { GrantedFile, Who } from './grantedFile.js'
import { keyAt, type Stage } from './lasting.js'
import { loggedError } from './log.js'
import { abortOpenUploads } from './multipart.js'
import { inParallel } from './parallel.js'
import type { Settings } from './settings.js'
import { statusOf, type Storage, storageCodeOf } from './storage.js'

/** What became of one id. */
export type Receipt =
  /** All of it is gone. `objects` counts versions and copies, `uploads` unfinished multipart uploads. */
  | { readonly id: string; readonly status: 'deleted'; readonly objects: number; readonly uploads: number }
  /** There was nothing, or not any more. */
  | { readonly id: string; readonly status: 'absent' }
  /** No id of this person for this question; nothing was touched. */
  | { readonly id: unknown; readonly status: 'invalid' }
  /** The storage refused or is away, and something may be left: call again. */
  | {
      readonly id: string
      readonly status: 'failed'
      readonly error: { readonly name: string; readonly message: string }
    }

const stages: readonly Stage[] = ['upload', 'draft', 'answer']

/** Deletes files of a person, wherever `keep` and `claim` have put them. Idempotent; never rejects. */
export function deleteAnswer(ids: readonly unknown[], who: Who, settings: Settings): Promise<Receipt[]> {
  return inParallel(ids, async (id): Promise<Receipt> => {
    const file = await settings.ids.read(id, who)
    if (file === null || typeof id !== 'string') return { id, status: 'invalid' }
    try {
      const { storage, lasting } = settings
      const keys = new Set(stages.map((stage) => keyAt(stage, file.key, lasting)))
      let [objects, uploads] = [0, 0]
      for (const key of keys) {
        uploads += await abortOpenUploads(storage, { ...file, key })
        objects += await deleteObject(storage, { ...file, key })
      }
      return objects + uploads === 0 ? { id, status: 'absent' } : { id, status: 'deleted', objects, uploads }
    } catch (thrown) {
      const { name, message } = loggedError(thrown)
      return { id, status: 'failed', error: { name, message } }
    }
  })
}

/** Deletes an object and, where the store tells them, all its versions. Resolves to how many there were. */
async function deleteObject(storage: Storage, file: GrantedFile): Promise<number> {
  const versions = (await storage.can()).versions ? await versionsOf(storage, file) : null
  const named = { Bucket: file.bucket, Key: file.key }
  if (versions === null) {
    const was = await isThere(storage, file)
    if (was) await storage.client.send(new DeleteObjectCommand(named))
    return was ? 1 : 0
  }
  await inParallel(versions, ({ id }) => storage.client.send(new DeleteObjectCommand({ ...named, VersionId: id })))
  return versions.filter(({ holds }) => holds).length
}

async function isThere({ client }: Storage, { bucket, key }: GrantedFile): Promise<boolean> {
  try {
    await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
    return true
  } catch (thrown) {
    if (statusOf(thrown) === 404) return false
    throw thrown
  }
}

interface Listed {
  readonly Key?: string | undefined
  readonly VersionId?: string | undefined
}

interface Version {
  readonly id: string
  /** Whether it holds bytes; a deletion's mark does not. */
  readonly holds: boolean
}

/** All versions of one key; null where the store lists none. */
async function versionsOf({ client }: Storage, { bucket, key }: GrantedFile): Promise<Version[] | null> {
  const versions: Version[] = []
  let markers: { KeyMarker?: string; VersionIdMarker?: string } | null = {}
  while (markers !== null) {
    const command: ListObjectVersionsCommand = new ListObjectVersionsCommand({
      Bucket: bucket,
      Prefix: key,
      ...markers,
    })
    try {
      const page = await client.send(command)
      const of = (list: readonly Listed[] | undefined, holds: boolean) =>
        (list ?? []).flatMap(({ Key, VersionId }) =>
          Key === key && VersionId !== undefined ? [{ id: VersionId, holds }] : [],
        )
      versions.push(...of(page.Versions, true), ...of(page.DeleteMarkers, false))
      const { IsTruncated, NextKeyMarker, NextVersionIdMarker } = page
      markers =
        IsTruncated === true && NextKeyMarker !== undefined
          ? {
              KeyMarker: NextKeyMarker,
              ...(NextVersionIdMarker === undefined ? {} : { VersionIdMarker: NextVersionIdMarker }),
            }
          : null
    } catch (thrown) {
      if (statusOf(thrown) === 501 || storageCodeOf(thrown) === 'NotImplemented') return null
      throw thrown
    }
  }
  return versions
}
