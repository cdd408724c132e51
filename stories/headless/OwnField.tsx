import { type FileAnswer, type FileAnswerOptions, useAnswer, useFileAnswer, useFileEntry } from 'file-answer-field'
import { type ButtonHTMLAttributes, type ComponentType, type DragEvent, useId, useRef, useState } from 'react'

/** How a field looks: the host's button, and its classes for the rest. */
export interface Skin {
  readonly Button: ComponentType<ButtonHTMLAttributes<HTMLButtonElement> & { readonly tone: 'main' | 'quiet' }>
  readonly classes: Readonly<Partial<Record<'field' | 'zone' | 'list' | 'row' | 'name' | 'state' | 'bar', string>>>
}

type Options = FileAnswerOptions & { readonly label: string; readonly name: string; readonly skin: Skin }

/** A whole field of the host's own, on the exported hooks alone: adding, rows, undo, what is read out, the form's data. */
export function OwnField({ label, name, skin, ...options }: Options) {
  const answer = useFileAnswer({ ...options, field: name })
  const { keys, entries, removals } = useAnswer(answer)
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)
  const { Button, classes } = skin

  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    answer.add([...event.dataTransfer.files])
  }
  const over = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    setIsOver(true)
  }
  const stored = entries.filter(({ state }) => state === 'done' || state === 'restored').length
  return (
    <fieldset className={classes.field}>
      <legend>{label}</legend>
      <div
        className={classes.zone}
        data-over={isOver ? '' : undefined}
        onDragOver={over}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
      >
        <Button type="button" tone="main" onClick={() => input.current?.click()}>
          Attach files
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={label}
          onChange={({ currentTarget }) => {
            answer.add([...(currentTarget.files ?? [])])
            // Emptied, so that the same file can be chosen again.
            currentTarget.value = ''
          }}
        />
      </div>
      <ul className={classes.list} aria-label={`${label}, attached`}>
        {keys.map((key) => (
          <OwnRow key={key} answer={answer} entryKey={key} skin={skin} />
        ))}
      </ul>
      {removals.map(({ entry }) => (
        <Button key={entry.key} type="button" tone="quiet" onClick={() => answer.undo(entry.key)}>
          Bring {nameOf(entry)} back
        </Button>
      ))}
      <output>{entries.length === 0 ? '' : `${stored} of ${entries.length} attached.`}</output>
      {answer.getIds().map((id) => (
        <input key={id} type="hidden" name={name} value={id} />
      ))}
    </fieldset>
  )
}

type Shown = NonNullable<ReturnType<typeof useFileEntry>['entry']>

const nameOf = (entry: Shown): string => (entry.state === 'restored' ? (entry.stored?.name ?? 'A file') : entry.name)

/** The host's own words. */
function wordsFor(entry: Shown): string {
  switch (entry.state) {
    case 'done':
    case 'restored':
      return 'Attached'
    case 'rejected':
      return entry.failure.code === 'file-type' ? 'Not a PDF' : (entry.failure.message ?? 'Can’t be attached')
    case 'failed':
      return 'Not sent'
    case 'retrying':
      return 'Tried again in a moment'
    case 'paused':
      return 'Paused'
    default:
      return 'On its way'
  }
}

interface RowProps {
  readonly answer: FileAnswer
  readonly entryKey: string
  readonly skin: Skin
}

/** Renders for its own file alone. */
function OwnRow({ answer, entryKey, skin: { Button, classes } }: RowProps) {
  const { entry, sentBytes } = useFileEntry(answer, entryKey)
  const id = useId()
  if (entry === undefined) return null
  const name = nameOf(entry)
  return (
    <li className={classes.row} data-state={entry.state}>
      <span className={classes.name} id={id}>
        {name}
      </span>
      {entry.state === 'uploading' && sentBytes !== null ? (
        <progress className={classes.bar} aria-labelledby={id} value={sentBytes} max={entry.size} />
      ) : (
        <span className={classes.state}>{wordsFor(entry)}</span>
      )}
      {entry.state === 'failed' ? (
        <Button type="button" tone="quiet" aria-label={`Send again ${name}`} onClick={() => answer.retry(entryKey)}>
          Send again
        </Button>
      ) : null}
      <Button type="button" tone="quiet" aria-label={`Remove ${name}`} onClick={() => answer.remove(entryKey)}>
        Remove
      </Button>
    </li>
  )
}
