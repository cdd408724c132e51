/** The protocol of better-upload's client, as its own server answers it. */
import { newKey, signedPart, signedUrl } from './signed.mjs'

/** @typedef {import('./storage.mjs').Run} Run */

/** Routes by name: bytes of a part, or null for single requests. 50 MiB is its server's default. */
const partSizes = { files: null, 'parts-8': 8 * 1024 * 1024, 'parts-50': 50 * 1024 * 1024 }

/**
 * @param {{ route: keyof typeof partSizes, files: { name: string, size: number, type: string }[] }} body
 * @param {Run} run
 * @param {string} storage
 */
export function answerBetterUpload({ route, files }, { ledger }, storage) {
  const partSize = partSizes[route]
  const granted = files.map((file) => {
    const key = newKey()
    ledger.grant({ id: key, name: file.name, size: file.size, partSize })
    return { key, file: { ...file, objectInfo: { key, metadata: {} } } }
  })
  if (partSize === null) {
    return {
      files: granted.map(({ key, file }) => ({ signedUrl: signedUrl(storage, key), file, headers: {} })),
      metadata: {},
    }
  }
  return {
    multipart: {
      partSize,
      files: granted.map(({ key, file }) => ({
        file,
        parts: Array.from({ length: Math.ceil(file.size / partSize) }, (_, index) => ({
          signedUrl: signedPart(storage, key, index + 1),
          partNumber: index + 1,
          size: Math.min(partSize, file.size - index * partSize),
        })),
        uploadId: `upload-${key}`,
        completeSignedUrl: signedUrl(storage, key, { uploadId: `upload-${key}` }),
        abortSignedUrl: signedUrl(storage, key, { uploadId: `upload-${key}` }),
      })),
    },
    metadata: {},
  }
}
