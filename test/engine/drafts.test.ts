import { beforeAll, describe, expect, test } from 'vitest'
import type { DraftStorage } from '../../src/engine/environment.js'
import type { FileAnswer, FileAnswerOptions } from '../../src/engine/fileAnswer.js'
import { forgetDraft } from '../../src/engine/forgetDraft.js'
import { DraftsInMemory } from './draftsInMemory.js'
import { FakePage } from './fakePage.js'
import { aFile, keyAt, states, World } from './world.js'

beforeAll(() => import('../../src/engine/draftKeeper.js'))

const week = 7 * 24 * 60 * 60 * 1000
const names = (answer: FileAnswer) =>
  answer.getAnswer().entries.map((entry) => (entry.state === 'restored' ? entry.stored?.name : entry.name))
const failures = (answer: FileAnswer) =>
  answer.getAnswer().entries.map((entry) => ('failure' in entry ? entry.failure?.code : undefined))

/** A browser: its pages come and go, its IndexedDB, the backend and the storage stay. */
class Browser extends World {
  readonly drafts = new DraftsInMemory()

  constructor() {
    super()
    // Reading a Blob takes turns of the event loop.
    this.clock.settle = async () => {
      for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    }
  }

  async open(options: Partial<FileAnswerOptions> = {}): Promise<{ answer: FileAnswer; crash(): Promise<void> }> {
    const { storage, crash } = this.drafts.page()
    const environment = { ...this.environment, drafts: storage }
    const answer = this.answer({ persist: 'form', ...options, environment } as Parameters<World['answer']>[0])
    await this.clock.advance(10)
    return {
      answer,
      crash: async () => {
        crash()
        answer.dispose()
        await this.clock.advance(10)
      },
    }
  }
}

/** Grants in parts of 100 bytes; parts over a number are never answered. */
function inParts(answeredUpTo = Number.POSITIVE_INFINITY): Browser {
  const browser = new Browser()
  browser.method = 'MULTIPART'
  browser.onSend = ({ request }) =>
    Number(new URL(request.url).searchParams.get('partNumber')) > answeredUpTo ? true : undefined
  return browser
}

