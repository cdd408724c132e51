/** The bucket under test: what it is, and files of the doctor's own in it, which are taken away in the end. */
import { randomBytes } from 'node:crypto'
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import type { PlannedObject } from '../../server/objectPlan.js'
import { abortUpload } from '../../server/multipart.js'
import type { StorageOptions } from '../../server/options.js'
import { signPut } from '../../server/presign.js'
import { createStorage, type Storage } from '../../server/storage.js'
import type { SetupOptions } from '../../server/storeSetup.js'
import { type StoreCapabilities, type StoreName, type StoreRecord, storeRecord } from '../../server/stores.js'
import { exchange, type Reply } from './browser.js'

/** What the command line says. */
export interface DoctorOptions {
  readonly endpoint: string | undefined
  readonly publicEndpoint: string | undefined
  readonly region: string
  readonly bucket: string
  readonly prefix: string
  /** The page's. */
  readonly origin: string
  readonly store: StoreName | undefined
  readonly claimBy: NonNullable<SetupOptions['claimBy']>
  readonly claimedPrefix: string
  readonly draftsPrefix: string
  readonly forcePathStyle: boolean | undefined
}

/** A file of ours, which is stored as a grant of the server would have it. */
export type OwnFile = PlannedObject & { readonly name: string; readonly issuedAt: number }

export interface Place {
  readonly options: DoctorOptions
  readonly storage: Storage
  readonly record: StoreRecord
  readonly can: StoreCapabilities
  readonly setup: SetupOptions
  /** Begins every key of ours. */
  readonly ownPrefix: string
  /** A file that is not yet there. */
  newFile(more?: Partial<Pick<OwnFile, 'size' | 'type' | 'checksum' | 'plan'>>): OwnFile
  /** Stores a file by the server's own request; resolves to it. */
  put(bytes?: Uint8Array): Promise<OwnFile>
  /** Says that an upload was begun, to be aborted in the end. */
  began(file: OwnFile, uploadId: string): void
  /** Takes everything away that is ours; resolves to how many could not be. */
  cleanUp(): Promise<number>
}

/** What is sent, unless a check says otherwise. */
export const content = new TextEncoder().encode('file-answer-field doctor: this object may be deleted.')

/** Prepares the place; nothing is sent yet. @throws TypeError that names the option to mend. */
export async function openPlace(options: DoctorOptions): Promise<Place> {
  const {
    endpoint,
    publicEndpoint,
    region,
    bucket,
    prefix,
    store,
    forcePathStyle,
    claimBy,
    claimedPrefix,
    draftsPrefix,
  } = options
  const target: StorageOptions = {
    region,
    bucket,
    prefix,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(publicEndpoint === undefined ? {} : { publicEndpoint }),
    ...(store === undefined ? {} : { store }),
    ...(forcePathStyle === undefined ? {} : { forcePathStyle }),
  }
  const storage = createStorage(target)
  // Under the prefix of uploads, since that is what policies and rules are about.
  const ownPrefix = `${prefix}doctor-${randomBytes(6).toString('hex')}/`
  const keys = new Set<string>()
  const uploads = new Map<string, OwnFile>()
  const newFile: Place['newFile'] = (more = {}) => {
    const key = `${ownPrefix}${randomBytes(12).toString('hex')}`
    keys.add(key)
    return {
      bucket,
      key,
      name: '의사 doctor.txt',
      size: content.length,
      type: 'text/plain',
      plan: {},
      issuedAt: Math.floor(Date.now() / 1000),
      ...more,
    }
  }
  return {
    options,
    storage,
    record: storeRecord(store, endpoint),
    can: await storage.can(),
    setup: { bucket, prefix, claimBy, claimedPrefix, draftsPrefix },
    ownPrefix,
    newFile,
    async put(bytes = content) {
      const file = newFile({ size: bytes.length })
      const input = { Bucket: bucket, Key: file.key, Body: bytes, ContentType: file.type }
      await storage.client.send(new PutObjectCommand(input))
      return file
    },
    began: (file, uploadId) => void uploads.set(uploadId, file),
    async cleanUp() {
      const left = await Promise.allSettled([
        ...[...uploads].map(([uploadId, file]) => abortUpload(storage, file, uploadId)),
        ...[...keys].map((Key) => storage.client.send(new DeleteObjectCommand({ Bucket: bucket, Key }))),
      ])
      return left.filter(({ status }) => status === 'rejected').length
    },
  }
}

/** Signs a PUT as the server does, and sends it as a page would, but for what `change` alters. */
export async function sendPut(
  place: Place,
  change: {
    readonly file?: OwnFile
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: Uint8Array
  } = {},
): Promise<Reply> {
  const { file = place.newFile(), headers: changed = {}, body = content } = change
  const { url, headers } = await signPut(place.storage, file, 900)
  return exchange(url, { method: 'PUT', origin: place.options.origin, headers: { ...headers, ...changed }, body })
}
