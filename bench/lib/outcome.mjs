/** From runs to figures: medians with the least and the most, and ratios of medians. */

/**
 * @typedef {import('./browser.mjs').Measured & import('./sink.mjs').SinkReport & { contender: string }} Run
 * @typedef {{ median: number, least: number, most: number }} Figure
 *
 * @typedef {object} Row
 * @property {import('./contenders.mjs').Contender} contender
 * @property {number} runs
 * @property {string | null} failure  why it stored nothing; its figures are not numbers then
 * @property {Figure} wall            s
 * @property {Figure} mainThread      s by the clock
 * @property {Figure} cpu             s of the thread
 * @property {Figure} firstFrame      ms
 * @property {Figure} longestTask     ms
 * @property {Figure} firstRequest    ms from the choice to storage's first request, without the round trips
 * @property {number} preflights
 * @property {number} calls
 * @property {number} resent          MiB
 *
 * @typedef {{ scenario: import('./scenarios.mjs').Scenario, rows: Row[], runs: Run[] }} Outcome
 */

/** @param {readonly number[]} values @returns {Figure} */
function figureOf(values) {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length / 2
  const at = (/** @type {number} */ place) => sorted[Math.floor(place)] ?? Number.NaN
  return { median: (at(middle - 0.5) + at(middle)) / 2, least: at(0), most: at(sorted.length - 1) }
}

/**
 * What the page itself took to reach storage: the grants' call and a handshake with storage are the line's.
 * @param {Run} run
 * @param {import('./scenarios.mjs').Scenario} scenario
 */
const firstRequestOf = ({ chosenAt, times }, { rtt }) =>
  times.storageSeen - chosenAt - (times.grantsGiven - times.grantsAsked) - rtt

/**
 * @param {import('./scenarios.mjs').Scenario} scenario
 * @param {readonly import('./contenders.mjs').Contender[]} contenders
 * @param {Run[]} runs
 * @param {ReadonlyMap<string, string>} failures  by contender
 * @returns {Outcome}
 */
export function outcomeOf(scenario, contenders, runs, failures) {
  const rows = contenders.map((contender) => {
    const own = runs.filter((run) => run.contender === contender.name)
    const failure = failures.get(contender.name) ?? null
    const figure = (/** @type {(run: Run) => number} */ read) => figureOf(failure === null ? own.map(read) : [])
    return {
      contender,
      runs: own.length,
      failure,
      wall: figure(({ wall }) => wall),
      mainThread: figure(({ mainThread }) => mainThread),
      cpu: figure(({ cpu }) => cpu),
      firstFrame: figure(({ firstFrame }) => firstFrame ?? Number.NaN),
      longestTask: figure(({ longestTask }) => longestTask),
      firstRequest: figure((run) => firstRequestOf(run, scenario)),
      preflights: figure(({ preflights }) => preflights).median,
      calls: figure(({ calls }) => calls).median,
      resent: figure(({ resent }) => resent / 1024 / 1024).median,
    }
  })
  return { scenario, rows, runs }
}

/** @param {Outcome} outcome @param {string} name */
export const rowNamed = ({ rows }, name) => rows.find(({ contender }) => contender.name === name)

/** The fastest of a role. @param {Outcome} outcome @param {import('./contenders.mjs').Contender['role']} role */
export const bestOf = ({ rows }, role) =>
  rows
    .filter(({ contender, failure }) => contender.role === role && failure === null)
    .toSorted((one, other) => one.wall.median - other.wall.median)[0]

/** The bare page that a row is compared with: that of its own transport, else the scenario's. @param {Outcome} outcome @param {Row} row */
export const bareOf = (outcome, { contender }) =>
  rowNamed(outcome, contender.bare ?? outcome.scenario.bare) ?? rowNamed(outcome, outcome.scenario.bare)
