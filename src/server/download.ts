/** Download links, for the `describe` action and for the host's own pages. No request to storage is made. */
import type { DescribeAnswer } from '../protocol/index.js'
import type { Call } from './call.js'
import type { GrantedFile, Who } from './grantedFile.js'
import { safeName } from './names.js'
import { signGet } from './presign.js'
import { signedType } from './safeTypes.js'
import { integer, type Settings, week } from './settings.js'
import { lifetime } from './storage.js'
import { thumbnailUrlOf } from './thumbnails.js'

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

export interface DownloadOptions {
  /**
   * Seconds the link lives, 1…604800; never longer than the credentials that sign it.
   * @default `downloadExpiresIn`
   */
  readonly expiresIn?: number
  /**
   * `'attachment'` saves it, also where `inlineTypes` has its type.
   * @default `'inline'` for types in `inlineTypes`, else `'attachment'`
   */
  readonly as?: 'attachment'
}

type Named = Pick<GrantedFile, 'bucket' | 'key' | 'name' | 'type'>

async function linkTo(file: Named, settings: Settings, { expiresIn, as }: DownloadOptions): Promise<Download> {
  const { name, type } = file
  const seconds = expiresIn === undefined ? settings.downloadExpiresIn : integer('expiresIn', expiresIn, 1, week)
  const life = await lifetime(settings.storage, seconds)
  const kind = as ?? (settings.inlineTypes.has(type) ? 'inline' : 'attachment')
  return { url: await signGet(settings.storage, file, kind, life), expiresIn: life, name, type }
}

/** A download link for a known object. */
export function downloadObject(object: KnownObject, settings: Settings, options: DownloadOptions = {}) {
  const { key, name, bucket = settings.storage.bucket } = object
  return linkTo({ bucket, key, name: safeName(name), type: signedType(name, object.type ?? '') }, settings, options)
}

/** A download link for an id; null where it is not this person's. */
export async function downloadId(
  id: unknown,
  who: Who,
  settings: Settings,
  options: DownloadOptions = {},
): Promise<Download | null> {
  const file = await settings.ids.read(id, who)
  return file === null ? null : linkTo(file, settings, options)
}

/**
 * The answer of a download route: it takes an id and never a URL, so that it leads nowhere but to this person's own
 * file. Ids that are not valid here are answered 404, whatever is wrong with them.
 */
export async function redirectToDownload(
  id: unknown,
  who: Who,
  settings: Settings,
  options: DownloadOptions = {},
): Promise<Response> {
  const headers = { 'cache-control': 'private, no-store', 'referrer-policy': 'no-referrer' }
  const download = await downloadId(id, who, settings, options)
  if (download === null) return Response.json({ error: { code: 'invalid' } }, { status: 404, headers })
  return new Response(null, { status: 302, headers: { ...headers, location: download.url } })
}

/** Answers `describe`, in the order asked. Ids that are not valid here are answered alike, whatever is wrong with them. */
export async function describe(call: Call<'describe'>, settings: Settings): Promise<DescribeAnswer> {
  const files = call.body.ids.map(async (id) => {
    const file = await settings.ids.read(id, call.who)
    if (file === null) return { id, error: { code: 'invalid' } }
    const { name, size, type } = file
    const { url, expiresIn } = await linkTo(file, settings, {})
    const thumbnailUrl = await thumbnailUrlOf({ ...file, id }, call.who, settings, expiresIn)
    return { id, name, size, type, url, ...(thumbnailUrl === null ? {} : { thumbnailUrl }), expiresIn }
  })
  return { files: await Promise.all(files) }
}
