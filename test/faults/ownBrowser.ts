/** A browser that one row has to itself: its whole process group can be stopped, and pages that were left are kept. */
import { chromium } from 'playwright'
import { chromiumLaunch } from '../../scripts/chromium.mjs'

export async function startOwnBrowser() {
  const server = await chromium.launchServer({
    ...chromiumLaunch,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  const browser = await chromium.connect(server.wsEndpoint())
  const context = await browser.newContext()
  return {
    context,
    group: server.process().pid ?? null,
    leave: async () => {
      await browser.close()
      await server.close()
    },
  }
}
