/** Grants that look and weigh like presigned ones. Nothing is signed: signing is no part of what is measured. */
import { randomBytes } from 'node:crypto'

const signature = () => randomBytes(32).toString('hex')
const credential = 'AKIAIOSFODNN7EXAMPLE/20261125/eu-central-1/s3/aws4_request'
const date = '20261125T000000Z'
/** As long as the policy of a form POST with six conditions. */
const policy = randomBytes(360).toString('base64')

export const newKey = () => randomBytes(18).toString('base64url')

/**
 * @param {string} storage
 * @param {string} key
 * @param {Record<string, string>} [query]
 */
export function signedUrl(storage, key, query = {}) {
  const search = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': credential,
    'X-Amz-Date': date,
    'X-Amz-Expires': '900',
    'X-Amz-SignedHeaders': 'content-length;content-type;host',
    ...query,
    'X-Amz-Signature': signature(),
  })
  return `${storage}/bucket/${key}?${search}`
}

/**
 * @param {string} storage
 * @param {string} key
 * @param {string} type
 */
export const signedForm = (storage, key, type) => ({
  url: `${storage}/bucket/`,
  fields: {
    key,
    'Content-Type': type,
    success_action_status: '204',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': credential,
    'X-Amz-Date': date,
    Policy: policy,
    'X-Amz-Signature': signature(),
  },
})

/**
 * @param {string} storage
 * @param {string} key
 * @param {number} partNumber
 */
export const signedPart = (storage, key, partNumber) =>
  signedUrl(storage, key, { partNumber: String(partNumber), uploadId: `upload-${key}`, 'x-id': 'UploadPart' })
