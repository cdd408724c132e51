/**
 * The headless answer without React: `createFileAnswer` and what it works with.
 * Use it to keep an answer alive outside of components, or under another framework.
 */
export type { Answer, Removal } from './answer/answer.js'
export type { HostReason, Rules } from './answer/admission.js'
export type { Entry, EntryState } from './answer/entry.js'
export { idsOf, isPending, type Summary, storedFilesOf, summaryOf } from './answer/selectors.js'
export type { Endpoint } from './engine/endpointBackend.js'
export { forgetDraft } from './engine/forgetDraft.js'
export type { Clock, DraftStorage, Environment, Network, StorageOutcome, StorageRequest } from './engine/environment.js'
export { browserEnvironment } from './engine/environment.js'
export { createFileAnswer } from './engine/createFileAnswer.js'
export type { FileAnswer, FileAnswerOptions } from './engine/fileAnswer.js'
export type { ConfirmUpload, DescribeFiles, RequestUpload } from './engine/hostBackend.js'
export type { News } from './engine/news.js'
export type { Diagnostics } from './engine/diagnostics.js'
export type { FileAnswerEvent, TracedFailure } from './engine/trace.js'
export { type Settling, settledAll } from './engine/settledAll.js'
export type { FileAnswerSettings, Source } from './engine/source.js'
export { defaultTiming, type Timing } from './engine/timing.js'
export type { FileAnswerListeners } from './engine/valueExchange.js'
export type { Backend, CallContext, SendContext, Sendable } from './protocol/backend.js'
export {
  type Failure,
  type FailureCode,
  FailureError,
  FilesNotStored,
  failure,
  failureCodes,
  type Remedy,
} from './protocol/failure.js'
export type { Grant, MultipartGrant, PostGrant, PutGrant, SignedPart } from './protocol/grant.js'
export type { StoredFile } from './protocol/storedFile.js'
