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

test('in a browser the Node adapter refuses with the reason, as the server does', async () => {
  const { exports } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(exports['./server/node'].browser).toBe('./dist/server/nodeBrowser.js')
  await expect(import('../../src/server/nodeBrowser.js')).rejects.toThrow(/import it on the server only/)
})
