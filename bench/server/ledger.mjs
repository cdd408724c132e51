/** What was granted and what arrived in one run, and whether that is every byte of every file exactly once. */
import { crc32 } from 'node:zlib'
import { bytesOf, indexOf } from '../lib/content.mjs'

/**
 * @typedef {object} Granted
 * @property {string} id         also the object's key
 * @property {string} name
 * @property {number} size
 * @property {number | null} partSize  null: sent in one request
 */

/** @typedef {{ id: string, partNumber: number | null, size: number, crc: number }} Arrival */

/**
 * @param {Pick<import('../lib/scenarios.mjs').Scenario, 'count' | 'size' | 'lost'>} scenario
 * @param {(ms: number) => void} lose  loses the line
 */
export function createLedger(scenario, lose) {
  /** @type {Map<string, Granted>} */
  const granted = new Map()
  /** @type {Arrival[]} */
  const arrivals = []
  /** @type {string[]} */
  const completed = []
  const counts = { preflights: 0, calls: 0, storageRequests: 0 }
  const total = scenario.count * scenario.size
  let bytes = 0
  let wasLost = false
  /** Times by the machine's clock, which the page reads too, in ms. */
  const times = { grantsAsked: 0, grantsGiven: 0, storageSeen: 0 }
  const note = (/** @type {keyof typeof times} */ name) => {
    if (times[name] === 0) times[name] = Date.now()
  }

  /** Bytes a part or a whole file ought to have. @param {Granted} file @param {number | null} partNumber */
  function rangeOf({ size, partSize }, partNumber) {
    if (partSize === null || partNumber === null) return { start: 0, size }
    const start = (partNumber - 1) * partSize
    return { start, size: Math.min(partSize, size - start) }
  }

  /** @param {Granted} file @returns {string[]} */
  function problemsOf(file) {
    const { id, name, size, partSize } = file
    const own = arrivals.filter((arrival) => arrival.id === id)
    /** @type {(number | null)[]} */
    const parts = partSize === null ? [null] : Array.from({ length: Math.ceil(size / partSize) }, (_, part) => part + 1)
    const problems = parts.flatMap((partNumber) => {
      const of = partNumber === null ? name : `${name} part ${partNumber}`
      const same = own.filter((arrival) => arrival.partNumber === partNumber)
      const [first] = same
      // With the line a part's answer may be lost: then it is rightly sent again.
      if (first === undefined || (same.length > 1 && !wasLost)) return [`${of} arrived ${same.length} times`]
      const range = rangeOf(file, partNumber)
      if (same.some((arrival) => arrival.size !== range.size)) return [`${of} has not ${range.size} bytes`]
      const crc = crc32(bytesOf(indexOf(name), range.start, range.size))
      return same.every((arrival) => arrival.crc === crc) ? [] : [`${of} has other bytes`]
    })
    if (own.some(({ partNumber }) => !parts.includes(partNumber))) problems.push(`${name} has a part too many`)
    const completions = completed.filter((each) => each === id).length
    if (partSize !== null && completions !== 1) problems.push(`${name} was completed ${completions} times`)
    return problems
  }

  return {
    counts,
    /** @param {Granted} file */
    grant: (file) => void granted.set(file.id, file),
    /** @param {string} id */
    grantOf: (id) => granted.get(id),
    grantsAsked: () => note('grantsAsked'),
    grantsGiven: () => note('grantsGiven'),
    storageSeen: () => note('storageSeen'),
    /** Bytes of files that came in, in requests that may yet fail. @param {number} count */
    received(count) {
      bytes += count
      const { lost } = scenario
      if (lost === null || wasLost || bytes < lost.at * total) return
      wasLost = true
      lose(lost.ms)
    },
    /** @param {Arrival} arrival */
    arrived: (arrival) => void arrivals.push(arrival),
    /** A storage's own list. @param {string} id */
    partsOf: (id) =>
      arrivals
        .filter((arrival) => arrival.id === id)
        .map(({ partNumber, size, crc }) => ({ partNumber, size, etag: `"${crc.toString(16)}"` })),
    /** @param {string} id */
    completed: (id) => void completed.push(id),
    report() {
      const files = [...granted.values()]
      const names = new Set(files.map(({ name }) => name))
      const problems = files.flatMap(problemsOf)
      if (files.length !== scenario.count || names.size !== scenario.count) {
        problems.push(`${files.length} grants for ${names.size} names of ${scenario.count} files`)
      }
      if (files.some(({ size }) => size !== scenario.size)) problems.push('a grant has another size')
      if (arrivals.some(({ id }) => !granted.has(id))) problems.push('something arrived that was never granted')
      return { ...counts, times, resent: bytes - total, problems }
    },
  }
}
