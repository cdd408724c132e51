/** What happened to files, for those who tell people: the announcer, a host's log. Never a URL. */
import type { Entry, LocalEntry } from '../answer/entry.js'
import type { Failure } from '../protocol/failure.js'

export type News =
  | { readonly type: 'added'; readonly entries: readonly LocalEntry[]; readonly rejected: readonly LocalEntry[] }
  /** Checked later (the host's `validate`, or the server) and refused. */
  | { readonly type: 'rejected'; readonly entry: LocalEntry; readonly failure: Failure }
  | { readonly type: 'stored'; readonly entry: LocalEntry }
  | { readonly type: 'failed'; readonly entry: LocalEntry; readonly failure: Failure }
  | { readonly type: 'retried'; readonly entry: LocalEntry }
  | { readonly type: 'paused'; readonly entries: readonly LocalEntry[] }
  | { readonly type: 'resumed'; readonly entries: readonly LocalEntry[] }
  /** `cancelled`: its upload had begun. */
  | { readonly type: 'removed'; readonly entry: Entry; readonly cancelled: boolean }
  /** Every file, at once. */
  | { readonly type: 'removed-many'; readonly entries: readonly Entry[] }
  /** Of those, as many as there is room for. */
  | { readonly type: 'undone-many'; readonly entries: readonly Entry[] }
  /** All that was pending left for good. */
  | { readonly type: 'cancelled'; readonly entries: readonly Entry[] }
  | { readonly type: 'replaced'; readonly entry: Entry; readonly by: LocalEntry }
  | { readonly type: 'undone'; readonly entry: Entry }
  | { readonly type: 'denied'; readonly failure: Failure }
  /** All wait for what failed; one probe at a time goes on. */
  | { readonly type: 'resting'; readonly failure: Failure }
  | { readonly type: 'going-on' }
  | { readonly type: 'offline' }
  | { readonly type: 'online' }
