import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('bundlers for Workers and edges find the server before the refusal that browsers get', () => {
  const { exports } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const conditions = Object.keys(exports['./server'])
  expect(exports['./server'].browser).toBe('./dist/server/browser.js')
  for (const edge of ['workerd', 'edge-light']) {
    expect(exports['./server'][edge]).toBe(exports['./server'].default)
    expect(conditions.indexOf(edge)).toBeLessThan(conditions.indexOf('browser'))
  }
})
