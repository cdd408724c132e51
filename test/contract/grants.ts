// Presigning as a backend does it with the AWS SDK, and the bucket all of it is tried on.
import { randomBytes } from 'node:crypto'
import {
  type CompletedPart,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  PutBucketCorsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { type FormField, pageOrigin } from './browser.js'

export interface StorageUnderTest {
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  kind: 'stand-in' | 'ceph'
  stop(): Promise<void>
}

export interface Contract {
  storage: StorageUnderTest
  client: S3Client
  bucket: string
}

export function clientOf(storage: Omit<StorageUnderTest, 'kind' | 'stop'>): S3Client {
  return clientAsItComes(storage, {
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
}

/** A client with the SDK's own defaults, checksums among them. */
export function clientAsItComes(
  { endpoint, region, accessKeyId, secretAccessKey }: Omit<StorageUnderTest, 'kind' | 'stop'>,
  more: S3ClientConfig = {},
): S3Client {
  return new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    maxAttempts: 1,
    ...more,
  })
}

/** The headers a grant has the browser send; with these names CORS must let them through. */
export const grantHeaders = [
  'x-amz-tagging',
  'content-type',
  'if-none-match',
  'content-disposition',
  'x-amz-acl',
  'content-md5',
  'x-amz-checksum-sha256',
]

export async function openContract(storage: StorageUnderTest): Promise<Contract> {
  const client = clientOf(storage)
  const bucket = `contract-${randomBytes(6).toString('hex')}`
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  await client.send(
    new PutBucketCorsCommand({
      Bucket: bucket,
      CORSConfiguration: {
        CORSRules: [
          {
            AllowedOrigins: [pageOrigin, 'https://*.preview.example'],
            AllowedMethods: ['GET', 'HEAD', 'PUT', 'POST'],
            AllowedHeaders: grantHeaders,
            ExposeHeaders: ['ETag'],
            MaxAgeSeconds: 600,
          },
        ],
      },
    }),
  )
  return { storage, client, bucket }
}

export const newKey = () => `uploads/${randomBytes(16).toString('hex')}`

/** A day of the past or future for `signingDate`. */
export const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000)

export interface PutGrant {
  key: string
  url: string
  headers: Record<string, string>
}

/** The recipe: everything the upload may be is signed. `content` is what its length is signed for. */
export async function signedPut(
  { client, bucket }: Contract,
  content: Buffer | string,
  options: { key?: string; expiresIn?: number; signingDate?: Date; input?: Partial<PutObjectCommandInput> } = {},
): Promise<PutGrant> {
  const { key = newKey(), expiresIn = 900, signingDate, input } = options
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    ContentType: 'text/plain',
    ContentLength: Buffer.byteLength(content),
    IfNoneMatch: '*',
    ContentDisposition: 'attachment',
    ACL: 'bucket-owner-full-control',
    ...input,
  })
  const url = await getSignedUrl(client, command, {
    expiresIn,
    ...(signingDate && { signingDate }),
    signableHeaders: new Set(['host', 'content-length', ...grantHeaders]),
    unhoistableHeaders: new Set(['x-amz-acl', 'x-amz-checksum-sha256', 'x-amz-tagging']),
  })
  const headers = {
    'content-type': 'text/plain',
    'if-none-match': '*',
    'content-disposition': 'attachment',
    'x-amz-acl': 'bucket-owner-full-control',
  }
  return { key, url, headers }
}

/** A presigned PUT that signs nothing but its address: what a careless backend issues. */
export async function barePut(
  { client, bucket }: Contract,
  options: { key?: string; bucket?: string; expiresIn?: number } = {},
): Promise<{ key: string; url: string }> {
  const key = options.key ?? newKey()
  const command = new PutObjectCommand({ Bucket: options.bucket ?? bucket, Key: key })
  return { key, url: await getSignedUrl(client, command, { expiresIn: options.expiresIn ?? 900 }) }
}

export async function signedGet(
  { client, bucket }: Contract,
  key: string,
  input: Partial<GetObjectCommandInput> = {},
  options: { expiresIn?: number; signingDate?: Date } = {},
): Promise<string> {
  return getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key, ...input }), {
    expiresIn: 900,
    ...options,
  })
}

export interface FormGrant {
  key: string
  url: string
  fields: FormField[]
}

export async function signedForm(
  { client, bucket }: Contract,
  options: Partial<PresignedPostOptions> & { size?: number } = {},
): Promise<FormGrant> {
  const { size, ...given } = options
  const key = given.Key ?? newKey()
  const { url, fields } = await createPresignedPost(client, {
    Bucket: bucket,
    Key: key,
    Expires: 900,
    Fields: { 'Content-Type': 'text/plain', success_action_status: '204' },
    ...given,
    Conditions: [
      ...(size === undefined ? [] : [['content-length-range', size, size] as ['content-length-range', number, number]]),
      ...(given.Conditions ?? []),
    ],
  })
  return { key, url, fields: Object.entries(fields).map(([name, value]) => ({ name, value })) }
}

export async function beginMultipart(
  { client, bucket }: Contract,
  key = newKey(),
  more: { ChecksumAlgorithm?: 'SHA256' } = {},
): Promise<{ key: string; uploadId: string }> {
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ Bucket: bucket, Key: key, ContentType: 'text/plain', ...more }),
  )
  if (!UploadId) throw new Error('Storage began a multipart upload without telling its id.')
  return { key, uploadId: UploadId }
}

export async function signedPart(
  { client, bucket }: Contract,
  part: { key: string; uploadId: string; partNumber: number; size: number; checksum?: string },
): Promise<string> {
  const command = new UploadPartCommand({
    Bucket: bucket,
    Key: part.key,
    UploadId: part.uploadId,
    PartNumber: part.partNumber,
    ContentLength: part.size,
    ...(part.checksum !== undefined && { ChecksumSHA256: part.checksum }),
  })
  return getSignedUrl(client, command, {
    expiresIn: 900,
    signableHeaders: new Set(['host', 'content-length', 'x-amz-checksum-sha256']),
    unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
  })
}

export const completedParts = (etags: readonly string[]): CompletedPart[] =>
  etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }))

/** What storage holds at a key; null for nothing. */
export async function stored({ client, bucket }: Contract, key: string): Promise<HeadObjectCommandOutput | null> {
  try {
    return await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFound') return null
    throw error
  }
}

/** What a rejected SDK call says: status and code. */
export async function refused(call: Promise<unknown>): Promise<{ status: number | undefined; code: string }> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const { $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } }
    return { status: $metadata?.httpStatusCode, code: error.name }
  }
  throw new Error('The call was expected to be refused.')
}
