import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'
import { chromiumLaunch } from '../../scripts/chromium.mjs'

const report = process.env.FAF_REPORT ?? 'acceptance'

/** What a respondent may expect of the field, as a list of numbered checks; the keyboard and the main path in Firefox too. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.e2e.ts',
  globalSetup: './globalSetup.ts',
  outputDir: `../../test-results/${report}`,
  fullyParallel: true,
  workers: 2,
  timeout: 30_000,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: `../../.cache/${report}.json` }]],
  use: { locale: 'en-US', viewport: { width: 900, height: 900 } },
  projects: [
    { name: 'chromium', use: { launchOptions: chromiumLaunch } },
    ...(existsSync('/usr/bin/firefox-esr')
      ? [
          {
            name: 'firefox',
            grep: /@everywhere/,
            // Debian's Firefox is spoken to by WebDriver BiDi, which knows no emulated colour scheme.
            use: {
              browserName: 'firefox' as const,
              channel: 'moz-firefox',
              colorScheme: null,
              launchOptions: { executablePath: '/usr/bin/firefox-esr' },
            },
          },
        ]
      : []),
  ],
})
