/** What each kind of store can do, as data. Nothing here is asked of the store: the record only chooses what is signed. */

/** What a store can do. Where each figure is from: `docs/storages.md`. */
export interface StoreCapabilities {
  /** Takes a presigned form POST. R2 does not. */
  readonly formPost: boolean
  /** Refuses a second PUT to a key (412) when `if-none-match: *` is signed. */
  readonly ifNoneMatch: boolean
  /** Knows `x-amz-acl`; it is then signed, so that nobody can add `public-read` to a grant. */
  readonly acl: boolean
  /**
   * The checksum that the store enforces when it is signed, of whole files by PUT and form POST and of parts.
   * `'none'`: what is stored can only be compared by reading it back (`readBack`).
   */
  readonly checksum: 'sha256' | 'none'
  /** Holds a PUT to the signed `content-length`. Where not, the field asks for `complete` after each upload. */
  readonly signsLength: boolean
  /** Demands parts of equal size, but for the last. Ours always are. */
  readonly equalParts: boolean
  /** Keeps tags of objects, and lifecycle rules can choose by them (`claimBy: 'tag'`). */
  readonly tags: boolean
  /** Keeps the tags of a multipart upload. Where not (Ceph 16.2 drops them), the server puts them once it is complete. */
  readonly multipartTags: boolean
  /** Lists the versions of an object, so that `deleteAnswer` can take them all. */
  readonly versions: boolean
}

/** The kinds of store we have a record of. */
export type StoreName = 'aws' | 'r2' | 'gcs' | 'b2' | 'minio' | 'ceph'

/** Which parts of the set-up a store takes by its S3 interface. The others are made by its own console or tool. */
export interface StoreSetup {
  /** PutBucketCors. */
  readonly cors: boolean
  /** PutBucketLifecycleConfiguration with `Expiration`. */
  readonly lifecycle: boolean
  /** `AbortIncompleteMultipartUpload` in a lifecycle rule. */
  readonly abortRule: boolean
  /** PutBucketPolicy, with a condition on `s3:x-amz-copy-source`. */
  readonly bucketPolicy: boolean
}

/** All that is known of one kind of store. */
export interface StoreRecord {
  readonly name: StoreName
  /** For people. */
  readonly title: string
  readonly can: StoreCapabilities
  readonly setup: StoreSetup
  /** Hosts that are this store's for certain. */
  readonly hosts: readonly RegExp[]
}

const aws: StoreRecord = {
  name: 'aws',
  title: 'AWS S3',
  can: {
    formPost: true,
    ifNoneMatch: true,
    acl: true,
    checksum: 'sha256',
    signsLength: true,
    equalParts: false,
    tags: true,
    multipartTags: true,
    versions: true,
  },
  setup: { cors: true, lifecycle: true, abortRule: true, bucketPolicy: true },
  hosts: [/(^|\.)amazonaws\.com(\.cn)?$/],
}

const r2: StoreRecord = {
  name: 'r2',
  title: 'Cloudflare R2',
  can: {
    formPost: false,
    ifNoneMatch: true,
    acl: false,
    checksum: 'none',
    signsLength: true,
    equalParts: true,
    tags: false,
    multipartTags: false,
    versions: false,
  },
  setup: { cors: true, lifecycle: true, abortRule: true, bucketPolicy: false },
  hosts: [/(^|\.)r2\.cloudflarestorage\.com$/],
}

const gcs: StoreRecord = {
  name: 'gcs',
  title: 'Google Cloud Storage (XML API)',
  can: {
    formPost: false,
    ifNoneMatch: false,
    acl: false,
    checksum: 'none',
    signsLength: false,
    equalParts: false,
    tags: false,
    multipartTags: false,
    versions: false,
  },
  setup: { cors: false, lifecycle: false, abortRule: false, bucketPolicy: false },
  hosts: [/(^|\.)googleapis\.com$/],
}

const b2: StoreRecord = {
  name: 'b2',
  title: 'Backblaze B2',
  can: {
    formPost: false,
    ifNoneMatch: false,
    acl: false,
    checksum: 'none',
    signsLength: false,
    equalParts: false,
    tags: false,
    multipartTags: false,
    versions: true,
  },
  setup: { cors: true, lifecycle: false, abortRule: false, bucketPolicy: false },
  hosts: [/(^|\.)backblazeb2\.com$/],
}

const minio: StoreRecord = {
  name: 'minio',
  title: 'MinIO',
  can: {
    formPost: true,
    ifNoneMatch: true,
    acl: false,
    checksum: 'none',
    signsLength: false,
    equalParts: false,
    tags: true,
    multipartTags: true,
    versions: true,
  },
  setup: { cors: false, lifecycle: true, abortRule: false, bucketPolicy: true },
  hosts: [/(^|[.-])minio([.-]|$)/, /(^|\.)min\.io$/],
}

const ceph: StoreRecord = {
  name: 'ceph',
  title: 'Ceph',
  can: {
    formPost: true,
    ifNoneMatch: true,
    acl: true,
    checksum: 'none',
    signsLength: true,
    equalParts: false,
    tags: true,
    multipartTags: false,
    versions: true,
  },
  setup: { cors: true, lifecycle: true, abortRule: true, bucketPolicy: true },
  hosts: [],
}

/** The records by name. */
export const storeRecords: Readonly<Record<StoreName, StoreRecord>> = { aws, r2, gcs, b2, minio, ceph }

/** The kind of store behind an endpoint: AWS without one, `ceph` for a host that tells nothing. */
export function storeAt(endpoint: string | undefined): StoreName {
  if (endpoint === undefined) return 'aws'
  const { hostname } = new URL(endpoint)
  const known = Object.values(storeRecords).find(({ hosts }) => hosts.some((host) => host.test(hostname)))
  return known?.name ?? 'ceph'
}

/** The record of a store: by its name, else by its endpoint. @throws TypeError for a name without a record. */
export function storeRecord(store: StoreName | undefined, endpoint: string | undefined): StoreRecord {
  const name = store ?? storeAt(endpoint)
  if (Object.hasOwn(storeRecords, name)) return storeRecords[name]
  throw new TypeError(`storage.store: ${Object.keys(storeRecords).join(', ')}, or what your store can do.`)
}

/** What the store can do: by its name, else by its endpoint, with the host's own corrections. */
export function capabilitiesOf(
  store: StoreName | Partial<StoreCapabilities> | undefined,
  endpoint: string | undefined,
): StoreCapabilities {
  if (typeof store === 'object') return { ...storeRecord(undefined, endpoint).can, ...store }
  return storeRecord(store, endpoint).can
}
