'use client'
/** What stands above the zone: the question, what it means, what may be added, and what is wrong. */
import { type ReactNode, useSyncExternalStore } from 'react'
import { useField } from './FieldContext.js'
import type { FileAnswerFieldProps } from './props.js'
import { spaced } from './spaced.js'
import { say } from './words.js'

/** Ids of what describes the field, in the order it is read. */
export const describedBy = (
  baseId: string,
  description: ReactNode,
  hint: string,
  isFull: boolean,
  error: ReactNode,
): string | undefined =>
  spaced(
    isGiven(description) && `${baseId}-description`,
    hint && `${baseId}-hint`,
    isFull && `${baseId}-counter`,
    error !== null && `${baseId}-error`,
  )

const isGiven = (description: ReactNode): boolean => description !== undefined && description !== null

const noSubscription = () => () => {}

/** False on a server and in the render that takes its HTML over: until then the input alone opens the chooser. */
export const useMounted = (): boolean =>
  useSyncExternalStore(
    noSubscription,
    () => true,
    () => false,
  )

export function Question({
  label,
  description,
  hint,
  error,
  required,
}: Pick<FileAnswerFieldProps, 'label' | 'description' | 'required'> & {
  readonly hint: string
  /** Null: nothing is wrong. */
  readonly error: ReactNode
}): ReactNode {
  const { messages, baseId, part } = useField()
  const isMounted = useMounted()
  return (
    <>
      <label {...part('label')} id={`${baseId}-label`} htmlFor={`${baseId}-${isMounted ? 'trigger' : 'input'}`}>
        {/* The space is the label's own, and always there: at the start of an element it is no part of a name, and
            where a translator wraps text, bare text can't be taken out. */}
        <span>{label}</span> {required ? <span data-faf-required="">{say(messages, 'required')}</span> : null}
      </label>
      {isGiven(description) ? (
        <div {...part('description')} id={`${baseId}-description`}>
          {description}
        </div>
      ) : null}
      {hint === '' ? null : (
        <p {...part('hint')} id={`${baseId}-hint`}>
          {hint}
        </p>
      )}
      {error === null ? null : (
        <p {...part('error')} id={`${baseId}-error`}>
          <span data-faf-hidden="">{say(messages, 'errorPrefix')}</span> <span>{error}</span>
        </p>
      )}
    </>
  )
}
