/// <reference types="vite/client" />
/** Every picture of the catalogue, in both languages and both schemes, without a violation that axe can find. */
import { composeStories } from '@storybook/react-vite'
import axe from 'axe-core'
import { afterEach, describe, expect, test } from 'vitest'
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

afterEach(() => {
  document.body.replaceChildren()
})

describe.each(['en', 'ko'])('in %s', (locale) => {
  for (const file of Object.values(files)) {
    const pictures = Object.values(
      composeStories(file, { ...preview, initialGlobals: { ...preview.initialGlobals, locale } }),
    ) as unknown as Picture[]
    const shown = pictures.filter(({ tags }) => tags?.includes('behaviour') !== true)
    describe.skipIf(shown.length === 0)(file.default.title, () => {
      for (const picture of shown) {
        test(picture.storyName, async () => {
          await picture.run()
          if (picture.parameters?.a11y?.test === 'off') return
          expect(await violations({ runOnly })).toEqual([])
          // The other scheme changes colours alone.
          for (const page of document.querySelectorAll<HTMLElement>('[data-scheme]')) page.dataset.scheme = 'dark'
          expect(await violations({ runOnly: ['color-contrast'] })).toEqual([])
        })
      }
    })
  }
})
