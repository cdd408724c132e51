/** Tables for people. */
import { bareOf, bestOf } from './outcome.mjs'

/** @param {number} value @param {number} digits */
const shown = (value, digits) => (Number.isNaN(value) ? '–' : value.toFixed(digits))

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} body */
function aligned(head, body) {
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((line) => (line[column] ?? '').length)))
  return [head, ...body].map((line) => {
    const cells = line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
    return `  ${cells.join('  ')}`.trimEnd()
  })
}

/** @typedef {import('./outcome.mjs').Outcome} Outcome @typedef {import('./outcome.mjs').Row} Row */

/** What a row shows, in order: head, digits, figure. @type {readonly [string, number, (row: Row, outcome: Outcome) => number][]} */
const columns = [
  ['runs', 0, ({ runs }) => runs],
  ['wall s', 2, ({ wall }) => wall.median],
  ['min', 2, ({ wall }) => wall.least],
  ['max', 2, ({ wall }) => wall.most],
  ['÷ bare', 2, (row, outcome) => row.wall.median / (bareOf(outcome, row)?.wall.median ?? Number.NaN)],
  ['÷ ours', 2, (row, outcome) => row.wall.median / (bestOf(outcome, 'ours')?.wall.median ?? Number.NaN)],
  ['main s', 2, ({ mainThread }) => mainThread.median],
  ['÷ bare', 2, (row, outcome) => row.mainThread.median / (bareOf(outcome, row)?.mainThread.median ?? Number.NaN)],
  ['cpu s', 2, ({ cpu }) => cpu.median],
  ['÷ bare', 2, (row, outcome) => row.cpu.median / (bareOf(outcome, row)?.cpu.median ?? Number.NaN)],
  ['frame ms', 0, ({ firstFrame }) => firstFrame.median],
  ['task ms', 0, ({ longestTask }) => longestTask.median],
  ['first ms', 0, ({ firstRequest }) => firstRequest.median],
  ['preflights', 0, ({ preflights }) => preflights],
  ['calls', 0, ({ calls }) => calls],
  ['MiB again', 0, ({ resent }) => resent],
]

/** @param {Outcome} outcome */
export function tableOf(outcome) {
  const { scenario, rows } = outcome
  const measured = rows.filter(({ failure }) => failure === null)
  const body = measured.map((row) => [
    row.contender.name,
    ...columns.map(([, digits, read]) => shown(read(row, outcome), digits)),
  ])
  return [
    scenario.title,
    ...aligned(['', ...columns.map(([head]) => head)], body),
    ...rows.flatMap(({ contender, failure }) => (failure === null ? [] : [`  ${contender.name} failed: ${failure}`])),
  ].join('\n')
}

/** @param {readonly import('./goals.mjs').Verdict[]} verdicts */
export function verdictTable(verdicts) {
  const body = verdicts.map(({ title, value, bound, isMet, unit }) => [
    title,
    `${shown(value, unit === 'ms' ? 0 : 2)}${unit}`,
    bound,
    Number.isNaN(value) ? 'not measured' : isMet ? 'met' : 'MISSED',
  ])
  return aligned(['Goal', 'measured', 'bound', ''], body).join('\n')
}
