// From a parsed request to S3's reply: preflights, who signed, what CORS lets the page read, errors as XML.
import { corsHeaders, preflightHeaders } from './cors.js'
import { errorReply } from './errorReply.js'
import { perform } from './operations.js'
import type { Reply, StorageRequest } from './request.js'
import { authenticate, refuseExpired } from './signature.js'
import type { Storage } from './storage.js'

export interface Answering {
  readonly storage: Storage
  /** Whether a page may read that its signature was refused. */
  readonly corsOnDenied: boolean
  readonly requestId: string
}

/** Never throws what S3 has a code for. */
export async function respond(request: StorageRequest, answering: Answering): Promise<Reply> {
  const { storage, corsOnDenied } = answering
  const cors = corsHeaders(storage.buckets.find(request.bucket)?.cors(), request)
  if (request.method === 'OPTIONS') return preflight(request, answering)
  try {
    const now = storage.now()
    const signer = authenticate(request, { users: storage.users, region: storage.region, now })
    try {
      return withHeaders(await perform(request, signer, storage), cors)
    } catch (error) {
      return withHeaders(errorReply(error, request.path, answering.requestId), cors)
    }
  } catch (error) {
    return withHeaders(errorReply(error, request.path, answering.requestId), corsOnDenied ? cors : {})
  }
}

/** A preflight carries the presigned URL but no signed header: of the signature, only its time can be judged. */
function preflight(request: StorageRequest, { storage, corsOnDenied, requestId }: Answering): Reply {
  try {
    const bucket = storage.buckets.get(request.bucket)
    if (!corsOnDenied) refuseExpired(request.query, storage.now())
    return { status: 200, headers: preflightHeaders(bucket.cors(), request.headers) }
  } catch (error) {
    return errorReply(error, request.path, requestId)
  }
}

export function withHeaders(reply: Reply, headers: Readonly<Record<string, string>>): Reply {
  return { ...reply, headers: { ...headers, ...reply.headers } }
}
