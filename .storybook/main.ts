import type { StorybookConfig } from '@storybook/react-vite'
import { mergeConfig } from 'vite'
import { sourceAliases } from '../scripts/sourceAliases.ts'
import { liveServer } from './live/plugin.ts'
import { typesOfTheField } from './propsOfTypes.ts'

const config: StorybookConfig = {
  framework: '@storybook/react-vite',
  stories: ['../stories/manual/*.mdx', '../stories/**/*.stories.tsx'],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y', '@storybook/addon-vitest'],
  core: { disableTelemetry: true },
  // The root's vite.config.ts builds the library; stories need only its aliases. What Storybook wrote before stays.
  viteFinal: (vite) =>
    mergeConfig(
      { ...vite, build: { emptyOutDir: false } },
      { plugins: [typesOfTheField(), liveServer()], resolve: { alias: sourceAliases } },
    ),
}

export default config
