/** The props of the field and its handle: the contract with the host. */
import type { CSSProperties, FocusEvent, ReactNode, Ref } from 'react'
import type { Rules } from '../answer/admission.js'
import type { WhenPending } from '../answer/selectors.js'
import type { FileAnswer } from '../engine/fileAnswer.js'
import type { Source } from '../engine/source.js'
import type { FileAnswerListeners } from '../engine/valueExchange.js'
import type { StoredFile } from '../protocol/storedFile.js'
import type { AnnouncementKind } from './announcer.js'
import type { Messages } from './messages.js'
import type { Parts } from './slots.js'

/** Names of the field's parts, as `data-part` and in `classNames`; see docs/api.md for what each is. */
export type Part =
  | 'root'
  | 'label'
  | 'description'
  | 'hint'
  | 'error'
  | 'dropzone'
  | 'trigger'
  | 'folder-trigger'
  | 'camera-trigger'
  | 'drop-text'
  | 'input'
  | 'counter'
  | 'list'
  | 'item'
  | 'handle'
  | 'thumb'
  | 'body'
  | 'state-icon'
  | 'name'
  | 'meta'
  | 'reference'
  | 'progress'
  | 'actions'
  | 'action'
  | 'fold'
  | 'extra'
  | 'total'
  | 'bulk'
  | 'held'
  | 'elsewhere'
  | 'undo'
  | 'announcer'

/** What a ref to the field can do. */
export interface FileAnswerHandle {
  /**
   * Focuses the button that opens the file chooser, or in a read-only field its first link; form libraries call it on a
   * failed submit.
   */
  focus(): void
  /** Opens the file chooser, or tells that the limit is reached; browsers want a person's action for it. */
  open(): void
  /** Adds files by code; they are judged like chosen ones. */
  add(files: Iterable<File>): void
  /** Starts files that wait for it (`start="submit"` or `"manual"`). */
  start(): void
  /** Tries every failed file again. */
  retryAll(): void
  /** Empties the answer and gives `onChange([])`. Nothing stored is discarded. */
  reset(): void
  /** Resolves with the ids once nothing is pending; rejects with `FilesNotStored` when some files failed. */
  settled(options?: { signal?: AbortSignal }): Promise<string[]>
}

