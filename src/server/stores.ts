/** What each kind of store can do, as data. Nothing here is asked of the store: the record only chooses what is signed. */

/** What a store can do. Figures and their sources: `docs/protocol.md`. */
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
}

/** The kinds of store we have a record of. */
export type StoreName = 'aws' | 'r2' | 'gcs' | 'b2' | 'minio' | 'ceph'

const records: Readonly<Record<StoreName, StoreCapabilities>> = {
  aws: { formPost: true, ifNoneMatch: true, acl: true, checksum: 'sha256', signsLength: true, equalParts: false },
  r2: { formPost: false, ifNoneMatch: true, acl: false, checksum: 'none', signsLength: true, equalParts: true },
  gcs: { formPost: false, ifNoneMatch: false, acl: false, checksum: 'none', signsLength: false, equalParts: false },
  b2: { formPost: false, ifNoneMatch: false, acl: false, checksum: 'none', signsLength: false, equalParts: false },
  minio: { formPost: true, ifNoneMatch: true, acl: false, checksum: 'none', signsLength: false, equalParts: false },
  ceph: { formPost: true, ifNoneMatch: true, acl: true, checksum: 'none', signsLength: true, equalParts: false },
}

const hosts: readonly (readonly [RegExp, StoreName])[] = [
  [/(^|\.)amazonaws\.com(\.cn)?$/, 'aws'],
  [/(^|\.)r2\.cloudflarestorage\.com$/, 'r2'],
  [/(^|\.)googleapis\.com$/, 'gcs'],
  [/(^|\.)backblazeb2\.com$/, 'b2'],
]

/** The kind of store behind an endpoint: AWS without one, `ceph` for a host that tells nothing. */
export function storeAt(endpoint: string | undefined): StoreName {
  if (endpoint === undefined) return 'aws'
  const { hostname } = new URL(endpoint)
  return hosts.find(([pattern]) => pattern.test(hostname))?.[1] ?? 'ceph'
}

/** What the store can do: by its name, else by its endpoint, with the host's own corrections. */
export function capabilitiesOf(
  store: StoreName | Partial<StoreCapabilities> | undefined,
  endpoint: string | undefined,
): StoreCapabilities {
  if (typeof store !== 'string') return { ...records[storeAt(endpoint)], ...store }
  if (!Object.hasOwn(records, store)) {
    throw new TypeError(`storage.store: ${Object.keys(records).join(', ')}, or what your store can do.`)
  }
  return records[store]
}
