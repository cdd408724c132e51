import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumLaunch } from './scripts/chromium.mjs'
import { sourceAliases } from './scripts/sourceAliases.ts'

const chromium = (name: string) => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({
    launchOptions: chromiumLaunch,
  }),
  instances: [{ browser: 'chromium' as const, name }],
})

/** Real waits end when what they wait for is seen; a busy machine must not end them before. */
const patience = { testTimeout: 30_000, hookTimeout: 30_000, expect: { poll: { timeout: 15_000 } } }

/** The library: one module for each source file, `"use client"` where a module says so, everything of others external. */
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    minify: false,
    target: 'es2022',
    lib: {
      formats: ['es'],
      entry: {
        index: 'src/index.ts',
        engine: 'src/engine.ts',
        accept: 'src/accept.ts',
        server: 'src/server.ts',
        'server/node': 'src/server/node.ts',
        'server/browser': 'src/server/browser.ts',
        'cli/bin': 'src/cli/bin.ts',
        'server/nodeBrowser': 'src/server/nodeBrowser.ts',
        testing: 'src/testing.ts',
        'testing/storage/index': 'src/testing/storage/index.ts',
        'locales/en': 'src/locales/en.ts',
        'locales/ko': 'src/locales/ko.ts',
        'locales/ja': 'src/locales/ja.ts',
        'locales/zh-Hans': 'src/locales/zh-Hans.ts',
        'locales/es': 'src/locales/es.ts',
        'locales/fr': 'src/locales/fr.ts',
        'locales/de': 'src/locales/de.ts',
      },
    },
    rollupOptions: {
      external: (id) => !id.startsWith('.') && !id.startsWith('/') && !id.startsWith('\0'),
      output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: '[name].js' },
    },
  },
  test: {
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: ['test/{protocol,answer,engine,server,testing,model,locales}/**/*.test.ts'],
          ...patience,
        },
        resolve: { alias: sourceAliases },
      },
      {
        // On the wire and on the wall clock: too long for `npm run check`.
        test: { name: 'http', environment: 'node', include: ['test/{http,cli,demo}/**/*.test.ts'], ...patience },
        resolve: { alias: sourceAliases },
      },
      {
        test: {
          name: 'jsdom',
          environment: 'jsdom',
          include: ['test/field/**/*.test.tsx', 'test/readme/**/*.test.tsx'],
          exclude: ['**/*.browser.test.tsx'],
          setupFiles: ['test/field/setup.ts'],
          ...patience,
        },
        resolve: { alias: sourceAliases },
      },
      {
        test: {
          name: 'storage',
          environment: 'node',
          include: ['test/contract/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 120_000,
        },
        resolve: { alias: sourceAliases },
      },
      {
        test: {
          name: 'faults',
          environment: 'node',
          include: ['test/faults/**/*.test.ts'],
          maxConcurrency: 6,
        },
        resolve: { alias: sourceAliases },
      },
      {
        test: {
          name: 'webkit',
          environment: 'node',
          include: ['test/webkit/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
        resolve: { alias: sourceAliases },
      },
      {
        test: { name: 'browser', include: ['test/**/*.browser.test.tsx'], browser: chromium('browser-chromium') },
        resolve: { alias: sourceAliases },
        optimizeDeps: {
          include: [
            'react',
            'react-dom',
            'react-dom/client',
            'react/jsx-dev-runtime',
            'zustand/vanilla',
            'idb-keyval',
            'axe-core',
            '@testing-library/react',
            '@testing-library/user-event',
            '@storybook/react-vite',
            'storybook/test',
          ],
        },
      },
      {
        plugins: [storybookTest({ configDir: '.storybook' })],
        test: { name: 'stories', browser: chromium('stories-chromium') },
        resolve: { alias: sourceAliases },
        // The recipes' libraries: found late, they would reload the page under a running story.
        optimizeDeps: {
          include: [
            'react-hook-form',
            'formik',
            '@tanstack/react-form',
            '@conform-to/react',
            '@conform-to/valibot',
            '@rjsf/core',
            '@rjsf/validator-ajv8',
            'survey-core',
            'survey-react-ui',
            'valibot',
            'react-dom/server.browser',
          ],
        },
      },
    ],
  },
})