describe('after a reload or a crash', () => {
  test('F52: stored ids are back at once, in order, and the host is told', async () => {
    const browser = new Browser()
    const first = await browser.open()
    first.answer.add([aFile('a.pdf'), aFile('b.pdf')])
    await browser.clock.advance(500)
    first.answer.move(keyAt(first.answer, 1), 0)
    await browser.clock.advance(500)
    await first.crash()
    browser.changes.length = 0
    const sends = browser.sends.length
    const { answer } = await browser.open()
    await browser.clock.advance(100)
    expect([answer.getIds(), names(answer), states(answer)]).toEqual([
      ['id2', 'id1'],
      ['id2.pdf', 'id1.pdf'],
      ['restored', 'restored'],
    ])
    expect(browser.changes).toEqual([['id2', 'id1']])
    expect(browser.sends.length).toBe(sends)
  })

  test('F52: a multipart upload goes on with the parts that storage lacks, by new URLs', async () => {
    const browser = inParts(3)
    const first = await browser.open()
    first.answer.add([aFile('a.bin', 950)])
    await browser.clock.advance(500)
    expect(browser.parts.get('id1')?.size).toBe(3)
    await first.crash()
    browser.onSend = () => undefined
    const before = browser.sends.length
    const { answer } = await browser.open()
    await browser.clock.advance(500)
    expect([states(answer), answer.getIds()]).toEqual([['done'], ['id1']])
    expect(browser.partsSent.slice(before)).toEqual([4, 5, 6, 7, 8, 9, 10])
    expect([browser.callsOf('presign').length, browser.stored.get('id1')]).toEqual([1, 950])
  })

  test('one that was completed before the page heard of it is not sent again', async () => {
    const browser = inParts()
    browser.onCall = (call) => {
      if (call.action !== 'complete') return undefined
      browser.stored.set('id1', 300)
      return true
    }
    const first = await browser.open()
    first.answer.add([aFile('a.bin', 300)])
    await browser.clock.advance(100)
    // Neither does the draft know that all was sent.
    browser.drafts.drafts.set(
      'form',
      browser.drafts.drafts.get('form')?.replace('"isSent":true', '"isSent":false') ?? '',
    )
    await first.crash()
    browser.onCall = (call) =>
      call.action === 'list-parts' ? (call.respond(404, { error: { code: 'not-stored' } }), true) : undefined
    const before = browser.sends.length
    const { answer } = await browser.open()
    await browser.clock.advance(1_000)
    expect([answer.getIds(), browser.sends.length]).toEqual([['id1'], before])
  })

  test('a single request is granted anew for the same id, so that bytes which are stored are recognised', async () => {
    const browser = new Browser()
    browser.onSend = (send) => (browser.store(send.request), true)
    const first = await browser.open()
    first.answer.add([aFile('a.pdf')])
    await browser.clock.advance(500)
    await first.crash()
    browser.onSend = (send) => (send.respond({ status: 412 }), true)
    const { answer } = await browser.open()
    await browser.clock.advance(500)
    expect(browser.callsOf('presign').map(({ body }) => body.files?.[0]?.id)).toEqual([undefined, 'id1'])
    expect([answer.getIds(), browser.callsOf('complete').length]).toEqual([['id1'], 1])
  })

  test('an id that cannot be renewed any more gives way to a new one', async () => {
    const browser = new Browser()
    browser.onSend = () => true
    const first = await browser.open()
    first.answer.add([aFile('a.pdf')])
    await browser.clock.advance(500)
    await first.crash()
    browser.onSend = () => undefined
    browser.onCall = (call) =>
      call.body.files?.[0]?.id === undefined
        ? undefined
        : (call.respond(200, { grants: [{ key: call.body.files[0].key, error: { code: 'invalid', message: '' } }] }),
          true)
    const { answer } = await browser.open()
    await browser.clock.advance(500)
    expect([answer.getIds(), browser.errors, browser.discarded]).toEqual([['id2'], [], []])
  })

  test('the id is in the draft before its first byte is sent, and no URL ever is', async () => {
    const browser = new Browser()
    const seen: (string | undefined)[] = []
    browser.onSend = () => void seen.push(browser.drafts.drafts.get('form'))
    const { answer } = await browser.open()
    answer.add([aFile('a.pdf'), aFile('b.pdf')])
    await browser.clock.advance(1_000)
    expect(seen.map((draft) => /"id[12]"/.test(draft ?? ''))).toEqual([true, true])
    for (const method of ['MULTIPART', 'POST'] as const) {
      browser.method = method
      answer.add([aFile(method, 500)])
      await browser.clock.advance(1_000)
    }
    const all = JSON.stringify(browser.drafts.writes)
    expect(all).toContain('upload-id3')
    expect(all).not.toMatch(/https?:|policy|content-type|hello/)
  })

  test('a removal counts at once, files added before the draft came stay behind it', async () => {
    const browser = new Browser()
    const first = await browser.open()
    first.answer.add([aFile('a.pdf'), aFile('b.pdf')])
    await browser.clock.advance(500)
    first.answer.remove(keyAt(first.answer))
    await browser.clock.advance(300)
    await first.crash()
    const { storage } = browser.drafts.page()
    const answer = browser.answer({ persist: 'form', environment: { ...browser.environment, drafts: storage } })
    answer.add([aFile('c.pdf')])
    expect(states(answer)).toEqual(['queued'])
    await browser.clock.advance(500)
    expect(answer.getIds()).toEqual(['id2', 'id3'])
  })

  test('a paused file waits on for the person, and goes on where it was', async () => {
    const browser = inParts(3)
    const first = await browser.open()
    first.answer.add([aFile('a.bin', 950)])
    await browser.clock.advance(500)
    first.answer.pause(keyAt(first.answer))
    await browser.clock.advance(500)
    await first.crash()
    browser.onSend = () => undefined
    const before = browser.sends.length
    const { answer } = await browser.open()
    await browser.clock.advance(10_000)
    expect([states(answer), browser.sends.length]).toEqual([['paused'], before])
    answer.resume(keyAt(answer))
    await browser.clock.advance(500)
    expect([answer.getIds(), browser.partsSent.slice(before)]).toEqual([['id1'], [4, 5, 6, 7, 8, 9, 10]])
  })

  test('a file that can be read only once is read once: for the draft, its fingerprint and the sending', async () => {
    const browser = inParts(3)
    const page = new FakePage()
    page.readsOnce = true
    Object.assign(browser.environment, { page })
    const file = aFile('a.bin', 950)
    let reads = 0
    const readWhole = file.arrayBuffer.bind(file)
    file.arrayBuffer = () => (reads++ > 0 ? Promise.reject(new DOMException('', 'NotReadableError')) : readWhole())
    const first = await browser.open()
    first.answer.add([file])
    await browser.clock.advance(500)
    expect([reads, [...browser.drafts.files.values()].map(({ size }) => size)]).toEqual([1, [950]])
    expect([...browser.drafts.files.values()]).not.toContain(file)
    await first.crash()
    browser.onSend = () => undefined
    const { answer } = await browser.open()
    await browser.clock.advance(500)
    expect([answer.getIds(), browser.stored.get('id1')]).toEqual([['id1'], 950])
  })

  test('what failed, and what waits for the submit, is kept too', async () => {
    const browser = new Browser()
    browser.onSend = (send) => (send.respond({ status: 400 }), true)
    const first = await browser.open({ start: 'manual' })
    first.answer.add([aFile('a.pdf')])
    first.answer.start()
    await browser.clock.advance(500)
    first.answer.add([aFile('b.pdf')])
    await browser.clock.advance(500)
    expect(states(first.answer)).toEqual(['failed', 'queued'])
    await first.crash()
    browser.onSend = () => undefined
    const { answer } = await browser.open({ start: 'manual' })
    await browser.clock.advance(500)
    expect(states(answer)).toEqual(['done', 'queued'])
    expect(browser.sends.length).toBe(2)
  })
})

