/** `npx file-answer-field doctor`: tries a bucket as browsers will and as an attacker would, and says what mends it. */
import { parseArgs } from 'node:util'
import { lastingOf } from '../../server/lasting.js'
import type { StoreName } from '../../server/stores.js'
import { storeRecords } from '../../server/stores.js'
import { lifecycleRules } from '../../server/storeSetup.js'
import { runChecks, type Row } from '../check.js'
import { plainly } from '../plainly.js'
import { exitStatusOf, jsonOf, tableOf } from '../report.js'
import type { Command } from '../run.js'
import type { Terminal } from '../terminal.js'
import { UsageError } from '../usage.js'
import { plannedChanges } from './apply.js'
import { doctorChecks } from './checks.js'
import { type DoctorOptions, openPlace, type Place } from './place.js'

const help = `Usage: npx file-answer-field doctor --origin <https://your.page> [options]

Tries your bucket as browsers will and as an attacker would, and prints what works, what doesn't,
and what mends it. It writes only under a prefix of its own, and takes everything away again.

  --origin <origin>           of the page that has the field
  --bucket <name>             or S3_BUCKET
  --region <name>             or S3_REGION, AWS_REGION
  --endpoint <url>            or S3_ENDPOINT; AWS without one
  --public-endpoint <url>     or S3_PUBLIC_ENDPOINT: where browsers reach it, if elsewhere
  --prefix <prefix>           as in createUploads (default uploads/)
  --store <name>              ${Object.keys(storeRecords).join(', ')} (default: by the endpoint)
  --claim <copy|tag|none>     how you keep what is handed in, as claimBy of createUploads
                              (default none: you don't call claim, and no rule may delete files)
  --claimed-prefix <prefix>   with --claim copy, as in createUploads (default answers/)
  --drafts-prefix <prefix>    likewise (default drafts/)
  --virtual-hosted            https://bucket.host/ in place of https://host/bucket/
  --apply                     writes CORS, lifecycle and the Deny policy, after showing the difference
  --yes                       with --apply: without asking
  --only <text>               only rows whose name contains it
  --json                      the findings as JSON
  --help

Keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or what else the AWS SDK finds. Give the key
that your server signs with: what it may do is what is tried. --apply may need one that may do more.

Exit status: 0 nothing fails (there may be warnings), 1 something fails, 2 it could not be tried.`

const originOf = (text: string | undefined): string => {
  if (text !== undefined && URL.canParse(text) && new URL(text).origin === text.replace(/\/$/, ''))
    return new URL(text).origin
  throw new UsageError('Give the origin of your page: --origin https://forms.example.com.')
}

function optionsOf(
  values: Readonly<Record<string, string | boolean | undefined>>,
  env: Terminal['env'],
): DoctorOptions {
  const text = (name: string, ...variables: string[]): string | undefined => {
    const value = values[name]
    if (typeof value === 'string' && value !== '') return value
    return variables.map((variable) => env[variable]).find((found) => found !== undefined && found !== '')
  }
  const url = (name: string, variable: string) => {
    const given = text(name, variable)
    if (given === undefined || (/^https?:/.test(given) && URL.canParse(given))) return given
    throw new UsageError(`--${name} takes a URL, such as https://files.example.com.`)
  }
  const one = <Name extends string>(name: string, known: readonly Name[]): Name | undefined => {
    const given = text(name)
    const found = known.find((each) => each === given)
    if (given === undefined || found !== undefined) return found
    throw new UsageError(`--${name}: one of ${known.join(', ')}.`)
  }
  const bucket = text('bucket', 'S3_BUCKET')
  if (bucket === undefined) throw new UsageError('Give the bucket: --bucket or S3_BUCKET.')
  const endpoint = url('endpoint', 'S3_ENDPOINT')
  const region =
    text('region', 'S3_REGION', 'AWS_REGION', 'AWS_DEFAULT_REGION') ??
    (endpoint === undefined ? undefined : 'us-east-1')
  if (region === undefined) throw new UsageError('Give the region: --region or S3_REGION.')
  const prefix = typeof values.prefix === 'string' ? values.prefix : 'uploads/'
  const claimBy = one('claim', ['copy', 'tag', 'none']) ?? 'none'
  for (const name of ['claimed-prefix', 'drafts-prefix'])
    if (values[name] !== undefined && claimBy !== 'copy')
      throw new UsageError(`--${name} goes with --claim copy: else files stay where they were uploaded.`)
  const claimedPrefix = text('claimed-prefix') ?? 'answers/'
  const draftsPrefix = text('drafts-prefix') ?? 'drafts/'
  try {
    if (claimBy === 'copy') lastingOf(claimBy, prefix, draftsPrefix, claimedPrefix)
    lifecycleRules({ bucket, prefix, claimBy, claimedPrefix, draftsPrefix })
  } catch (thrown) {
    throw new UsageError(`The prefixes and --claim don't fit: ${thrown instanceof Error ? thrown.message : ''}`)
  }
  return {
    endpoint,
    publicEndpoint: url('public-endpoint', 'S3_PUBLIC_ENDPOINT'),
    region,
    bucket,
    prefix,
    origin: originOf(text('origin')),
    store: one('store', Object.keys(storeRecords) as StoreName[]),
    claimBy,
    claimedPrefix,
    draftsPrefix,
    forcePathStyle: values['virtual-hosted'] === true ? false : undefined,
  }
}

