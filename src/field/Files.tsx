'use client'
/** The files that are there: how many, the list, all that failed again, and what can still be undone. */
import { type ReactNode, useCallback } from 'react'
import type { Rules } from '../answer/admission.js'
import type { Answer } from '../answer/answer.js'
import type { EntryState } from '../answer/entry.js'
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
/** More are not removed one by one. */
const mostOneByOne = 5

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
  const { counted, pending } = summary
  const { maxFiles = 1, maxTotalSize } = rules
  const isMany = pending > 0 && counted > few
  const long = useLoaded(loadLongUploads, isMany)
  const { toRow } = focus
  const keysOf = (wanted: EntryState) => state.entries.flatMap(({ key, state: now }) => (now === wanted ? [key] : []))
  const folded = useFolded(summary.rejected) ? keysOf('rejected') : []
  // A button that leaves with what it was for gives the focus on.
  const dismissAll = useCallback(() => {
    toRow(null)
    answer.dismissRejected()
  }, [answer, toRow])
  const retryAll = () => {
    toRow(keysOf('failed')[0] ?? null)
    answer.retryAll()
  }
  const cancelAll = () => {
    toRow(null)
    answer.cancelAll()
  }
  const removeAll = () => {
    toRow(null)
    answer.removeAll()
  }
  const canRemoveAll = counted > mostOneByOne
  const labelId = `${baseId}-list-label`
  return (
    <>
      {counted > 1 || (counted > 0 && (maxFiles > 1 || maxTotalSize !== undefined)) ? (
        <p {...part('counter')} id={`${baseId}-counter`}>
          {isFull && counted === maxFiles
            ? say(messages, 'limitReached', { count: maxFiles })
            : counterText(messages, summary, rules)}
        </p>
      ) : null}
      <span id={labelId} data-faf-hidden="" hidden>
        {typeof label === 'string' ? say(messages, 'listName', { question: label }) : label}
      </span>
      {isMany && long !== null ? <long.TotalProgress labelledBy={labelId} onCancel={cancelAll} /> : null}
      <EntryList
        keys={state.keys}
        folded={folded.join(' ')}
        ordinals={ordinalsOf(state, messages)}
        labelledBy={labelId}
        commonWait={commonWait}
        onDismissAll={dismissAll}
      />
      {isEditable && (summary.failed > 1 || canRemoveAll) ? (
        <div {...part('bulk')}>
          {summary.failed > 1 ? (
            <Button {...part('action')} type="button" onClick={retryAll}>
              {say(messages, 'retryAll')}
            </Button>
          ) : null}
          {canRemoveAll ? (
            <Button {...part('action')} type="button" onClick={removeAll}>
              {say(messages, 'removeAll')}
            </Button>
          ) : null}
        </div>
      ) : null}
      {isEditable ? <UndoBar removals={state.removals} isFull={isFull} onFull={onFull} onUndone={toRow} /> : null}
    </>
  )
}
