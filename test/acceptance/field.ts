/** The field on its page, with a person before it who sees, hears and presses; time stands still until it passes. */
import { type CDPSession, expect, type Locator, type Page, test as base } from '@playwright/test'
import type { FileToAdd, Heard, Scene } from './page/scene.js'

export const KB = 1024
export const MB = 1024 * 1024

/** A node as assistive technology is told of it, as Chromium computed it. */
export interface Told {
  readonly role: string
  readonly name: string
  readonly description: string
  readonly is: Readonly<Record<string, unknown>>
}

const fileOf = (file: string | FileToAdd): FileToAdd => (typeof file === 'string' ? { name: file } : file)

interface Value {
  readonly value?: unknown
}
const toldOf = (node: {
  readonly role?: Value
  readonly name?: Value
  readonly description?: Value
  readonly properties?: readonly { readonly name: string; readonly value: Value }[]
}): Told => ({
  role: String(node.role?.value ?? ''),
  name: String(node.name?.value ?? ''),
  description: String(node.description?.value ?? ''),
  is: Object.fromEntries((node.properties ?? []).map(({ name, value }) => [name, value.value])),
})

export class Field {
  readonly root: Locator
  readonly trigger: Locator
  readonly rows: Locator
  readonly status: Locator

  constructor(readonly page: Page) {
    this.root = page.locator('[data-faf-root]').first()
    this.trigger = this.root.locator('[data-part=trigger]')
    this.rows = this.root.locator('[data-part=item]')
    this.status = this.root.locator('[data-part=announcer]')
  }

  /** Opens the page. `realTime`: its clock runs. */
  async open(scene: Scene = {}, { realTime = false } = {}): Promise<void> {
    if (!realTime) await this.page.clock.install({ time: 0 })
    await this.page.goto(process.env.ACCEPTANCE_URL ?? '')
    if (!realTime) await this.page.clock.pauseAt(60_000)
    await this.show(scene, { realTime })
  }

  /** Shows another field on the same page, where nothing was said yet. */
  async show(scene: Scene = {}, { realTime = false } = {}): Promise<void> {
    await this.page.evaluate((shown) => window.stage.show(shown), scene)
    await this.root.waitFor()
    if (!realTime) await this.pass(200)
    await this.forget()
  }

  /** Time passes, and everything that comes of it is rendered. */
  async pass(ms: number): Promise<void> {
    await this.page.clock.runFor(ms)
  }

  /** Files are chosen; `pass`: what may come of it. */
  async add(...files: readonly (string | FileToAdd)[]): Promise<void> {
    await this.page.evaluate((chosen) => window.stage.choose(chosen), files.map(fileOf))
    await this.pass(200)
  }
  async drop(...files: readonly string[]): Promise<void> {
    await this.page.evaluate((dropped) => window.stage.drop(dropped), files.map(fileOf))
    await this.pass(200)
  }
  async paste(...files: readonly string[]): Promise<void> {
    await this.page.evaluate((pasted) => window.stage.paste(pasted), files.map(fileOf))
    await this.pass(200)
  }
  hold(step: string, name?: string): Promise<void> {
    return this.page.evaluate(([held, of]) => window.stage.hold(held as string, of), [step, name])
  }
  release(step?: string, name?: string): Promise<void> {
    return this.page.evaluate(([held, of]) => window.stage.release(held, of), [step, name])
  }
  progress(name: string, share: number): Promise<void> {
    return this.page.evaluate(([of, sent]) => window.stage.progress(of, sent), [name, share] as const)
  }

  /** What was said since the page was opened, or since it was last forgotten. */
  heard(): Promise<Heard[]> {
    return this.page.evaluate(() => window.stage.heard)
  }
  async said(): Promise<string[]> {
    return (await this.heard()).map(({ text }) => text)
  }
  async forget(): Promise<void> {
    await this.page.evaluate(() => window.stage.heard.splice(0))
  }
  warnings(): Promise<string[]> {
    return this.page.evaluate(() => window.stage.warnings)
  }