interface CommonProps extends FileAnswerListeners {
  /** The question. Names the group; a click opens the file chooser. */
  readonly label: ReactNode
  /** Shown below the label and read with it. The rules are told by themselves. */
  readonly description?: ReactNode
  /** The host's own error, shown and wired like the field's. */
  readonly error?: ReactNode
  readonly id?: string | undefined
  /** Each id goes into the form's data under this name, in the order shown. */
  readonly name?: string | undefined
  /** The id of the form the field belongs to, when it stands elsewhere. */
  readonly form?: string | undefined
  /** At least one file, or the form isn't valid. @default false */
  readonly required?: boolean | undefined
  /** Takes no files, and its ids are not in the form's data. @default false */
  readonly disabled?: boolean | undefined
  /** Shows the files only; its ids are in the form's data. @default false */
  readonly readOnly?: boolean | undefined
  /** The question's name for the backend, sent with every action. @default `name` */
  readonly field?: string | undefined
  /** Whatever else the backend's `authorize` needs, sent with every action. */
  readonly context?: Readonly<Record<string, string>> | undefined
  /**
   * Sends the SHA-256 of each file along, so that damaged bytes are noticed where backend and storage verify it
   * (docs/security.md). Needs https. @default none
   */
  readonly checksum?: 'sha-256' | undefined
  /** Focuses the button that opens the file chooser when the field appears. @default false */
  readonly autoFocus?: boolean | undefined
  /** Called when focus leaves the field. */
  readonly onBlur?: ((event: FocusEvent<HTMLElement>) => void) | undefined
  /** Names and sizes for ids, without a request; also in the server's HTML. */
  readonly knownFiles?: readonly StoredFile[] | undefined
  /** When files go: at once, with the form's submit, or by `ref.start()`; as given at first. @default 'now' */
  readonly start?: 'now' | 'submit' | 'manual' | undefined
  /**
   * What a submit does while files are pending: `block` refuses and says why, `wait` holds the submit and sends the
   * form once they are stored, `allow` lets go. @default 'block'
   */
  readonly whenPending?: WhenPending | undefined
  /**
   * Where a drop counts: `field` is the whole field, its list too; `form` is anywhere in its form, for pages that are
   * one large question. A file dropped elsewhere never replaces the page. @default 'field'
   */
  readonly dropArea?: 'field' | 'form' | undefined
  /**
   * Whole folders may be dropped, and chosen by a button of their own: every file in them is added, with its place in
   * the folder as `path` in the request for its grant. Without it a folder is refused as `folder`. @default false
   */
  readonly folders?: boolean | undefined
  /**
   * A button that takes a photo, on phones and tablets alone: Android's chooser offers no camera where other types than
   * images are accepted. `user` is the camera on the side of the screen. @default false
   */
  readonly camera?: boolean | 'user' | 'environment' | undefined
  /**
   * Rows of stored and failed files get a button that chooses another file for their place; a stored file leaves once
   * its successor is stored. With `maxFiles={1}` the main button does so anyway. @default false
   */
  readonly replaceable?: boolean | undefined
  /** Keeps a phone's screen on while bytes are on their way, where the browser can. @default true */
  readonly wakeLock?: boolean | undefined
  /** Has the browser ask before the page is left while files are pending. @default true */
  readonly warnBeforeLeaving?: boolean | undefined
  /** `list`: a row for each file with a picture; `compact`: one line for each. @default 'list' */
  readonly layout?: 'list' | 'compact' | undefined
  /** Small pictures of images in the layout `list`; decoded beside the page, of rows on screen alone. @default true */
  readonly thumbnails?: boolean | undefined
  /** Rows can be moved by buttons, Alt with an arrow key, and a handle; `onChange` is told the new order. @default false */
  readonly sortable?: boolean | undefined
  /** Delete and Backspace on a button of a row remove its file, as its remove button does. @default true */
  readonly removeKeys?: boolean | undefined
  /** Which files on their way have a pause button: those over 5 MiB, all, or none. What is paused can be resumed. @default 'large' */
  readonly pauseButtons?: 'large' | 'all' | 'none' | undefined
  /** The host's own parts in place of the field's; the same objects at every render. See docs/api.md. */
  readonly components?: Partial<Parts> | undefined
  /** The field's words: `ko` from 'file-answer-field/locales/ko'. @default English, or what FileAnswerProvider sets */
  readonly messages?: Messages | undefined
  /**
   * Takes over what the field says to screen readers, for hosts with an announcer of their own; the field's own region then
   * stays silent. `kind`: what it is about. @default the field's own polite region
   */
  readonly announce?: ((text: string, kind: AnnouncementKind) => void) | undefined
  /**
   * `assertive` interrupts what the screen reader is saying, also in the middle of what a person types. @default 'polite'
   */
  readonly announcePriority?: 'polite' | 'assertive' | undefined
  /** The host's classes, by part. */
  readonly classNames?: Readonly<Partial<Record<Part, string>>> | undefined
  readonly className?: string | undefined
  readonly style?: CSSProperties | undefined
  readonly ref?: Ref<FileAnswerHandle>
}

/** What of an answer outlives its page. */
export interface Persisted {
  /**
   * The draft's name in IndexedDB: after a reload or a crash the answer comes back, and unfinished uploads go on. Off by
   * default; forgotten by `ref.reset()`, by an emptied answer, by `forgetDraft(name)` and after 7 days; as given at first.
   */
  readonly persist?: string | undefined
  /** Files up to so many bytes are kept with the draft; larger ones are asked for again. @default 52428800 (50 MiB) */
  readonly persistFilesUpTo?: number | undefined
}

/** Controlled by `value`, or uncontrolled with `defaultValue`. */
export interface Value {
  readonly value?: readonly string[] | undefined
  readonly defaultValue?: readonly string[] | undefined
}

/** An answer made by `createFileAnswer`, which owns source and rules and outlives the field. */
export type WithAnswer = { readonly answer: FileAnswer; readonly value?: readonly string[] | undefined } & {
  readonly [Key in
    | keyof Rules
    | 'endpoint'
    | 'requestUpload'
    | 'confirmUpload'
    | 'describeFiles'
    | 'backend'
    | 'defaultValue'
    | 'field'
    | 'context'
    | 'checksum'
    | 'start'
    | 'persist'
    | 'persistFilesUpTo'
    | 'wakeLock'
    | 'warnBeforeLeaving']?: never
}

export type FileAnswerFieldProps = CommonProps &
  ((Source & Rules & Value & Persisted & { readonly answer?: never }) | WithAnswer)
