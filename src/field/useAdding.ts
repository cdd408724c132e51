'use client'
/** Every way in which files come into the field: chosen, dropped, pasted. Judges none; admission does. */
import { type ClipboardEvent, type RefObject, useEffect, useState } from 'react'
import type { Rules } from '../answer/admission.js'
import type { FileAnswer } from '../engine/fileAnswer.js'
import { type FailureCode, failure } from '../protocol/failure.js'
import { type Choice, useChooser } from './chooser.js'
import { type DragState, dragStateOf, watchDrags } from './drags.js'
import { formOf } from './form.js'
import type { Messages } from './messages.js'
import { useNewest } from './newest.js'
import { guardPageDrops } from './pageDrops.js'
import type { FileAnswerFieldProps } from './props.js'
import { inNaturalOrder, type TransferredFolder, transferred } from './transferredFiles.js'
import { say } from './words.js'

export interface Adding {
  /** Opens the file chooser. */
  open(choice?: Choice): void
  /** What is dragged over the field now. */
  readonly drag: DragState
  /** For the field's root. */
  onPaste(event: ClipboardEvent): void
}

export function useAdding(
  props: Pick<FileAnswerFieldProps, 'readOnly' | 'dropArea' | 'form' | 'folders'>,
  o: {
    readonly answer: FileAnswer
    readonly rules: Rules
    readonly messages: Messages
    readonly root: RefObject<HTMLElement | null>
    readonly input: RefObject<HTMLInputElement | null>
    /** Takes nothing now: a fieldset may have disabled it. */
    isBlocked(): boolean
  },
): Adding {
  const { answer, rules, messages, root, input, isBlocked } = o
  const { dropArea, form } = props
  const [drag, setDrag] = useState<DragState>('none')

  const open = useChooser(input, !props.readOnly, rules, (files, { folder, insteadOf }) => {
    const [first] = files
    if (isBlocked() || first === undefined) return
    if (insteadOf === undefined) answer.add(folder ? inNaturalOrder(files) : files)
    else answer.replace(insteadOf, first)
  })

  const take = (files: readonly File[], folders: readonly TransferredFolder[]) => {
    const refuseFolders = (code: FailureCode) =>
      answer.refuse(
        folders.map(({ file }) => file),
        failure(code),
      )
    if (folders.length > 0 && props.folders)
      return void import('./folderFiles.js').then(
        ({ addWithFolders }) => addWithFolders(answer, files, folders),
        // The chunk can't be loaded any more: what is no folder is added all the same.
        () => {
          refuseFolders('unreadable')
          answer.add(files)
        },
      )
    refuseFolders('folder')
    // Mail programs may promise a file and give none.
    if (files.length + folders.length === 0)
      answer.refuse(
        [new File([], say(messages, 'unnamed'))],
        failure('nothing-received', { message: say(messages, 'nothingReceived') }),
      )
    answer.add(files)
  }

  const newest = useNewest({ answer, rules, isBlocked, take })
  useEffect(() => {
    const own = root.current
    if (own === null) return
    const ends = [
      guardPageDrops(own.ownerDocument),
      watchDrags(own, dropArea === 'form' ? formOf(own) : null, {
        isBlocked: (event) => newest.current.isBlocked() || isOverAnother(event, own),
        onDrag(transfer) {
          if (transfer !== null) newest.current.answer.askRules()
          setDrag(transfer === null ? 'none' : dragStateOf(transfer, newest.current.rules.accept))
        },
        onDrop(transfer) {
          const { files, folders } = transferred(transfer)
          newest.current.take(inNaturalOrder(files), folders)
        },
      }),
    ]
    return () => {
      for (const end of ends) end()
    }
  }, [root, dropArea, form, newest])

  const onPaste = (event: ClipboardEvent) => {
    const { files, folders } = transferred(event.clipboardData)
    if (files.length + folders.length === 0 || isBlocked() || isForText(event)) return
    event.preventDefault()
    if (!files.some(({ type }) => type.startsWith('image/'))) return take(files, folders)
    import('./pastedFiles.js').then(
      ({ namedApart }) => take(namedApart(files, answer.getAnswer(), say(messages, 'pasted')), folders),
      // The chunk can't be loaded any more: they come under the names they have.
      () => take(files, folders),
    )
  }
  return { open, drag, onPaste }
}

/** What is dropped on a field is never another's, though both stand in one form. */
const isOverAnother = (event: Event, root: HTMLElement): boolean =>
  event.composedPath().some((node) => node !== root && node instanceof Element && node.hasAttribute('data-faf-root'))

/** Office programs put a picture of what was copied beside its text: in a text box the text is meant. */
function isForText({ target, clipboardData }: ClipboardEvent): boolean {
  const isTextBox = target instanceof Element && target.closest('input, textarea, [contenteditable]') !== null
  return isTextBox && clipboardData.types.includes('text/plain')
}
