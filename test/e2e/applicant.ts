import { expect, type Locator, type Page } from '@playwright/test'

type Chosen = Parameters<Locator['setInputFiles']>[0]

/** What a person does with the demo's form, and what they see. */
export class Applicant {
  private readonly messages: string[] = []

  constructor(readonly page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.messages.push(message.text())
    })
    page.on('pageerror', (error) => this.messages.push(String(error)))
  }

  async openTheForm(path = '/?lang=en'): Promise<void> {
    await this.page.goto(path)
    await expect(this.page.getByRole('textbox')).toBeVisible()
  }

  question(label: string): Locator {
    return this.page.getByRole('group', { name: label })
  }

  rows(label: string): Locator {
    return this.question(label).getByRole('listitem')
  }

  async add(label: string, files: Chosen): Promise<void> {
    await this.question(label).locator('input[type=file]').setInputFiles(files)
  }

  /** Sees exactly these files, in this order and state. */
  async see(label: string, names: readonly string[], state: string, timeout = 30_000): Promise<void> {
    await expect
      .poll(
        () =>
          this.rows(label).evaluateAll((rows) =>
            rows.map((row) => [row.querySelector('[data-part=name]')?.textContent, row.getAttribute('data-state')]),
          ),
        { timeout },
      )
      .toEqual(names.map((name) => [name, state]))
  }

  async ids(label: string): Promise<string[]> {
    return this.question(label)
      .locator('input[type=hidden]')
      .evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value))
  }

  /** Submits and gives back the saved answer's id. */
  async submit(timeout = 30_000): Promise<string> {
    await this.page.getByRole('button', { name: /Submit application|Save changes|지원서 제출|변경 사항 저장/ }).click()
    await this.page.waitForURL(/\/answers\/[\w-]+(\?.*)?$/, { timeout })
    return new URL(this.page.url()).pathname.split('/').at(-1) ?? ''
  }

  sawNoConsoleMessage(): void {
    expect(this.messages).toEqual([])
  }
}
