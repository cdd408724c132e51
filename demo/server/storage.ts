/** The demo's storage: what the environment names, else the embedded stand-in; its bucket and CORS rules, where missing. */
import { join } from 'node:path'
import {
  CreateBucketCommand,
  GetBucketCorsCommand,
  HeadBucketCommand,
  PutBucketCorsCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { deleteUnclaimed, writeRules } from './cleaning.ts'

export interface DemoStorage {
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** Deletes what nobody handed in, where the storage doesn't do so by itself. */
  clean(): Promise<void>
  stop(): Promise<void>
}

export async function openStorage(env: NodeJS.ProcessEnv, dataDirectory: string): Promise<DemoStorage> {
  const storage = env.S3_ENDPOINT === undefined ? await embedded(dataDirectory) : fromEnvironment(env, env.S3_ENDPOINT)
  await prepareBucket(storage)
  return storage
}

function fromEnvironment(env: NodeJS.ProcessEnv, endpoint: string): DemoStorage {
  return {
    endpoint,
    region: env.S3_REGION ?? 'us-east-1',
    bucket: env.S3_BUCKET ?? 'demo',
    credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '' },
    clean: async () => {},
    stop: async () => {},
  }
}

async function embedded(dataDirectory: string): Promise<DemoStorage> {
  const { createTestStorage } = await import('file-answer-field/testing/storage')
  const { endpoint, region, accessKeyId, secretAccessKey, stop } = await createTestStorage({
    directory: join(dataDirectory, 'storage'),
  })
  const credentials = { accessKeyId, secretAccessKey }
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  return {
    endpoint,
    region,
    bucket: 'demo',
    credentials,
    clean: () => deleteUnclaimed(client, 'demo'),
    async stop() {
      client.destroy()
      await stop()
    },
  }
}

/** What a page needs: to send with the headers that grants sign, to read ETags, to download. */
const corsRules = [
  {
    AllowedOrigins: ['*'],
    AllowedMethods: ['GET', 'HEAD', 'PUT', 'POST'],
    AllowedHeaders: ['content-type', 'content-disposition', 'if-none-match', 'x-amz-acl'],
    ExposeHeaders: ['ETag'],
    MaxAgeSeconds: 3600,
  },
]

/** Creates what is missing; where it may not, the bucket is taken as it is. Rules that delete go into a bucket of its own alone. */
async function prepareBucket({ endpoint, region, bucket, credentials }: DemoStorage): Promise<void> {
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  const named = { Bucket: bucket }
  try {
    await client.send(new HeadBucketCommand(named)).catch(async () => {
      await client.send(new CreateBucketCommand(named))
      await writeRules(client, bucket)
    })
    await client
      .send(new GetBucketCorsCommand(named))
      .catch(() => client.send(new PutBucketCorsCommand({ ...named, CORSConfiguration: { CORSRules: corsRules } })))
  } catch (error) {
    console.warn(`The bucket ${bucket} is used as it is: ${error instanceof Error ? error.name : error}`)
  } finally {
    client.destroy()
  }
}
