/** `npx file-answer-field <command>`: finds the command and runs it. */
import type { Terminal } from './terminal.js'
import { plainly } from './plainly.js'
import { isUsageError } from './usage.js'

/** Resolves to the exit status: 0 all is well, 1 something is not, 2 called wrongly or nothing could be tried. */
export type Command = (args: readonly string[], terminal: Terminal) => Promise<number>

const help = `Usage: npx file-answer-field <command> [options]

  doctor               tries a bucket as browsers will and as an attacker would, and says what mends it
  conformance <url>    tells what is wrong with a backend of your own

  <command> --help     its options`

/** Loaded when asked for: \`conformance\` needs no AWS SDK. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  doctor: async () => (await import('./doctor/command.js')).doctor,
  conformance: async () => (await import('./conformance/command.js')).conformance,
}

/** Runs the command that the arguments name. Resolves to the exit status, and never rejects. */
export async function run([name, ...args]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.print(help)
    return name === undefined ? 2 : 0
  }
  try {
    if (!Object.hasOwn(commands, name)) {
      terminal.complain(`There is no command ${JSON.stringify(name)}.\n\n${help}`)
      return 2
    }
    return (await (await commands[name]?.())?.(args, terminal)) ?? 2
  } catch (thrown) {
    if (isUsageError(thrown)) terminal.complain(`${thrown.message}\nnpx file-answer-field ${name} --help`)
    else if ((thrown as { code?: unknown }).code === 'ERR_MODULE_NOT_FOUND')
      terminal.complain(
        'The AWS SDK is missing: npm install @aws-sdk/client-s3 @aws-sdk/s3-presigned-post @aws-sdk/s3-request-presigner',
      )
    else terminal.complain(`${name} could not go on: ${plainly(thrown)}.`)
    return 2
  }
}
