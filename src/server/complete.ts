/** The `complete` action: looks at the storage itself, whatever the page says, and tells whether the file is there. */
import type { CompleteAnswer } from '../protocol/index.js'
import type { Call } from './call.js'
import type { createCompleter } from './multipart.js'
import { fileOf, planOf } from './parts.js'
import { Refusal } from './refusal.js'
import type { Settings } from './settings.js'
import { isStored } from './storage.js'

/**
 * Answers `complete`, for every method and as often as asked. A file still being checked answers `checking` (202).
 * @throws Refusal `not-stored` where the object is absent or of another size or type, or parts are missing;
 * `unsafe` where the host says so.
 */
export async function complete(
  call: Call<'complete'>,
  settings: Settings,
  completeUpload: ReturnType<typeof createCompleter>,
): Promise<CompleteAnswer> {
  const { id, upload } = call.body
  const file = await fileOf(id, call.who, settings)
  const stored =
    upload === undefined
      ? await isStored(settings.storage, file, call.signal)
      : await completeUpload(file, await planOf(id, upload, settings))
  if (!stored) throw new Refusal('not-stored', { message: 'The file is not stored as it was granted.' })
  const verdict = await settings.onStored?.({ ...file, id }, call.who)
  if (verdict?.status === 'unsafe') throw new Refusal('unsafe', { message: 'The file is not safe.' })
  if (verdict?.status === 'checking') return { id, status: 'checking', retryAfter: verdict.retryAfter }
  return { id, size: file.size }
}
