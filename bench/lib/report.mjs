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

/** @param {import('./outcome.mjs').Outcome} outcome */
export function tableOf(outcome) {
  const ours = bestOf(outcome, 'ours')?.wall.median ?? Number.NaN
  const head = [
    ...['', 'wall s', 'min', 'max', '÷ bare', '÷ ours', 'main s', '÷ bare', 'frame ms', 'task ms', 'first ms'],
    ...['preflights', 'calls', 'MiB again'],
  ]
  const body = outcome.rows.map((row) => {
    if (row.failure !== null) return [row.contender.name, `failed: ${row.failure}`.slice(0, 60)]
    const { wall, mainThread, firstFrame, longestTask, firstRequest } = row
    const bare = bareOf(outcome, row)
    return [
      row.contender.name,
      ...[wall.median, wall.least, wall.most, wall.median / (bare?.wall.median ?? Number.NaN), wall.median / ours],
      ...[mainThread.median, mainThread.median / (bare?.mainThread.median ?? Number.NaN)],
      ...[firstFrame.median, longestTask.median, firstRequest.median, row.preflights, row.calls, row.resent],
    ].map((cell, column) => (typeof cell === 'string' ? cell : shown(cell, column < 8 ? 2 : 0)))
  })
  const failed = body.filter(({ length }) => length === 2)
  const measured = body.filter(({ length }) => length > 2)
  const runs = Math.max(0, ...outcome.rows.map((row) => row.runs))
  return [
    `${outcome.scenario.title}  (medians of ${runs})`,
    ...aligned(head, measured),
    ...failed.map(([name, why]) => `  ${name} ${why}`),
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