describe('beside what the host gives', () => {
  test('its ids are neither doubled nor brought back: removed ones stay removed, dropped ones away, new ones behind', async () => {
    const browser = new Browser()
    const first = await browser.open({ defaultValue: ['h1', 'h2', 'h3'] })
    first.answer.add([aFile('a.pdf')])
    first.answer.remove(keyAt(first.answer, 0))
    await browser.clock.advance(500)
    expect(first.answer.getIds()).toEqual(['h2', 'h3', 'id1'])
    await first.crash()
    const { answer } = await browser.open({ defaultValue: ['h1', 'h3', 'h4'] })
    await browser.clock.advance(100)
    expect(answer.getIds()).toEqual(['h3', 'id1', 'h4'])
    // What was given back by the host meanwhile is one file, not two.
    const second = await browser.open({ defaultValue: ['id1', 'h3'] })
    await browser.clock.advance(100)
    expect(second.answer.getIds()).toEqual(['h3', 'id1'])
  })

  test('a controlled field gets the ids by onChange', async () => {
    const browser = new Browser()
    const first = await browser.open({ value: [] })
    first.answer.add([aFile('a.pdf')])
    await browser.clock.advance(200)
    first.answer.setValue(['id1'])
    await browser.clock.advance(500)
    await first.crash()
    browser.changes.length = 0
    const { answer } = await browser.open({ value: [] })
    await browser.clock.advance(100)
    expect([browser.changes, answer.getIds()]).toEqual([[['id1']], []])
    answer.setValue(['id1'])
    expect([answer.getIds(), names(answer)]).toEqual([['id1'], ['id1.pdf']])
  })

  test('an answer that is just what the host gave leaves no draft', async () => {
    const browser = new Browser()
    await browser.open({ defaultValue: ['h1', 'h2'] })
    await browser.clock.advance(1_000)
    expect([...browser.drafts.drafts]).toEqual([])
  })
})

