/** The `complete` action: looks at the storage itself, whatever the page says, and tells whether the file is there. */
import type { CompleteAnswer } from '../protocol/index.js'
import type { Call } from './call.js'
import { isDamaged } from './integrity.js'
import type { Completer } from './multipart.js'
import { fileOf, planOf } from './parts.js'
import { Refusal } from './refusal.js'
import type { Settings } from './settings.js'
import { storedAsGranted } from './storage.js'

/**
 * Answers `complete`, for every method and as often as asked. A file still being checked answers `checking` (202).
 * @throws Refusal `not-stored` where the object is absent or of another size or type, or parts are missing;
 * `damaged` where its bytes are not those the page hashed; `unsafe` where the host says so.
 */
export async function complete(
  call: Call<'complete'>,
  settings: Settings,
  completeUpload: Completer,
): Promise<CompleteAnswer> {
  const { id, upload, checksum } = call.body
  const file = await fileOf(id, call.who, settings)
  const plan = upload === undefined ? null : await planOf(id, upload, settings)
  const object =
    plan === null
      ? await storedAsGranted(settings.storage, file, call.signal)
      : await completeUpload(file, plan, checksum)
  if (object === null) throw new Refusal('not-stored', { message: 'The file is not stored as it was granted.' })
  const parts = plan === null || checksum === undefined ? null : { partSize: plan.partSize, checksum }
  if (await isDamaged(file, object, settings, { parts, signal: call.signal })) {
    throw new Refusal('damaged', { message: 'What is stored is not what was sent.' })
  }
  const verdict = await settings.onStored?.({ ...file, id, etag: object.etag }, call.who)
  if (verdict?.status === 'unsafe') throw new Refusal('unsafe', { message: 'The file is not safe.' })
  if (verdict?.status === 'checking') return { id, status: 'checking', retryAfter: verdict.retryAfter }
  return { id, size: file.size }
}
