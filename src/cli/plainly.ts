/** An error in words that are safe to print: never its message, which may hold a signed URL, a key or a token. */

/** The error's code or name, and the status it came with. */
export function plainly(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'an unknown error'
  const { code, $metadata, cause } = thrown as {
    code?: unknown
    $metadata?: { httpStatusCode?: number }
    cause?: unknown
  }
  const status = $metadata?.httpStatusCode
  if (typeof code === 'string' && code !== '') return code
  if (thrown.name === 'TypeError' && cause instanceof Error) return plainly(cause)
  return status === undefined ? thrown.name : `${thrown.name} (${status})`
}
