/** The picture that `describe` gives for a file, where the host wants one. */
import { safeLink } from '../protocol/index.js'
import type { GrantedFile, Who } from './grantedFile.js'
import { safeName } from './names.js'
import { signGet } from './presign.js'
import { signedType } from './safeTypes.js'
import type { Settings } from './settings.js'

/** Types that every browser shows in an `img`, and that run nothing there. */
const shown: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'])
/** A list of thumbnails is no reason to download a list of photos. */
const maxOriginalBytes = 1024 * 1024

/** A link to the picture, as long-lived as the file's own; null for none. Whatever is no http(s) link is none. */
export async function thumbnailUrlOf(
  file: GrantedFile & { readonly id: string },
  who: Who,
  { storage, thumbnailFor }: Settings,
  expiresIn: number,
): Promise<string | null> {
  if (thumbnailFor === undefined) return null
  if (thumbnailFor === 'original') {
    const fits = shown.has(file.type) && file.size <= maxOriginalBytes
    return fits ? signGet(storage, file, 'attachment', expiresIn) : null
  }
  const thumbnail = await thumbnailFor(file, who)
  if (thumbnail === null || thumbnail === undefined) return null
  if (typeof thumbnail === 'string') return safeLink(thumbnail) ?? null
  const { bucket = storage.bucket, key, name, type = '' } = thumbnail
  return signGet(storage, { bucket, key, name: safeName(name), type: signedType(name, type) }, 'attachment', expiresIn)
}
