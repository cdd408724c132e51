/** The `discard` action: what the field had granted and does not want any more. */
import { DeleteObjectCommand } from '@aws-sdk/client-s3'
import type { Call } from './call.js'
import type { GrantedFile } from './grantedFile.js'
import { stageOf } from './lasting.js'
import { abortOpenUploads } from './multipart.js'
import { taggedStage } from './objectTags.js'
import { inParallel } from './parallel.js'
import type { Settings } from './settings.js'

/** Removes what the storage has of a file: open uploads where it may have any, and the object unless it is to stay. */
export async function removeFile(
  file: GrantedFile,
  { storage, methods, multipartThreshold }: Settings,
  { stored }: { readonly stored: boolean },
): Promise<void> {
  const sentInParts = methods.has('MULTIPART') && (file.size > multipartThreshold || methods.size === 1)
  if (sentInParts) await abortOpenUploads(storage, file)
  if (stored) await storage.client.send(new DeleteObjectCommand({ Bucket: file.bucket, Key: file.key }))
}

/** Whether the host has taken the file over. From then on only the host deletes it, whatever a page asks for. */
export async function isTakenOver(
  file: GrantedFile,
  { storage, lasting }: Settings,
  signal: AbortSignal,
): Promise<boolean> {
  const stage = lasting.by === 'tag' ? await taggedStage(storage, file, signal) : stageOf(file.key, lasting)
  return stage !== 'upload' && stage !== null
}

/** Answers `discard`. The answer is the same for every id, so that nothing is learnt of others'. */
export async function discard(call: Call<'discard'>, settings: Settings): Promise<Record<string, never>> {
  await inParallel(call.body.ids, async (id) => {
    const file = await settings.ids.read(id, call.who)
    if (file === null || (await isTakenOver(file, settings, call.signal))) return
    await removeFile(file, settings, { stored: true })
  })
  return {}
}
