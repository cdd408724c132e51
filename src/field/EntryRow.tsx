'use client'
/** One row: reads one entry and its bytes, and renders for these alone. Buttons keep their nodes through all states. */
import { type KeyboardEvent, memo, type ReactNode, useEffect, useRef, useState } from 'react'
import { answerIdOf, isSuccessorOf } from '../answer/answer.js'
import { type Entry, type EntryState, heldBy } from '../answer/entry.js'
import { isUnderWay } from '../answer/selectors.js'
import { referenceOf } from '../engine/trace.js'
import type { Failure } from '../protocol/failure.js'
import { removeButtonMark, useField } from './FieldContext.js'
import { FileName } from './FileName.js'
import { StateIcon } from './icons.js'
import { loadLongUploads, useLoaded } from './loaded.js'
import { shownName, spokenName } from './messages.js'
import { Bar, progressOf } from './ProgressBar.js'
import { StoredLink } from './StoredLink.js'
import { Thumb } from './Thumb.js'
import { type CommonWait, useCommitEffect, useFileEntry } from './useFileAnswer.js'
import { isFirstStumble, nameOf, reasonText, rowText, say } from './words.js'

/** Seconds until a time of the answer's clock, counting down; null without one. */
function useSecondsUntil(at: number | null): number | null {
  const { clock } = useField().answer
  const [, tick] = useState(0)
  useEffect(() => {
    if (at === null || at <= clock.now()) return
    let cancel = () => {}
    const wait = () => {
      cancel = clock.after(1_000, () => {
        tick((count) => count + 1)
        if (at > clock.now()) wait()
      })
    }
    wait()
    return () => cancel()
  }, [at, clock])
  return at === null ? null : Math.ceil((at - clock.now()) / 1_000)
}

const pausable: ReadonlySet<EntryState> = new Set(['requesting', 'ready', 'uploading', 'retrying', 'paused'])

/** What another file may take the place of: what is on its way is cancelled instead. */
const replaceable: ReadonlySet<EntryState> = new Set(['done', 'restored', 'failed'])

/** Bytes from which a file is worth a pause: smaller ones are through before a person has found the button. */
const longFile = 5 * 1024 * 1024
/** Bytes up to which a file's time left is no question, even on a slow line. */
const quickFile = 512 * 1024

/** Rendered by what needs it alone: a thousand rows of small files subscribe to nothing more. */
function TimeLeft(file: { readonly entryKey: string; readonly size: number }): ReactNode {
  const long = useLoaded(loadLongUploads)
  return long === null ? null : <long.FileTimeLeft {...file} />
}

interface RowPlace {
  /** Tells equal names apart (", 2 of 2"); empty for a name that stands once. */
  readonly ordinal: string
  /** Keys of the rows around it; null at an end. */
  readonly before: string | null
  readonly after: string | null
  readonly commonWait: CommonWait
}

export const EntryRow = memo(function EntryRow({
  entryKey,
  ...place
}: RowPlace & { readonly entryKey: string }): ReactNode {
  const { answer } = useField()
  const { entry, sentBytes } = useFileEntry(answer, entryKey)
  return entry === undefined ? null : <Row entry={entry} sentBytes={sentBytes} {...place} />
})

