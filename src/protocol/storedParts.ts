/** Reader of what the backend says of stored parts: untrusted JSON. */
import { isObject } from './grant.js'

/** Part number → bytes, of an answer to `list-parts`; what makes no sense is left out, and so sent again. */
export function parseStoredParts(value: unknown): ReadonlyMap<number, number> {
  const list: unknown = isObject(value) ? value.parts : value
  const parts = new Map<number, number>()
  for (const part of Array.isArray(list) ? (list as unknown[]) : []) {
    if (isObject(part) && typeof part.partNumber === 'number' && typeof part.size === 'number')
      parts.set(part.partNumber, part.size)
  }
  return parts
}
