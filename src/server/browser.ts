/**
 * What `file-answer-field/server` is in a browser: a reason, so that no secret and no SDK slips into a bundle unseen.
 * The names are here so that an import of them gets as far as the reason.
 */
function refuse(): never {
  throw new Error(
    'file-answer-field/server holds the secret and signs uploads: import it on the server only, and give the field its `endpoint`.',
  )
}

export const createUploads: never = refuse()
export const createUploadHandler: never = refuse()
export const Refusal: never = refuse()
export const contentDisposition: never = refuse()
export const safeName: never = refuse()
export const storeRecords: never = refuse()
export const bucketPolicy: never = refuse()
export const contentSecurityPolicy: never = refuse()
export const corsRules: never = refuse()
export const lifecycleRules: never = refuse()
export const signerPolicy: never = refuse()
export const signTestIds: never = refuse()
export const testSecret: never = refuse()
