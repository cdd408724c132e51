/** Measures uploads by bare pages, by our field and by its peers, interleaved in one Chromium against one shaped sink. */
import { chromiumLaunch } from '../scripts/chromium.mjs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { launch, measure } from './lib/browser.mjs'
import { contenders } from './lib/contenders.mjs'
import { verdictsOn } from './lib/goals.mjs'
import { readOptions, usage } from './lib/options.mjs'
import { outcomeOf } from './lib/outcome.mjs'
import { tableOf, verdictTable } from './lib/report.mjs'
import { warmUp } from './lib/scenarios.mjs'
import { startSink } from './lib/sink.mjs'

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))

/** More runs for a scenario whose goal looks missed after a quick look. */
const extraRounds = 2

const options = readOptions(process.argv.slice(2))
if (options.help) {
  console.log(usage)
  process.exit(0)
}

// A profile is for reading: its functions keep their names.
await build({ configFile: here('vite.config.ts'), build: { minify: options.profile === undefined } })
const sink = await startSink(here('dist'))
const browser = await launch(chromiumLaunch)
try {
  process.exitCode = await main()
} finally {
  await browser.close()
  sink.stop()
}

async function main() {
  // Everyone once with a few small files, those too who take no part: their pages are known to work.
  for (const contender of contenders) {
    if (!/parts/.test(contender.variant + contender.bare)) await runOnce(contender, warmUp)
  }
  const outcomes = []
  for (const { scenario, contenders: takingPart } of options.scenarios) {
    const outcome = await measureAll(scenario, takingPart)
    outcomes.push(outcome)
    console.log(`\n${tableOf(outcome)}`)
  }
  if (options.json !== undefined) {
    await writeFile(options.json, `${JSON.stringify({ at: new Date().toISOString(), outcomes }, null, 2)}\n`)
  }
  const verdicts = outcomes.flatMap((outcome) => verdictsOn(outcome, options))
  console.log(`\n${verdictTable(verdicts)}`)
  return options.check && verdicts.some(({ isMet }) => !isMet) ? 1 : 0
}

/**
 * @param {import('./lib/scenarios.mjs').Scenario} scenario
 * @param {readonly import('./lib/contenders.mjs').Contender[]} takingPart
 */
async function measureAll(scenario, takingPart) {
  /** @type {import('./lib/outcome.mjs').Run[]} */
  const runs = []
  /** @type {Map<string, string>} */
  const failures = new Map()
  /** Peers that are too slow to be run again. @type {Set<string>} */
  const slow = new Set()
  let rounds = options.runs
  for (let round = 0; round < rounds; round += 1) {
    // Each begins a round in turn, so that none always follows the same one.
    const first = round % takingPart.length
    for (const contender of [...takingPart.slice(first), ...takingPart.slice(0, first)]) {
      if (failures.has(contender.name) || slow.has(contender.name)) continue
      try {
        const run = await runOnce(contender, scenario, round === rounds - 1 ? options.profile : undefined)
        runs.push(run)
        if (contender.role === 'peer' && run.wall > options.patience) slow.add(contender.name)
      } catch (thrown) {
        // A peer that can't is part of the outcome, and not asked again.
        if (contender.role !== 'peer') throw thrown
        failures.set(contender.name, reasonOf(thrown))
      }
    }
    process.stderr.write('.')
    // Two runs on a busy machine say little: before a goal is called missed it gets more, once.
    const isEnd = round === options.runs - 1
    const sofar = outcomeOf(scenario, takingPart, runs, failures)
    if (options.quick && isEnd && verdictsOn(sofar, options).some(({ isMet }) => !isMet)) rounds += extraRounds
  }
  return outcomeOf(scenario, takingPart, runs, failures)
}

/** The page's own words, without Playwright's around them. @param {unknown} thrown */
function reasonOf(thrown) {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return message.replace(/^page\.evaluate: Error: |\n[^]*$/g, '')
}

/**
 * @param {import('./lib/contenders.mjs').Contender} contender
 * @param {import('./lib/scenarios.mjs').Scenario} scenario
 * @param {string} [profile]
 */
async function runOnce(contender, scenario, profile) {
  // A bare page can't begin again: where the line is lost, its own stays whole, to compare with.
  await sink.begin(contender.role === 'bare' ? { ...scenario, lost: null } : scenario)
  const measured = await measure(browser, sink.origin, contender, scenario, profile)
  const report = await sink.report()
  if (report.problems.length > 0) {
    throw new Error(`${contender.name}, ${scenario.title}: ${report.problems.slice(0, 5).join('; ')}`)
  }
  return { contender: contender.name, ...measured, ...report }
}
