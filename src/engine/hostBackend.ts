/** The Backend behind a host's own `requestUpload`: one call per file. */
import type { GrantBody, PresignAnswer } from '../protocol/actions.js'
import type { Backend, CallContext } from '../protocol/backend.js'
import { failureFrom } from '../protocol/failure.js'
import { stated } from '../protocol/stated.js'
import type { StoredFile } from '../protocol/storedFile.js'

/**
 * Issues the upload URL and id of one file. `{ id, url }` is a whole answer: a PUT, with the content type in `c.type`.
 * Rejecting refuses the file: an error whose `code` is a failure code is told as that, anything else as `server`.
 */
export type RequestUpload = (
  file: File,
  c: {
    key: string
    name: string
    type: string
    /** Base64 SHA-256 of the file, with `checksum`. */
    checksum?: string
    renew?: string
    signal: AbortSignal
  },
) => Promise<{
  id: string | number
  url: string
  method?: 'PUT' | 'POST'
  headers?: Record<string, string>
  fields?: Record<string, string>
  /** Seconds from now. */
  expiresIn?: number
}>

/** Called when a file's bytes are stored, before its id counts. */
export type ConfirmUpload = (id: string, c: { file: File; signal: AbortSignal }) => Promise<void>

/** Names, sizes and download links for ids. */
export type DescribeFiles = (ids: string[], c: { signal: AbortSignal }) => Promise<StoredFile[]>

export interface HostFunctions {
  readonly requestUpload: RequestUpload
  readonly confirmUpload?: ConfirmUpload | undefined
  readonly describeFiles?: DescribeFiles | undefined
}

export function hostBackend(functions: () => HostFunctions): Backend {
  const files = new Map<string, File>()
  return {
    // A file whose promise never settles must not hold back the others.
    largestBatch: 1,
    looksAtStorage: false,
    async requestUploads(requests, c: CallContext): Promise<PresignAnswer> {
      const { requestUpload, confirmUpload } = functions()
      const grants = await Promise.all(
        requests.map(async ({ key, name, type, checksum, id: renew }): Promise<PresignAnswer['grants'][number]> => {
          try {
            const file = c.files?.get(key)
            if (file === undefined) throw new Error('The file is not in the page any more.')
            const answer = await requestUpload(file, stated({ key, name, type, checksum, renew, signal: c.signal }))
            const { id, url, method, headers, fields, expiresIn } = answer
            if (confirmUpload !== undefined) files.set(String(id), file)
            const grant = { key, id, url, expiresIn, confirm: confirmUpload !== undefined }
            return (
              method === 'POST'
                ? { ...grant, method, fields: fields ?? {} }
                : { ...grant, method: 'PUT', headers: headers ?? undefined }
            ) as GrantBody & { key: string }
          } catch (thrown) {
            if (c.signal.aborted) throw c.signal.reason
            // What the host knows of it (a status, how long to wait) goes along.
            const { remedy: _, figures: __, ...error } = { cause: thrown, ...failureFrom(thrown) }
            return { key, error } as PresignAnswer['grants'][number]
          }
        }),
      )
      return { grants }
    },
    complete: async ({ id }, { signal }) => {
      const { confirmUpload } = functions()
      const file = files.get(id)
      if (confirmUpload !== undefined && file !== undefined) await confirmUpload(id, { file, signal })
      files.delete(id)
      return { id, size: -1 }
    },
    describeFiles: async (ids, { signal }) => {
      const { describeFiles } = functions()
      if (describeFiles === undefined) return { files: [] }
      const described = await describeFiles([...ids], { signal })
      return { files: described.map((file) => ({ ...file, url: file.url ?? '' })) }
    },
  }
}
