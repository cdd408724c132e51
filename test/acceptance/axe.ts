/** axe-core on the page as it stands, with the rules of WCAG 2.2 AA and its best practices. */
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import { expect, type Field } from './field.js'

const source = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

const options: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
}

/** Fails with what axe finds. axe waits by timers, so the page's clock moves while it runs. */
export async function expectNoViolations(field: Field, what: string): Promise<void> {
  if (!(await field.page.evaluate(() => 'axe' in window))) await field.page.addScriptTag({ path: source })
  let isDone = false
  const running = field.page.evaluate(async (run) => {
    const { axe } = window as unknown as { axe: { run(context: Document, o: RunOptions): Promise<AxeResults> } }
    const { violations } = await axe.run(document, run)
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
  }, options)
  const end = () => {
    isDone = true
  }
  running.then(end, end)
  while (!isDone) await field.pass(20)
  expect(await running, what).toEqual([])
}
