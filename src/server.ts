/** `file-answer-field/server`: the presigning handler and what a backend needs around it. */
export { createUploadHandler, createUploads, type Uploads } from './server/createUploads.js'
export type { Claim, ClaimedFile, ClaimOptions } from './server/claim.js'
export type { Receipt } from './server/deleteAnswer.js'
export type { Download, DownloadOptions, KnownObject } from './server/download.js'
export type { GrantedFile, Who } from './server/grantedFile.js'
export type { LogEntry } from './server/log.js'
export { contentDisposition, safeName } from './server/names.js'
export type {
  ArrivedFile,
  AuthorizeInput,
  Method,
  ObjectPlan,
  Permission,
  PublicEndpoint,
  RateInput,
  RequestedFile,
  StorageOptions,
  Thumbnail,
  UploadsOptions,
  Verdict,
} from './server/options.js'
export { testSecret } from './server/keyring.js'
export { Refusal } from './server/refusal.js'
export { signTestIds, type TestFile, type TestIdOptions } from './server/signTestIds.js'
export {
  type StoreCapabilities,
  type StoreName,
  type StoreRecord,
  storeRecords,
  type StoreSetup,
} from './server/stores.js'
export {
  bucketPolicy,
  contentSecurityPolicy,
  corsRules,
  type CorsRule,
  type LifecycleRule,
  lifecycleRules,
  type Policy,
  type SetupOptions,
  signerPolicy,
} from './server/storeSetup.js'
export type { StandardSchema } from './server/standardSchema.js'
export type { AnswerProblemCode, FileProblemCode, Problem } from './server/storedFiles.js'
export type { SweepOptions, Swept } from './server/sweep.js'
export type { Verification, VerifiedFile, VerifyOptions } from './server/verify.js'
