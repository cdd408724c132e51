/** Download links in a browser: what storage answers never takes the form's place. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { cdp, userEvent } from 'vitest/browser'
import { openPage } from './openPage.js'

interface Paused {
  readonly requestId: string
  readonly request: { readonly url: string }
}
interface Session {
  send(method: string, params?: object): Promise<unknown>
  on(event: string, listener: (params: Paused) => void): void
}

const session = cdp() as unknown as Session
/** How a storage that isn't there answers. */
let answer = { status: 200, headers: {} as Readonly<Record<string, string>> }
let asked: string[] = []

beforeAll(async () => {
  // The session comes with its first command; what listens before that might hear too late.
  await session.send('Page.getFrameTree')
  session.on('Fetch.requestPaused', ({ requestId, request }) => {
    asked.push(request.url)
    void session.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: answer.status,
      responseHeaders: Object.entries(answer.headers).map(([name, value]) => ({ name, value })),
      body: btoa('<Error><Code>AccessDenied</Code></Error>'),
    })
  })
  await session.send('Page.getFrameTree')
  await session.send('Fetch.enable', { patterns: [{ urlPattern: '*storage.test*' }] })
})
afterAll(async () => {
  await session.send('Fetch.disable')
})
afterEach(() => {
  for (const frame of document.querySelectorAll('iframe')) frame.remove()
})

const url = 'https://storage.test/a.pdf'

async function openStored(status: number, headers: Readonly<Record<string, string>>) {
  answer = { status, headers }
  asked = []
  const opened = vi.spyOn(window, 'open').mockReturnValue(null)
  const field = await openPage({
    defaultValue: ['a'],
    backend: { files: [{ id: 'a', name: 'a.pdf', size: 5, type: 'application/pdf', url }] },
  })
  const address = location.href
  await userEvent.click(field.find('a'))
  await field.clock.advance(100)
  const opens = () => opened.mock.calls.map(([link]) => link)
  return { field, opens, stays: () => location.href === address && field.root.isConnected }
}

test('a file that storage sends is downloaded, and nothing is opened', async () => {
  const headers = { 'content-type': 'application/pdf', 'content-disposition': 'attachment' }
  const { opens, stays } = await openStored(200, headers)
  await vi.waitFor(() => expect(asked).toEqual([url]))
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(opens()).toEqual([])
  expect(stays()).toBe(true)
})

test("storage's error page opens beside the form, which stays", async () => {
  const { opens, stays } = await openStored(403, { 'content-type': 'application/xml' })
  await vi.waitFor(() => expect(opens()).toEqual([url]))
  expect(asked).toEqual([url])
  expect(stays()).toBe(true)
  expect(document.querySelector('iframe')).toBeNull()
})
