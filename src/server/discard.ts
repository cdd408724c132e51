/** Taking files away again: the `discard` action, and the host's own deletion. */
import { DeleteObjectCommand } from '@aws-sdk/client-s3'
import type { Call } from './call.js'
import type { GrantedFile, Who } from './grantedFile.js'
import { abortOpenUploads } from './multipart.js'
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

/** Deletes the files of those ids that are this person's; others are passed over in silence. Idempotent. */
export async function deleteFiles(ids: readonly unknown[], who: Who, settings: Settings): Promise<string[]> {
  const deleted = await inParallel(ids, async (id) => {
    const file = await settings.ids.read(id, who)
    if (file === null) return []
    await removeFile(file, settings, { stored: true })
    return [id as string]
  })
  return deleted.flat()
}

/** Answers `discard`. The answer is the same for every id, so that nothing is learnt of others'. */
export async function discard(call: Call<'discard'>, settings: Settings): Promise<Record<string, never>> {
  await deleteFiles(call.body.ids, call.who, settings)
  return {}
}
