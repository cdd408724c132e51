/** What is uploaded, over what kind of line, by whom. */

/**
 * @typedef {object} Line
 * @property {number} rtt       ms from a request's last byte to its answer; a new connection costs as much again
 * @property {number | null} rate  bytes a second on each connection; null: no limit
 * @property {number} names     host names of the storage
 * @property {{ at: number, ms: number } | null} lost  at this share of all bytes the line is lost for so long
 *
 * @typedef {Line & {
 *   name: string, title: string, count: number, size: number,
 *   bare: string, contenders: readonly string[], quick: readonly string[]
 * }} Scenario
 *   `name`: for the command line and JSON; `count` files of `size` bytes; `bare`: the bare page that sends as our field
 *   does here; `quick`: who takes part in a quick look
 */

const kib = 1024
const mib = 1024 * kib
const plain = { rtt: 60, rate: null, names: 1, lost: null, bare: 'bare form POST' }

const ours = ['file-answer-field', 'its engine alone']
const single = ['bare form POST', 'bare PUT', ...ours, 'better-upload', 'react-uploady', 'Uppy', 'FilePond']
/** Peers that can send a form where the host signs one; their guides sign a PUT. */
const byForm = ['react-uploady, form POST', 'Uppy, form POST']
const inParts = ['bare parallel parts', ...ours, 'better-upload, 8 MiB parts', 'better-upload, 50 MiB parts']
const judgedSmall = ['bare form POST', 'bare PUT', 'file-answer-field', 'better-upload']

/** @type {readonly Scenario[]} */
export const scenarios = [
  {
    ...plain,
    name: 'many',
    title: '200 × 20 kB, RTT 60 ms',
    count: 200,
    size: 20_000,
    contenders: [...single, ...byForm],
    quick: judgedSmall,
  },
  {
    ...plain,
    name: 'tiny',
    title: '1,000 × 1 kB, no delay',
    count: 1_000,
    size: 1_000,
    rtt: 0,
    contenders: [...single, ...byForm],
    quick: judgedSmall,
  },
  {
    ...plain,
    name: 'medium',
    title: '60 × 4 MiB, 4 MiB/s a connection, RTT 60 ms',
    count: 60,
    size: 4 * mib,
    rate: 4 * mib,
    contenders: single,
    quick: [],
  },
  {
    ...plain,
    name: 'large',
    title: '1 × 192 MiB, 8 MiB/s a connection, RTT 60 ms',
    count: 1,
    size: 192 * mib,
    rate: 8 * mib,
    bare: 'bare parallel parts',
    contenders: [...inParts, 'react-uploady', 'Uppy', 'FilePond'],
    quick: ['bare parallel parts', 'file-answer-field', 'better-upload, 8 MiB parts'],
  },
  {
    ...plain,
    name: 'cut',
    title: '1 × 192 MiB, 8 MiB/s a connection, RTT 60 ms, the line lost at 60 % for 2 s',
    count: 1,
    size: 192 * mib,
    rate: 8 * mib,
    bare: 'bare parallel parts',
    lost: { at: 0.6, ms: 2_000 },
    contenders: [...inParts, 'react-uploady', 'Uppy', 'FilePond'],
    quick: [],
  },
  {
    ...plain,
    name: 'names',
    title: '200 × 20 kB, RTT 60 ms, the storage under two host names',
    count: 200,
    size: 20_000,
    names: 2,
    contenders: ['bare form POST', 'bare form POST, two names', ...ours],
    quick: [],
  },
]

/** Starts every process, connection and code path once, before anything is measured. @type {Scenario} */
export const warmUp = {
  ...plain,
  name: 'warm-up',
  title: 'warm-up',
  count: 12,
  size: 1_000,
  rtt: 0,
  contenders: [],
  quick: [],
}
