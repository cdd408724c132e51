import { defineConfig } from '@playwright/test'
import { chromiumLaunch } from './scripts/chromium.mjs'

/** End to end through the demo. `FAF_STORAGE=ceph` runs it on a real Ceph gateway, else on the stand-in. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '*.e2e.ts',
  // It brings its own storage, so once is enough.
  testIgnore: process.env.FAF_STORAGE === 'ceph' ? 'largeFile.e2e.ts' : [],
  globalSetup: './test/e2e/globalSetup.ts',
  fullyParallel: false,
  workers: 1,
  timeout: 60_000,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: `.cache/e2e-${process.env.FAF_STORAGE ?? 'stand-in'}.json` }]],
  use: {
    // Set by globalSetup, which runs before any worker reads this.
    ...(process.env.DEMO_URL === undefined ? {} : { baseURL: process.env.DEMO_URL }),
    locale: 'en-US',
    launchOptions: chromiumLaunch,
  },
})
