// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { browserDrafts } from '../../src/engine/browserDrafts.js'
import { browserPage } from '../../src/engine/browserPage.js'

test('what listens to the page lets go of it though a test has taken the DOM away', () => {
  const page = document
  const added = vi.spyOn(page, 'addEventListener')
  const removed = vi.spyOn(page, 'removeEventListener')
  const browser = browserPage().page
  const leave = [
    browser.onReturn(() => {}),
    browser.guardUnload(),
    browser.keepAwake(),
    browserDrafts.onHidden(() => {}),
  ]
  for (const name of ['window', 'document', 'addEventListener', 'removeEventListener']) vi.stubGlobal(name, undefined)
  for (const end of leave) end()
  vi.unstubAllGlobals()
  const types = (spy: typeof added) => spy.mock.calls.map(([type]) => type)
  expect(types(added)).toHaveLength(4)
  expect(types(removed)).toEqual(types(added))
})
