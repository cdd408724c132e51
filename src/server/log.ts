/** What a host's log is told of a call. URLs, secrets and tokens stay out of it: only what is listed here goes in. */
import { Refusal } from './refusal.js'

export interface LogEntry {
  readonly action: string | null
  /** HTTP status of the answer. */
  readonly status: number
  readonly durationMs: number
  /** The code of a refused call. */
  readonly code?: string
  readonly subject?: string
  readonly field?: string
  /** Files, ids or parts in the call. */
  readonly members?: number
  /** What went wrong inside, with the storage's own code; only for statuses from 500. */
  readonly error?: {
    readonly name: string
    readonly message: string
    readonly status?: number
    readonly requestId?: string
  }
}

/** Cuts the query, where signatures live, off every URL in a text. */
export const withoutQueries = (text: string): string => text.replace(/(https?:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/gi, '$1')

/** The parts of an error that may be logged. */
export function loggedError(thrown: unknown): NonNullable<LogEntry['error']> {
  const error = thrown instanceof Refusal && thrown.cause !== undefined ? thrown.cause : thrown
  if (!(error instanceof Error)) return { name: 'Thrown', message: withoutQueries(String(error)) }
  const { httpStatusCode, requestId } =
    (error as { $metadata?: { httpStatusCode?: number; requestId?: string } }).$metadata ?? {}
  return {
    name: error.name,
    message: withoutQueries(error.message),
    ...(httpStatusCode === undefined ? {} : { status: httpStatusCode }),
    ...(requestId === undefined ? {} : { requestId }),
  }
}
