'use client'
/** The drop-in field, made of the hooks and parts beside it. */
import {
  type FocusEvent,
  forwardRef,
  type ReactNode,
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useMemo,
  useRef,
} from 'react'
import { givenIds } from '../answer/givenIds.js'
import { summaryOf } from '../answer/selectors.js'
import { DropZone } from './DropZone.js'
import { FieldContextProvider, type FieldShared } from './FieldContext.js'
import { useMessages } from './FileAnswerProvider.js'
import { Files } from './Files.js'
import type { FileAnswerFieldProps, FileAnswerHandle, Part } from './props.js'
import { describedBy, Question } from './Question.js'
import { useAdding } from './useAdding.js'
import { useAnnouncer } from './useAnnouncer.js'
import { useAnswer, useElsewhere, useFileAnswer, type UseFileAnswerOptions } from './useFileAnswer.js'
import { useFormControl } from './useFormControl.js'
import { focusedBeside, useKeptFocus } from './useKeptFocus.js'
import { useRules } from './useRules.js'
import { useLook } from './look.js'
import { warmFormats } from './messages.js'
import { fullText, hintText, say } from './words.js'

/**
 * A form question whose answer is files: each goes to storage by a presigned URL from the host's backend, and the ids
 * of the stored files, in the order shown, are its value.
 *
 * ```tsx
 * <FileAnswerField label="Documents" name="documents" endpoint="/api/uploads" maxFiles={10} required />
 * ```
 */
