/** Reads a form POST as it comes: the fields before the file, and the file's bytes without keeping them. */

const headEnd = Buffer.from('\r\n\r\n')
const fileMark = Buffer.from('name="file"')

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {(bytes: Buffer) => void} onFileBytes
 */
export function formBody({ headers }, onFileBytes) {
  const boundary = /boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1] ?? ''
  let head = Buffer.alloc(0)
  /** Bytes of the file still to come; null while in the fields. @type {number | null} */
  let left = null

  /** @param {Buffer} chunk */
  function take(chunk) {
    if (left !== null) return file(chunk)
    head = Buffer.concat([head, chunk])
    const mark = head.indexOf(fileMark)
    const end = mark < 0 ? -1 : head.indexOf(headEnd, mark)
    if (end < 0) return
    const rest = head.subarray(end + headEnd.length)
    head = head.subarray(0, end)
    const trailer = `\r\n--${boundary}--\r\n`.length
    left = Number(headers['content-length']) - head.length - headEnd.length - trailer
    file(rest)
  }

  /** @param {Buffer} chunk */
  function file(chunk) {
    const bytes = chunk.subarray(0, left ?? 0)
    left = (left ?? 0) - bytes.length
    if (bytes.length > 0) onFileBytes(bytes)
  }

  return {
    take,
    /** @param {string} name */
    field: (name) => new RegExp(`name="${name}"\\r\\n\\r\\n([^\\r]*)\\r\\n`).exec(head.toString('latin1'))?.[1] ?? null,
  }
}
