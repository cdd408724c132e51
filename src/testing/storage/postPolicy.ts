// The policy of a form upload: what its signer allowed of the form that carries it.
import { StorageError } from './errors.js'

type Condition = { readonly field: string; readonly match: 'eq' | 'starts-with'; readonly value: string }

export interface PostPolicy {
  /** Epoch ms. */
  readonly expiration: number
  readonly conditions: readonly Condition[]
  readonly minSize: number
  readonly maxSize: number
}

/** S3's limit for what goes in one request. */
export const maxSinglePutBytes = 5 * 1024 ** 3

/** Throws InvalidPolicyDocument. */
export function parsePolicy(base64: string): PostPolicy {
  const document = parseJson(base64)
  if (!isRecord(document)) throw invalid('Invalid JSON.')
  const { expiration, conditions } = document
  const end = typeof expiration === 'string' ? Date.parse(expiration) : Number.NaN
  if (Number.isNaN(end)) throw invalid('Invalid expiration.')
  if (!Array.isArray(conditions)) throw invalid("Missing 'conditions'.")

  const matches: Condition[] = []
  let minSize = 0
  let maxSize = maxSinglePutBytes
  for (const condition of conditions as unknown[]) {
    if (Array.isArray(condition)) {
      const [match, first, second] = condition as unknown[]
      if (match === 'content-length-range') {
        minSize = Math.max(minSize, size(first))
        maxSize = Math.min(maxSize, size(second))
      } else if (
        (match === 'eq' || match === 'starts-with') &&
        typeof first === 'string' &&
        typeof second === 'string'
      ) {
        if (!first.startsWith('$')) throw invalid(`Expecting '$' before ${first}.`)
        matches.push({ field: first.slice(1).toLowerCase(), match, value: second })
      } else {
        throw invalid(`Invalid condition: ${JSON.stringify(condition)}.`)
      }
    } else if (isRecord(condition)) {
      for (const [field, value] of Object.entries(condition)) {
        if (typeof value !== 'string') throw invalid(`Invalid value of ${field}.`)
        matches.push({ field: field.toLowerCase(), match: 'eq', value })
      }
    } else {
      throw invalid('Invalid condition.')
    }
  }
  return { expiration: end, conditions: matches, minSize, maxSize }
}

/**
 * Throws AccessDenied when the policy has expired, a condition is not met, or a field is under no condition.
 * `fields` by lower-case name, the key with `${filename}` already replaced; a missing one counts as empty, as in Ceph.
 */
export function checkPolicy(
  policy: PostPolicy,
  fields: ReadonlyMap<string, string>,
  bucket: string,
  now: number,
): void {
  if (now >= policy.expiration) throw denied('Policy expired.')
  for (const { field, match, value } of policy.conditions) {
    const actual = fields.get(field) ?? (field === 'bucket' ? bucket : '')
    if (match === 'eq' ? actual === value : actual.startsWith(value)) continue
    throw denied(`Policy Condition failed: ["${match}", "$${field}", "${value}"]`)
  }
  if ((fields.get('bucket') ?? bucket) !== bucket) throw denied(`The form is for another bucket than ${bucket}.`)
  const covered = new Set(policy.conditions.map(({ field }) => field))
  const extra = [...fields.keys()].filter((name) => !covered.has(name) && !needsNoCondition(name))
  if (extra.length > 0) throw denied(`Extra input fields: ${extra.join(', ')}`)
}

const needsNoCondition = (name: string) =>
  name === 'policy' || name === 'x-amz-signature' || name === 'file' || name.startsWith('x-ignore-')

function parseJson(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, 'base64').toString('utf8'))
  } catch {
    throw invalid('Invalid JSON.')
  }
}

function size(value: unknown): number {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0)
    throw invalid('Invalid content-length-range.')
  return number
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const invalid = (why: string) => new StorageError('InvalidPolicyDocument', `Invalid Policy: ${why}`)
const denied = (why: string) => new StorageError('AccessDenied', `Invalid according to Policy: ${why}`)
