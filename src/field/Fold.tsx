'use client'
/** Many files that may not enter: one row that tells how many, and opens to tell why. */
import { type ReactNode, useState } from 'react'
import { useField } from './FieldContext.js'
import { StateIcon } from './icons.js'
import { say } from './words.js'

/** More rejected files than these are told in one row. */
const mostInRows = 5

/** Whether rejected files are folded; what is folded once stays so while some are there, and moves under nobody's hand. */
export function useFolded(rejected: number): boolean {
  const [wasFolded, setWasFolded] = useState(false)
  const isFolded = rejected > mostInRows || (wasFolded && rejected > 0)
  if (isFolded !== wasFolded) setWasFolded(isFolded)
  return isFolded
}

/** `children`: the rows of the folded files; made only while they are shown. */
export function Fold({
  count,
  onDismissAll,
  children,
}: {
  readonly count: number
  readonly onDismissAll: () => void
  readonly children: () => ReactNode
}): ReactNode {
  const { messages, baseId, isEditable, part, Button } = useField()
  const [isOpen, setIsOpen] = useState(false)
  const textId = `${baseId}-fold`
  return (
    <li {...part('fold')}>
      <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
        <summary>
          <StateIcon {...part('state-icon')} state="failed" />{' '}
          <span id={textId}>{say(messages, 'rejectedMany', { count })}</span>
        </summary>
        {isOpen ? (
          <ul role="list" aria-labelledby={textId}>
            {children()}
          </ul>
        ) : null}
      </details>
      {isEditable ? (
        <Button
          {...part('action')}
          type="button"
          id={`${textId}-dismiss`}
          aria-labelledby={`${textId}-dismiss ${textId}`}
          onClick={onDismissAll}
        >
          {say(messages, 'dismissAll')}
        </Button>
      ) : null}
    </li>
  )
}
