/** What mends a bucket: the documents of `server/storeSetup.ts`, with where to put them. Headings of docs/storages.md. */
import { bucketPolicy, corsRules, lifecycleRules, type Policy } from '../../server/storeSetup.js'
import type { Remedy } from '../check.js'
import type { Place } from './place.js'

const byHand = ({ record }: Place, anchor: string) =>
  `${record.title} takes it by its own console or tool: docs/storages.md#${anchor}.`
const byCommand = 'Written by `doctor --apply`, or by hand:'

/** The CORS configuration that this page needs. */
export const corsDocument = ({ options, can }: Place) => ({
  CORSRules: corsRules([options.origin], can, { claimBy: options.claimBy }),
})

export const corsRemedy = (place: Place): Remedy => ({
  text: `The bucket needs this CORS rule for the page's origin. ${place.record.setup.cors ? `${byCommand} PutBucketCors (docs/storages.md#cors).` : byHand(place, 'cors')}`,
  document: corsDocument(place),
})

/** The policy, without its TLS statement where the endpoint has no TLS: it would lock everybody out. */
export function policyDocument({ setup, options }: Place): Policy {
  const policy = bucketPolicy(setup)
  const hasTls = options.endpoint === undefined || options.endpoint.startsWith('https:')
  return hasTls ? policy : { ...policy, Statement: policy.Statement.filter(({ Sid }) => Sid !== 'OnlyOverTls') }
}

export const policyRemedy = (place: Place): Remedy => ({
  text: `This bucket policy denies it. ${place.record.setup.bucketPolicy ? `${byCommand} PutBucketPolicy (docs/storages.md#bucket-policy).` : byHand(place, 'bucket-policy')}`,
  document: policyDocument(place),
})

/** The lifecycle rules, but those that the store doesn't know. */
export const lifecycleDocument = ({ setup, record }: Place) => ({
  Rules: lifecycleRules(setup).filter(
    (rule) => record.setup.abortRule || rule.AbortIncompleteMultipartUpload === undefined,
  ),
})

export const lifecycleRemedy = (place: Place): Remedy => ({
  text: `These lifecycle rules tidy up. ${place.record.setup.lifecycle ? `${byCommand} PutBucketLifecycleConfiguration (docs/storages.md#lifecycle).` : byHand(place, 'lifecycle')}`,
  document: lifecycleDocument(place),
})

/** An option of `createUploads`. */
export const optionRemedy = (text: string, storage: object): Remedy => ({
  text: `${text} In createUploads:`,
  document: { storage },
})
