// A terminal whose output tests read, and whose person is not there.
import { run } from '../../src/cli/run.js'
import type { Terminal } from '../../src/cli/terminal.js'

export interface Ran {
  readonly status: number
  readonly printed: string
  readonly complained: string
}

/** Runs the command line. */
export async function runInTerminal(args: readonly string[], own: Partial<Terminal> = {}): Promise<Ran> {
  const printed: string[] = []
  const complained: string[] = []
  const status = await run(args, {
    env: {},
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
    isInteractive: false,
    ask: async () => '',
    signal: new AbortController().signal,
    ...own,
  })
  return { status, printed: printed.join('\n'), complained: complained.join('\n') }
}

/** The rows of a run with `--json`. */
export const rowsOf = ({
  printed,
  complained,
}: Ran): { name: string; state: string; found: string; remedy?: { text: string; document?: unknown } }[] => {
  if (printed === '') throw new Error(complained)
  return JSON.parse(printed).rows
}
