/** Download links, for the `describe` action and for the host's own pages. No request to storage is made. */
import type { DescribeAnswer } from '../protocol/index.js'
import type { Call } from './call.js'
import type { Who } from './grantedFile.js'
import { safeName } from './names.js'
import { signGet } from './presign.js'
import { signedType } from './safeTypes.js'
import type { Settings } from './settings.js'
import { lifetime } from './storage.js'

/** A link that downloads one file under its own name. */
export interface Download {
  readonly url: string
  /** Seconds from now. */
  readonly expiresIn: number
  readonly name: string
  readonly type: string
}

/** An object the host keeps the record of. */
export interface KnownObject {
  readonly key: string
  /** The name to save it under. */
  readonly name: string
  /** @default by the name */
  readonly type?: string
  /** @default the configured bucket */
  readonly bucket?: string
}

const kindFor = (type: string, { inlineTypes }: Settings) => (inlineTypes.has(type) ? 'inline' : 'attachment')

/** A download link for a known object. */
export async function downloadObject(object: KnownObject, settings: Settings): Promise<Download> {
  const { key, bucket = settings.storage.bucket } = object
  const type = signedType(object.name, object.type ?? '')
  const expiresIn = await lifetime(settings.storage, settings.downloadExpiresIn)
  const file = { bucket, key, name: safeName(object.name), type }
  return {
    url: await signGet(settings.storage, file, kindFor(type, settings), expiresIn),
    expiresIn,
    name: file.name,
    type,
  }
}

/** A download link for an id; null where it is not this person's. */
export async function downloadId(id: unknown, who: Who, settings: Settings): Promise<Download | null> {
  const file = await settings.ids.read(id, who)
  if (file === null) return null
  const { name, type } = file
  const expiresIn = await lifetime(settings.storage, settings.downloadExpiresIn)
  return { url: await signGet(settings.storage, file, kindFor(type, settings), expiresIn), expiresIn, name, type }
}

/** Answers `describe`, in the order asked. Ids that are not valid here are answered alike, whatever is wrong with them. */
export async function describe(call: Call<'describe'>, settings: Settings): Promise<DescribeAnswer> {
  const expiresIn = await lifetime(settings.storage, settings.downloadExpiresIn)
  const files = call.body.ids.map(async (id) => {
    const file = await settings.ids.read(id, call.who)
    if (file === null) return { id, error: { code: 'invalid' } }
    const { name, size, type } = file
    return {
      id,
      name,
      size,
      type,
      url: await signGet(settings.storage, file, kindFor(type, settings), expiresIn),
      expiresIn,
    }
  })
  return { files: await Promise.all(files) }
}
