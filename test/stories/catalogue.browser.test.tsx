/// <reference types="vite/client" />
/** Every picture of the catalogue once more: in the other language, scheme and width, and in forced colours. */
import { composeStories } from '@storybook/react-vite'
import axe from 'axe-core'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { cdp, page } from 'vitest/browser'
import preview from '../../.storybook/preview.js'

interface Picture {
  (): unknown
  run(): Promise<void>
  readonly storyName: string
  readonly tags?: readonly string[]
  readonly parameters?: { readonly a11y?: { readonly test?: string } }
}

const files: Record<string, { default: { title: string } }> = import.meta.glob('../../stories/*.stories.tsx', {
  eager: true,
})

const { runOnly } = preview.parameters?.a11y.options ?? {}

async function violations(options: axe.RunOptions): Promise<string[]> {
  const { violations } = await axe.run(document.body, { resultTypes: ['violations'], ...options })
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  )
}

/** Has the browser force its colours on the page, or not. */
const forceColours = (isForced: boolean) =>
  (cdp() as unknown as { send(method: string, params: object): Promise<unknown> }).send('Emulation.setEmulatedMedia', {
    features: isForced ? [{ name: 'forced-colors', value: 'active' }] : [],
  })

const pagesOnScreen = () => document.querySelectorAll<HTMLElement>('[data-scheme]')

afterEach(() => {
  document.body.replaceChildren()
})

// In English, light and wide, each story is run and looked at as a story.
describe.each([
  { look: 'in Korean, dark', globals: { locale: 'ko', scheme: 'dark' }, width: 800, isForced: false, other: 'light' },
  { look: 'at 320 px in forced colours', globals: { width: '320' }, width: 320, isForced: true, other: 'dark' },
])('$look', ({ globals, width, isForced, other }) => {
  beforeAll(() => page.viewport(width, 800))

  beforeEach(async () => {
    await forceColours(isForced)
    return () => forceColours(false)
  })

  for (const file of Object.values(files)) {
    const pictures = Object.values(
      composeStories(file, { ...preview, initialGlobals: { ...preview.initialGlobals, ...globals } }),
    ) as unknown as Picture[]
    const shown = pictures.filter(({ tags }) => tags?.includes('behaviour') !== true)
    describe.skipIf(shown.length === 0)(file.default.title, () => {
      for (const picture of shown) {
        test(picture.storyName, async () => {
          await picture.run()
          expect(matchMedia('(forced-colors: active)').matches).toBe(isForced)
          expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
          if (picture.parameters?.a11y?.test === 'off') return
          // Of colours that are forced axe reads what they were.
          const contrast = { 'color-contrast': { enabled: !isForced } }
          expect(await violations({ runOnly, rules: contrast })).toEqual([])
          // The other scheme changes colours alone.
          if (isForced) await forceColours(false)
          for (const each of pagesOnScreen()) each.dataset.scheme = other
          expect(await violations({ runOnly: ['color-contrast'] })).toEqual([])
        })
      }
    })
  }
})
