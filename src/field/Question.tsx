'use client'
/** What stands above the zone: the question, what it means, what may be added, and what is wrong. */
import { type ReactNode, useSyncExternalStore } from 'react'
import { useField } from './FieldContext.js'
import { say } from './words.js'

interface QuestionProps {
  readonly label: ReactNode
  readonly description: ReactNode
  readonly hint: string
  /** Null: nothing is wrong. */
  readonly error: ReactNode
  readonly isRequired: boolean
}

/** Ids of what describes the field, in the order it is read. */
export const describedBy = (
  baseId: string,
  { description, hint, isFull, error }: Pick<QuestionProps, 'description' | 'hint' | 'error'> & { isFull: boolean },
): string | undefined =>
  [
    ...(hasDescription(description) ? [`${baseId}-description`] : []),
    ...(hint === '' ? [] : [`${baseId}-hint`]),
    ...(isFull ? [`${baseId}-counter`] : []),
    ...(error === null ? [] : [`${baseId}-error`]),
  ].join(' ') || undefined

const noSubscription = () => () => {}

/** False on a server and in the render that takes its HTML over: until then the input alone opens the chooser. */
const useMounted = (): boolean =>
  useSyncExternalStore(
    noSubscription,
    () => true,
    () => false,
  )

const hasDescription = (description: ReactNode): boolean => description !== undefined && description !== null

export function Question({ label, description, hint, error, isRequired }: QuestionProps): ReactNode {
  const { messages, baseId, part } = useField()
  const isMounted = useMounted()
  return (
    <>
      <label {...part('label')} id={`${baseId}-label`} htmlFor={isMounted ? `${baseId}-trigger` : `${baseId}-input`}>
        {/* The space is the label's own, and always there: at the start of an element it is no part of a name, and
            where a translator wraps text, bare text can't be taken out. */}
        <span>{label}</span> {isRequired ? <span data-faf-required="">{say(messages, 'required')}</span> : null}
      </label>
      {hasDescription(description) ? (
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
