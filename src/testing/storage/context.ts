// What an operation works on: the request, who signed it, and the storage; and what operations have in common.
import { StorageError } from './errors.js'
import type { Bucket, StoredObject } from './objects.js'
import type { StorageRequest } from './request.js'
import type { StorageAction, StorageUser } from './signature.js'
import type { Storage } from './storage.js'

export interface Context {
  readonly request: StorageRequest
  readonly storage: Storage
  readonly user: StorageUser
  /** `x-amz-content-sha256`, as signed. */
  readonly payload: string
}

export interface Target {
  readonly bucket: string
  readonly key: string
}

export function mayUser(user: StorageUser, action: StorageAction, { bucket, key }: Target): boolean {
  return user.allow?.(action, key, bucket) ?? true
}

/** Throws AccessDenied. */
export function requirePermission(user: StorageUser, action: StorageAction, target: Target): void {
  if (!mayUser(user, action, target)) throw new StorageError('AccessDenied')
}

/** Whoever may not list a bucket is not told either that a key of it holds nothing. */
export function existingObject({ user }: Pick<Context, 'user'>, bucket: Bucket, key: string): StoredObject {
  if (!bucket.find(key)) requirePermission(user, 's3:ListBucket', { bucket: bucket.name, key: '' })
  return bucket.get(key)
}

export const quoted = (etag: string) => `"${etag}"`
export const unquoted = (etag: string) => etag.trim().replace(/^"(.*)"$/, '$1')

/** The value of a query parameter that is a number of items. Throws InvalidArgument. */
export function countParameter(query: URLSearchParams, name: string, fallback: number): number {
  const value = query.get(name)
  if (value === null || value === '') return fallback
  if (!/^\d{1,9}$/.test(value))
    throw new StorageError('InvalidArgument', `Provided ${name} not an integer or within integer range`)
  return Math.min(Number(value), fallback)
}

/** `If-None-Match: *` of an upload. Throws NotImplemented for what S3 has beside it. */
export function onlyIfNew(headers: StorageRequest['headers']): boolean {
  const condition = headers['if-none-match']
  if (condition === undefined && headers['if-match'] === undefined) return false
  if (condition !== '*') throw new StorageError('NotImplemented')
  return true
}
