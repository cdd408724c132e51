// Errors as S3 answers them: a status, and XML that names the error's code.
import { StorageError } from './errors.js'
import type { Reply } from './request.js'
import { xmlDocument } from './xml.js'

/** Throws again what is no error of S3's: a mistake of ours, or a sender that went away. */
export function errorReply(error: unknown, resource: string, requestId: string): Reply {
  if (!(error instanceof StorageError)) throw error
  const { code, message, status, details } = error
  const headers = {
    'content-type': 'application/xml',
    ...(code === 'InvalidRange' && { 'content-range': `bytes */${details.ActualObjectSize ?? ''}` }),
  }
  return { status, headers, body: errorXml({ code, message, resource, requestId, details }) }
}

/** S3's `<Error>` document. */
export function errorXml(error: {
  code: string
  message: string
  resource: string
  requestId: string
  details?: Readonly<Record<string, string>>
}): string {
  return xmlDocument('Error', {
    Code: error.code,
    Message: error.message,
    ...error.details,
    Resource: error.resource,
    RequestId: error.requestId,
  })
}
