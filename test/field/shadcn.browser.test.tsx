/** The theme for shadcn, before and after the field's own styles. */
import styles from 'file-answer-field/styles.css?inline'
import theme from 'file-answer-field/theme-shadcn.css?inline'
import { expect, onTestFinished, test } from 'vitest'

/** A root of the field below these sheets and the host's variables. */
function rootBelow(...sheets: readonly string[]): CSSStyleDeclaration {
  const host = document.body.appendChild(document.createElement('div'))
  onTestFinished(() => host.remove())
  const page = host.attachShadow({ mode: 'open' })
  page.innerHTML = '<main style="--primary: rgb(1 2 3); --radius: 10px"><div data-faf-root></div></main>'
  for (const sheet of sheets) page.append(Object.assign(document.createElement('style'), { textContent: sheet }))
  return getComputedStyle(page.querySelector('[data-faf-root]') as Element)
}

test.each([
  ['after the styles', [styles, theme]],
  ['before the styles', [theme, styles]],
])('the theme for shadcn counts %s', (_, sheets) => {
  const root = rootBelow(...sheets)
  expect(root.getPropertyValue('--faf-accent')).toBe('rgb(1 2 3)')
  expect(root.getPropertyValue('--faf-radius')).toBe('calc(10px - 2px)')
})

test('a rule of the host’s own wins over the theme', () => {
  const root = rootBelow(styles, theme, 'div { --faf-accent: red }')
  expect(root.getPropertyValue('--faf-accent')).toBe('red')
})
