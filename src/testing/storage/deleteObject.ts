// DeleteObject and DeleteObjects.
import { type Context, mayUser } from './context.js'
import { StorageError } from './errors.js'
import { receiveText } from './payload.js'
import { type Reply, xmlReply } from './request.js'
import { parseXml, textOf, xmlDocument } from './xml.js'

/** 204, also for a key that holds nothing. */
export function deleteObject({ request, storage }: Context): Reply {
  storage.buckets.get(request.bucket).delete(request.key)
  return { status: 204 }
}

/** Without versioning every object is its only version, which S3 calls `null`. Any other is none of this bucket. */
export function deleteVersion(context: Context): Reply {
  if (context.request.query.get('versionId') !== 'null')
    throw new StorageError('InvalidArgument', 'Invalid version id specified')
  return deleteObject(context)
}

export async function deleteObjects({ request, storage, user, payload }: Context): Promise<Reply> {
  const bucket = storage.buckets.get(request.bucket)
  const root = parseXml(await receiveText(request, payload))
  const objects = root.children.filter((child) => child.name === 'Object')
  if (root.name !== 'Delete' || objects.length === 0 || objects.length > 1000) throw new StorageError('MalformedXML')
  const keys = objects.map((object) => {
    const key = textOf(object, 'Key')
    if (!key) throw new StorageError('MalformedXML')
    return key
  })
  const allowed = (key: string) => mayUser(user, 's3:DeleteObject', { bucket: bucket.name, key })
  const deleted = keys.filter(allowed)
  for (const key of deleted) bucket.delete(key)
  return xmlReply(
    xmlDocument('DeleteResult', {
      Deleted: textOf(root, 'Quiet') === 'true' ? [] : deleted.map((Key) => ({ Key })),
      Error: keys
        .filter((key) => !allowed(key))
        .map((Key) => ({ Key, Code: 'AccessDenied', Message: 'Access Denied' })),
    }),
  )
}