function Row({
  entry,
  sentBytes,
  ordinal,
  before,
  after,
  commonWait,
}: RowPlace & { readonly entry: Entry; readonly sentBytes: number | null }): ReactNode {
  const field = useField()
  const { answer, messages, baseId, isEditable, isReplaceable, part, leaving, open, announce, look, Button } = field
  const { StateIcon: OwnIcon, EntryExtra } = look.components
  // One row alone has no order.
  const sorting = isEditable && (before ?? after) !== null ? look.sorting : null
  const seconds = useSecondsUntil(entry.state === 'retrying' ? entry.retryAt : null)
  const { key, state } = entry
  const remove = () => answer.remove(key)
  const row = useRef<HTMLLIElement>(null)
  useCommitEffect(() => {
    const left = row.current
    return () => {
      if (left === null) return
      const successor = answer.getAnswer().entries.find((each) => isSuccessorOf(each, key))
      leaving(left, successor?.key ?? null)
    }
  }, [answer, key, leaving])
  const removeButton = useRef<HTMLButtonElement>(null)
  const wasPressed = useRef(false)
  const [deadLink, setDeadLink] = useState<Failure | null>(null)

  const isFailed = state === 'failed'
  const size = entry.state === 'restored' ? 0 : entry.size
  const isPausable =
    state === 'paused' ||
    (pausable.has(state) && (look.pauseButtons === 'all' || (look.pauseButtons === 'large' && size > longFile)))
  const isMoving = state === 'uploading' && sentBytes !== null
  // The button before "Remove" leaves with its state: focus stays in the row.
  useCommitEffect(() => {
    if (!wasPressed.current || isFailed || isPausable) return
    wasPressed.current = false
    removeButton.current?.focus()
  }, [isFailed, isPausable])

  const name = shownName(nameOf(entry, messages))
  // The id comes with the grant.
  const id = answerIdOf(entry) ?? heldBy(entry)?.grant.id
  const isNeeded = entry.state === 'failed' && entry.failure.code === 'file-needed'
  const failed = state === 'failed' || state === 'rejected' || (entry.state === 'restored' && entry.failure !== null)
  const nameId = `${baseId}-${key}-name`
  // Equal names are told apart in every accessible name: by a hidden twin of the name, with its place.
  const fullNameId = ordinal === '' ? nameId : `${baseId}-${key}-full-name`
  /** A button is named by its word and the file's name. */
  const action = (own: string) => ({
    ...part('action'),
    type: 'button' as const,
    id: `${baseId}-${key}-${own}`,
    'aria-labelledby': `${baseId}-${key}-${own} ${fullNameId}`,
  })
  // A file that is gone says so itself.
  const text =
    deadLink !== null && state === 'restored' && !failed
      ? reasonText(messages, deadLink)
      : rowText(messages, entry, { sentBytes, seconds, commonWait })
  const kind = failed ? 'failed' : isFirstStumble(entry, commonWait) ? 'requesting' : state

  const percent = progressOf(entry, sentBytes)
  const fileName = <FileName id={nameId} name={name} />
  const words = <span>{text}</span>

  const onFollowed = (dead: Failure | null) => {
    setDeadLink(dead)
    if (dead !== null) announce(`${spokenName(name)}: ${reasonText(messages, dead)}`)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isEditable) return
    sorting?.onMoveKey(event, field, key, before, after)
    if (!look.removeKeys || (event.key !== 'Delete' && event.key !== 'Backspace')) return
    event.preventDefault()
    // A key that is held would go on with the row that has the focus next.
    if (!event.repeat) remove()
  }

  return (
    <li
      {...part('item')}
      ref={row}
      data-state={state}
      data-kind={kind}
      data-key={key}
      {...(id === undefined ? {} : { 'data-file-id': id })}
      {...(failed && 'failure' in entry && entry.failure ? { 'data-reason': entry.failure.code } : {})}
    >
      {sorting === null ? null : <sorting.Handle entryKey={key} />}
      <Thumb entry={entry} name={name} />
      <div {...part('body')}>
        {entry.state === 'restored' && entry.stored?.url !== undefined ? (
          <StoredLink entry={entry} url={entry.stored.url} onFollowed={onFollowed}>
            {fileName}
          </StoredLink>
        ) : (
          fileName
        )}
        {ordinal === '' ? null : (
          <span id={fullNameId} hidden>
            {`${name}${ordinal}`}
          </span>
        )}
        <span {...part('meta')}>
          {/* Here and not before: where a translator wraps text, nothing can be put in front of a bare text. */}{' '}
          {OwnIcon === undefined ? (
            <StateIcon {...part('state-icon')} state={kind} />
          ) : (
            <span {...part('state-icon')} aria-hidden="true">
              <OwnIcon state={kind} />
            </span>
          )}
          {isMoving && size > quickFile ? (
            <span>
              {words}
              <TimeLeft entryKey={key} size={size} />
            </span>
          ) : (
            words
          )}
        </span>
        {isFailed ? (
          <span {...part('reference')}>{say(messages, 'reference', { reference: referenceOf(entry) })}</span>
        ) : null}
        {percent === undefined ? null : <Bar percent={percent} labelledBy={fullNameId} />}
        {EntryExtra === undefined || state === 'rejected' ? null : (
          <div {...part('extra')}>
            <EntryExtra
              entry={entry}
              name={name}
              nameId={nameId}
              meta={entry.meta ?? (entry.state === 'restored' ? entry.stored?.meta : undefined)}
              setMeta={(meta) => answer.annotate(key, meta)}
              isEditable={isEditable}
            />
          </div>
        )}
      </div>
      {isEditable ? (
        <div {...part('actions')} onKeyDown={onKeyDown} onBlur={() => (wasPressed.current = false)}>
          {isFailed ? (
            <Button
              {...action('retry')}
              onClick={() => {
                wasPressed.current = true
                if (isNeeded) open()
                else answer.retry(key)
              }}
            >
              {say(messages, isNeeded ? 'chooseFile' : 'retry')}
            </Button>
          ) : null}
          {isPausable ? (
            <Button
              {...action('pause')}
              onClick={() => {
                wasPressed.current = true
                if (state === 'paused') answer.resume(key)
                else answer.pause(key)
              }}
            >
              {say(messages, state === 'paused' ? 'resume' : 'pause')}
            </Button>
          ) : null}
          {isReplaceable && replaceable.has(state) ? (
            <Button {...action('replace')} onClick={() => open({ insteadOf: key })}>
              {say(messages, 'replace')}
            </Button>
          ) : null}
          {sorting === null ? null : (
            <sorting.MoveButtons entryKey={key} before={before} after={after} action={action} />
          )}
          <Button {...action('remove')} {...{ [removeButtonMark]: '' }} ref={removeButton} onClick={remove}>
            {say(messages, isUnderWay(entry) ? 'cancel' : state === 'rejected' ? 'dismiss' : 'remove')}
          </Button>
        </div>
      ) : null}
    </li>
  )
}
