// The tags of a stored object.
import { type Context, existingObject } from './context.js'
import { tagsOfXml, tagsXml } from './description.js'
import { receiveText } from './payload.js'
import { type Reply, xmlReply } from './request.js'

export function getObjectTagging(context: Context): Reply {
  const { request, storage } = context
  return xmlReply(tagsXml(existingObject(context, storage.buckets.get(request.bucket), request.key).tags))
}

export async function putObjectTagging(context: Context): Promise<Reply> {
  const { request, storage, payload } = context
  const bucket = storage.buckets.get(request.bucket)
  existingObject(context, bucket, request.key)
  bucket.tag(request.key, tagsOfXml(await receiveText(request, payload)))
  return { status: 200 }
}

export function deleteObjectTagging(context: Context): Reply {
  const { request, storage } = context
  const bucket = storage.buckets.get(request.bucket)
  existingObject(context, bucket, request.key)
  bucket.tag(request.key, {})
  return { status: 204 }
}
