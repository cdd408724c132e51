/** Ends multipart uploads that nobody will complete, for stores and buckets without a lifecycle rule that does. */
import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { inParallel } from './parallel.js'
import type { Settings } from './settings.js'
import { sendOptions, statusOf } from './storage.js'

export interface SweepOptions {
  /**
   * Seconds since an upload began after which it counts as abandoned.
   * @default `multipartLifetime`: nothing that could still be completed is touched
   */
  readonly olderThan?: number
  /** @default the configured bucket */
  readonly bucket?: string
  /** @default `storage.prefix` */
  readonly prefix?: string
  readonly signal?: AbortSignal
}

export interface Swept {
  /** Uploads that were ended; their parts are gone. */
  readonly aborted: number
  /** Younger ones, left alone. */
  readonly open: number
}

/** Ends abandoned multipart uploads. May run in several copies at once. @throws what the storage answers. */
export async function sweep(settings: Settings, options: SweepOptions = {}): Promise<Swept> {
  const { client, bucket: Bucket, prefix: Prefix } = { ...settings.storage, ...defined(options) }
  const { olderThan = settings.multipartLifetime, signal } = options
  const before = Date.now() - olderThan * 1000
  let [aborted, open] = [0, 0]
  let markers: { KeyMarker?: string; UploadIdMarker?: string } | null = {}
  while (markers !== null) {
    const command: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({ Bucket, Prefix, ...markers })
    const page = await client.send(command, sendOptions(signal))
    const uploads = page.Uploads ?? []
    const old = uploads.filter(({ Initiated }) => Initiated !== undefined && Initiated.getTime() <= before)
    open += uploads.length - old.length
    await inParallel(old, async ({ Key, UploadId }) => {
      try {
        await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }), sendOptions(signal))
        aborted += 1
      } catch (thrown) {
        // Another copy was first.
        if (statusOf(thrown) !== 404) throw thrown
      }
    })
    const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = page
    markers =
      IsTruncated === true && NextKeyMarker !== undefined
        ? {
            KeyMarker: NextKeyMarker,
            ...(NextUploadIdMarker === undefined ? {} : { UploadIdMarker: NextUploadIdMarker }),
          }
        : null
  }
  return { aborted, open }
}

const defined = ({ bucket, prefix }: SweepOptions) => ({
  ...(bucket === undefined ? {} : { bucket }),
  ...(prefix === undefined ? {} : { prefix }),
})