  row(name: string): Locator {
    return this.rows.filter({ has: this.page.locator('[data-part=name]', { hasText: name }) })
  }
  button(name: string | RegExp): Locator {
    return this.root.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) })
  }
  /** What the focused element is called by its visible text and its id's last part; '' outside the field. */
  focused(): Promise<string> {
    return this.page.evaluate(() => {
      const active = document.activeElement
      if (active === null || active === document.body) return 'body'
      const row = active.closest('[data-part=item]')?.querySelector('[data-part=name]')?.textContent
      return [active.textContent?.trim(), row].filter((text) => text !== undefined).join(' | ')
    })
  }

  /** All that Chromium tells assistive technology of the page. */
  async tree(): Promise<Told[]> {
    const session = await this.cdp()
    const { nodes } = await session.send('Accessibility.getFullAXTree')
    return nodes.filter(({ ignored }) => !ignored).map(toldOf)
  }
  /** What assistive technology is told of the element that has the focus. */
  async toldOfFocused(): Promise<Told> {
    const session = await this.cdp()
    const { result } = await session.send('Runtime.evaluate', { expression: 'document.activeElement' })
    const { nodes } = await session.send('Accessibility.getPartialAXTree', {
      ...(result.objectId === undefined ? {} : { objectId: result.objectId }),
      fetchRelatives: false,
    })
    await session.detach()
    const [node] = nodes.map(toldOf)
    if (node === undefined) throw new Error('Nothing has the focus.')
    return node
  }
  cdp(): Promise<CDPSession> {
    return this.page.context().newCDPSession(this.page)
  }
}

export const test = base.extend<{ field: Field }>({
  field: async ({ page }, give) => {
    await give(new Field(page))
  },
})

/** The twelve states a row can be in, all at once; with what a page of files is likely to hold besides. */
export const everyState = {
  files: [
    'done.pdf',
    'failed.pdf',
    'retrying.pdf',
    'finishing.pdf',
    'requesting.pdf',
    { name: 'paused.pdf', size: 12 * MB },
    { name: 'uploading.pdf', size: 12 * MB },
    { name: 'sent 1.pdf', size: 12 * MB },
    { name: 'sent 2.pdf', size: 12 * MB },
    { name: 'sent 3.pdf', size: 12 * MB },
    { name: 'sent 4.pdf', size: 12 * MB },
    { name: 'sent 5.pdf', size: 12 * MB },
    { name: 'ready.pdf', size: 12 * MB },
    'preparing.pdf',
    'preparing too.pdf',
    'queued.pdf',
    'rejected.exe',
  ],
  scene: {
    props: { accept: '.pdf', maxFiles: 40, maxSize: 20 * MB, defaultValue: ['old'] },
    endlessCheck: 'preparing',
    backend: {
      confirm: true,
      files: [{ id: 'old', name: 'old.pdf', size: 9 * KB, type: 'application/pdf', url: 'https://files.invalid/old' }],
    },
    hold: [
      ['presign', 'requesting.pdf'],
      ['complete', 'finishing.pdf'],
      ...['retrying', 'paused', 'uploading', 'sent 1', 'sent 2', 'sent 3', 'sent 4', 'sent 5', 'ready'].map(
        (name) => ['send', `${name}.pdf`] as const,
      ),
    ],
    fail: [
      ['send', 'storage-rejected', { name: 'failed.pdf' }],
      ['complete', { code: 'server', remedy: 'wait', status: 503, retryAfterMs: 60_000 }, { name: 'retrying.pdf' }],
    ],
    progress: [
      ['paused.pdf', 0.424],
      ['uploading.pdf', 0.424],
    ],
  },
} as const satisfies { files: readonly (string | FileToAdd)[]; scene: Scene }

/** Shows a field with rows in every state; its first row is paused by hand. */
export async function showEveryState(field: Field, more: Scene = {}): Promise<void> {
  await field.open({ ...everyState.scene, ...more, props: { ...everyState.scene.props, ...more.props } })
  await field.add(...everyState.files)
  await field.pass(1_000)
  await field.row('paused.pdf').locator('[id$=-pause]').click()
  await field.release('send', 'retrying.pdf')
  await field.pass(200)
}

export { expect }
