/** How one object is stored, spelled three ways: as the SDK's input, as headers of a PUT, as fields of a form POST. */
import type { PutObjectCommandInput } from '@aws-sdk/client-s3'
import type { ObjectPlan } from './options.js'
import { checkedPrefix } from './storage.js'
import type { StoreCapabilities } from './stores.js'

/** All that is signed about one object. */
export interface PlannedObject {
  readonly bucket: string
  readonly key: string
  /** Bytes. */
  readonly size: number
  readonly type: string
  readonly plan: ObjectPlan
  /** Base64 SHA-256 of the whole file. */
  readonly checksum?: string | undefined
}

const printable = /^[\x20-\x7e]*$/

/** Checks what `objectFor` gave. @throws TypeError that names the member: a host's mistake, not the caller's. */
export function checkedPlan(plan: ObjectPlan): ObjectPlan {
  if (plan.prefix !== undefined) checkedPrefix(plan.prefix, 'objectFor: prefix')
  if (plan.bucket !== undefined && !/^[a-z0-9][a-z0-9.-]{1,62}$/.test(plan.bucket)) {
    throw new TypeError('objectFor: bucket is not the name of a bucket.')
  }
  for (const [name, value] of Object.entries(plan.metadata ?? {})) {
    if (!/^[a-z0-9-]+$/.test(name) || !printable.test(value)) {
      throw new TypeError(`objectFor: metadata ${JSON.stringify(name)} must be a–z, 0–9, "-" with printable ASCII.`)
    }
  }
  for (const value of [plan.cacheControl, plan.storageClass, plan.encryption?.keyId]) {
    if (value !== undefined && !printable.test(value)) throw new TypeError('objectFor: values must be printable ASCII.')
  }
  return plan
}

const tagging = (tags: Readonly<Record<string, string>>): string =>
  Object.entries(tags)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')

/** Members that PutObject and CreateMultipartUpload share. */
export function inputOf(object: PlannedObject, can: StoreCapabilities) {
  const { metadata, tags, cacheControl, storageClass, encryption } = object.plan
  return {
    Bucket: object.bucket,
    Key: object.key,
    ContentType: object.type,
    // Whoever reads the object past our links is still offered a download, not a page.
    ContentDisposition: 'attachment',
    // Signed so that nobody adds `public-read`; `private` would be refused by a default AWS bucket.
    ...(can.acl ? { ACL: 'bucket-owner-full-control' as const } : {}),
    ...(cacheControl === undefined ? {} : { CacheControl: cacheControl }),
    ...(metadata === undefined ? {} : { Metadata: { ...metadata } }),
    ...(tags === undefined ? {} : { Tagging: tagging(tags) }),
    ...(storageClass === undefined ? {} : { StorageClass: storageClass as never }),
    ...(encryption === undefined ? {} : { ServerSideEncryption: encryption.algorithm }),
    ...(encryption?.keyId === undefined ? {} : { SSEKMSKeyId: encryption.keyId }),
  } satisfies PutObjectCommandInput
}

/** What the browser has to send with a PUT, beside the content-length that it sets itself. */
export function headersOf(object: PlannedObject, can: StoreCapabilities): Record<string, string> {
  return {
    'content-type': object.type,
    'content-disposition': 'attachment',
    ...(can.ifNoneMatch ? { 'if-none-match': '*' } : {}),
    ...(can.acl ? { 'x-amz-acl': 'bucket-owner-full-control' } : {}),
    ...(object.plan.cacheControl === undefined ? {} : { 'cache-control': object.plan.cacheControl }),
    ...(object.plan.tags === undefined ? {} : { 'x-amz-tagging': tagging(object.plan.tags) }),
    ...amzOf(object, can),
  }
}

const xmlText = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** The fields of a form POST, beside those that the policy itself adds. */
export function fieldsOf(object: PlannedObject, can: StoreCapabilities): Record<string, string> {
  const { tags, cacheControl } = object.plan
  const tagSet = Object.entries(tags ?? {}).map(
    ([name, value]) => `<Tag><Key>${xmlText(name)}</Key><Value>${xmlText(value)}</Value></Tag>`,
  )
  return {
    // Fields are read in order until the file; 204 spares the browser an XML body (201 cost Ceph 40 ms a file).
    'Content-Type': object.type,
    'Content-Disposition': 'attachment',
    success_action_status: '204',
    ...(cacheControl === undefined ? {} : { 'Cache-Control': cacheControl }),
    ...(tags === undefined ? {} : { tagging: `<Tagging><TagSet>${tagSet.join('')}</TagSet></Tagging>` }),
    ...amzOf(object, can),
  }
}

/** The x-amz-* members, spelled alike as headers and as fields. */
function amzOf({ plan, checksum }: PlannedObject, can: StoreCapabilities): Record<string, string> {
  const { metadata, storageClass, encryption } = plan
  return {
    ...Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [`x-amz-meta-${name}`, value])),
    ...(storageClass === undefined ? {} : { 'x-amz-storage-class': storageClass }),
    ...(encryption === undefined ? {} : { 'x-amz-server-side-encryption': encryption.algorithm }),
    ...(encryption?.keyId === undefined ? {} : { 'x-amz-server-side-encryption-aws-kms-key-id': encryption.keyId }),
    ...(checksum === undefined || can.checksum !== 'sha256' ? {} : { 'x-amz-checksum-sha256': checksum }),
  }
}
