/** What a command needs of the world around it: kept behind an interface, so that tests look at what was printed. */
import { createInterface } from 'node:readline/promises'

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  /** To standard output, with a line's end. */
  print(text: string): void
  /** To standard error, with a line's end. */
  complain(text: string): void
  /** Whether a person sits there to be asked. */
  readonly isInteractive: boolean
  ask(question: string): Promise<string>
  /** Aborted by Ctrl+C and SIGTERM: what was begun is cleaned up. */
  readonly signal: AbortSignal
}

/** The process's own. */
export function processTerminal(): Terminal {
  const stop = new AbortController()
  // Once: a second Ctrl+C ends the process at once.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())
  return {
    env: process.env,
    print: (text) => void process.stdout.write(`${text}\n`),
    complain: (text) => void process.stderr.write(`${text}\n`),
    isInteractive: process.stdin.isTTY === true,
    async ask(question) {
      const lines = createInterface({ input: process.stdin, output: process.stderr })
      try {
        return await lines.question(question, { signal: stop.signal })
      } finally {
        lines.close()
      }
    },
    signal: stop.signal,
  }
}