describe('a file that the draft does not hold', () => {
  const content = (last: number) => Uint8Array.from({ length: 950 }, (_, index) => (index === 949 ? last : index % 200))
  const aVideo = (last = 1, more: { size?: number; lastModified?: number } = {}) =>
    new File([content(last).slice(0, more.size ?? 950)], 'IMG_1.MOV', {
      type: 'video/quicktime',
      lastModified: more.lastModified ?? 1,
    })

  /** A multipart upload, three parts stored, whose file is too large to be kept; and the page opened again. */
  async function interrupted() {
    const browser = inParts(3)
    const options = { persistFilesUpTo: 100 }
    const first = await browser.open(options)
    first.answer.add([aVideo()])
    await browser.clock.advance(500)
    await first.crash()
    browser.onSend = () => undefined
    browser.errors.length = 0
    browser.news.length = 0
    const { answer } = await browser.open(options)
    await browser.clock.advance(500)
    return { browser, answer, sentBefore: browser.sends.length }
  }

  test('is asked for again, and nothing is sent before: not by retry either', async () => {
    const { browser, answer, sentBefore } = await interrupted()
    expect([states(answer), failures(answer)]).toEqual([['failed'], ['file-needed']])
    expect(browser.errors.map(({ code, remedy }) => [code, remedy])).toEqual([['file-needed', 'person']])
    answer.retryAll()
    await browser.clock.advance(500)
    expect([states(answer), browser.sends.length]).toEqual([['failed'], sentBefore])
    expect(browser.news.map(({ type }) => type)).toEqual(['failed'])
  })

  test('chosen again goes on with the parts that storage has', async () => {
    const { browser, answer, sentBefore } = await interrupted()
    answer.add([aFile('other.pdf', 10), aVideo()])
    await browser.clock.advance(500)
    expect(answer.getIds()).toEqual(['id1', 'id2'])
    expect([names(answer), browser.stored.get('id1')]).toEqual([['IMG_1.MOV', 'other.pdf'], 950])
    expect(browser.sends.slice(sentBefore).filter(({ request }) => request.url.includes('/id1')).length).toBe(7)
  })

  test.each([
    ['7 bytes less', aVideo(1, { size: 943 })],
    ['equal size but other bytes', aVideo(2)],
    ['another date', aVideo(1, { lastModified: 2 })],
  ])('S61: %s is a new upload in its place, and no part is joined', async (_, file) => {
    const { browser, answer, sentBefore } = await interrupted()
    answer.add([file])
    await browser.clock.advance(500)
    expect([answer.getIds(), browser.stored.get('id2'), browser.stored.has('id1')]).toEqual([['id2'], file.size, false])
    expect(browser.partsSent.slice(sentBefore).length).toBe(10)
    // The old parts go; the id, which is not of this page, is not discarded.
    expect(browser.callsOf('abort').map(({ body }) => body.id)).toEqual(['id1'])
    expect(browser.discarded).toEqual([])
  })

  test('removed: its parts are aborted, its id is not discarded', async () => {
    const { browser, answer } = await interrupted()
    answer.remove(keyAt(answer))
    await browser.clock.advance(10_000)
    expect([browser.callsOf('abort').length, browser.discarded]).toEqual([1, []])
  })

  test.each([
    ['S60: reads as empty', () => new Blob([])],
    [
      'S60: rejects on read',
      () => Object.assign(new Blob([content(1)]), { arrayBuffer: () => Promise.reject(new Error('NotReadable')) }),
    ],
    ['holds other bytes', () => new Blob([content(2)])],
  ])('because what was kept %s is asked for again, and never stored', async (_, kept) => {
    const browser = inParts(3)
    const first = await browser.open()
    first.answer.add([aVideo()])
    await browser.clock.advance(500)
    await first.crash()
    for (const key of browser.drafts.files.keys()) browser.drafts.files.set(key, kept())
    const before = browser.sends.length
    const { answer } = await browser.open()
    await browser.clock.advance(500)
    expect([failures(answer), browser.sends.length, browser.stored.size]).toEqual([['file-needed'], before, 0])
  })

  test('without a fingerprint nothing is joined: the kept file begins anew', async () => {
    const browser = inParts(3)
    const first = await browser.open()
    first.answer.add([aVideo()])
    await browser.clock.advance(500)
    await first.crash()
    const text = browser.drafts.drafts.get('form') ?? ''
    browser.drafts.drafts.set('form', text.replace(/"fingerprint":"\w+"/, '"fingerprint":null'))
    browser.onSend = () => undefined
    const { answer } = await browser.open()
    await browser.clock.advance(500)
    expect([answer.getIds(), browser.callsOf('abort').map(({ body }) => body.id)]).toEqual([['id2'], ['id1']])
  })

  test('files are kept up to their own size and four times that together, and let go once stored', async () => {
    const browser = new Browser()
    browser.onSend = () => true
    const { answer } = await browser.open({ persistFilesUpTo: 100 })
    answer.add([101, 100, 100, 100, 100, 100].map((size, index) => aFile(`${index}.pdf`, size)))
    await browser.clock.advance(500)
    expect([...browser.drafts.files.values()].map(({ size }) => size)).toEqual([100, 100, 100, 100])
    for (const send of browser.sends) send.respond()
    await browser.clock.advance(1_000)
    expect([states(answer).every((state) => state === 'done'), browser.drafts.files.size]).toEqual([true, 0])
  })
})

