// docs/security.md names, for each promise, the attack or the test that shows it.
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { onCalls } from './attacks/calls.js'
import { onGrants } from './attacks/grants.js'
import { onIds } from './attacks/ids.js'

const page = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8')
const rows = new Set<string>([...onCalls, ...onGrants, ...onIds].map(({ id }) => id))

test('every promise of the security page names rows and tests that exist', () => {
  const table = page.slice(page.indexOf('| | enforced by | shown by |')).split('\n\n', 1)[0] ?? ''
  const promises = table.split('\n').slice(2)
  expect(promises.length).toBeGreaterThan(15)
  for (const promise of promises) {
    const shown = promise.split(' | ').at(-1) ?? ''
    const named = [...shown.matchAll(/A\d+|test\/[\w/.]+/g)].map(([name]) => name)
    expect(named, promise).not.toEqual([])
    for (const name of named) {
      expect(name.startsWith('test/') ? existsSync(name) : rows.has(name), `${name}: ${promise}`).toBe(true)
    }
  }
})