const isYes = (answer: string) => /^(y|yes)$/i.test(answer.trim())

/** Shows the difference, asks, writes. What could not be written becomes a row. */
async function apply(place: Place, terminal: Terminal, withoutAsking: boolean): Promise<Row[]> {
  const { changes, skipped } = await plannedChanges(place)
  for (const { title, why } of skipped) terminal.complain(`${title}: ${why}`)
  const rows: Row[] = []
  for (const { title, difference, write } of changes) {
    terminal.complain(`${title} of ${place.options.bucket}:\n${difference}\n`)
    if (!withoutAsking && !isYes(await terminal.ask(`Write it? [y/N] `))) {
      terminal.complain('It stays as it is.')
      continue
    }
    const name = `${title} could be written`
    try {
      await write()
      rows.push({ name, state: 'works', found: 'Written.' })
    } catch (thrown) {
      const remedy = {
        text: 'Use a key that may write it, or write it by the storage’s own console: docs/storages.md.',
      }
      rows.push({ name, state: 'fails', found: `${plainly(thrown)}.`, remedy })
    }
  }
  return rows
}

export const doctor: Command = async (args, terminal) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      origin: { type: 'string' },
      bucket: { type: 'string' },
      region: { type: 'string' },
      endpoint: { type: 'string' },
      'public-endpoint': { type: 'string' },
      prefix: { type: 'string' },
      store: { type: 'string' },
      claim: { type: 'string' },
      'claimed-prefix': { type: 'string' },
      'drafts-prefix': { type: 'string' },
      'virtual-hosted': { type: 'boolean' },
      apply: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    terminal.print(help)
    return 0
  }
  const options = optionsOf(values, terminal.env)
  if (values.apply && !values.yes && !terminal.isInteractive)
    throw new UsageError('--apply asks before it writes: add --yes where nobody can answer.')
  const chosen = doctorChecks.filter(({ name }) => name.includes(values.only))
  if (chosen.length === 0) throw new UsageError(`No row has ${JSON.stringify(values.only)} in its name.`)
  const place = await openPlace(options).catch((thrown: unknown) => {
    // The server's own words for an option that makes no sense; they hold no secret.
    throw thrown instanceof TypeError ? new UsageError(thrown.message) : thrown
  })
  const applied = values.apply ? await apply(place, terminal, values.yes) : []
  let rows: Row[] = []
  try {
    rows = [...applied, ...(await runChecks(chosen, place, terminal.signal))]
  } finally {
    const left = await place.cleanUp()
    if (left > 0) terminal.complain(`${left} objects could not be deleted; what is left begins with ${place.ownPrefix}`)
  }
  terminal.print(values.json ? jsonOf(rows) : tableOf(rows))
  return terminal.signal.aborted ? 2 : exitStatusOf(rows)
}
