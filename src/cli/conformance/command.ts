/** `npx file-answer-field conformance <url>`: tells an implementer what is wrong with their backend. */
import { parseArgs } from 'node:util'
import { runChecks } from '../check.js'
import { exitStatusOf, jsonOf, tableOf } from '../report.js'
import type { Command } from '../run.js'
import { UsageError } from '../usage.js'
import { type Backend, callerOf } from './backend.js'
import { conformanceChecks } from './checks.js'
import { samplesFor } from './sample.js'

const MiB = 1024 * 1024

const help = `Usage: npx file-answer-field conformance <url> [options]

Calls your backend as the field would, sends files to your storage as a browser would, and tells
what is not as docs/protocol.md says. What it stored is discarded in the end.

  --field <name>         the question, as the field would name it
  --context <name=value> a member of the context; may be repeated
  --header <name: value> a header of each call, such as a session's cookie; may be repeated.
                         A call without them must be refused
  --file <path>          a small file that the question accepts (by default one is made up from \`rules\`)
  --large <bytes>        the size of the file that should be sent in parts (default ${33 * MiB})
  --eicar                sends the EICAR test file, which your scanner must refuse as \`unsafe\`
  --only <text>          only rows whose name contains it
  --json                 the findings as JSON
  --help

Exit status: 0 nothing fails (there may be warnings), 1 something fails, 2 it could not be tried.`

/** Splits "name: value" or "name=value". @throws UsageError */
function pairsOf(option: string, texts: readonly string[], separator: string): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf(separator)
      if (at < 1) throw new UsageError(`${option} takes name${separator}value.`)
      return [text.slice(0, at).trim(), text.slice(at + 1).trim()]
    }),
  )
}

export const conformance: Command = async (args, terminal) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      field: { type: 'string' },
      context: { type: 'string', multiple: true, default: [] },
      header: { type: 'string', multiple: true, default: [] },
      file: { type: 'string' },
      large: { type: 'string', default: String(33 * MiB) },
      eicar: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    terminal.print(help)
    return 0
  }
  const [url] = positionals
  if (positionals.length !== 1 || url === undefined || !/^https?:/.test(url) || !URL.canParse(url))
    throw new UsageError('Give the URL of your backend, such as http://localhost:3000/api/uploads.')
  const size = Number(values.large)
  if (!Number.isSafeInteger(size) || size < 1 || size > 2048 * MiB)
    throw new UsageError('--large takes bytes, at most 2 GiB.')
  const headers = pairsOf('--header', values.header, ':')
  const context = values.context.length === 0 ? undefined : pairsOf('--context', values.context, '=')

  const call = callerOf({ url, field: values.field, context, headers }, terminal.signal)
  const samples = await samplesFor(call, { file: values.file, large: size })
  const backend: Backend = {
    ...samples,
    call,
    hasOwnHeaders: Object.keys(headers).length > 0,
    sendsEicar: values.eicar,
    begun: new Set(),
  }
  try {
    const chosen = conformanceChecks.filter(({ name }) => name.includes(values.only))
    if (chosen.length === 0) throw new UsageError(`No row has ${JSON.stringify(values.only)} in its name.`)
    const rows = await runChecks(chosen, backend, terminal.signal)
    terminal.print(values.json ? jsonOf(rows) : tableOf(rows))
    return terminal.signal.aborted ? 2 : exitStatusOf(rows)
  } finally {
    await tidyUp(backend, callerOf({ url, field: values.field, context, headers }, new AbortController().signal))
  }
}

/** What was stored is discarded, a hundred ids a call, by a call that Ctrl+C doesn't end; a backend without `discard` keeps it. */
async function tidyUp({ begun }: Backend, call: Backend['call']): Promise<void> {
  const ids = [...begun]
  for (let at = 0; at < ids.length; at += 100) {
    try {
      await call({ action: 'discard', ids: ids.slice(at, at + 100) })
    } catch {
      return
    }
  }
}
