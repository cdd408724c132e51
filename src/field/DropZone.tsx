'use client'
/** Where files come in: a real button that opens the chooser, and a zone that shows where to drop. Judges nothing. */
import type { ReactNode, RefObject } from 'react'
import type { Rules } from '../answer/admission.js'
import { acceptAttribute } from '../protocol/accept.js'
import { type Choice, isTouched } from './chooser.js'
import type { DragState } from './drags.js'
import { useField } from './FieldContext.js'
import type { MessageKey } from './messages.js'
import type { FileAnswerFieldProps } from './props.js'
import { useMounted } from './Question.js'
import { say } from './words.js'

export interface DropZoneProps
  extends Pick<FileAnswerFieldProps, 'disabled' | 'folders' | 'camera' | 'form' | 'autoFocus'> {
  readonly rules: Rules
  /** No file is there. */
  readonly isEmpty: boolean
  readonly isFull: boolean
  readonly drag: DragState
  readonly inputRef: RefObject<HTMLInputElement | null>
  readonly triggerRef: RefObject<HTMLButtonElement | null>
  readonly describedBy: string | undefined
  readonly isInvalid: boolean
  /** The browser sent the person to the input, which nobody sees. */
  readonly onStrayFocus: () => void
  readonly onFull: () => void
}

export function DropZone(props: DropZoneProps): ReactNode {
  const { rules, disabled, form, isEmpty, isFull, drag, camera = false, inputRef, triggerRef } = props
  const { messages, baseId, part, open, Button } = useField()
  const isMounted = useMounted()
  const isSingle = rules.maxFiles === 1
  const labelId = `${baseId}-label`
  /** A button that opens the chooser, named by what is seen on it and by the question. */
  const opener = (own: 'trigger' | 'folder-trigger' | 'camera-trigger', key: MessageKey, choice?: Choice) => (
    <Button
      {...part(own)}
      type="button"
      id={`${baseId}-${own}`}
      disabled={disabled}
      aria-disabled={isFull || undefined}
      {...(choice === undefined
        ? { ref: triggerRef, autoFocus: props.autoFocus, 'aria-invalid': props.isInvalid || undefined }
        : {})}
      // Not the button's own id: its `<label>` would then stand for its text, and what is seen would not be its name.
      aria-labelledby={`${baseId}-${own}-text ${labelId}`}
      aria-describedby={props.describedBy}
      onClick={() => (isFull ? props.onFull() : open(choice))}
    >
      <span id={`${baseId}-${own}-text`}>{say(messages, key)}</span>
      {/* Within: a button that comes and goes can't be put in front of a bare text that a translator has wrapped. */}
      {choice === undefined ? null : ' '}
    </Button>
  )
  return (
    <div {...part('dropzone')} data-drag={isFull ? 'none' : drag}>
      {opener('trigger', isSingle ? (isEmpty ? 'chooseFile' : 'replaceFile') : isEmpty ? 'chooseFiles' : 'addFiles')}{' '}
      {props.folders && !isSingle ? opener('folder-trigger', 'chooseFolder', { folder: true }) : null}
      {camera !== false && isMounted && isTouched()
        ? opener('camera-trigger', 'takePhoto', { camera: camera === true ? 'environment' : camera })
        : null}
      <span {...part('drop-text')}>
        {say(messages, drag !== 'none' ? 'dropNow' : isSingle ? 'dropFileHere' : 'dropHere')}
      </span>
      <input
        {...part('input')}
        ref={inputRef}
        type="file"
        id={`${baseId}-input`}
        form={form}
        multiple={!isSingle}
        accept={acceptAttribute(rules.accept)}
        disabled={disabled}
        tabIndex={-1}
        aria-labelledby={labelId}
        aria-hidden="true"
        onFocus={() => props.onStrayFocus()}
      />
    </div>
  )
}
