/** The storage as this server reaches it: one client for its own requests, one whose address browsers can reach. */
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { GrantedFile } from './grantedFile.js'
import type { PublicEndpoint, StorageOptions } from './options.js'
import { Refusal } from './refusal.js'
import { capabilitiesOf, type StoreCapabilities, storeAt } from './stores.js'

export interface Storage {
  /** Sends this server's own requests. */
  readonly client: S3Client
  /**
   * Signs what browsers send. Of several names of the storage each call gives the next, and `by` one text always the
   * same: a browser counts its connections per name.
   */
  signer(by?: string): S3Client
  readonly bucket: string
  readonly prefix: string
  can(): Promise<StoreCapabilities>
}

const required = 'WHEN_REQUIRED' as const

/**
 * A view of a host's client that adds no checksums. With the SDK's defaults a presigned PUT demands the CRC32 of an
 * empty body, which R2, Garage and SeaweedFS refuse (aws-sdk-js-v3 issue 6818), and parts would need one each.
 */
function withoutChecksums(client: S3Client): S3Client {
  const quiet = async () => required
  const config = { ...client.config, requestChecksumCalculation: quiet, responseChecksumValidation: quiet }
  return Object.create(client, { config: { value: config } }) as S3Client
}

function clientOf(options: StorageOptions, endpoint: string | undefined, pathStyle?: boolean): S3Client {
  const { region, credentials, forcePathStyle } = options.client?.config ?? options
  if (region === undefined) throw new TypeError('storage.region is missing; give `auto` where the store has none.')
  return new S3Client({
    region,
    forcePathStyle: pathStyle ?? forcePathStyle ?? (endpoint !== undefined && storeAt(endpoint) !== 'aws'),
    requestChecksumCalculation: required,
    responseChecksumValidation: required,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  })
}

/** The origin of a host's client, which it tells only asynchronously; undefined where it has AWS's own. */
async function endpointOf(client: S3Client): Promise<string | undefined> {
  const endpoint = await client.config.endpoint?.()
  return endpoint === undefined ? undefined : `${endpoint.protocol}//${endpoint.hostname}`
}

/** Prepares the storage. @throws TypeError where the options make no sense. */
export function createStorage(options: StorageOptions): Storage {
  const { client: given, endpoint, bucket, prefix = '', store } = options
  if (typeof bucket !== 'string' || bucket === '') throw new TypeError('storage.bucket is missing.')
  const client = given === undefined ? clientOf(options, endpoint) : withoutChecksums(given)
  // Named wrongly, the store is refused now and not at the first call.
  capabilitiesOf(store, endpoint)
  let can: Promise<StoreCapabilities> | undefined
  const signers = signersOf(options, client)
  let turn = 0
  return {
    client,
    signer: (by) => signers[(by === undefined ? turn++ : placeOf(by)) % signers.length] ?? client,
    bucket,
    prefix: checkedPrefix(prefix, 'storage.prefix'),
    can: () => (can ??= endpointOf(client).then((address) => capabilitiesOf(store, address))),
  }
}

function signersOf(options: StorageOptions, client: S3Client): readonly S3Client[] {
  const { publicEndpoint } = options
  if (publicEndpoint === undefined) return [client]
  const names = Array.isArray(publicEndpoint)
    ? (publicEndpoint as readonly PublicEndpoint[])
    : [publicEndpoint as PublicEndpoint]
  if (names.length === 0) throw new TypeError('storage.publicEndpoint: an empty list names no endpoint.')
  return names.map((name) => {
    const { url, forcePathStyle } = typeof name === 'string' ? { url: name, forcePathStyle: undefined } : name
    if (!URL.canParse(url)) throw new TypeError('storage.publicEndpoint: URLs such as "https://files.example.com".')
    return clientOf(options, url, forcePathStyle)
  })
}

/** A number that only the text decides. */
const placeOf = (text: string): number =>
  Array.from(text).reduce((sum, each) => (sum * 31 + (each.codePointAt(0) ?? 0)) % 65_521, 0)

/** A prefix as keys may have it. @throws TypeError for any other. */
export function checkedPrefix(prefix: string, option: string): string {
  if (prefix.length <= 100 && /^(?!\/)(?!.*\/\/)[a-z0-9/-]*$/.test(prefix)) return prefix
  throw new TypeError(`${option}: at most 100 of a–z, 0–9, "-" and single "/", not beginning with "/".`)
}

/**
 * Seconds that a signature made now may live: as wanted, but no longer than the credentials it is made with,
 * since the storage refuses it once they end.
 */
export async function lifetime({ signer }: Storage, wanted: number): Promise<number> {
  const { expiration } = await signer('').config.credentials()
  if (expiration === undefined) return wanted
  const left = Math.floor((expiration.getTime() - Date.now()) / 1000)
  if (left < 1)
    throw new Refusal('unavailable', { message: 'The storage cannot be signed for just now.', retryAfter: 1 })
  return Math.min(wanted, left)
}

/** The status of an error that the storage answered with, else undefined. */
export const statusOf = (thrown: unknown): number | undefined =>
  (thrown as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode

/** The storage's own code of an error, such as `NoSuchUpload`. */
export const storageCodeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error ? thrown.name : undefined

/** An object as the storage describes it. */
export interface StoredObject {
  /** Bytes. */
  readonly size: number
  readonly type: string
  /** Names in lower case, without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>
  /** The storage's mark of these bytes. */
  readonly etag: string
  /** Base64 SHA-256 of the whole object, where the storage tells it. */
  readonly sha256?: string | undefined
  readonly cacheControl?: string | undefined
  readonly storageClass?: string | undefined
  readonly encryption?: string | undefined
  readonly keyId?: string | undefined
}

/** What the storage has under the file's key; null where there is nothing. */
export async function storedObject(
  { client, can }: Storage,
  file: GrantedFile,
  signal?: AbortSignal,
): Promise<StoredObject | null> {
  try {
    // Asked for, S3 tells its own checksum of the object too.
    const sums = (await can()).checksum === 'sha256' ? { ChecksumMode: 'ENABLED' as const } : {}
    const command = new HeadObjectCommand({ Bucket: file.bucket, Key: file.key, ...sums })
    const head = await client.send(command, sendOptions(signal))
    return {
      size: head.ContentLength ?? -1,
      type: head.ContentType ?? '',
      metadata: head.Metadata ?? {},
      etag: head.ETag ?? '',
      sha256: head.ChecksumSHA256,
      cacheControl: head.CacheControl,
      storageClass: head.StorageClass,
      encryption: head.ServerSideEncryption,
      keyId: head.SSEKMSKeyId,
    }
  } catch (thrown) {
    // A HEAD has no body to say NoSuchBucket in: a missing bucket looks like a missing object here.
    if (statusOf(thrown) === 404) return null
    throw thrown
  }
}

/** The file stored just as it was granted, of that size and type; null where it is not. */
export async function storedAsGranted(
  storage: Storage,
  file: GrantedFile,
  signal?: AbortSignal,
): Promise<StoredObject | null> {
  const object = await storedObject(storage, file, signal)
  return object !== null && object.size === file.size && object.type.toLowerCase() === file.type ? object : null
}

/** Options of `client.send` for an optional signal. */
export const sendOptions = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal })
