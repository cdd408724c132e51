/** The host's rules and the server's as one. */
import type { Rules } from '../answer/admission.js'
import type { ServerRules } from '../protocol/actions.js'

/** The stricter of the host's limits and the server's; the host's `accept` where it has one. */
export function narrowRules<Own extends Rules>(own: Own, server: ServerRules | null): Own {
  if (server === null) return own
  const stricter = (pick: (a: number, b: number) => number, a: number | undefined, b: number | undefined) =>
    a === undefined ? b : b === undefined ? a : pick(a, b)
  return {
    ...own,
    accept: own.accept ?? server.accept,
    minFiles: stricter(Math.max, own.minFiles, server.minFiles),
    maxFiles: stricter(Math.min, own.maxFiles, server.maxFiles),
    minSize: stricter(Math.max, own.minSize, server.minSize),
    maxSize: stricter(Math.min, own.maxSize, server.maxSize),
    maxTotalSize: stricter(Math.min, own.maxTotalSize, server.maxTotalSize),
  }
}
