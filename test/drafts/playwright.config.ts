import { defineConfig } from '@playwright/test'
import { chromiumLaunch } from '../../scripts/chromium.mjs'

/** Drafts in a real browser: reloads, tabs, and the browser killed. The page and its server are of this folder. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.e2e.ts',
  globalSetup: './globalSetup.ts',
  outputDir: '../../test-results',
  workers: 1,
  timeout: 60_000,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: '../../.cache/kill.json' }]],
  use: { locale: 'en-US', launchOptions: chromiumLaunch },
})
