/** Measures uploads by a bare page, by our field and by a peer, interleaved in one Chromium against one shaped sink. */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { launch, measure } from './lib/browser.mjs'
import { readOptions, usage } from './lib/options.mjs'
import { outcomeOf, table, verdictsOn } from './lib/report.mjs'
import { startSink } from './lib/sink.mjs'
import { isMultipart, warmUp } from './lib/workloads.mjs'

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))

/** More repetitions for a workload whose goal looks missed after a quick look. */
const extraRounds = 3

const options = readOptions(process.argv.slice(2))
if (options.help) {
  console.log(usage)
  process.exit(0)
}

// A profile is for reading: its functions keep their names.
await build({ configFile: here('vite.config.ts'), build: { minify: options.profile === undefined } })
const sink = await startSink(here('dist'))
const browser = await launch()
try {
  process.exitCode = await main()
} finally {
  await browser.close()
  sink.stop()
}

async function main() {
  for (const contender of options.contenders) {
    if (contender.sends !== 'parts') await runOnce(contender, warmUp)
  }
  const outcomes = []
  for (const workload of options.workloads) {
    const outcome = await measureAll(workload)
    outcomes.push(outcome)
    console.log(`\n${table(outcome)}`)
  }
  if (options.json !== undefined) {
    await writeFile(options.json, `${JSON.stringify({ at: new Date().toISOString(), outcomes }, null, 2)}\n`)
  }
  const verdicts = outcomes.flatMap(verdictsOn)
  console.log(['', ...verdicts.map(({ line }) => line)].join('\n'))
  return verdicts.every(({ met }) => met) ? 0 : 1
}

/** @param {import('./lib/workloads.mjs').Workload} workload @returns {Promise<import('./lib/report.mjs').Outcome>} */
async function measureAll(workload) {
  const unfit = isMultipart(workload) ? 'single' : 'parts'
  const taking = options.contenders.filter(({ sends }) => sends !== unfit)
  /** @type {import('./lib/report.mjs').Run[]} */
  const runs = []
  const dropped = options.quick ? 0 : 1
  let rounds = dropped + options.repetitions
  for (let round = 0; round < rounds; round += 1) {
    // Each begins a round in turn, so that none always follows the same one.
    const first = round % taking.length
    for (const contender of [...taking.slice(first), ...taking.slice(0, first)]) {
      const run = await runOnce(contender, workload, round === rounds - 1 ? options.profile : undefined)
      if (round >= dropped) runs.push(run)
    }
    process.stderr.write('.')
    // Two runs on a busy machine say little: before a goal is called missed it gets more, once.
    const isEnd = round === options.repetitions - 1
    if (options.quick && isEnd && verdictsOn(outcomeOf(workload, taking, runs)).some(({ met }) => !met)) {
      rounds += extraRounds
    }
  }
  return outcomeOf(workload, taking, runs)
}

/**
 * @param {import('./lib/contenders.mjs').Contender} contender
 * @param {import('./lib/workloads.mjs').Workload} workload
 * @param {string} [profile]
 */
async function runOnce(contender, workload, profile) {
  await sink.begin(workload)
  const measured = await measure(browser, sink.origin, contender, workload, profile)
  const report = await sink.report()
  if (report.problems.length > 0) {
    throw new Error(`${contender.name}, ${workload.title}: ${report.problems.slice(0, 5).join('; ')}`)
  }
  return { contender: contender.name, ...measured, ...report }
}
