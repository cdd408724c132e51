/** A smoke run in WebKit: a file is chosen, told, stored, removed by the keyboard and taken back, and the form is sent. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Builder, By, Capabilities, Key, until, type WebDriver } from 'selenium-webdriver'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import openSite from '../acceptance/globalSetup.js'

const miniBrowser = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser'
const waitMs = 15_000

let closeSite: () => void
let driver: ChildProcess
let browser: WebDriver
let folder: string

const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faf-webkit-'))
  closeSite = await openSite()
  const port = await freePort()
  driver = spawn('/usr/bin/WebKitWebDriver', [`--port=${port}`], {
    // Its sandbox wants rights that a container has not.
    env: { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
    stdio: 'ignore',
  })
  const server = `http://127.0.0.1:${port}`
  await vi.waitFor(() => fetch(`${server}/status`), waitMs)
  const capabilities = new Capabilities({
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': { binary: miniBrowser, args: ['--automation'] },
  })
  browser = await new Builder().usingServer(server).withCapabilities(capabilities).build()
})

afterAll(async () => {
  await browser?.quit()
  driver?.kill()
  closeSite?.()
  await rm(folder, { recursive: true, force: true })
})

test('a form with a file is filled in and sent', async () => {
  await browser.get(process.env.ACCEPTANCE_URL ?? '')
  await browser.wait(async () => (await browser.executeScript(() => 'stage' in window)) === true, waitMs)
  await browser.executeScript(() => window.stage.show({ around: 'form', props: { required: true, maxFiles: 3 } }))
  const shown = (css: string) => browser.wait(until.elementLocated(By.css(css)), waitMs)
  const text = async (css: string) => (await (await shown(css)).getAttribute('textContent')) ?? ''

  // Refused, with words and with the focus on what mends it.
  await (await shown('form > button')).click()
  expect(await text('[data-part=error]')).toBe('Error: Attach at least 1 file.')
  expect(await (await browser.switchTo().activeElement()).getAttribute('data-part')).toBe('trigger')

  const path = join(folder, '이력서.pdf')
  await writeFile(path, 'content')
  await (await shown('input[type=file]')).sendKeys(path)
  await shown('[data-part=item][data-state=done]')
  expect(await text('[data-part=name]')).toBe('이력서.pdf')
  expect(await browser.findElements(By.css('[data-part=error]'))).toEqual([])
  await browser.wait(async () => /이력서\.pdf/.test(await text('[role=status]')), waitMs)

  // Removed by the keyboard, and taken back.
  const remove = await shown('[data-faf-remove]')
  await browser.executeScript((button: HTMLElement) => button.focus(), remove)
  await remove.sendKeys(Key.DELETE)
  const undo = await shown('[data-part=undo] button')
  expect(await (await browser.switchTo().activeElement()).getAttribute('data-part')).toBe('trigger')
  await undo.sendKeys(Key.ENTER)
  await shown('[data-part=item][data-state=done]')

  await (await shown('form > button')).click()
  expect(await text('output')).toBe('file-1')
})