export const FileAnswerField = forwardRef<FileAnswerHandle, Omit<FileAnswerFieldProps, 'ref'>>(
  function FileAnswerField(props, ref) {
    const { label, description, name, form, classNames } = props
    const { required = false, disabled = false, readOnly = false } = props
    const messages = useMessages(props.messages)
    const generatedId = useId()
    const baseId = props.id ?? `faf${generatedId}`
    const answer = useFileAnswer({ ...props, field: props.field ?? name } as UseFileAnswerOptions)
    const state = useAnswer(answer)
    // An answer from outside owns its rules; the newest of one inside come with the props.
    const rules = useRules(answer, props.answer === undefined ? props : null)
    const summary = summaryOf(state)
    // The value of this very render; the answer hears of it when it is committed.
    const value = props.value == null ? null : givenIds(props.value)
    const ids = value ?? answer.getIds()

    const root = useRef<HTMLDivElement>(null)
    const input = useRef<HTMLInputElement>(null)
    const trigger = useRef<HTMLButtonElement>(null)
    const focus = useKeptFocus(root, trigger)
    const { region, say: announce } = useAnnouncer(answer, messages, rules, props.announce)
    const look = useLook(props)
    useEffect(() => answer.clock.after(0, () => warmFormats(messages.locale)), [answer, messages.locale])
    const Button = look.components.Button ?? 'button'

    const isFull = rules.maxFiles !== undefined && rules.maxFiles !== 1 && summary.counted >= rules.maxFiles
    const isElsewhere = useElsewhere(answer)
    const isEditable = !disabled && !readOnly
    /** A fieldset around it may have disabled it. */
    const isBlocked = () => !isEditable || input.current?.matches(':disabled') === true

    const sayFull = () => announce(fullText(messages, summary.counted, rules.maxFiles ?? 0))
    const { dropArea = 'field', folders = false, camera = false, replaceable = false } = props
    const { open, drag, onPaste } = useAdding({
      answer,
      rules,
      messages,
      root,
      input,
      isReadOnly: readOnly,
      dropArea,
      form,
      folders,
      isBlocked,
    })

    const { error, isHeld, refuse } = useFormControl(props, {
      answer,
      state,
      rules,
      value,
      messages,
      root,
      input,
      trigger,
      announce,
    })
    const isInvalid = error !== null

    const press = useRef(() => {})
    useEffect(() => {
      press.current = () => (isFull ? sayFull() : open())
    })
    useImperativeHandle(
      ref,
      (): FileAnswerHandle => ({
        focus: () => (trigger.current ?? root.current?.querySelector<HTMLElement>('a, button'))?.focus(),
        open: () => press.current(),
        add: answer.add,
        start: answer.start,
        retryAll: answer.retryAll,
        reset: () => answer.reset(),
        settled: answer.settled,
      }),
      [answer],
    )

    // ── what the parts share ──
    const part = useCallback(
      (name: Part) => ({
        'data-part': name,
        ...(classNames?.[name] === undefined ? {} : { className: classNames[name] }),
      }),
      [classNames],
    )
    const { leaving } = focus
    // Another tab's rows are shown only; what is added here waits.
    const isOurs = isEditable && !isElsewhere
    const shared = useMemo(
      (): FieldShared => ({
        answer,
        messages,
        baseId,
        isEditable: isOurs,
        isReplaceable: replaceable && rules.maxFiles !== 1,
        part,
        leaving,
        open,
        announce,
        look,
        Button,
      }),
      [answer, messages, baseId, isOurs, replaceable, rules.maxFiles, part, leaving, open, announce, look, Button],
    )
    const elsewhere = isElsewhere ? say(messages, 'elsewhere') : ''
    useEffect(() => {
      if (elsewhere !== '') announce(elsewhere)
    }, [elsewhere, announce])
    const hint = isEditable ? hintText(messages, rules) : ''
    // One file and its button are one control: the button tells what it holds.
    const held = rules.maxFiles === 1 ? state.entries.find((entry) => entry.state !== 'rejected') : undefined
    const describedById = describedBy(baseId, { description, hint, isFull, error })

    const onBlur = (event: FocusEvent<HTMLElement>) => {
      const { currentTarget, relatedTarget } = event
      const isInside = (node: Element | null) => node !== null && currentTarget.contains(node)
      // The window's own blur (the chooser opens) leaves the focus where it is.
      if (!isInside(relatedTarget as Element | null) && !isInside(focusedBeside(currentTarget))) props.onBlur?.(event)
    }

    return (
      <FieldContextProvider value={shared}>
        <div
          {...part('root')}
          className={[props.className, classNames?.root].filter(Boolean).join(' ') || undefined}
          style={props.style}
          ref={root}
          id={props.id}
          role="group"
          data-faf-root=""
          data-layout={look.layout}
          {...(rules.maxFiles === 1 ? { 'data-single': '' } : {})}
          data-state={stateName({ disabled, readOnly, isDragging: drag !== 'none' && !isFull, isInvalid }, summary)}
          aria-labelledby={`${baseId}-label`}
          aria-describedby={describedById}
          {...(isInvalid ? { 'aria-invalid': true } : {})}
          {...(isHeld ? { 'data-held': '' } : {})}
          onFocus={answer.askRules}
          onBlur={onBlur}
          onPaste={onPaste}
        >
          <Question label={label} description={description} hint={hint} error={error} isRequired={required} />
          {readOnly ? null : (
            <DropZone
              rules={rules}
              count={summary.counted}
              isDisabled={disabled}
              isFull={isFull}
              drag={drag}
              folders={folders}
              camera={camera}
              inputRef={input}
              triggerRef={trigger}
              labelId={`${baseId}-label`}
              describedBy={
                held === undefined
                  ? describedById
                  : [describedById, `${baseId}-${held.key}-name`].filter(Boolean).join(' ')
              }
              isInvalid={isInvalid}
              form={form}
              onStrayFocus={refuse}
              onFull={sayFull}
              takesFocus={props.autoFocus}
            />
          )}
          <Files label={label} state={state} rules={rules} isFull={isFull} onFull={sayFull} focus={focus} />
          {isElsewhere ? <p {...part('elsewhere')}>{elsewhere}</p> : null}
          {isHeld && summary.pending > 0 ? (
            <p {...part('held')}>{say(messages, 'sayWaitingToSubmit', { count: summary.pending })}</p>
          ) : null}
          <div
            {...part('announcer')}
            ref={region}
            role="status"
            aria-live={props.announcePriority ?? 'polite'}
            aria-atomic="true"
            data-faf-hidden=""
          />
          {name === undefined || disabled
            ? null
            : ids.map((id) => <input key={id} type="hidden" name={name} value={id} form={form} />)}
        </div>
      </FieldContextProvider>
    )
  },
) as (props: FileAnswerFieldProps) => ReactNode

/** The field's state in one word, for `data-state`. */
function stateName(
  field: { disabled: boolean; readOnly: boolean; isDragging: boolean; isInvalid: boolean },
  { pending, stored }: { pending: number; stored: number },
): string {
  if (field.disabled) return 'disabled'
  if (field.readOnly) return 'readonly'
  if (field.isDragging) return 'dragging'
  if (field.isInvalid) return 'error'
  if (pending > 0) return 'busy'
  return stored > 0 ? 'complete' : 'idle'
}
