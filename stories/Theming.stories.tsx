/// <reference types="vite/client" />
import type { Meta, StoryObj } from '@storybook/react-vite'
import theme from 'file-answer-field/theme-shadcn.css?inline'
import { expect } from 'storybook/test'
import { type Args, backendOf, component, fileOf, MB, renderField, visitor } from './scene.js'
import './theming.css'

/** A host's own look: custom properties, attributes, rules that win, a theme. */
const meta: Meta<Args> = {
  title: 'Theming',
  component,
  args: { label: 'Documents', name: 'documents', maxFiles: 5 },
  loaders: [
    backendOf((backend) => {
      backend.hold('send', 'interview.mov')
      backend.progress('interview.mov', 0.605)
      backend.fail('send', 'storage-rejected', { name: 'letter.pdf' })
    }),
  ],
  render: renderField,
}
export default meta
type Story = StoryObj<Args>
type Context = Parameters<NonNullable<Story['play']>>[0]

/** A stored file, one on its way, one that failed; and a look at any part. */
async function withFiles(context: Context) {
  const I = visitor(context)
  await I.choose(fileOf('application.pdf', 2.4 * MB), fileOf('interview.mov', 84 * MB), fileOf('letter.pdf'))
  await I.button('Try again letter.pdf', '다시 시도 letter.pdf')
  await I.seesBar('interview.mov', '60')
  return (part: string) => getComputedStyle(I.group().querySelector(`[data-part=${part}]`) ?? I.group())
}

export const CustomProperties: Story = {
  args: { className: 'brand' },
  play: async (context) => {
    const styleOf = await withFiles(context)
    await expect(styleOf('item').borderRadius).toBe('2px')
    await expect(styleOf('trigger').fontFamily).toContain('Georgia')
    await expect(styleOf('root').getPropertyValue('--faf-accent')).toContain('#7a1fa2')
  },
}

export const OwnRules: Story = {
  name: 'Rules of the host win, by attribute and by class',
  args: { className: 'own-rules', classNames: { trigger: 'pill', action: 'pill' } },
  play: async (context) => {
    const styleOf = await withFiles(context)
    await expect(styleOf('item').borderInlineStartWidth).toBe('6px')
    await expect(styleOf('trigger').borderRadius).toBe('99px')
  },
}

const shadcn = (dark: '' | 'dark'): Story => ({
  render: (args, context) => (
    <div className={`shadcn ${dark}`}>
      {/* A host imports it; here it must leave with its story. */}
      <style>{theme}</style>
      {renderField(args, context)}
    </div>
  ),
  play: async (context) => {
    const styleOf = await withFiles(context)
    const root = styleOf('root')
    // The theme's own values reach the field.
    await expect(root.getPropertyValue('--faf-accent')).toBe(dark ? 'oklch(0.922 0 0)' : 'oklch(0.205 0 0)')
    await expect(styleOf('item').borderRadius).toBe('8px')
  },
})
export const Shadcn: Story = { name: 'A shadcn theme', ...shadcn('') }
export const ShadcnDark: Story = { name: 'A shadcn theme, dark', ...shadcn('dark') }
