'use client'
/** Where files come in: a real button that opens the chooser, and a zone that shows where to drop. Judges nothing. */
import { type ReactNode, type RefObject, useSyncExternalStore } from 'react'
import type { Rules } from '../answer/admission.js'
import { acceptAttribute } from '../protocol/accept.js'
import { type Choice, isTouched } from './chooser.js'
import type { DragState } from './drags.js'
import { useField } from './FieldContext.js'
import { say } from './words.js'

export interface DropZoneProps {
  readonly rules: Rules
  readonly count: number
  readonly isDisabled: boolean
  readonly isFull: boolean
  readonly drag: DragState
  /** A button for whole folders. */
  readonly folders: boolean
  /** A button for the camera, where fingers point. */
  readonly camera: boolean | 'user' | 'environment'
  readonly inputRef: RefObject<HTMLInputElement | null>
  readonly triggerRef: RefObject<HTMLButtonElement | null>
  readonly labelId: string
  readonly describedBy: string | undefined
  readonly isInvalid: boolean
  readonly form: string | undefined
  /** The browser sent the person to the input, which nobody sees. */
  readonly onStrayFocus: () => void
  readonly onFull: () => void
  readonly takesFocus: boolean | undefined
}

const noSubscription = () => () => {}

export function DropZone(props: DropZoneProps): ReactNode {
  const { rules, count, isDisabled, isFull, drag, folders, camera, onStrayFocus, onFull } = props
  const { inputRef, triggerRef, labelId, describedBy, isInvalid, form, takesFocus } = props
  const { messages, baseId, part, open, Button } = useField()
  const hasCamera = useSyncExternalStore(
    noSubscription,
    () => camera !== false && isTouched(),
    () => false,
  )
  const isSingle = rules.maxFiles === 1
  /** A button that opens the chooser, named by what is seen on it and by the question. */
  const opener = (own: 'trigger' | 'folder-trigger' | 'camera-trigger', text: string, choice?: Choice) => (
    <Button
      {...part(own)}
      type="button"
      id={`${baseId}-${own}`}
      disabled={isDisabled}
      {...(isFull ? { 'aria-disabled': true } : {})}
      {...(isInvalid && choice === undefined ? { 'aria-invalid': true } : {})}
      {...(choice === undefined ? { ref: triggerRef, autoFocus: takesFocus } : {})}
      // Not the button's own id: its `<label>` would then stand for its text, and what is seen would not be its name.
      aria-labelledby={`${baseId}-${own}-text ${labelId}`}
      aria-describedby={describedBy}
      onClick={() => (isFull ? onFull() : open(choice))}
    >
      <span id={`${baseId}-${own}-text`}>{text}</span>
      {/* Within: a button that comes and goes can't be put in front of a bare text that a translator has wrapped. */}
      {choice === undefined ? null : ' '}
    </Button>
  )
  const label = isSingle ? (count > 0 ? 'replaceFile' : 'chooseFile') : count > 0 ? 'addFiles' : 'chooseFiles'
  return (
    <div {...part('dropzone')} data-drag={isFull ? 'none' : drag}>
      {opener('trigger', say(messages, label))}{' '}
      {folders && !isSingle ? opener('folder-trigger', say(messages, 'chooseFolder'), { of: 'folder' }) : null}
      {hasCamera
        ? opener('camera-trigger', say(messages, 'takePhoto'), {
            of: 'camera',
            ...(typeof camera === 'string' ? { facing: camera } : {}),
          })
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
        disabled={isDisabled}
        tabIndex={-1}
        aria-labelledby={labelId}
        aria-hidden="true"
        onFocus={() => onStrayFocus()}
      />
    </div>
  )
}
