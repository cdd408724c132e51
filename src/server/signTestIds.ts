/** Ids for a backend's own tests: as the field would hand them in, without a page and without an upload. */
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { createFileIds, newKey } from './fileId.js'
import type { Who } from './grantedFile.js'
import { createKeyring, testSecret } from './keyring.js'
import { safeName } from './names.js'
import type { StorageOptions } from './options.js'
import { signedType } from './safeTypes.js'
import { createStorage } from './storage.js'

/** A file that a test pretends was uploaded. */
export interface TestFile {
  readonly name: string
  /** Bytes. @default the length of `body`, else 1 */
  readonly size?: number
  /** @default by the name */
  readonly type?: string
  /** What is stored, with `store`. @default zeros */
  readonly body?: Uint8Array | string
}

export interface TestIdOptions extends Who {
  /**
   * The secret of the `createUploads` under test; of several the first.
   * @default testSecret
   */
  readonly secret?: string | readonly string[]
  /**
   * The storage of the `createUploads` under test: of it, an id depends on bucket and prefix.
   * @default the bucket `test`, the prefix `uploads/`
   */
  readonly storage?: StorageOptions
  /**
   * Whether the files are put into the storage too, so that `verifyAnswer` finds them: the stand-in of
   * `file-answer-field/testing/storage` will do.
   * @default false
   */
  readonly store?: boolean
  /**
   * When the grants were issued.
   * @default now
   */
  readonly issuedAt?: Date
}

const nowhere: StorageOptions = { bucket: 'test', prefix: 'uploads/', region: 'us-east-1' }

/** Signs an id for each file, in order. @throws what the storage answers, with `store`. */
export async function signTestIds(files: readonly TestFile[], options: TestIdOptions): Promise<string[]> {
  const { subject, field, context, secret = testSecret, store = false, issuedAt = new Date() } = options
  const storage = createStorage(options.storage ?? nowhere)
  const ids = createFileIds(createKeyring(secret), storage.bucket)
  return Promise.all(
    files.map(async ({ name, size, type = '', body }) => {
      const content = typeof body === 'string' ? new TextEncoder().encode(body) : body
      const file = {
        bucket: storage.bucket,
        key: newKey(storage.prefix),
        name: safeName(name),
        size: size ?? content?.length ?? 1,
        type: signedType(name, type),
        issuedAt: Math.floor(issuedAt.getTime() / 1000),
      }
      if (store) {
        const Body = content ?? new Uint8Array(file.size)
        const object = { Bucket: file.bucket, Key: file.key, ContentType: file.type, Body }
        await storage.client.send(new PutObjectCommand(object))
      }
      return ids.issue(file, { subject, field, context })
    }),
  )
}
