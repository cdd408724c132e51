'use client'
/** What the parts of one field share. */
import { createContext, useContext } from 'react'
import type { FileAnswer } from '../engine/fileAnswer.js'
import type { Messages } from './messages.js'
import type { Part } from './props.js'

export interface FieldShared {
  readonly answer: FileAnswer
  readonly messages: Messages
  /** Prefix of element ids. */
  readonly baseId: string
  /** Files may be added, removed and tried again. */
  readonly isEditable: boolean
  /** `data-part` and the host's class for a part. */
  part(name: Part): { readonly 'data-part': Part; readonly className?: string }
  /** Removes an entry, and keeps the focus in the field. */
  remove(key: string): void
  /** Opens the file chooser. */
  open(): void
  /** Has a text read out. */
  announce(text: string): void
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
