// Which operation a request asks for, and the permission it needs.
import * as buckets from './bucketOperations.js'
import { type Context, requirePermission } from './context.js'
import { deleteObject, deleteObjects, deleteVersion } from './deleteObject.js'
import { StorageError } from './errors.js'
import { postObject } from './formUpload.js'
import { getObject } from './getObject.js'
import * as multipart from './multipart.js'
import { putObject } from './putObject.js'
import type { Reply, StorageRequest } from './request.js'
import type { Signer, StorageAction } from './signature.js'
import type { Storage } from './storage.js'
import * as tagging from './tagging.js'

type Level = 'service' | 'bucket' | 'object'
type Operation = readonly [StorageAction, (context: Context) => Reply | Promise<Reply>]

/** By method, level and subresource: the query parameter that makes another operation of the same method and address. */
const operations: Readonly<Record<string, Operation>> = {
  'GET service': ['s3:ListAllMyBuckets', buckets.listBuckets],

  'PUT bucket': ['s3:CreateBucket', buckets.createBucket],
  'HEAD bucket': ['s3:ListBucket', buckets.headBucket],
  'DELETE bucket': ['s3:DeleteBucket', buckets.deleteBucket],
  'GET bucket': ['s3:ListBucket', buckets.listObjectsV2],
  'GET bucket versions': ['s3:ListBucketVersions', buckets.listObjectVersions],
  'GET bucket location': ['s3:GetBucketLocation', buckets.getBucketLocation],
  'GET bucket uploads': ['s3:ListBucketMultipartUploads', multipart.listMultipartUploads],
  'GET bucket cors': ['s3:GetBucketCORS', buckets.getBucketCors],
  'PUT bucket cors': ['s3:PutBucketCORS', buckets.putBucketCors],
  'DELETE bucket cors': ['s3:PutBucketCORS', buckets.deleteBucketCors],
  'GET bucket lifecycle': ['s3:GetLifecycleConfiguration', buckets.getBucketLifecycle],
  'PUT bucket lifecycle': ['s3:PutLifecycleConfiguration', buckets.putBucketLifecycle],
  'DELETE bucket lifecycle': ['s3:PutLifecycleConfiguration', buckets.deleteBucketLifecycle],

  'GET object': ['s3:GetObject', getObject],
  'HEAD object': ['s3:GetObject', getObject],
  'PUT object': ['s3:PutObject', putObject],
  'DELETE object': ['s3:DeleteObject', deleteObject],
  'DELETE object versionId': ['s3:DeleteObjectVersion', deleteVersion],
  'GET object tagging': ['s3:GetObjectTagging', tagging.getObjectTagging],
  'PUT object tagging': ['s3:PutObjectTagging', tagging.putObjectTagging],
  'DELETE object tagging': ['s3:DeleteObjectTagging', tagging.deleteObjectTagging],
  'POST object uploads': ['s3:PutObject', multipart.createMultipartUpload],
  'PUT object uploadId': ['s3:PutObject', multipart.uploadPart],
  'POST object uploadId': ['s3:PutObject', multipart.completeMultipartUpload],
  'GET object uploadId': ['s3:ListMultipartUploadParts', multipart.listParts],
  'DELETE object uploadId': ['s3:AbortMultipartUpload', multipart.abortMultipartUpload],
}

// One that is not implemented is refused: `PUT /bucket/key?acl` must not store an object.
const subresources = [
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'location',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
] as const

/** Performs what the request asks for. `signer` is null for a request that nobody signed. */
export async function perform(request: StorageRequest, signer: Signer | null, storage: Storage): Promise<Reply> {
  const level: Level = request.bucket === '' ? 'service' : request.key === '' ? 'bucket' : 'object'
  const subresource = subresources.find((name) => request.query.has(name))
  const name = [request.method, level, ...(subresource ? [subresource] : [])].join(' ')
  // Signed in its body, by the policy.
  if (name === 'POST bucket') return postObject(request, storage)

  if (!signer) throw new StorageError('AccessDenied')
  const context = { request, storage, user: signer.user, payload: signer.payload }
  // Permission is asked for key by key.
  if (name === 'POST bucket delete') return deleteObjects(context)
  const operation = operations[name]
  if (!operation) throw new StorageError(subresource ? 'NotImplemented' : 'MethodNotAllowed')
  requirePermission(signer.user, operation[0], request)
  return operation[1](context)
}
