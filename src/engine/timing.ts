/** Every time and limit of the engine, with its reason. Tests shrink them; nothing else in the engine is a bare number. */

export interface Timing {
  /** First step of the backoff of a transient failure, ms. Browsers are not data centres, so not the SDK's 50. @default 500 */
  readonly retryBase: number
  /** First step when throttled (429, 503), ms. @default 1000 */
  readonly throttledBase: number
  /** No delay is longer, ms. @default 20000 */
  readonly retryCap: number
  /** Tries for a PUT, a form POST or a part: with 20 % of requests failing, 8 store 1,000 files in 99.7 % of runs. @default 8 */
  readonly sendTries: number
  /** Tries for a grant and for `complete`. @default 5 */
  readonly callTries: number
  /** A part whose line broke is tried again by the same URL, after the first step of the backoff, so often before either changes. @default 3 */
  readonly quickTries: number
  /** Fresh grants for a file whose grant storage refused. @default 1 */
  readonly renewals: number
  /** Retry-After is obeyed up to this, ms; the rest is waited for as retries. @default 60000 */
  readonly retryAfterCap: number
  /** A call to the backend is given up after this, ms. @default 30000 */
  readonly callTimeout: number
  /** A request with upload events is given up after so long without one, ms. @default 20000 */
  readonly stall: number
  /** Wait for storage's answer after the last byte: this and one second a megabyte, doubled at each further try, ms. @default 60000 */
  readonly answerWait: number
  /** A request without upload events: this and the size at 1 kB/s, at most `longest`, ms. @default 20000 */
  readonly quietBase: number
  /** The longest limit of a request without upload events, ms. @default 1800000 */
  readonly longest: number
  /** A grant with less left than this, or a fifth of its life, is renewed before use, ms. @default 60000 */
  readonly renewBefore: number
  /** A grant that comes with less life than this is not used, ms. @default 5000 */
  readonly leastLife: number
  /** So many files that fail alike with no success between put the queue to rest. @default 6 */
  readonly restAfter: number
  /** So many calls to the backend in a row that reach nobody do so too, whatever the browser says of the network. @default 2 */
  readonly awayAfter: number
  /** Probes of a network that seems away come at least this often, ms. @default 5000 */
  readonly awayProbeCap: number
  /** Through the first of its absence, ms, probes come at least every `retryBase`, or a quarter of it where backend and storage are away at once: most cuts are short. @default 10000 */
  readonly awayFresh: number
  /** What retries may cost before the queue rests: an outage costs 35 of them, a fifth of requests failing none. @default 500 */
  readonly retryTokens: number
  /** Cost of a retry; it comes back with its success. A success at once gives 1. @default 14 */
  readonly retryCost: number
  /** Cost of a retry that was asked for (429, 503). @default 5 */
  readonly throttledCost: number
  /** A resting queue gives up after this, ms. @default 600000 */
  readonly restLongest: number
  /** Work goes on up to half its absence after the network is back, and up to this, at random, so that a crowd doesn't return at once, ms. @default 2000 */
  readonly backOnlineJitter: number
  /** Files' bytes on their way at once, to each origin: twelve small requests keep six connections busy without waiting for the page. @default 12 */
  readonly sending: number
  /** Connections to one origin, counted double so that a small request costs half of one. @default 12 */
  readonly connectionBudget: number
  /** Requests up to this many bytes are small. @default 262144 */
  readonly smallBytes: number
  /** Grants are asked for when fewer than this are ahead; more, up to `aheadMost`, where the backend is slow and storage fast. @default 24 */
  readonly aheadLeast: number
  /** Grants are asked for up to this many ahead, or to twice what is needed. @default 150 */
  readonly aheadMost: number
  /** No more grants ahead than for this many bytes, so that no URL grows old in the queue. @default 268435456 */
  readonly aheadBytes: number
  /** `validate` and `prepare` of so many files at once. @default 2 */
  readonly preparing: number
  /** `validate`, `prepare` and the reading of a file for its checksum are given up after this, ms. @default 60000 */
  readonly prepareTimeout: number
  /** The plan is looked at again at most this often, ms. @default 8 */
  readonly reconcile: number
  /** Rows are told of changes this often, by a timer: animation frames stop in a hidden tab, ms. @default 50 */
  readonly notify: number
  /** A removal can be undone so long, ms. @default 8000 */
  readonly undo: number
  /** URLs of parts asked for in one call. @default 12 */
  readonly partBatch: number
  /** Unmounting discards unfinished entries after this; StrictMode's second mount comes earlier, ms. @default 1000 */
  readonly unmountGrace: number
  /** The draft is written no more often than this, ms; new files and ids at once. @default 200 */
  readonly draftWrite: number
  /** IndexedDB is waited for so long, ms; then there is no draft. @default 3000 */
  readonly draftWait: number
  /** The screen stays on so long between two files, ms. @default 2000 */
  readonly awakeLinger: number
  /** Where files may be readable only once (Android), one up to this is copied to memory and sent from there, bytes; 0: none. @default 52428800 */
  readonly copyMost: number
  /** Such copies together, bytes; what finds no room is sent from where it is. @default 104857600 */
  readonly copyTotal: number
}

export const defaultTiming: Timing = {
  retryBase: 500,
  throttledBase: 1_000,
  retryCap: 20_000,
  sendTries: 8,
  callTries: 5,
  quickTries: 3,
  renewals: 1,
  retryAfterCap: 60_000,
  callTimeout: 30_000,
  stall: 20_000,
  answerWait: 60_000,
  quietBase: 20_000,
  longest: 30 * 60_000,
  renewBefore: 60_000,
  leastLife: 5_000,
  restAfter: 6,
  awayAfter: 2,
  awayProbeCap: 5_000,
  awayFresh: 10_000,
  retryTokens: 500,
  retryCost: 14,
  throttledCost: 5,
  restLongest: 10 * 60_000,
  backOnlineJitter: 2_000,
  sending: 12,
  connectionBudget: 12,
  smallBytes: 256 * 1024,
  aheadLeast: 24,
  aheadMost: 150,
  aheadBytes: 256 * 1024 * 1024,
  preparing: 2,
  prepareTimeout: 60_000,
  reconcile: 8,
  notify: 50,
  undo: 8_000,
  partBatch: 12,
  unmountGrace: 1_000,
  draftWrite: 200,
  draftWait: 3_000,
  awakeLinger: 2_000,
  copyMost: 50 * 1024 * 1024,
  copyTotal: 100 * 1024 * 1024,
}
