'use client'
/** Takes files: a real button that opens the chooser, and a zone to drop into. Judges nothing; admission does. */
import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import { useDropzone } from 'react-dropzone'
import type { Rules } from '../answer/admission.js'
import { acceptAttribute } from '../protocol/accept.js'
import { failure } from '../protocol/failure.js'
import { useField } from './FieldContext.js'
import { say } from './words.js'

export interface DropZoneProps {
  readonly rules: Rules
  readonly count: number
  readonly isDisabled: boolean
  readonly isFull: boolean
  readonly inputRef: RefObject<HTMLInputElement | null>
  readonly triggerRef: RefObject<HTMLButtonElement | null>
  readonly labelId: string
  readonly describedBy: string | undefined
  readonly isInvalid: boolean
  readonly form: string | undefined
  /** A fieldset may have disabled it: takes nothing now. */
  readonly isBlocked: () => boolean
  /** The browser sent the person to the input, which nobody sees. */
  readonly onStrayFocus: () => void
  readonly onFull: () => void
}

/** Folders come as an entry of their own; they can't be read as a file and are told before anything is asked. */
export function foldersAndFiles(transfer: DataTransfer): { files: File[]; folders: File[] } {
  const items = [...(transfer.items ?? [])].filter(({ kind }) => kind === 'file')
  if (items.length === 0) return { files: [...transfer.files], folders: [] }
  const files: File[] = []
  const folders: File[] = []
  for (const item of items) {
    const file = item.getAsFile()
    const entry = item.webkitGetAsEntry?.()
    // A browser may have a name for a folder, but no file.
    if (entry?.isDirectory) folders.push(file ?? new File([], entry.name))
    else if (file !== null) files.push(file)
  }
  return { files, folders }
}

/** Files of a drop come in the order of the system's whim; people expect 2 before 10. */
export const inNaturalOrder = (files: readonly File[]): File[] => {
  const { compare } = new Intl.Collator(undefined, { numeric: true })
  return [...files].sort((a, b) => compare(a.name, b.name))
}

export function DropZone(props: DropZoneProps): ReactNode {
  const {
    rules,
    count,
    isDisabled,
    isFull,
    inputRef,
    triggerRef,
    labelId,
    describedBy,
    isInvalid,
    form,
    isBlocked,
    onStrayFocus,
    onFull,
  } = props
  const { answer, messages, baseId, part } = useField()
  const isSingle = rules.maxFiles === 1
  const triggerId = `${baseId}-trigger`

  const { getRootProps, isDragActive } = useDropzone({
    noClick: true,
    noKeyboard: true,
    multiple: true,
    disabled: isDisabled,
    // pageDrops.ts guards the page, and lets the host's own drop targets be.
    preventDropOnDocument: false,
    // Ours is a zone to drop into; what was dropped is read here, so that folders are told apart.
    getFilesFromEvent: async (event) => {
      if (Array.isArray(event) || !('dataTransfer' in event) || event.dataTransfer === null || isBlocked()) return []
      const transfer = event.dataTransfer
      if (event.type !== 'drop') return [...(transfer.items ?? [])].filter(({ kind }) => kind === 'file')
      const { files, folders } = foldersAndFiles(transfer)
      answer.refuse(folders, failure('folder'))
      answer.add(inNaturalOrder(files))
      return []
    },
  })
  // Pasting is the root's, wherever in it the focus is.
  const { tabIndex: _, role: __, onPaste: ___, ...drop } = getRootProps()

  // The chooser's events are the field's own: a `cancel` would close the host's dialog, a `change` reach its form.
  const takes = useRef({ isBlocked, add: answer.add })
  useEffect(() => {
    takes.current = { isBlocked, add: answer.add }
  })
  useEffect(() => {
    const input = inputRef.current
    if (input === null) return
    const take = () => {
      const files = [...(input.files ?? [])]
      // Cleared, so that choosing the same file again is a change.
      input.value = ''
      if (files.length > 0 && !takes.current.isBlocked()) takes.current.add(files)
    }
    const inside = (event: Event) => {
      event.stopPropagation()
      if (event.type === 'change') take()
    }
    const types = ['change', 'input', 'cancel', 'click']
    for (const type of types) input.addEventListener(type, inside)
    // Chosen before the page came to life.
    if ((input.files?.length ?? 0) > 0) take()
    return () => {
      for (const type of types) input.removeEventListener(type, inside)
    }
  }, [inputRef])

  const open = () => {
    if (isFull) return onFull()
    inputRef.current?.click()
  }
  const label = isSingle ? (count > 0 ? 'replaceFile' : 'chooseFile') : count > 0 ? 'addFiles' : 'chooseFiles'
  return (
    <div {...drop} {...part('dropzone')} data-drag={isDragActive && !isFull ? 'unknown' : 'none'}>
      <button
        {...part('trigger')}
        ref={triggerRef}
        type="button"
        id={triggerId}
        disabled={isDisabled}
        {...(isFull ? { 'aria-disabled': true } : {})}
        {...(isInvalid ? { 'aria-invalid': true } : {})}
        // Not the button's own id: its `<label>` would then stand for its text, and what is seen would not be its name.
        aria-labelledby={`${triggerId}-text ${labelId}`}
        aria-describedby={describedBy}
        onClick={open}
      >
        <span id={`${triggerId}-text`}>{say(messages, label)}</span>
      </button>{' '}
      <span {...part('drop-text')}>
        {say(messages, isDragActive ? 'dropNow' : isSingle ? 'dropFileHere' : 'dropHere')}
      </span>
      <input
        {...part('input')}
        ref={inputRef}
        type="file"
        id={`${baseId}-input`}
        form={form}
        multiple={!isSingle}
        accept={acceptAttribute(rules.accept)}
        disabled={isDisabled}
        tabIndex={-1}
        aria-labelledby={labelId}
        aria-hidden="true"
        onFocus={() => onStrayFocus()}
      />
    </div>
  )
}
