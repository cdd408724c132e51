/**
 * The ids of a host's `value` or `defaultValue`. Types say what it is, but it comes out of databases, form libraries and
 * drafts: what is no id is left out, and an id counts once. Numbers are ids as text, as they are in a grant.
 */
export function givenIds(value: unknown): string[] {
  const ids = new Set<string>()
  if (Array.isArray(value)) {
    for (const id of value as unknown[])
      if (typeof id === 'string' ? id !== '' : Number.isFinite(id)) ids.add(String(id))
  }
  return [...ids]
}

/** Whether all that a host gave is taken: nothing in it was no id, or stood twice. */
export const isTakenWhole = (value: unknown, ids: readonly string[]): boolean =>
  Array.isArray(value) && value.length === ids.length
