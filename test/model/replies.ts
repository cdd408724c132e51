/** How a call to the backend, or a request to storage, ends. */
import { type Failure, failure } from '../../src/protocol/failure.js'

export type Reply = 'good' | 'lost' | 'broken' | 'busy' | 'throttled' | 'refused' | 'denied' | 'senseless'

/** What `throttled` asks for. */
export const retryAfterMs = 3_000

/** What the engine is told of a call that ended so. */
export function failureOf(reply: Reply): Failure {
  switch (reply) {
    case 'busy':
      return failure('server', { status: 503 })
    case 'throttled':
      return failure('rate-limited', { status: 429, retryAfterMs })
    case 'refused':
      return failure('closed', { status: 422 })
    case 'denied':
      return failure('denied', { status: 401, remedy: 'person' })
    case 'senseless':
      return failure('server', { status: 200 })
    default:
      return failure('network', { status: 0 })
  }
}
/** What storage answers; 0 where nothing is heard. */
export const statuses: Partial<Record<Reply, number>> = {
  busy: 503,
  throttled: 429,
  refused: 400,
  denied: 403,
  senseless: 403,
}
