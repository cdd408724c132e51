/** The command line. */
import { parseArgs } from 'node:util'
import { contenderNamed, contenders } from './contenders.mjs'
import { scenarios } from './scenarios.mjs'

const names = (/** @type {readonly { name: string }[]} */ of) => of.map(({ name }) => name).join(', ')

export const usage = `node bench/run.mjs [options]
  --only NAMES         only these scenarios, with commas: ${names(scenarios)}
  --contenders NAMES   only these, with commas: ${names(contenders)}
                       (a name with a comma: its part before the comma takes all that begin so)
  --runs N             measured runs of each (5)
  --patience SECONDS   a peer whose run takes longer is not run again in that scenario (60)
  --check              exit status 1 if a goal is missed
  --quick              fewer runs of fewer, with wider bounds, and --check: for CI
  --json FILE          writes every run
  --profile DIR        writes a CPU profile of each page's last run, for Chromium's DevTools (slows the run)`

/** @param {string[]} args */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      contenders: { type: 'string' },
      runs: { type: 'string' },
      patience: { type: 'string', default: '60' },
      check: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const { help, quick, json, profile } = values
  const runs = Number(values.runs ?? (quick ? 2 : 5))
  if (!Number.isSafeInteger(runs) || runs < 1) throw new RangeError('--runs is a count from 1')
  const wanted = values.only?.split(',')
  const unknown = wanted?.find((name) => scenarios.every((scenario) => scenario.name !== name))
  if (unknown !== undefined) throw new RangeError(`There is no scenario '${unknown}'.`)
  const people = values.contenders?.split(',').map((name) => name.trim())

  /** Who takes part in a scenario. @param {import('./scenarios.mjs').Scenario} scenario */
  const takingPart = (scenario) =>
    (quick ? scenario.quick : scenario.contenders)
      .filter((name) => people === undefined || people.some((each) => name === each || name.startsWith(`${each},`)))
      .map(contenderNamed)

  return {
    help,
    quick,
    runs,
    json,
    profile,
    patience: Number(values.patience),
    check: values.check || quick,
    scenarios: scenarios
      .filter(({ name }) => wanted === undefined || wanted.includes(name))
      .map((scenario) => ({ scenario, contenders: takingPart(scenario) }))
      .filter((each) => each.contenders.length > 0),
  }
}
