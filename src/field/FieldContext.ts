'use client'
/** What the parts of one field share. */
import { createContext, useContext } from 'react'
import type { FileAnswer } from '../engine/fileAnswer.js'
import type { Choice } from './chooser.js'
import type { Messages } from './messages.js'
import type { Look } from './look.js'
import type { Part } from './props.js'
import type { Parts } from './slots.js'

export interface FieldShared {
  readonly answer: FileAnswer
  readonly messages: Messages
  /** Prefix of element ids. */
  readonly baseId: string
  /** Files may be added, removed and tried again. */
  readonly isEditable: boolean
  /** `data-part` and the host's class for a part. */
  part(name: Part): { readonly 'data-part': Part; readonly className?: string }
  /** A row that may have the focus is about to leave the page; `successor`: the key of what comes in its place. */
  leaving(row: HTMLElement, successor: string | null): void
  /** Opens the file chooser. */
  open(choice?: Choice): void
  /** Rows offer to choose another file for their place. */
  readonly isReplaceable: boolean
  /** Has a text read out; of one `kind` the newest alone. */
  announce(text: string, kind?: string): void
  readonly look: Look
  /** What buttons are made of: the host's, or the browser's. */
  readonly Button: Parts['Button'] | 'button'
}

const FieldContext = createContext<FieldShared | null>(null)
export const FieldContextProvider = FieldContext.Provider

export function useField(): FieldShared {
  const shared = useContext(FieldContext)
  if (shared === null) throw new Error('This part belongs inside a FileAnswerField.')
  return shared
}

/** Marks of the DOM that code of ours looks for. */
export const removeButtonMark = 'data-faf-remove'
