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
  useState,
  useSyncExternalStore,
} from 'react'
import type { Rules } from '../answer/admission.js'
import { problemOf, summaryOf } from '../answer/selectors.js'
import { type Announcer, createAnnouncer } from './announcer.js'
import { DropZone } from './DropZone.js'
import { EntryList, ordinalsOf } from './EntryList.js'
import { FieldContextProvider, type FieldShared, removeButtonMark } from './FieldContext.js'
import { useMessages } from './FileAnswerProvider.js'
import { useFormReset, useValidity } from './formControl.js'
import { guardPageDrops } from './pageDrops.js'
import type { FileAnswerFieldProps, FileAnswerHandle, Part } from './props.js'
import { useSubmit } from './submit.js'
import { UndoBar } from './UndoBar.js'
import { useAnswer, useCommitEffect, useFileAnswer, type UseFileAnswerOptions } from './useFileAnswer.js'
import { counterText, hintText, reasonText, say } from './words.js'

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
    const {
      label,
      description,
      error,
      name,
      form,
      required = false,
      disabled = false,
      readOnly = false,
      whenPending = 'block',
      classNames,
    } = props
    const messages = useMessages(props.messages)
    const start = (props.answer === undefined ? props.start : props.answer.settings.start) ?? 'now'
    const generatedId = useId()
    const baseId = props.id ?? `faf${generatedId}`
    const answer = useFileAnswer({ ...props, field: props.field ?? name } as UseFileAnswerOptions)
    const state = useAnswer(answer)
    const isOnline = useOnline(answer)
    // An answer from outside owns its rules; the newest of one inside come with the props.
    const rules: Rules = props.answer === undefined ? props : props.answer.getRules()
    const summary = summaryOf(state)
    // The value of this very render; the answer hears of it when it is committed.
    const ids = props.value === undefined ? answer.getIds() : [...new Set(props.value)]

    const root = useRef<HTMLDivElement>(null)
    const input = useRef<HTMLInputElement>(null)
    const trigger = useRef<HTMLButtonElement>(null)
    const region = useRef<HTMLDivElement>(null)
    const announcer = useRef<Announcer | null>(null)
    const isMounted = useSyncExternalStore(
      noSubscription,
      () => true,
      () => false,
    )

    const isSingle = rules.maxFiles === 1
    const isFull = !isSingle && rules.maxFiles !== undefined && summary.counted >= rules.maxFiles
    const isEditable = !disabled && !readOnly

    // ── validity ──
    const [isProblemShown, setIsProblemShown] = useState(false)
    const problem = isEditable
      ? problemOf(state, {
          rules,
          required,
          whenPending: start === 'submit' && whenPending === 'block' ? 'wait' : whenPending,
          value: props.value === undefined ? null : ids,
        })
      : null
    if (problem === null && isProblemShown) setIsProblemShown(false)
    const problemText = problem === null ? '' : reasonText(messages, problem)
    // What React would show nothing of is no error: `error={errors.documents?.message ?? ''}`, `error={isWrong && '…'}`.
    const hostError = error === '' || error === false || error === true ? null : error
    const shownError = hostError ?? (isProblemShown && problemText !== '' ? problemText : null)
    const isInvalid = shownError !== null && shownError !== undefined
    useValidity(input, problemText)
    const refuse = () => {
      setIsProblemShown(true)
      trigger.current?.focus()
    }
    useSubmit(root, {
      answer,
      whenPending,
      start,
      isDisabled: disabled,
      isReadOnly: readOnly,
      onRefused: refuse,
      onHeld: (count) => announcer.current?.say(say(messages, 'sayWaitingToSubmit', { count })),
      isShown: () => {
        const shown = [...(root.current?.querySelectorAll<HTMLInputElement>('input[type=hidden]') ?? [])].map(
          ({ value }) => value,
        )
        const due = name === undefined ? [] : answer.getIds()
        return shown.length === due.length && shown.every((id, position) => id === due[position])
      },
    })
    useFormReset(root, () => {
      // A controlled field follows its value alone.
      const { defaultValue = [] } = props.answer === undefined ? props : props.answer.settings
      if (props.value === undefined) answer.reset(defaultValue)
    })

    // ── life ──
    const newest = useRef({ messages, rules })
    useEffect(() => {
      newest.current = { messages, rules }
    })
    useEffect(() => {
      const made = createAnnouncer({
        answer,
        messages: () => newest.current.messages,
        rules: () => newest.current.rules,
        // Written by hand: a render for each word said would be one too many.
        write: (text) => {
          if (region.current !== null) region.current.textContent = text
        },
      })
      announcer.current = made
      return made.stop
    }, [answer])
    useEffect(() => (root.current === null ? undefined : guardPageDrops(root.current.ownerDocument)), [])

    // ── focus ──
    const focusNext = useRef<{ readonly key: string | null } | null>(null)
    useCommitEffect(() => {
      const target = focusNext.current
      if (target === null) return
      focusNext.current = null
      const row =
        target.key === null
          ? null
          : root.current?.querySelector<HTMLElement>(`[data-key="${target.key}"] [${removeButtonMark}]`)
      ;(row ?? trigger.current)?.focus()
    })

    useImperativeHandle(
      ref,
      (): FileAnswerHandle => ({
        focus: () => trigger.current?.focus(),
        open: () => input.current?.click(),
        add: answer.add,
        start: answer.start,
        retryAll: answer.retryAll,
        reset: () => answer.reset(),
        settled: answer.settled,
      }),
      [answer],
    )

    const part = useCallback(
      (name: Part) => ({
        'data-part': name,
        ...(classNames?.[name] === undefined ? {} : { className: classNames[name] }),
      }),
      [classNames],
    )
    const remove = useCallback(
      (key: string) => {
        const { keys } = answer.getAnswer()
        const position = keys.indexOf(key)
        const row = root.current?.querySelector(`[data-key="${key}"]`)
        // The next row, else the one before, else the trigger.
        if (row?.contains(row.ownerDocument.activeElement))
          focusNext.current = { key: keys[position + 1] ?? keys[position - 1] ?? null }
        answer.remove(key)
      },
      [answer],
    )
    // The button leaves with what failed: focus goes to the first row it was for.
    const retryAll = () => {
      focusNext.current = { key: state.entries.find((entry) => entry.state === 'failed')?.key ?? null }
      answer.retryAll()
    }
    const shared = useMemo(
      (): FieldShared => ({ answer, messages, baseId, isEditable, part, remove }),
      [answer, messages, baseId, isEditable, part, remove],
    )

    const sayFull = () => announcer.current?.say(say(messages, 'limitReached', { count: rules.maxFiles ?? 0 }))

    const ordinals = ordinalsOf(state, messages)
    const labelId = `${baseId}-label`
    const hint = isEditable ? hintText(messages, rules) : ''
    const has = { description: description !== undefined && description !== null, hint: hint !== '', full: isFull }
    const describedBy =
      [
        ...(has.description ? [`${baseId}-description`] : []),
        ...(has.hint ? [`${baseId}-hint`] : []),
        ...(isFull ? [`${baseId}-counter`] : []),
        ...(isInvalid ? [`${baseId}-error`] : []),
      ].join(' ') || undefined
    const isCounted =
      rules.maxTotalSize !== undefined || (rules.maxFiles !== undefined && rules.maxFiles > 1) || summary.counted > 1

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
          data-layout="list"
          data-state={
            disabled
              ? 'disabled'
              : readOnly
                ? 'readonly'
                : isInvalid
                  ? 'error'
                  : summary.pending > 0
                    ? 'busy'
                    : summary.stored > 0
                      ? 'complete'
                      : 'idle'
          }
          aria-labelledby={labelId}
          aria-describedby={describedBy}
          {...(isInvalid ? { 'aria-invalid': true } : {})}
          onBlur={(event: FocusEvent<HTMLElement>) => {
            const { currentTarget, relatedTarget } = event
            const isInside = (node: Element | null) => node !== null && currentTarget.contains(node)
            // The window's own blur (the chooser opens) leaves the focus where it is.
            if (!isInside(relatedTarget as Element | null) && !isInside(currentTarget.ownerDocument.activeElement))
              props.onBlur?.(event)
          }}
          onPaste={(event) => {
            const files = [...event.clipboardData.files]
            if (files.length === 0 || !isEditable) return
            event.preventDefault()
            answer.add(files)
          }}
        >
          <label {...part('label')} id={labelId} htmlFor={isMounted ? `${baseId}-trigger` : `${baseId}-input`}>
            {/* The space is the label's own, and always there: at the start of an element it is no part of a name, and
                where a translator wraps text, bare text can't be taken out. */}
            <span>{label}</span> {required ? <span data-faf-required="">{say(messages, 'required')}</span> : null}
          </label>
          {has.description ? (
            <div {...part('description')} id={`${baseId}-description`}>
              {description}
            </div>
          ) : null}
          {has.hint ? (
            <p {...part('hint')} id={`${baseId}-hint`}>
              {hint}
            </p>
          ) : null}
          {isInvalid ? (
            <p {...part('error')} id={`${baseId}-error`}>
              <span data-faf-hidden="">{say(messages, 'errorPrefix')}</span> <span>{shownError}</span>
            </p>
          ) : null}
          {readOnly ? null : (
            <DropZone
              rules={rules}
              count={summary.counted}
              isDisabled={disabled}
              isFull={isFull}
              inputRef={input}
              triggerRef={trigger}
              labelId={labelId}
              describedBy={describedBy}
              isInvalid={isInvalid}
              form={form}
              onInvalid={refuse}
              onFull={sayFull}
            />
          )}
          {isCounted && summary.counted > 0 ? (
            <p {...part('counter')} id={`${baseId}-counter`}>
              {isFull
                ? say(messages, 'limitReached', { count: rules.maxFiles ?? 0 })
                : counterText(messages, summary, rules)}
            </p>
          ) : null}
          <span id={`${baseId}-list-label`} data-faf-hidden="" hidden>
            {typeof label === 'string' ? say(messages, 'listName', { question: label }) : label}
          </span>
          <EntryList keys={state.keys} ordinals={ordinals} labelledBy={`${baseId}-list-label`} isOnline={isOnline} />
          {isEditable && summary.failed > 1 ? (
            <div {...part('bulk')}>
              <button {...part('action')} type="button" onClick={retryAll}>
                {say(messages, 'retryAll')}
              </button>
            </div>
          ) : null}
          {isEditable ? (
            <UndoBar
              removals={state.removals}
              isFull={isFull}
              onFull={sayFull}
              onUndone={(key) => {
                focusNext.current = { key }
              }}
            />
          ) : null}
          <div
            {...part('announcer')}
            ref={region}
            role="status"
            aria-live="polite"
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

const noSubscription = () => () => {}

/** Whether the network is there, as the answer's environment says. */
function useOnline(answer: { isOnline(): boolean; subscribeNews(listener: () => void): () => void }): boolean {
  return useSyncExternalStore(answer.subscribeNews, answer.isOnline, () => true)
}
