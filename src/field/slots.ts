/** Parts of the field that a host can replace by its own. */
import type { ButtonHTMLAttributes, ComponentType, RefAttributes } from 'react'
import type { Entry, EntryState } from '../answer/entry.js'
import type { Part } from './props.js'

/** What every button of the field is given, and has to give on to a `<button>`: `ref` too (by forwardRef in React 18). */
export interface ButtonSlotProps extends ButtonHTMLAttributes<HTMLButtonElement>, RefAttributes<HTMLButtonElement> {
  readonly 'data-part': Part
}

export interface ThumbSlotProps {
  readonly entry: Entry
  /** As it is shown; '' while nobody told it. */
  readonly name: string
}

export interface EntryExtraProps {
  readonly entry: Entry
  /** As it is shown. */
  readonly name: string
  /** The id of the element that holds the name, for `aria-describedby` or `aria-labelledby` of what is asked here. */
  readonly nameId: string
  /** What the person said of the file, else what the host gave with it; undefined: nothing. */
  readonly meta: unknown
  /** Keeps what the person says (JSON): told once by `onChange` in its `files`, and kept with the draft. */
  readonly setMeta: (meta: unknown) => void
  /** False while the field is disabled or only read. */
  readonly isEditable: boolean
}

export interface Parts {
  /** All buttons: the one that opens the chooser, those of the rows, undo. @default 'button' */
  readonly Button: ComponentType<ButtonSlotProps>
  /** In place of the picture or badge at the start of a row. It is hidden from screen readers. */
  readonly Thumb: ComponentType<ThumbSlotProps>
  /** In place of the icon beside a row's words. It is hidden from screen readers. */
  readonly StateIcon: ComponentType<{ readonly state: EntryState }>
  /** Below a row's words: what the person says of the file, its kind or a caption. @default nothing */
  readonly EntryExtra: ComponentType<EntryExtraProps>
}
