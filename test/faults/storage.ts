/** The real storage behind all rows: one bucket with the CORS rule that our docs ask for. */
import { createHash, randomBytes } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketCorsCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { startCeph } from '../../scripts/ceph.mjs'

export interface Storage {
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly client: S3Client
  /** Keys under a prefix. */
  keys(prefix: string): Promise<string[]>
  sha256(key: string): Promise<string>
  /** Unfinished multipart uploads under a prefix. */
  uploads(prefix: string): Promise<{ key: string; id: string }[]>
  /** What a lifecycle rule does with them. */
  sweep(prefix: string): Promise<void>
  stop(): Promise<void>
}

export async function openStorage(): Promise<Storage> {
  const elsewhere = process.env.FAF_CEPH_ENDPOINT
  const ceph = elsewhere === undefined ? await startCeph() : null
  const endpoint = ceph?.endpoint ?? elsewhere ?? ''
  const credentials = { accessKeyId: 'testaccess', secretAccessKey: 'testsecretkey' }
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  const bucket = `faults-${randomBytes(6).toString('hex')}`
  const named = { Bucket: bucket }
  await client.send(new CreateBucketCommand(named))
  const CORSRules = [
    {
      AllowedOrigins: ['*'],
      AllowedMethods: ['GET', 'HEAD', 'PUT', 'POST'],
      AllowedHeaders: ['content-type', 'content-disposition', 'if-none-match', 'x-amz-acl', 'content-md5'],
      ExposeHeaders: ['ETag'],
      MaxAgeSeconds: 600,
    },
  ]
  await client.send(new PutBucketCorsCommand({ ...named, CORSConfiguration: { CORSRules } }))
  const uploads = async (Prefix: string) => {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ ...named, Prefix }))
    return Uploads.map(({ Key = '', UploadId = '' }) => ({ key: Key, id: UploadId }))
  }
  return {
    endpoint,
    region: 'us-east-1',
    bucket,
    credentials,
    client,
    async keys(Prefix) {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ ...named, Prefix }))
      return Contents.map(({ Key = '' }) => Key)
    },
    async sha256(Key) {
      const { Body } = await client.send(new GetObjectCommand({ ...named, Key }))
      return createHash('sha256')
        .update((await Body?.transformToByteArray()) ?? '')
        .digest('hex')
    },
    uploads,
    async sweep(prefix) {
      for (const { key, id } of await uploads(prefix)) {
        await client.send(new AbortMultipartUploadCommand({ ...named, Key: key, UploadId: id }))
      }
    },
    async stop() {
      client.destroy()
      await ceph?.stop()
    },
  }
}
