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
import { useLook } from './look.js'
import { useNewest } from './newest.js'
import type { FileAnswerFieldProps, FileAnswerHandle, Part } from './props.js'
import { describedBy, Question } from './Question.js'
import { spaced } from './spaced.js'
import { useAdding } from './useAdding.js'
import { useAnnouncer } from './useAnnouncer.js'
import { useAnswer, useElsewhere, useFileAnswer, type UseFileAnswerOptions } from './useFileAnswer.js'
import { useFormControl } from './useFormControl.js'
import { focusedBeside, useKeptFocus } from './useKeptFocus.js'
import { useRules } from './useRules.js'
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
    const { name, form, classNames, disabled = false, readOnly = false } = props
    const messages = useMessages(props.messages)
    const generatedId = useId()
    const baseId = props.id ?? `faf${generatedId}`
    const answer = useFileAnswer({ ...props, field: props.field ?? name } as UseFileAnswerOptions)
    const state = useAnswer(answer)
    // An answer from outside owns its rules; the newest of one inside come with the props.
    const rules = useRules(answer, props.answer === undefined ? props : null)
    const { maxFiles = Number.POSITIVE_INFINITY } = rules
    const summary = summaryOf(state)
    // The value of this very render; the answer hears of it when it is committed.
    const value = props.value == null ? null : givenIds(props.value)
    const ids = value ?? answer.getIds()

    const root = useRef<HTMLDivElement>(null)
    const input = useRef<HTMLInputElement>(null)
    const trigger = useRef<HTMLButtonElement>(null)
    const focus = useKeptFocus(root, trigger)
    const { region, say: announce, prepare } = useAnnouncer(answer, messages, rules, props.announce)
    const look = useLook(props)
    useEffect(() => answer.clock.after(0, () => warmFormats(messages.locale)), [answer, messages.locale])

    const isFull = maxFiles !== 1 && summary.counted >= maxFiles
    const isElsewhere = useElsewhere(answer)
    const isEditable = !disabled && !readOnly
    const sayFull = () => announce(fullText(messages, summary.counted, maxFiles))
    /** What the hooks share. */
    const own = {
      answer,
      state,
      rules,
      value,
      messages,
      root,
      input,
      trigger,
      announce,
      /** A fieldset around it may have disabled it. */
      isBlocked: () => !isEditable || input.current?.matches(':disabled') === true,
    }
    const { open, drag, onPaste } = useAdding(props, own)
    const { error, isHeld, refuse } = useFormControl(props, own)

    const press = useNewest(() => (isFull ? sayFull() : open()))
    useImperativeHandle(ref, (): FileAnswerHandle => {
      const { add, start, retryAll, settled } = answer
      return {
        focus: () => (trigger.current ?? root.current?.querySelector<HTMLElement>('a, button'))?.focus(),
        open: () => press.current(),
        add,
        start,
        retryAll,
        reset: () => answer.reset(),
        settled,
      }
    }, [answer, press])

    // ── what the parts share ──
    const part = useCallback(
      (name: Part) => {
        const className = classNames?.[name]
        return className === undefined ? { 'data-part': name } : { 'data-part': name, className }
      },
      [classNames],
    )
    const { leaving } = focus
    // Another tab's rows are shown only; what is added here waits.
    const isOurs = isEditable && !isElsewhere
    const isReplaceable = props.replaceable === true && maxFiles !== 1
    const shared = useMemo(
      (): FieldShared => ({
        answer,
        messages,
        baseId,
        isEditable: isOurs,
        isReplaceable,
        part,
        leaving,
        open,
        announce,
        look,
        Button: look.components.Button ?? 'button',
      }),
      [answer, messages, baseId, isOurs, isReplaceable, part, leaving, open, announce, look],
    )
    const elsewhere = isElsewhere ? say(messages, 'elsewhere') : ''
    useEffect(() => {
      if (elsewhere !== '') announce(elsewhere)
    }, [elsewhere, announce])
    const hint = isEditable ? hintText(messages, rules) : ''
    // One file and its button are one control: the button tells what it holds.
    const held = maxFiles === 1 ? state.entries.find((entry) => entry.state !== 'rejected') : undefined
    const description = describedBy(baseId, props.description, hint, isFull, error)

    const onBlur = (event: FocusEvent<HTMLElement>) => {
      const { currentTarget, relatedTarget } = event
      const isInside = (node: Element | null) => node !== null && currentTarget.contains(node)
      // The window's own blur (the chooser opens) leaves the focus where it is.
      if (!isInside(relatedTarget as Element | null) && !isInside(focusedBeside(currentTarget))) props.onBlur?.(event)
    }

    const dataState = disabled
      ? 'disabled'
      : readOnly
        ? 'readonly'
        : drag !== 'none' && !isFull
          ? 'dragging'
          : error !== null
            ? 'error'
            : summary.pending > 0
              ? 'busy'
              : summary.stored > 0
                ? 'complete'
                : 'idle'

    return (
      <FieldContextProvider value={shared}>
        <div
          data-part="root"
          className={spaced(props.className, classNames?.root)}
          style={props.style}
          ref={root}
          id={props.id}
          role="group"
          data-faf-root=""
          data-layout={look.layout}
          data-single={maxFiles === 1 ? '' : undefined}
          data-state={dataState}
          aria-labelledby={`${baseId}-label`}
          aria-describedby={description}
          {...(error === null ? {} : { 'aria-invalid': true })}
          data-held={isHeld ? '' : undefined}
          onFocus={() => {
            answer.askRules()
            prepare()
          }}
          onBlur={onBlur}
          onPaste={onPaste}
        >
          <Question {...props} hint={hint} error={error} />
          {readOnly ? null : (
            <DropZone
              {...props}
              rules={rules}
              isEmpty={summary.counted === 0}
              isFull={isFull}
              drag={drag}
              inputRef={input}
              triggerRef={trigger}
              describedBy={spaced(description, held && `${baseId}-${held.key}-name`)}
              isInvalid={error !== null}
              onStrayFocus={refuse}
              onFull={sayFull}
            />
          )}
          <Files label={props.label} state={state} rules={rules} isFull={isFull} onFull={sayFull} focus={focus} />
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
