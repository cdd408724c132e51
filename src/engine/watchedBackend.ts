/** A backend whose calls are told of, for the trace. */
import type { Backend } from '../protocol/backend.js'
import { type Failure, failureFrom } from '../protocol/failure.js'
import { type Tell, traced } from './trace.js'

const actions = {
  requestUploads: 'presign',
  requestParts: 'presign-parts',
  listParts: 'list-parts',
  complete: 'complete',
  abort: 'abort',
  describeFiles: 'describe',
  discardFiles: 'discard',
  requestRules: 'rules',
} as const

/** The same backend, each of whose calls is told of. */
export function watched(backend: Backend, tell: Tell, now: () => number): Backend {
  const own: Record<string, unknown> = Object.create(backend)
  for (const [method, action] of Object.entries(actions)) {
    const call = (backend as unknown as Record<string, unknown>)[method]
    if (typeof call !== 'function') continue
    own[method] = async (...given: unknown[]) => {
      const begun = now()
      const ended = (failed?: Failure) =>
        tell({
          type: 'call',
          action,
          ms: Math.round(now() - begun),
          ...(failed === undefined ? {} : { failure: traced(failed) }),
        })
      try {
        const answer: unknown = await call.apply(backend, given)
        ended()
        return answer
      } catch (thrown) {
        ended(failureFrom(thrown))
        throw thrown
      }
    }
  }
  return own as unknown as Backend
}
