// The command line as a whole: what names no command is told, and what a row prints never holds a secret.
import { expect, test } from 'vitest'
import { runChecks, Wrong } from '../../src/cli/check.js'
import { plainly } from '../../src/cli/plainly.js'
import { exitStatusOf, tableOf } from '../../src/cli/report.js'
import { runInTerminal } from './terminal.js'

test('help names the commands', async () => {
  const { status, printed } = await runInTerminal(['--help'])
  expect(status).toBe(0)
  expect(printed).toMatch(/doctor[\s\S]*conformance/)
})

test.each(['doctor', 'conformance'])('%s --help says its options and exit statuses', async (command) => {
  const { status, printed } = await runInTerminal([command, '--help'])
  expect(status).toBe(0)
  expect(printed).toContain('--json')
  expect(printed).toContain('Exit status')
})

test.each([[[]], [['dokter']], [['toString']]])('%j is no command', async (args) => {
  const { status, printed, complained } = await runInTerminal(args)
  expect(status).toBe(2)
  expect(`${printed}${complained}`).toContain('Usage:')
})

const signal = new AbortController().signal
const check = (name: string, level: 'must' | 'should', run: () => Promise<string>) => ({
  name,
  level,
  run,
  remedy: () => ({ text: 'Mend it.', document: { of: 'the check' } }),
})

test('what must be and is not fails; what should be and is not warns, and fails nothing', async () => {
  const wrong = () => Promise.reject(new Wrong('It is not.'))
  const rows = await runChecks([check('a', 'must', wrong), check('b', 'should', wrong)], null, signal)
  expect(rows.map(({ state }) => state)).toEqual(['fails', 'warning'])
  expect([exitStatusOf(rows), exitStatusOf(rows.slice(1))]).toEqual([1, 0])
})

test('one document that mends two rows is shown once', async () => {
  const wrong = () => Promise.reject(new Wrong('It is not.'))
  const table = tableOf(await runChecks([check('a', 'must', wrong), check('b', 'must', wrong)], null, signal))
  expect(table.split('"of": "the check"')).toHaveLength(2)
})

test('an error that a check did not expect is told by its name or code, never by its message', async () => {
  const url = 'https://bucket.example/key?X-Amz-Signature=secret'
  const cut = new TypeError(`fetch failed: ${url}`, { cause: Object.assign(new Error(url), { code: 'ECONNRESET' }) })
  const [row] = await runChecks([check('a', 'must', () => Promise.reject(cut))], null, signal)
  expect(row).toMatchObject({ state: 'fails', found: 'It could not be tried: ECONNRESET.' })
  expect(plainly(Object.assign(new Error(url), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }))).toBe(
    'AccessDenied (403)',
  )
})
