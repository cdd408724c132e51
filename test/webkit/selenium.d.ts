/** What is used of selenium-webdriver, which brings no types. */
declare module 'selenium-webdriver' {
  interface WebElement {
    click(): Promise<void>
    sendKeys(...keys: string[]): Promise<void>
    getAttribute(name: string): Promise<string | null>
  }
  type Locator = { readonly using: string; readonly value: string }
  interface WebDriver {
    get(url: string): Promise<void>
    quit(): Promise<void>
    findElements(locator: Locator): Promise<WebElement[]>
    executeScript(script: (...given: never[]) => void, ...given: unknown[]): Promise<unknown>
    switchTo(): { activeElement(): Promise<WebElement> }
    wait<Found>(condition: Condition<Found> | (() => Promise<Found>), ms: number): Promise<Found>
  }
  type Condition<Found> = { readonly found: Found }
  const By: { css(selector: string): Locator }
  const Key: { readonly DELETE: string; readonly ENTER: string }
  const until: { elementLocated(locator: Locator): Condition<WebElement> }
  class Capabilities {
    constructor(capabilities: object)
  }
  class Builder {
    usingServer(url: string): this
    withCapabilities(capabilities: Capabilities): this
    build(): Promise<WebDriver>
  }
}
