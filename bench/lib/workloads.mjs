/** What is uploaded, and over what kind of line. */

/**
 * @typedef {object} Workload
 * @property {string} name      for the command line and JSON
 * @property {string} title
 * @property {number} count     files
 * @property {number} size      bytes of each
 * @property {number} rtt       ms from a request's last byte to its answer; a new connection costs as much again
 * @property {number | null} rate  bytes a second on each connection; null: no limit
 * @property {boolean} usual    runs unless others are asked for
 */

const kib = 1024
const mib = 1024 * kib

/** @type {readonly Workload[]} */
export const workloads = [
  { name: 'small', title: '200 × 20 kB, RTT 60 ms', count: 200, size: 20_000, rtt: 60, rate: null, usual: true },
  {
    name: 'large',
    title: '1 × 192 MiB, 8 MiB/s a connection, RTT 60 ms',
    count: 1,
    size: 192 * mib,
    rtt: 60,
    rate: 8 * mib,
    usual: true,
  },
  { name: 'tiny', title: '1,000 × 1 kB, no delay', count: 1_000, size: 1_000, rtt: 0, rate: null, usual: false },
  {
    name: 'medium',
    title: '60 × 4 MiB, 4 MiB/s a connection, RTT 60 ms',
    count: 60,
    size: 4 * mib,
    rtt: 60,
    rate: 4 * mib,
    usual: false,
  },
]

/** Starts every process, connection and code path once, before anything is measured. @type {Workload} */
export const warmUp = { name: 'warm-up', title: 'warm-up', count: 12, size: 1_000, rtt: 0, rate: null, usual: false }

/** Above this a file is sent in parts, as our server does by default. */
export const multipartThreshold = 32 * mib

/** @param {Workload} workload */
export const isMultipart = (workload) => workload.size > multipartThreshold
