'use client'
/** The files that are there: how many, the list, all that failed again, and what can still be undone. */
import { type ReactNode, useCallback } from 'react'
import type { Rules } from '../answer/admission.js'
import type { Answer } from '../answer/answer.js'
import { summaryOf } from '../answer/selectors.js'
import { EntryList, ordinalsOf } from './EntryList.js'
import { useField } from './FieldContext.js'
import { useFolded } from './Fold.js'
import { loadLongUploads, useLoaded } from './loaded.js'
import { UndoBar } from './UndoBar.js'
import { useCommonWait } from './useFileAnswer.js'
import type { KeptFocus } from './useKeptFocus.js'
import { counterText, say } from './words.js'

/** Of so many files each row tells enough. */
const few = 3

export function Files({
  label,
  state,
  rules,
  isFull,
  onFull,
  focus,
}: {
  readonly label: ReactNode
  readonly state: Answer
  readonly rules: Rules
  /** Nothing can come before something leaves. */
  readonly isFull: boolean
  readonly onFull: () => void
  readonly focus: KeptFocus
}): ReactNode {
  const { answer, messages, baseId, isEditable, part, Button } = useField()
  const commonWait = useCommonWait(answer)
  const summary = summaryOf(state)
  const isMany = summary.pending > 0 && summary.counted > few
  const long = useLoaded(loadLongUploads, isMany)
  const { maxFiles, maxTotalSize } = rules
  const isCounted = maxTotalSize !== undefined || (maxFiles !== undefined && maxFiles > 1) || summary.counted > 1
  // The button leaves with what failed: focus goes to the first row it was for.
  const retryAll = () => {
    focus.toRow(state.entries.find((entry) => entry.state === 'failed')?.key ?? null)
    answer.retryAll()
  }
  const isFolded = useFolded(summary.rejected)
  const folded = isFolded ? state.entries.filter(({ state: now }) => now === 'rejected').map(({ key }) => key) : []
  const { toRow } = focus
  // The button leaves with its row.
  const dismissAll = useCallback(() => {
    toRow(null)
    answer.dismissRejected()
  }, [answer, toRow])
  // What is on its way leaves, and the button with it.
  const cancelAll = () => {
    focus.toRow(null)
    answer.cancelAll()
  }
  return (
    <>
      {isCounted && summary.counted > 0 ? (
        <p {...part('counter')} id={`${baseId}-counter`}>
          {isFull && summary.counted === maxFiles
            ? say(messages, 'limitReached', { count: maxFiles })
            : counterText(messages, summary, rules)}
        </p>
      ) : null}
      <span id={`${baseId}-list-label`} data-faf-hidden="" hidden>
        {typeof label === 'string' ? say(messages, 'listName', { question: label }) : label}
      </span>
      {isMany && long !== null ? <long.TotalProgress labelledBy={`${baseId}-list-label`} onCancel={cancelAll} /> : null}
      <EntryList
        keys={state.keys}
        folded={folded.join(' ')}
        ordinals={ordinalsOf(state, messages)}
        labelledBy={`${baseId}-list-label`}
        commonWait={commonWait}
        onDismissAll={dismissAll}
      />
      {isEditable && summary.failed > 1 ? (
        <div {...part('bulk')}>
          <Button {...part('action')} type="button" onClick={retryAll}>
            {say(messages, 'retryAll')}
          </Button>
        </div>
      ) : null}
      {isEditable ? <UndoBar removals={state.removals} isFull={isFull} onFull={onFull} onUndone={focus.toRow} /> : null}
    </>
  )
}