describe('two tabs', () => {
  test('F62: the second shows the answer and works on it only when the first is gone', async () => {
    const browser = inParts(3)
    const first = await browser.open()
    first.answer.add([aFile('a.bin', 950)])
    await browser.clock.advance(500)
    const { answer } = await browser.open()
    answer.add([aFile('b.bin', 100)])
    await browser.clock.advance(2_000)
    expect([answer.isElsewhere, names(answer), first.answer.isElsewhere]).toEqual([true, ['a.bin', 'b.bin'], false])
    const calls = browser.calls.length
    await browser.clock.advance(10_000)
    expect([browser.calls.length, browser.callsOf('presign').length]).toEqual([calls, 1])
    // It follows: what the first has stored is stored here.
    first.answer.add([aFile('c.bin', 100)])
    browser.onSend = () => undefined
    await browser.clock.advance(500)
    expect(answer.getIds()).toEqual(['id2'])
    const before = browser.sends.length
    await first.crash()
    await browser.clock.advance(500)
    expect([answer.isElsewhere, answer.getIds()]).toEqual([false, ['id1', 'id2', 'id3']])
    expect(browser.partsSent.slice(before).toSorted((a, b) => a - b)).toEqual([1, 4, 5, 6, 7, 8, 9, 10])
    expect(browser.discarded).toEqual([])
  })

  test('a field left a moment ago is no other tab: the next one goes on when it is through', async () => {
    const browser = inParts(3)
    const first = await browser.open()
    first.answer.add([aFile('a.bin', 950)])
    await browser.clock.advance(500)
    first.answer.leave()
    await browser.clock.advance(300)
    browser.onSend = () => undefined
    const { answer } = await browser.open()
    const seen: boolean[] = []
    answer.subscribe(() => void seen.push(answer.isElsewhere))
    await browser.clock.advance(2_000)
    expect([answer.getIds(), seen.includes(true)]).toEqual([['id1'], false])
    // Unmounting only stopped the work.
    expect([browser.callsOf('abort'), browser.discarded]).toEqual([[], []])
  })
})

