/** From runs to figures, a table and verdicts. */

/**
 * @typedef {import('./browser.mjs').Measured & import('./sink.mjs').SinkReport & { contender: string }} Run
 * @typedef {object} Row
 * @property {import('./contenders.mjs').Contender} contender
 * @property {number} wall
 * @property {number} least
 * @property {number} most
 * @property {number} mainThread
 * @property {number} preflights
 * @property {number} calls
 * @typedef {{ workload: import('./workloads.mjs').Workload, rows: Row[], runs: Run[] }} Outcome
 * @typedef {{ met: boolean, line: string }} Verdict
 */

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length / 2
  return ((sorted[Math.floor(middle - 0.5)] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2
}

/** @param {import('./contenders.mjs').Contender} contender @param {readonly Run[]} runs @returns {Row} */
function rowOf(contender, runs) {
  const walls = runs.map(({ wall }) => wall)
  return {
    contender,
    wall: median(walls),
    least: Math.min(...walls),
    most: Math.max(...walls),
    mainThread: median(runs.map(({ mainThread }) => mainThread)),
    preflights: median(runs.map(({ preflights }) => preflights)),
    calls: median(runs.map(({ calls }) => calls)),
  }
}

/**
 * @param {import('./workloads.mjs').Workload} workload
 * @param {readonly import('./contenders.mjs').Contender[]} contenders
 * @param {Run[]} runs
 * @returns {Outcome}
 */
export function outcomeOf(workload, contenders, runs) {
  const rows = contenders.map((contender) =>
    rowOf(
      contender,
      runs.filter((run) => run.contender === contender.name),
    ),
  )
  return { workload, rows, runs }
}

/** The fastest of a role. @param {readonly Row[]} rows @param {import('./contenders.mjs').Contender['role']} role */
const best = (rows, role) =>
  rows.filter(({ contender }) => contender.role === role).toSorted((one, other) => one.wall - other.wall)[0]

/** @param {Outcome} outcome */
export function table({ workload, rows, runs }) {
  const bare = best(rows, 'bare')?.wall
  const ours = best(rows, 'ours')?.wall
  /** @param {number} value */
  const seconds = (value) => value.toFixed(2)
  /** @param {number | undefined} over @param {number | undefined} under */
  const ratio = (over, under) => (over === undefined || under === undefined ? '–' : (over / under).toFixed(2))
  const head = ['', 'wall s', 'min', 'max', 'main s', '÷ bare', '÷ ours', 'preflights', 'API calls']
  const body = rows.map((row) => [
    row.contender.name,
    seconds(row.wall),
    seconds(row.least),
    seconds(row.most),
    seconds(row.mainThread),
    ratio(row.wall, bare),
    ratio(row.wall, ours),
    String(row.preflights),
    String(row.calls),
  ])
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((line) => (line[column] ?? '').length)))
  const lines = [head, ...body].map((line) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
  )
  const repetitions = rows.length === 0 ? 0 : runs.length / rows.length
  return [`${workload.title}  (median of ${repetitions})`, ...lines.map((cells) => `  ${cells.join('  ')}`)].join('\n')
}

/** By workload: how many times the peer's time must be ours. */
const goals = {
  small: { atLeast: 1.5, tells: 'at least 1.5 × faster than better-upload' },
  // The line itself bounds it, so a tie is all there is to win.
  large: { atLeast: 1 / 1.05, tells: 'no slower than better-upload (5 % for noise)' },
}

/** @param {Outcome} outcome @returns {Verdict[]} */
export function verdictsOn({ workload, rows }) {
  const goal = goals[/** @type {keyof typeof goals} */ (workload.name)]
  const ours = best(rows, 'ours')
  const peer = best(rows, 'peer')
  if (goal === undefined || ours === undefined || peer === undefined) return []
  const ratio = peer.wall / ours.wall
  const met = ratio >= goal.atLeast
  const line = `${met ? 'met    ' : 'MISSED '} ${workload.title}: ${goal.tells}; ${peer.contender.name} ÷ ours = ${ratio.toFixed(2)}`
  return [{ met, line }]
}
