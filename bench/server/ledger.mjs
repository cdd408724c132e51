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

/** @param {{ count: number, size: number }} workload */
export function createLedger(workload) {
  /** @type {Map<string, Granted>} */
  const granted = new Map()
  /** @type {Arrival[]} */
  const arrivals = []
  /** @type {string[]} */
  const completed = []
  const counts = { preflights: 0, calls: 0, storageRequests: 0 }

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
    const parts = partSize === null ? [null] : Array.from({ length: Math.ceil(size / partSize) }, (_, part) => part + 1)
    const problems = parts.flatMap((partNumber) => {
      const of = partNumber === null ? name : `${name} part ${partNumber}`
      const same = own.filter((arrival) => arrival.partNumber === partNumber)
      const [first] = same
      if (first === undefined || same.length > 1) return [`${of} arrived ${same.length} times`]
      const range = rangeOf(file, partNumber)
      if (first.size !== range.size) return [`${of} has ${first.size} bytes instead of ${range.size}`]
      return first.crc === crc32(bytesOf(indexOf(name), range.start, range.size)) ? [] : [`${of} has other bytes`]
    })
    if (own.length > parts.length) problems.push(`${name} has ${own.length} arrivals for ${parts.length} parts`)
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
    /** @param {Arrival} arrival */
    arrived: (arrival) => void arrivals.push(arrival),
    /** @param {string} id */
    completed: (id) => void completed.push(id),
    report() {
      const files = [...granted.values()]
      const names = new Set(files.map(({ name }) => name))
      const problems = files.flatMap(problemsOf)
      if (files.length !== workload.count || names.size !== workload.count) {
        problems.push(`${files.length} grants for ${names.size} names of ${workload.count} files`)
      }
      if (files.some(({ size }) => size !== workload.size)) problems.push('a grant has another size')
      if (arrivals.some(({ id }) => !granted.has(id))) problems.push('something arrived that was never granted')
      return { ...counts, problems }
    },
  }
}
