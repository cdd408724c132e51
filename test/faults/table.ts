/** The table that the suite prints at its end. */
import type { Proxy } from './proxy.js'
import type { Report } from './report.js'
import type { Row } from './row.js'

export interface Line {
  readonly at: number
  readonly row: Row
  readonly name: string
  readonly last: Report | null
  readonly wire: Proxy
  readonly objects: number
  readonly verdict: string
  readonly ms: number
}

const titles = ['fault', 'sends', 'wire O/PUT/POST', 'calls to the backend', 'ended as', 'objects', 's', 'verdict']

export function tableOf(lines: readonly Line[]): string {
  const cells = [titles, ...[...lines].sort((a, b) => a.at - b.at).map(cellsOf)]
  const widths = titles.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)))
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cellsOf({ name, last, wire, objects, verdict, ms }: Line): string[] {
  const calls = Object.entries(last?.calls ?? {}).map(([action, times]) => `${action} ${times}`)
  const ends = new Map<string, number>()
  for (const { state, code, name: file } of last?.entries ?? []) {
    if (file === 'before.bin') continue
    const end = code === null ? state : `${state} ${code}`
    ends.set(end, (ends.get(end) ?? 0) + 1)
  }
  return [
    name,
    String(last?.sends ?? '?'),
    `${wire.count('OPTIONS')}/${wire.count('PUT')}/${wire.count('POST')}`,
    calls.join(', '),
    [...ends].map(([end, times]) => (times === 1 ? end : `${times} × ${end}`)).join(', '),
    String(objects),
    (ms / 1000).toFixed(1),
    verdict,
  ]
}
