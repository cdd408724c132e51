/** A command called wrongly: told with the way to help, and exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Whether an error is of the person at the terminal: ours, or one of `node:util`'s `parseArgs`. */
export const isUsageError = (thrown: unknown): thrown is Error =>
  thrown instanceof UsageError ||
  (thrown instanceof TypeError && String((thrown as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS'))
