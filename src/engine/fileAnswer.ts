/**
 * The headless field as its users see it: one answer with its engine, and everything a user interface does with it. Lives
 * as long as its owner wants; the React field makes one inside, or takes one from outside that outlives it.
 */
import type { Rules } from '../answer/admission.js'
import type { Answer } from '../answer/answer.js'
import type { ServerRules } from '../protocol/actions.js'
import type { Failure } from '../protocol/failure.js'
import type { FileInFolder } from './chosenFile.js'
import type { Connections } from './connections.js'
import type { Diagnostics } from './diagnostics.js'
import type { Clock, Environment } from './environment.js'
import type { News } from './news.js'
import type { FileAnswerSettings } from './source.js'
import type { Timing } from './timing.js'
import type { FileAnswerEvent } from './trace.js'
import type { FileAnswerListeners } from './valueExchange.js'

export type FileAnswerOptions = FileAnswerSettings & {
  /** Ids of files stored earlier. */
  readonly defaultValue?: readonly string[] | undefined
  /** The value the answer is controlled with from the start; see `setValue`. */
  readonly value?: readonly string[] | undefined
  /** When files go: at once, with the form's submit, or by `start()`. An unstarted file is pending. @default 'now' */
  readonly start?: 'now' | 'submit' | 'manual' | undefined
  /**
   * The draft's name in IndexedDB: after a reload or a crash the answer comes back, and unfinished uploads go on. Off by
   * default; forgotten by `reset()`, by an emptied answer, by `forgetDraft(name)` and after 7 days. Name the person too
   * where several use one browser. Needs https (Web Locks); where it can't be had, the answer works without.
   */
  readonly persist?: string | undefined
  /**
   * Files up to so many bytes are kept with the draft, all together up to four times that; of larger ones a person is
   * asked to choose them again. @default 52428800 (50 MiB)
   */
  readonly persistFilesUpTo?: number | undefined
  /** Times and limits; see {@link Timing}. */
  readonly timing?: Partial<Timing> | undefined
  /** `fetch`: all bytes go by `fetch`, without upload events. @default 'auto' */
  readonly send?: 'auto' | 'fetch' | undefined
  /** Told of what the engine does, as it does it; for logs. Never with a URL, a name or an id. */
  readonly onEvent?: ((event: FileAnswerEvent) => void) | undefined
  /** Replaces clock, chance and network in tests. */
  readonly environment?: Environment | undefined
  /** Replaces the page's connection budget. */
  readonly connections?: Connections | undefined
}

export interface FileAnswer {
  /** The clock of its times, such as an entry's `retryAt`. */
  readonly clock: Clock
  readonly isDisposed: boolean
  /** Whether the network is there. */
  isOnline(): boolean
  /** What all files wait for while the queue rests (told as `News`); null while it doesn't. */
  restsFor(): Failure | null
  /**
   * What happened lately and how things stand, for a bug report: plain JSON without names, ids, URLs or contents.
   * Files are told by the reference that their rows show.
   */
  diagnostics(): Diagnostics
  /** The newest rules, source and question. */
  readonly settings: FileAnswerSettings & Pick<FileAnswerOptions, 'start' | 'defaultValue'>
  /** Another tab works on the draft; this one shows it, and goes on when that is closed. */
  readonly isElsewhere: boolean
  /** A field is mounted on it: listens to the network, and asks for what is not known of stored files. */
  connect(): void
  /** The answer now; a new object after each change. */
  getAnswer(): Answer
  /** What it judges files by, for hint, counter and chooser: the host's rules, narrowed by what the server said. */
  getRules(): Rules
  /** The server's rules; null until it has told them. */
  getServerRules(): ServerRules | null
  /** A person comes to the field: the server's rules are asked for, once, in the background. */
  askRules(): void
  /** The ids that count: the host's value while the field is controlled, else those of the stored files. */
  getIds(): readonly string[]
  /** Told after changes of the answer, in batches of about 50 ms (more rarely the more files there are, to 250 ms); after an action of a person at once, or at the turn's end. */
  subscribe(listener: () => void): () => void
  /** Told when this entry changed or its bytes moved. */
  subscribeEntry(key: string, listener: () => void): () => void
  /** Bytes sent of an entry; null while unknown. */
  sentBytes(key: string): number | null
  /** What happened to files, as it happens. */
  subscribeNews(listener: (news: News) => void): () => void
  /** Adds files; each is judged by the rules, and refused ones are shown with their reason. */
  add(files: Iterable<File | FileInFolder>): void
  /**
   * Puts a file in the place of an entry: a stored one leaves once its successor is stored (and can be brought back by
   * `undo`), any other at once. A file that may not enter replaces nothing.
   */
  replace(key: string, file: File): void
  /** Takes away all rows of files that may not enter. */
  dismissRejected(): void
  /** Takes an entry out, at once; it can be undone for 8 s. A rejected one is dismissed for good. */
  remove(key: string): void
  /** Takes every entry out, at once; one `undo` puts all back. Rejected ones are dismissed for good. */
  removeAll(): void
  /** Shows files that may not enter, with the reason: what the page knows and the rules can't (a folder). */
  refuse(files: Iterable<File>, failure: Failure): void
  /** Starts what waits for it. */
  start(): void
  /**
   * Puts a removed entry back, and with it all that were removed by the same `removeAll()`: as many as `maxFiles` has
   * room for; the rest once there is more.
   */
  undo(key: string): void
  /** Keeps removals from ending while a person is at the undo button. */
  holdUndo(held: boolean): void
  /** Moves an entry to a position in the list, from 0. */
  move(key: string, to: number): void
  /**
   * Keeps what the person says of a file (JSON): it goes with the file into `files` of `onChange` and into the draft.
   * Undefined: nothing any more; what the host gave holds again.
   */
  annotate(key: string, meta: unknown): void
  /**
   * Bytes of an entry for a picture of it; null where there are none, or where reading would keep them from being sent
   * (Android's pickers give files that can be read once).
   */
  bytesOf(key: string): Promise<Blob | null>
  retry(key: string): void
  retryAll(): void
  /**
   * Stops a file where it is: its request ends at once, its stored parts stay. It is pending until it is resumed, by
   * `resume` or by whoever starts all (`start()`, `settled()`). Means nothing once all bytes have left.
   */
  pause(key: string): void
  resume(key: string): void
  /** Pauses all that are in the list now; files added later begin at once. */
  pauseAll(): void
  resumeAll(): void
  /** Takes out every file that is not stored yet and has not failed, for good: their requests end at once, without undo. */
  cancelAll(): void
  /** Makes the answer these ids (none by default): nothing stored is discarded, unfinished uploads end. */
  reset(ids?: readonly string[]): void
  /** The host's committed value; null: uncontrolled. */
  setValue(value: readonly string[] | null): void
  /** Resolves with the ids once nothing is pending; rejects with `FilesNotStored`, or with the signal's reason. */
  settled(options?: { signal?: AbortSignal }): Promise<string[]>
  /** A download link of a stored file that works now, or null. */
  linkOf(id: string): Promise<string | null>
  /** The newest settings; what runs goes on. */
  configure(settings: FileAnswerSettings): void
  /** The newest callbacks; what changed while there were none is told soon. Gives back the end of these. */
  listen(listeners: FileAnswerListeners): () => void
  /** The field is gone: disposes of the answer after a grace, which StrictMode's second mount calls off by what is given back. */
  leave(): () => void
  /** Ends all work; unfinished entries are discarded, stored ones are the host's. */
  dispose(): void
}
