/** The JSON protocol between our field and a backend, as our own server answers it by default. */
import { multipartThreshold, ourPartSize as partSize } from '../lib/sizes.mjs'
import { newKey, signedForm, signedPart, signedUrl } from './signed.mjs'

/** @typedef {import('./storage.mjs').Run} Run */
/**
 * @typedef {{ key: string, name: string, size: number, type: string }} FileRequest
 * @typedef {{ origin: () => string, method: string | null }} Settings
 *   `origin`: the storage's next one; `method`: one for all files, with all parts' URLs
 */

/** URLs of parts that come with a grant. */
const firstParts = 16

/**
 * @param {any} body
 * @param {Run} run
 * @param {Settings} settings
 */
export function answerOurs(body, run, settings) {
  switch (body.action) {
    case 'presign':
      return { grants: body.files.map((/** @type {FileRequest} */ file) => grantFor(file, run, settings)) }
    case 'presign-parts':
      return {
        parts: body.partNumbers.map((/** @type {number} */ partNumber) => ({
          partNumber,
          url: signedPart(settings.origin(), body.id, partNumber),
        })),
        expiresIn: 900,
      }
    case 'list-parts':
      return { parts: run.ledger.partsOf(body.id) }
    case 'complete':
      run.ledger.completed(body.id)
      return { id: body.id, size: run.ledger.grantOf(body.id)?.size }
    case 'abort':
    case 'discard':
      return {}
    case 'rules':
      return { rules: {} }
    default:
      return null
  }
}

/**
 * @param {FileRequest} file
 * @param {Run} run
 * @param {Settings} settings
 */
function grantFor({ key, name, size, type }, { ledger }, { origin, method: forced }) {
  const id = newKey()
  const storage = origin()
  const method = forced ?? (size > multipartThreshold ? 'MULTIPART' : 'POST')
  ledger.grant({ id, name, size, partSize: method === 'MULTIPART' ? partSize : null })
  const common = { key, id, expiresIn: 900, method }
  if (method === 'POST') return { ...common, ...signedForm(storage, id, type) }
  if (method === 'PUT') return { ...common, url: signedUrl(storage, id), headers: { 'content-type': type } }
  const count = Math.ceil(size / partSize)
  const signed = forced === null ? Math.min(count, firstParts) : count
  return {
    ...common,
    upload: newKey(),
    partSize,
    parts: Array.from({ length: signed }, (_, index) => ({
      partNumber: index + 1,
      url: signedPart(storage, id, index + 1),
    })),
  }
}
