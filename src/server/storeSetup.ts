/**
 * The set-up of a bucket as data: what `docs/storages.md` shows and the doctor compares and writes. Every document is
 * as S3's API takes it.
 */
import type { StoreCapabilities } from './stores.js'

/** What of a host's options the set-up depends on. Prefixes are those given to `createUploads`. */
export interface SetupOptions {
  readonly bucket: string
  /** @default 'uploads/' */
  readonly prefix?: string
  /**
   * How submitted files are told from those that nobody handed in. `'none'`: the host doesn't call `claim`, and no
   * rule may delete a stored file.
   * @default 'copy'
   */
  readonly claimBy?: 'copy' | 'tag' | 'none'
  /** @default 'answers/' */
  readonly claimedPrefix?: string
  /** @default 'drafts/' */
  readonly draftsPrefix?: string
}

/** One rule of a CORS configuration. */
export interface CorsRule {
  readonly AllowedOrigins: readonly string[]
  readonly AllowedMethods: readonly string[]
  readonly AllowedHeaders: readonly string[]
  readonly ExposeHeaders: readonly string[]
  readonly MaxAgeSeconds: number
}

/** One rule of a lifecycle configuration. */
export interface LifecycleRule {
  readonly ID: string
  readonly Status: 'Enabled'
  readonly Filter:
    | { readonly Prefix: string }
    | { readonly And: { readonly Prefix: string; readonly Tags: readonly { Key: string; Value: string }[] } }
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number }
  readonly Expiration?: { readonly Days: number }
}

/** A policy document of a bucket or of a key. */
export interface Policy {
  readonly Version: '2012-10-17'
  readonly Statement: readonly {
    readonly Sid: string
    readonly Effect: 'Allow' | 'Deny'
    readonly Principal?: '*'
    readonly Action: string | readonly string[]
    readonly Resource: string | readonly string[]
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
  }[]
}

/** The tag that says whether a file was handed in. Claimed files have none. */
export const pendingTag = { name: 'pending', upload: 'upload', draft: 'draft' } as const

const filled = ({ bucket, prefix, claimBy, claimedPrefix, draftsPrefix }: SetupOptions) => ({
  bucket,
  prefix: prefix ?? 'uploads/',
  claimBy: claimBy ?? 'copy',
  claimedPrefix: claimedPrefix ?? 'answers/',
  draftsPrefix: draftsPrefix ?? 'drafts/',
})

/**
 * The CORS rule that browsers need. `headers`: more that grants name (`x-amz-meta-…`, `cache-control`, …), by
 * `objectFor` or a checksum.
 */
export function corsRules(
  origins: readonly string[],
  can: StoreCapabilities,
  { claimBy, headers = [] }: Pick<SetupOptions, 'claimBy'> & { readonly headers?: readonly string[] } = {},
): CorsRule[] {
  return [
    {
      AllowedOrigins: [...origins],
      AllowedMethods: ['PUT', ...(can.formPost ? ['POST'] : []), 'GET'],
      AllowedHeaders: [
        'content-type',
        'content-disposition',
        ...(can.ifNoneMatch ? ['if-none-match'] : []),
        ...(can.acl ? ['x-amz-acl'] : []),
        ...(claimBy === 'tag' ? ['x-amz-tagging'] : []),
        ...headers,
      ],
      ExposeHeaders: ['ETag'],
      MaxAgeSeconds: 3600,
    },
  ]
}

/**
 * What is left behind and goes by itself: uploads that were never completed after 7 days, files that nobody handed in
 * after `unclaimedDays`, drafts that nobody came back to after `draftDays`.
 * **Without `claim` every submitted file lies under `prefix`: pass `claimBy: 'none'`, or the rule deletes it.**
 * @throws TypeError where the rule for uploads would reach claimed files too, as with an empty prefix.
 */
export function lifecycleRules(
  options: SetupOptions,
  { unfinishedDays = 7, unclaimedDays = 2, draftDays = 30 } = {},
): LifecycleRule[] {
  const { prefix, claimBy, draftsPrefix, claimedPrefix } = filled(options)
  if (claimBy === 'copy' && [draftsPrefix, claimedPrefix].some((each) => each.startsWith(prefix))) {
    throw new TypeError(
      'prefix: claimed files lie under it too, and the rule would delete them; give uploads their own.',
    )
  }
  const expiring = (ID: string, Filter: LifecycleRule['Filter'], Days: number): LifecycleRule => ({
    ID,
    Status: 'Enabled',
    Filter,
    Expiration: { Days },
  })
  const tagged = (Value: string) => ({ And: { Prefix: prefix, Tags: [{ Key: pendingTag.name, Value }] } })
  return [
    {
      ID: 'unfinished',
      Status: 'Enabled',
      Filter: { Prefix: prefix },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: unfinishedDays },
    },
    ...(claimBy === 'none'
      ? []
      : [
          expiring('unclaimed', claimBy === 'copy' ? { Prefix: prefix } : tagged(pendingTag.upload), unclaimedDays),
          expiring('drafts', claimBy === 'copy' ? { Prefix: draftsPrefix } : tagged(pendingTag.draft), draftDays),
        ]),
  ]
}

/** What nobody may do with the bucket, whoever signs: turn a grant into a copy of another's file; come without TLS. */
export function bucketPolicy(options: SetupOptions): Policy {
  const { bucket, prefix } = filled(options)
  const arn = `arn:aws:s3:::${bucket}`
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'NoCopyThroughAGrant',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:PutObject',
        Resource: `${arn}/${prefix}*`,
        Condition: { StringLike: { 's3:x-amz-copy-source': '*' } },
      },
      {
        Sid: 'OnlyOverTls',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  }
}

/** What the server's key may do and no more: put, get and delete under the prefixes, and look into what it began. */
export function signerPolicy(options: SetupOptions): Policy {
  const { bucket, prefix, claimBy, claimedPrefix, draftsPrefix } = filled(options)
  const arn = `arn:aws:s3:::${bucket}`
  const prefixes = claimBy === 'copy' ? [prefix, draftsPrefix, claimedPrefix] : [prefix]
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Files',
        Effect: 'Allow',
        Action: [
          's3:PutObject',
          's3:GetObject',
          's3:DeleteObject',
          's3:DeleteObjectVersion',
          's3:AbortMultipartUpload',
          's3:ListMultipartUploadParts',
          ...(claimBy === 'tag' ? ['s3:PutObjectTagging', 's3:GetObjectTagging'] : []),
        ],
        Resource: prefixes.map((each) => `${arn}/${each}*`),
      },
      { Sid: 'OpenUploads', Effect: 'Allow', Action: ['s3:ListBucketMultipartUploads'], Resource: arn },
      {
        Sid: 'WhetherAFileIsThere',
        Effect: 'Allow',
        Action: ['s3:ListBucket', 's3:ListBucketVersions'],
        Resource: arn,
        Condition: { StringLike: { 's3:prefix': prefixes.map((each) => `${each}*`) } },
      },
    ],
  }
}

/**
 * The directives of a page's Content-Security-Policy that name the storage. `origins`: those of the URLs that are
 * signed, such as `https://BUCKET.s3.REGION.amazonaws.com`.
 */
export function contentSecurityPolicy(origins: readonly string[]): string {
  const storage = origins.join(' ')
  return [`connect-src 'self' ${storage}`, `frame-src ${storage}`, `img-src 'self' blob: ${storage}`].join('; ')
}
