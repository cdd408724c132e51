/**
 * The rule for controlled values. Hosts echo what `onChange` gave them late, batched, or after a save; an echo must
 * not be taken for an instruction, or it would remove files that were stored meanwhile.
 */

export interface Control {
  /** The value the host last committed; null while the field is uncontrolled. */
  readonly committed: readonly string[] | null
  /** Values emitted and not seen back, oldest first. */
  readonly unseen: readonly (readonly string[])[]
}

export const uncontrolled: Control = { committed: null, unseen: [] }

/** A host that ignores `onChange` must not make this grow without end. */
const mostUnseen = 500

export const sameIds = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id, position) => id === b[position])

/** The field gave these ids to `onChange`. */
export function emitted(control: Control, ids: readonly string[]): Control {
  return { ...control, unseen: [...control.unseen, ids].slice(-mostUnseen) }
}

/**
 * The host committed a value. One that was emitted acknowledges itself and all before it; only a changed value equal to
 * none of these is an instruction, given back to be followed.
 */
export function committed(
  control: Control,
  value: readonly string[] | null,
): { readonly control: Control; readonly instruction: readonly string[] | null } {
  if (value === null)
    return { control: control.committed === null ? control : { ...control, committed: null }, instruction: null }
  if (control.committed !== null && sameIds(control.committed, value)) return { control, instruction: null }
  const seen = control.unseen.findIndex((ids) => sameIds(ids, value))
  if (seen >= 0) return { control: { committed: value, unseen: control.unseen.slice(seen + 1) }, instruction: null }
  return { control: { ...control, committed: value }, instruction: value }
}
