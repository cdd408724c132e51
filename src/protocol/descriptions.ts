/** Reader of what the backend tells of stored files: untrusted JSON. */
import { expiresInMs, isObject } from './grant.js'
import { parseStoredFile, type StoredFile } from './storedFile.js'

/** One member of a `describe` answer. */
export type Description =
  | { readonly id: string; readonly file: StoredFile; readonly expiresInMs: number | null }
  | { readonly id: string; readonly error: string }

/** Reads `{ files: [...] }` (or the bare list) of a `describe` answer; members that make no sense are left out. */
export function parseDescriptions(value: unknown): Description[] {
  const list = isObject(value) ? value.files : value
  if (!Array.isArray(list)) return []
  return (list as unknown[]).flatMap((member): Description[] => {
    if (!isObject(member)) return []
    if (member.error !== undefined) {
      const code = isObject(member.error) ? member.error.code : member.error
      return typeof member.id === 'string'
        ? [{ id: member.id, error: typeof code === 'string' ? code : 'invalid' }]
        : []
    }
    const file = parseStoredFile(member)
    return file === null ? [] : [{ id: file.id, file, expiresInMs: expiresInMs(member.expiresIn) }]
  })
}
