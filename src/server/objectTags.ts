/** The tag that tells whether a file was handed in: signed into the grant, changed by the server alone. */
import { GetObjectTaggingCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3'
import type { GrantedFile } from './grantedFile.js'
import type { Stage } from './lasting.js'
import { sendOptions, statusOf, type Storage } from './storage.js'
import { pendingTag } from './storeSetup.js'

/** What the tag says while a file is at a stage; an answer's has none. */
const valueAt = { upload: pendingTag.upload, draft: pendingTag.draft, answer: null } as const

/** The tags of a new upload. */
export const uploadTags: Readonly<Record<string, string>> = { [pendingTag.name]: pendingTag.upload }

/** Gives a stored file these tags, in place of all it had. */
export async function putTags(
  { client }: Storage,
  file: GrantedFile,
  tags: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<void> {
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  const command = new PutObjectTaggingCommand({ Bucket: file.bucket, Key: file.key, Tagging: { TagSet } })
  await client.send(command, sendOptions(signal))
}

type Tags = Readonly<Record<string, string>>

async function tagsOf({ client }: Storage, file: GrantedFile, signal?: AbortSignal): Promise<Tags | null> {
  try {
    const command = new GetObjectTaggingCommand({ Bucket: file.bucket, Key: file.key })
    const { TagSet = [] } = await client.send(command, sendOptions(signal))
    return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]))
  } catch (thrown) {
    if (statusOf(thrown) === 404) return null
    throw thrown
  }
}

const stageIn = (tags: Tags): Stage => {
  const value = tags[pendingTag.name]
  return value === undefined ? 'answer' : value === pendingTag.draft ? 'draft' : 'upload'
}

/** The stage of a stored file; null where nothing is stored. */
export async function taggedStage(storage: Storage, file: GrantedFile, signal?: AbortSignal): Promise<Stage | null> {
  const tags = await tagsOf(storage, file, signal)
  return tags === null ? null : stageIn(tags)
}

/** Moves a stored file on to a stage, never back. The host's own tags stay. False where nothing is stored. */
export async function tagStage(
  storage: Storage,
  file: GrantedFile,
  stage: Exclude<Stage, 'upload'>,
  signal?: AbortSignal,
): Promise<boolean> {
  const tags = await tagsOf(storage, file, signal)
  if (tags === null) return false
  const now = stageIn(tags)
  if (now === stage || now === 'answer') return true
  const value = valueAt[stage]
  const { [pendingTag.name]: _, ...others } = tags
  await putTags(storage, file, value === null ? others : { ...others, [pendingTag.name]: value }, signal)
  return true
}
