// multipart/form-data as a stream: part by part, content never held as a whole (RFC 7578, names as WHATWG browsers
// write them).
import { byteReader, UnexpectedBytes } from './byteReader.js'
import { StorageError } from './errors.js'

export interface FormPart {
  readonly name: string
  /** As sent, with whatever path an old browser put before it; absent for a field that is no file. */
  readonly filename?: string
  /** To be read before the next part is asked for; what is left of it is skipped. */
  readonly content: AsyncIterable<Buffer>
}

const maxLineBytes = 8 * 1024
const maxHeaders = 16

/** The boundary of a Content-Type; undefined when it is no multipart/form-data or has none. */
export function formBoundary(contentType: string | undefined): string | undefined {
  const match = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(
    contentType ?? '',
  )
  return match?.[1] ?? match?.[2]
}

/** The parts in their order. Throws MalformedPOSTRequest, also when the closing boundary never comes. */
export async function* readFormData(body: AsyncIterable<Uint8Array>, boundary: string): AsyncGenerator<FormPart, void> {
  // Only the first boundary may stand at the very beginning, without the line break that is part of all others.
  const reader = byteReader(prefixed('\r\n', body))
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  try {
    await skip(reader.until(delimiter))
    while (!(await atEnd())) {
      const { name, filename } = parseDisposition(await readHeaders())
      const content = reader.until(delimiter)
      yield { name, ...(filename !== undefined && { filename }), content: renamed(content) }
      await skip(content)
    }
  } catch (error) {
    throw named(error)
  }

  async function atEnd(): Promise<boolean> {
    const next = (await reader.bytes(2)).toString('latin1')
    if (next === '--') return true
    if (next !== '\r\n' && (next + (await reader.line(maxLineBytes))).trim() !== '')
      throw malformed('bytes after a boundary')
    return false
  }

  async function readHeaders(): Promise<string> {
    let disposition = ''
    for (let count = 0; ; count++) {
      const line = await reader.line(maxLineBytes)
      if (line === '') return disposition
      if (count === maxHeaders) throw malformed('too many headers in a part')
      const value = /^content-disposition:(.*)$/i.exec(line)?.[1]
      if (value !== undefined) disposition = Buffer.from(value, 'latin1').toString('utf8')
    }
  }
}

function parseDisposition(disposition: string): { name: string; filename: string | undefined } {
  const parameter = (name: string) => {
    const match = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^;\\s"]*))`, 'i').exec(disposition)
    return (match?.[1] ?? match?.[2])?.replace(/%(22|0D|0A)/gi, (escaped) => decodeURIComponent(escaped))
  }
  const name = parameter('name')
  if (!/^\s*form-data\b/i.test(disposition) || name === undefined) throw malformed('a part without a name')
  return { name, filename: parameter('filename') }
}

async function* prefixed(text: string, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(text, 'latin1')
  yield* body
}

async function skip(content: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of content);
}

async function* renamed(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  try {
    yield* content
  } catch (error) {
    throw named(error)
  }
}

const malformed = (what: string) =>
  new StorageError(
    'MalformedPOSTRequest',
    `The body of your POST request is not well-formed multipart/form-data: ${what}.`,
  )
const named = (error: unknown) => (error instanceof UnexpectedBytes ? malformed(error.message) : error)
