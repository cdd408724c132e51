/** What nobody handed in goes by itself: by the bucket's lifecycle rules, and by this in the embedded storage, which runs none. */
import {
  DeleteObjectCommand,
  type LifecycleRule,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { lifecycleRules } from 'file-answer-field/server'

/** Names of the demo's own: in a bucket that is used for more, no rule reaches what is not the demo's. */
export const prefixes = {
  prefix: 'demo-uploads/',
  draftsPrefix: 'demo-drafts/',
  claimedPrefix: 'demo-answers/',
} as const

const twoDaysMs = 2 * 24 * 60 * 60 * 1000

/** Gives a new bucket the rules that S3 and its like run by themselves. */
export async function writeRules(client: S3Client, bucket: string): Promise<void> {
  const LifecycleConfiguration = { Rules: structuredClone(lifecycleRules({ bucket, ...prefixes })) as LifecycleRule[] }
  await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration }))
}

/** Deletes uploads of more than two days ago. What was handed in lies elsewhere: `claim` has copied it. */
export async function deleteUnclaimed(client: S3Client, bucket: string, now = Date.now()): Promise<void> {
  let ContinuationToken: string | undefined
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefixes.prefix, ContinuationToken }),
    )
    const old = (page.Contents ?? []).filter(({ LastModified }) => now - Number(LastModified) > twoDaysMs)
    for (const { Key } of old) await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }))
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken !== undefined)
}
