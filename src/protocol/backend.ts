/** The host's side as the engine sees it. Shapes are the protocol's; whatever is optional there is optional here. */
import type {
  ActionContext,
  CompleteAnswer,
  CompleteRequest,
  DescribeAnswer,
  ListPartsAnswer,
  PresignAnswer,
  PresignPartsAnswer,
  PresignPartsRequest,
  RulesAnswer,
  UploadReference,
  UploadRequest,
} from './actions.js'
import type { PostGrant, PutGrant, SignedPart } from './grant.js'

/** Goes with every call: the question, and the signal that ends the call when nobody wants its answer any more. */
export interface CallContext extends ActionContext {
  readonly signal: AbortSignal
  /** The files behind the requests, by their key: for hosts whose own `requestUpload` wants the File. Never sent. */
  readonly files?: ReadonlyMap<string, File>
}

/** Tells of bytes on their way, and ends with its signal. */
export interface SendContext {
  readonly signal: AbortSignal
  onProgress(sentBytes: number): void
}

/** What one request to the storage needs: a whole PUT or form POST, or one part. */
export type Sendable = PutGrant | PostGrant | SignedPart

/**
 * Issues grants and answers for stored files. A call fails by rejecting with a `FailureError`, a `Failure`,
 * or an error whose `code` is one of the failure codes; anything else is told as `server`.
 */
export interface Backend {
  /** Files in one `requestUploads`, at most. @default 200 */
  readonly largestBatch?: number
  requestUploads(files: readonly UploadRequest[], c: CallContext): Promise<PresignAnswer>
  requestParts?(request: PresignPartsRequest, c: CallContext): Promise<PresignPartsAnswer>
  listParts?(upload: UploadReference, c: CallContext): Promise<ListPartsAnswer>
  complete?(upload: CompleteRequest, c: CallContext): Promise<CompleteAnswer>
  /** `complete` looks at storage itself, as the protocol wants it; then it is asked whether bytes arrived whose answer was lost. @default true */
  readonly looksAtStorage?: boolean
  abort?(upload: UploadReference, c: CallContext): Promise<unknown>
  describeFiles?(ids: readonly string[], c: CallContext): Promise<DescribeAnswer>
  discardFiles?(ids: readonly string[], c: CallContext): Promise<unknown>
  /** The server's limits for this field; asked once, in the background. */
  requestRules?(c: CallContext): Promise<RulesAnswer>
  /** Takes the bytes instead of the network: the memory backend. */
  send?(grant: Sendable, body: Blob, c: SendContext): Promise<void>
}
