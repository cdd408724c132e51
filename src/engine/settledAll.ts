/** One place to wait for several fields: a form that sends itself by code wants all ids, or all that failed. */
import { type Failure, FilesNotStored } from '../protocol/failure.js'

/** Whatever can be waited for: a field's handle, an answer. */
export interface Settling {
  settled(options?: { signal?: AbortSignal }): Promise<string[]>
}

/** A ref to a field; one that is not on the page (null) has no files. */
type Waited = Settling | { readonly current: Settling | null } | null | undefined

/**
 * Waits until nothing of several fields, handles, refs or answers is pending, and gives the ids of each in the order they
 * were given. It starts files that wait for `start`. Rejects once all are through with one `FilesNotStored` that has every
 * failure, or with the signal's reason.
 *
 * ```ts
 * const [documents, photos] = await settledAll([documentsRef, photosRef])
 * ```
 */
export async function settledAll(
  fields: Iterable<Waited>,
  options: { signal?: AbortSignal } = {},
): Promise<string[][]> {
  const results = await Promise.allSettled(
    Array.from(fields, async (field) => {
      const settling = field && 'current' in field ? field.current : field
      return settling ? settling.settled(options) : []
    }),
  )
  const failures: Failure[] = []
  for (const result of results) {
    if (result.status === 'fulfilled') continue
    if (!(result.reason instanceof FilesNotStored)) throw result.reason
    failures.push(...result.reason.failures)
  }
  if (failures.length > 0) throw new FilesNotStored(failures)
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
}
