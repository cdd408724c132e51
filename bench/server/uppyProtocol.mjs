/** What Uppy's `signRequest` asks its host for: one request each, named by method, key and part. */
import { uppyPartSize } from '../lib/sizes.mjs'
import { signedForm, signedPart, signedUrl } from './signed.mjs'

/**
 * @param {{ method: string, key: string, uploadId?: string, partNumber?: number, contentType?: string }} request
 * @param {import('./storage.mjs').Run} run
 * @param {{ origin: () => string, method: string | null }} settings `method` POST: a form instead of a PUT
 */
export function answerUppy({ method, key, uploadId, partNumber, contentType }, { ledger }, settings) {
  const storage = settings.origin()
  if (partNumber !== undefined) return { url: signedPart(storage, key, partNumber) }
  if (uploadId !== undefined) return { url: signedUrl(storage, key, { uploadId }) }
  // Its page puts the size before the name.
  const [, size = '', name = ''] = /^(\d+)-(.+)$/.exec(key) ?? []
  const isSingle = method === 'PUT'
  ledger.grant({ id: key, name, size: Number(size), partSize: isSingle ? null : uppyPartSize })
  if (!isSingle) return { url: signedUrl(storage, key, { uploads: '' }) }
  return settings.method === 'POST' ? signedForm(storage, key, contentType ?? '') : { url: signedUrl(storage, key) }
}