describe('is forgotten', () => {
  test.each([
    ['by reset()', async ({ answer }: { answer: FileAnswer }) => answer.reset()],
    ['by an emptied answer', async ({ answer }: { answer: FileAnswer }) => answer.remove(keyAt(answer))],
    ['by forgetDraft(), also while a field holds it', () => forgetDraft('form to forget')],
    ['after 7 days', async (_: unknown, browser: Browser) => void (browser.drafts.now += week + 1)],
  ])('%s', async (_, forget) => {
    const browser = new Browser()
    browser.onSend = () => true
    const persist = 'form to forget'
    const first = await browser.open({ persist })
    first.answer.add([aFile('a.pdf')])
    await browser.clock.advance(500)
    expect(browser.drafts.drafts.size).toBe(1)
    await forget(first, browser)
    await browser.clock.advance(300)
    for (const hide of browser.drafts.hidden) hide()
    first.answer.dispose()
    await browser.clock.advance(100)
    const { answer } = await browser.open({ persist })
    await browser.clock.advance(300)
    expect([states(answer), browser.drafts.drafts.size, browser.drafts.files.size]).toEqual([[], 0, 0])
  })

  test('by a reset that comes before it was read', async () => {
    const browser = new Browser()
    const first = await browser.open()
    first.answer.add([aFile('a.pdf')])
    await browser.clock.advance(500)
    await first.crash()
    const { storage } = browser.drafts.page()
    const answer = browser.answer({ persist: 'form', environment: { ...browser.environment, drafts: storage } })
    answer.reset()
    await browser.clock.advance(500)
    expect([states(answer), browser.drafts.drafts.size]).toEqual([[], 0])
  })

  test('other drafts that nobody came back to for 7 days go too', async () => {
    const browser = new Browser()
    const first = await browser.open({ persist: 'old' })
    first.answer.add([aFile('a.pdf')])
    await browser.clock.advance(500)
    await first.crash()
    browser.drafts.now += week + 1
    await browser.open()
    await browser.clock.advance(100)
    expect(browser.drafts.drafts.size).toBe(0)
  })
})

describe('F61: without persistence', () => {
  const broken = (...actions: (keyof DraftStorage)[]) => {
    const browser = new Browser()
    browser.drafts.fault = (action) => (actions.includes(action) ? new Error('Denied') : undefined)
    return browser
  }
  test.each([
    ['no lock', broken('lock')],
    ['no reading', broken('read')],
    ['no writing', broken('write')],
    ['no room for anything', broken('write', 'writeFile')],
  ])('%s: files are uploaded, with one warning', async (_, browser) => {
    const { answer } = await browser.open()
    answer.add([aFile('a.pdf')])
    await browser.clock.advance(500)
    answer.add([aFile('b.pdf')])
    await browser.clock.advance(500)
    expect([answer.getIds(), browser.warnings.length]).toEqual([['id1', 'id2'], 1])
    // Nobody goes on with what is unfinished: unmounting hands it back.
    browser.onSend = () => true
    answer.add([aFile('c.pdf')])
    await browser.clock.advance(500)
    answer.dispose()
    await browser.clock.advance(100)
    expect(browser.discarded).toEqual(['id3'])
  })

  test('storage that never answers holds nothing back for long', async () => {
    const browser = new Browser()
    browser.drafts.fault = (action) => (action === 'read' ? null : undefined)
    const { answer } = await browser.open()
    answer.add([aFile('a.pdf')])
    let settledWith: string[] | null = null
    void answer.settled().then((ids) => (settledWith = ids))
    await browser.clock.advance(2_900)
    expect([states(answer), settledWith]).toEqual([['queued'], null])
    await browser.clock.advance(1_000)
    expect([settledWith, browser.warnings.length]).toEqual([['id1'], 1])
  })

  test('S59: a file that changed on disk is not kept, and says nothing of the others', async () => {
    const browser = new Browser()
    browser.onSend = () => true
    const changed = aFile('a.pdf')
    changed.arrayBuffer = () => Promise.reject(new DOMException('', 'NotReadableError'))
    const { storage } = browser.drafts.page()
    const writeFile: DraftStorage['writeFile'] = (name, key, file) =>
      file === changed ? Promise.reject(new Error('DataError')) : storage.writeFile(name, key, file)
    const environment = { ...browser.environment, drafts: { ...storage, writeFile } }
    const answer = browser.answer({ persist: 'form', environment })
    answer.add([changed, aFile('b.pdf', 'other')])
    await browser.clock.advance(500)
    expect([browser.drafts.files.size, browser.warnings]).toEqual([1, []])
  })

  test('no room for files: the draft is kept without them', async () => {
    const browser = broken('writeFile')
    browser.onSend = () => true
    const first = await browser.open()
    first.answer.add([aFile('a.pdf'), aFile('b.pdf')])
    await browser.clock.advance(500)
    expect(browser.warnings.length).toBe(1)
    await first.crash()
    const { answer } = await browser.open()
    await browser.clock.advance(100)
    expect(failures(answer)).toEqual(['file-needed', 'file-needed'])
  })
})
