/** What was found, for people and for programs. */
import type { Row } from './check.js'

const marks = { works: '✓', fails: '✗', warning: '!', 'left out': '–' } as const

const indented = (text: string, by: string): string => text.replace(/^/gm, by)

/** Counts, by state. */
export function countsOf(rows: readonly Row[]) {
  const count = (state: Row['state']) => rows.filter((row) => row.state === state).length
  return { works: count('works'), fails: count('fails'), warnings: count('warning'), leftOut: count('left out') }
}

function remediesOf(rows: readonly Row[]): string[] {
  const shown = new Map<string, string[]>()
  for (const row of rows) {
    if (row.state !== 'fails' && row.state !== 'warning') continue
    const { text, document } = row.remedy
    const whole = document === undefined ? text : `${text}\n${JSON.stringify(document, null, 2)}`
    // One document often mends several things: it is shown once, with all that it mends.
    shown.set(whole, [...(shown.get(whole) ?? []), `${marks[row.state]} ${row.name}`])
  }
  return [...shown].map(([whole, names]) => `${names.join('\n')}\n${indented(whole, '    ')}`)
}

/** A table, what mends what doesn't work, and a last line that counts. */
export function tableOf(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length), 0)
  const table = rows.map(({ name, state, found }) => `${marks[state]} ${name.padEnd(width)}  ${found}`)
  const remedies = remediesOf(rows)
  const { works, fails, warnings, leftOut } = countsOf(rows)
  return [
    ...table,
    '',
    ...(remedies.length === 0 ? [] : ['What mends it:', '', remedies.join('\n\n'), '']),
    `${works} work, ${fails} fail, ${warnings} warnings, ${leftOut} left out.`,
  ].join('\n')
}

/** The same as JSON. */
export const jsonOf = (rows: readonly Row[]): string => JSON.stringify({ ...countsOf(rows), rows }, null, 2)

/** The process's exit status: 1 where something that must work does not. */
export const exitStatusOf = (rows: readonly Row[]): number => (countsOf(rows).fails > 0 ? 1 : 0)
