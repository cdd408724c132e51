import type { LaunchOptions } from 'playwright'

/** How tests start Chromium: the system's where there is one, quiet, and as root too. */
export const chromiumLaunch: LaunchOptions & { args: string[] }
