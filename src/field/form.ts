/** The form a field belongs to: which it is, and the ids it holds. */
import { sameIds } from '../answer/controlled.js'

/** What says to which form a field belongs: its file input, and of a read-only field, which has none, its ids. */
export function controlOf(root: HTMLElement | null): HTMLInputElement | null {
  return root?.querySelector<HTMLInputElement>('[data-part=input], input[type=hidden]') ?? null
}

/** The form a field belongs to; a read-only one without ids belongs to the one around it. */
export function formOf(root: HTMLElement | null): HTMLFormElement | null {
  const control = controlOf(root)
  return control === null ? (root?.closest('form') ?? null) : control.form
}

/** Whether the form holds these ids by now: React has rendered. */
export function holdsIds(root: HTMLElement | null, ids: readonly string[]): boolean {
  return sameIds(
    Array.from(root?.querySelectorAll<HTMLInputElement>('input[type=hidden]') ?? [], ({ value }) => value),
    ids,
  )
}
