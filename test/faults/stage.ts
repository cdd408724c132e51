/** Sets a row up: a proxy, a backend and a page of its own, so that rows run beside each other. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { vi } from 'vitest'
import { isPending } from '../../src/engine.js'
import type { GrantBody } from '../../src/protocol/index.js'
import { createUploads, type UploadsOptions } from '../../src/server.js'
import { keyOf } from '../server/harness.js'
import { startProxy } from './proxy.js'
import { startOwnBrowser } from './ownBrowser.js'
import type { Api, Issued, Row, Stage } from './row.js'
import type { PageOptions, Report } from './report.js'
import type { Site } from './site.js'
import type { Storage } from './storage.js'
import { twentieth } from './twentieth.js'

export const MiB = 1024 * 1024

const sizesOf: Record<NonNullable<Row['by']>, Partial<UploadsOptions>> = {
  PUT: { methods: ['PUT'] },
  POST: { methods: ['POST', 'PUT'] },
  MULTIPART: { methods: ['MULTIPART', 'PUT'], multipartThreshold: 5 * MiB, partSize: 5 * MiB },
}

function backendOf(row: Row, o: { storage: Storage; prefix: string; publicEndpoint: string; issued: Issued[] }) {
  const { storage, prefix, publicEndpoint, issued } = o
  const { endpoint, region, bucket, credentials } = storage
  const uploads = createUploads({
    storage: { endpoint, region, bucket, credentials, publicEndpoint, prefix },
    secret: 'a secret of more than thirty-two bytes, for tests',
    authorize: () => ({ subject: 'somebody' }),
    rules: { minSize: 0 },
    ...sizesOf[row.by ?? 'PUT'],
    ...row.server,
  })
  const api: Api = row.api?.({ storage, prefix, publicEndpoint }) ?? ((_, next) => next())
  return async (request: Request): Promise<Response> => {
    const text = await request.text()
    const response = await api(JSON.parse(text), () =>
      uploads.handler(new Request(request, { method: 'POST', body: text })),
    )
    const told = (await response
      .clone()
      .json()
      .catch(() => ({}))) as { grants?: (GrantBody | { error: unknown })[] }
    for (const grant of told.grants ?? [told]) {
      if ('id' in grant && ('url' in grant || 'parts' in grant))
        issued.push({ id: String(grant.id), key: keyOf(grant as GrantBody, bucket), at: performance.now() })
    }
    return response
  }
}

export interface OpenStage extends Stage {
  close(): Promise<void>
}

/** Pages that rows take and give back: a new renderer for each would be most of the time. */
export class Pages {
  readonly #free: Page[] = []
  readonly #browser: Browser
  constructor(browser: Browser) {
    this.#browser = browser
  }
  async take(): Promise<Page> {
    return this.#free.pop() ?? (await (await this.#browser.newContext()).newPage())
  }
  async giveBack(page: Page): Promise<void> {
    page.removeAllListeners()
    await page.goto('about:blank')
    this.#free.push(page)
  }
}

/** Where a row plays: a shared page, a context that it may change, or a browser that it may stop. */
async function openPage(row: Row, { browser, pages }: { browser: Browser; pages: Pages }) {
  if (row.alone) {
    const own = await startOwnBrowser()
    return { ...own, page: await own.context.newPage() }
  }
  if (row.own === undefined) {
    const page = await pages.take()
    return { page, context: page.context(), group: null, leave: () => pages.giveBack(page) }
  }
  const context = await browser.newContext()
  await row.own(context)
  return { context, page: await context.newPage(), group: null, leave: () => context.close() }
}

export async function openStage(
  row: Row,
  at: number,
  o: { browser: Browser; pages: Pages; site: Site; storage: Storage },
): Promise<OpenStage> {
  const { site, storage } = o
  const prefix = `row${at}/`
  const proxy = await startProxy(storage.endpoint, { fresh: row.connection === 'fresh' })
  const issued: Issued[] = []
  const path = `/api/${at}`
  site.apis.set(path, backendOf(row, { storage, prefix, publicEndpoint: proxy.url, issued }))
  const { page, context, group, leave } = await openPage(row, o)
  const directory = await mkdtemp(join(tmpdir(), 'faf-fault-'))
  const said: string[] = []
  page.on('console', (message) => said.push(message.text()))
  await page.goto(`${site.url}/${row.query ?? ''}`)
  const options: PageOptions = {
    endpoint: path,
    timing: { ...twentieth, ...row.timing },
    start: row.start ?? 'now',
    requestUpload: row.requestUpload ? path : undefined,
  }
  const report = (): Promise<Report> => page.evaluate(() => window.faults.report())
  const until: Stage['until'] = (isSo) => {
    const waiting = async () => {
      const now = await report()
      if (!isSo(now)) throw new Error(`Still ${JSON.stringify(now)}`)
      return now
    }
    return vi.waitFor(waiting, { timeout: 25_000, interval: 25 })
  }
  return {
    group,
    said,
    context,
    page,
    proxy,
    storage,
    prefix,
    siteUrl: site.url,
    options,
    issued,
    directory,
    add: (...files) => page.evaluate((specs) => window.faults.add(specs), files),
    async choose(...paths) {
      await page.locator('#chosen').setInputFiles([...paths])
      await page.evaluate(() => window.faults.addChosen())
    },
    report,
    until,
    ended: () => until(({ entries }) => entries.length > 0 && !entries.some(isPending)),
    async close() {
      await leave()
      await proxy.close()
      site.apis.delete(path)
      await rm(directory, { recursive: true, force: true })
    },
  }
}
