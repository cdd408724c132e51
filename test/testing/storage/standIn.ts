import { onTestFinished } from 'vitest'
import { createTestStorage, type TestStorage, type TestStorageOptions } from '../../../src/testing/storage/index.js'
import { pageOrigin } from '../../contract/browser.js'
import { type Contract, clientOf } from '../../contract/grants.js'

export const bucket = 'answers'

/** A storage for one test, with a bucket that lets the page in. */
export async function aStorage(options: TestStorageOptions = {}): Promise<TestStorage & { signing: Contract }> {
  const storage = await createTestStorage({
    buckets: [bucket],
    cors: [
      {
        allowedOrigins: [pageOrigin],
        allowedMethods: ['GET', 'PUT', 'POST'],
        allowedHeaders: ['*'],
        exposeHeaders: ['ETag'],
      },
    ],
    ...options,
  })
  onTestFinished(() => storage.stop())
  return { ...storage, signing: signingAs(storage) }
}

/** What the presigning functions sign with; another user's keys where given. */
export function signingAs(
  storage: TestStorage,
  keys: { accessKeyId: string; secretAccessKey: string } = storage,
): Contract {
  const { accessKeyId, secretAccessKey } = keys
  const signer = { endpoint: storage.endpoint, region: storage.region, accessKeyId, secretAccessKey }
  return { storage: { ...signer, kind: 'stand-in', stop: storage.stop }, client: clientOf(signer), bucket }
}
