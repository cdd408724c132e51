/** The actions of a multipart upload between its grant and its end: more URLs, what has arrived, giving up. */
import type { ListPartsAnswer, PresignPartsAnswer } from '../protocol/index.js'
import type { Call } from './call.js'
import { removeFile } from './discard.js'
import type { GrantedFile, Who } from './grantedFile.js'
import { abortUpload, listUpload } from './multipart.js'
import { signPart } from './presign.js'
import { Refusal } from './refusal.js'
import type { Settings } from './settings.js'
import { lifetime } from './storage.js'
import { type MultipartPlan, partLength, readUploadToken } from './uploadToken.js'

/** The file behind an id. @throws Refusal `invalid`, for unknown, foreign and forged ids alike. */
export async function fileOf(id: string, who: Who, { ids }: Settings): Promise<GrantedFile> {
  const file = await ids.read(id, who)
  if (file === null) throw new Refusal('invalid', { message: 'This id is not valid here.' })
  return file
}

/** The upload that was granted for an id. @throws Refusal `invalid` */
export async function planOf(id: string, upload: string, { keyring }: Settings): Promise<MultipartPlan> {
  const plan = await readUploadToken(keyring, id, upload)
  if (plan === null) throw new Refusal('invalid', { message: 'This upload is not valid for the id.' })
  return plan
}

/** Answers `presign-parts`. @throws Refusal `invalid` for a part that was not granted, `expired` after the upload's end. */
export async function presignParts(call: Call<'presign-parts'>, settings: Settings): Promise<PresignPartsAnswer> {
  const { id, upload, partNumbers, checksums } = call.body
  const file = await fileOf(id, call.who, settings)
  const plan = await planOf(id, upload, settings)
  if (partNumbers.some((partNumber) => partNumber > plan.partCount)) {
    throw new Refusal('invalid', { message: `The upload has ${plan.partCount} parts.` })
  }
  const sha256 = plan.partChecksums && (await settings.storage.can()).checksum === 'sha256'
  if (sha256 && checksums?.length !== partNumbers.length) {
    throw new Refusal('invalid', { message: 'This upload takes a checksum for each part.' })
  }
  const left = plan.endsAt - Math.floor(Date.now() / 1000)
  if (left < 1) throw new Refusal('expired', { message: 'The upload has ended; begin a new one.' })
  const expiresIn = Math.min(await lifetime(settings.storage, settings.expiresIn), left)
  const parts = partNumbers.map((partNumber, index) => {
    const part = { uploadId: plan.uploadId, partNumber, size: partLength(plan, partNumber) }
    const checksum = sha256 ? checksums?.[index] : undefined
    return signPart(settings.storage, file, { ...part, checksum }, expiresIn)
  })
  return { parts: await Promise.all(parts), expiresIn }
}

/** Answers `list-parts`. @throws Refusal `not-stored` where the upload is no more: `complete` tells whether it is done. */
export async function listParts(call: Call<'list-parts'>, settings: Settings): Promise<ListPartsAnswer> {
  const { id, upload } = call.body
  const file = await fileOf(id, call.who, settings)
  const parts = await listUpload(settings.storage, file, await planOf(id, upload, settings), call.signal)
  if (parts === null) throw new Refusal('not-stored', { message: 'The upload is no more.' })
  return { parts: parts.map(({ partNumber, etag, size }) => ({ partNumber, etag, size })) }
}

/** Answers `abort`: the upload ends and its parts go. Of a file that is stored nothing is taken. */
export async function abort(call: Call<'abort'>, settings: Settings): Promise<Record<string, never>> {
  const { id, upload } = call.body
  const file = await fileOf(id, call.who, settings)
  if (upload === undefined) await removeFile(file, settings, { stored: false })
  else await abortUpload(settings.storage, file, (await planOf(id, upload, settings)).uploadId)
  return {}
}
