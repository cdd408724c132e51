/**
 * The tables of docs/accessibility.md are what the page tells. With Playwright's `--update-snapshots` they are written
 * anew: `npm run accessibility`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { TestInfo } from '@playwright/test'
import { expect, type Field, KB, MB, test } from './field.js'
import type { Scene } from './page/scene.js'

const path = fileURLToPath(new URL('../../docs/accessibility.md', import.meta.url))

const isUpdate = ({ config }: TestInfo) => config.updateSnapshots === 'all' || config.updateSnapshots === 'changed'

/** Compares what stands between a pair of comments with `text`, or puts it there. */
function expectInDocs(name: string, text: string, info: TestInfo): void {
  const page = readFileSync(path, 'utf8')
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`]
  const [before, rest = ''] = page.split(begin)
  const [now, after] = rest.split(end)
  if (after === undefined) throw new Error(`docs/accessibility.md has no place for ${name}.`)
  if (isUpdate(info)) writeFileSync(path, `${before}${begin}${text}${end}${after}`)
  else expect(now, 'the page says so; `npm run accessibility` writes it into docs/accessibility.md').toBe(text)
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')

// ── tab stops ──

const old = { id: 'old', name: 'contract.pdf', size: 9 * KB, type: 'application/pdf', url: 'https://files.invalid/old' }
const rules = { accept: '.pdf,.jpg', maxFiles: 5, maxSize: 20 * MB }
const layouts: readonly [what: string, scene: Scene, come?: (field: Field) => Promise<void>][] = [
  ['Empty', { props: { ...rules, required: true } }],
  ['Three files stored', { props: rules }, (field) => field.add('a.pdf', 'b.pdf', 'c.pdf')],
  ['Two files failed', { props: rules, fail: [['send', 'unreadable']] }, (field) => field.add('a.pdf', 'b.pdf')],
  [
    'A long file and a short one on their way',
    { props: rules, hold: [['send']] },
    (field) => field.add({ name: 'film.jpg', size: 12 * MB }, 'a.pdf'),
  ],
  [
    'Five files on their way',
    { props: rules, hold: [['send']] },
    async (field) => {
      await field.add('a.pdf', 'b.pdf', 'c.pdf', 'd.pdf', 'e.pdf')
      // Loaded with the first field of many files.
      const cancelAll = async () => {
        await field.pass(100)
        return field.button('Cancel all').count()
      }
      await expect.poll(cancelAll, { timeout: 15_000 }).toBe(1)
    },
  ],
  [
    'Six files stored',
    { props: { ...rules, maxFiles: 9 } },
    (field) => field.add(...[...'abcdef'].map((name) => `${name}.pdf`)),
  ],
  ['A file that may not enter', { props: rules }, (field) => field.add('setup.exe')],
  [
    'Six files that may not enter, unfolded',
    { props: rules },
    async (field) => {
      await field.add(...[...'abcdef'].map((name) => `${name}.exe`))
      await field.root.locator('summary').click()
      await field.pass(100)
    },
  ],
  [
    'A file was removed',
    { props: rules },
    async (field) => {
      await field.add('a.pdf', 'b.pdf')
      await field.root.locator('[data-faf-remove]').first().click()
      await field.pass(100)
    },
  ],
  ['Full', { props: { ...rules, maxFiles: 2 } }, (field) => field.add('photo.jpg', 'photo.jpg')],
  [
    'Refused by the form',
    { props: { ...rules, required: true } },
    async (field) => {
      await field.page.getByRole('button', { name: 'Send' }).click()
      await field.pass(100)
    },
  ],
  ['A field for one file, stored', { props: { ...rules, maxFiles: 1 } }, (field) => field.add('a.pdf')],
  ['`layout="compact"`', { props: { ...rules, layout: 'compact' } }, (field) => field.add('a.pdf', 'b.pdf')],
  [
    '`sortable`, `replaceable`',
    { props: { ...rules, sortable: true, replaceable: true } },
    async (field) => {
      await field.add('a.pdf', 'b.pdf')
      // Sorting is loaded with the first field that wants it.
      await field.root.locator('[id$=-up]').first().waitFor()
    },
  ],
  [
    '`disabled`, with a file of an earlier visit',
    { props: { ...rules, defaultValue: ['old'], knownFiles: [old], disabled: true } },
  ],
  [
    '`readOnly`, with a file of an earlier visit',
    { props: { ...rules, defaultValue: ['old'], knownFiles: [old], readOnly: true } },
  ],
]

async function stopsOf(field: Field): Promise<string[][]> {
  const stops: string[][] = []
  await field.page.getByRole('textbox', { name: 'Name' }).focus()
  for (;;) {
    await field.page.keyboard.press('Tab')
    const { role, name, description, is } = await field.toldOfFocused()
    if (name === 'Send') return stops
    const states = [
      ...(is.disabled === true ? ['disabled'] : []),
      ...(is.invalid === 'true' ? ['invalid'] : []),
      ...('expanded' in is ? [is.expanded === true ? 'expanded' : 'collapsed'] : []),
    ]
    stops.push([String(stops.length + 1), [role, ...states].join(', '), name, description])
    expect(stops.length).toBeLessThan(30)
  }
}

test('docs/accessibility.md tells every stop of Tab as Chromium’s accessibility tree has it', async ({
  field,
}, info) => {
  test.slow()
  let text = ''
  await field.open()
  for (const [what, scene, come] of layouts) {
    await field.show({ ...scene, around: 'form' })
    await come?.(field)
    await field.pass(1_000)
    const stops = await stopsOf(field)
    text += `\n**${what}**${stops.length === 0 ? ': no stop at all.\n' : '\n\n'}`
    if (stops.length > 0) text += table(['', 'role', 'name', 'description'], stops)
  }
  expectInDocs('tab stops', `${text}\n`, info)
})

// ── announcements ──

const five = { props: { maxFiles: 5 } }
const pdf = { props: { maxFiles: 5, accept: '.pdf' } }
const removeFirst = (field: Field) => field.root.locator('[data-faf-remove]').first().click()
/** Files that are told of and stored before what is looked at. */
const before = async (field: Field, ...files: string[]) => {
  await field.add(...files)
  await field.pass(20_000)
  await field.forget()
}
const happenings: readonly [what: string, scene: Scene, happens: (field: Field) => Promise<unknown>][] = [
  [
    'A file is added, then stored',
    { ...five, hold: [['send']] },
    async (field) => {
      await field.add('a.pdf')
      await field.pass(3_000)
      await field.release()
    },
  ],
  [
    'Three files are added, then stored',
    { ...five, hold: [['send']] },
    async (field) => {
      await field.add('a.pdf', 'b.pdf', 'c.pdf')
      await field.pass(3_000)
      await field.release()
    },
  ],
  ['Two small files are added and stored at once, where there is no limit', {}, (field) => field.add('a.pdf', 'b.pdf')],
  [
    'A second file of the same name is added',
    { ...five, hold: [['send']] },
    async (field) => {
      await before(field, 'photo.jpg')
      await field.add('photo.jpg')
    },
  ],
  ['Of three files one may not enter', { ...pdf, hold: [['send']] }, (field) => field.add('a.pdf', 'b.pdf', 'c.exe')],
  [
    'Of three files two may not enter, for two reasons',
    { ...pdf, hold: [['send']] },
    (field) => field.add('a.pdf', 'b.exe', { name: 'c.pdf', size: 0 }),
  ],
  ['Two files may not enter, for one reason', pdf, (field) => field.add('a.exe', 'b.exe')],
  [
    '200 small files are added',
    { hold: [['send']] },
    async (field) => {
      await field.add(...Array.from({ length: 200 }, (_, index) => ({ name: `${index}.pdf`, size: 20 * KB })))
      while ((await field.root.getAttribute('data-state')) !== 'complete') {
        await field.release('send')
        await field.hold('send')
        await field.pass(300)
      }
    },
  ],
  [
    'A file takes half a minute',
    { hold: [['send']] },
    async (field) => {
      await field.add({ name: 'film.mp4', size: 90 * MB })
      for (let second = 1; second < 30; second += 1) {
        await field.progress('film.mp4', second / 30)
        await field.pass(1_000)
      }
      await field.release()
    },
  ],
  [
    'Two files take four minutes',
    { hold: [['send']] },
    async (field) => {
      await field.add({ name: 'film.mp4', size: 90 * MB }, { name: 'b.mp4', size: KB })
      for (let step = 1; step < 24; step += 1) {
        await field.progress('film.mp4', step / 24)
        await field.pass(10_000)
      }
      await field.release()
    },
  ],
  [
    'A file fails while another is on its way, which is stored later',
    { ...five, hold: [['send', 'slow.pdf']], fail: [['send', 'unreadable', { name: 'odd.pdf' }]] },
    async (field) => {
      await field.add('slow.pdf', 'odd.pdf')
      await field.pass(3_000)
      await field.release()
    },
  ],
  [
    'Two files fail, for one reason',
    { ...five, fail: [['send', 'unreadable']] },
    (field) => field.add('a.pdf', 'b.pdf'),
  ],
  [
    'A file that failed is tried again, and is stored',
    { ...five, fail: [['send', 'unreadable', { times: 1 }]] },
    async (field) => {
      await before(field, 'a.pdf')
      await field.hold('send')
      await field.root.locator('[id$=-retry]').click()
      await field.pass(3_000)
      await field.release()
    },
  ],
  [
    'All that failed are tried again',
    { ...five, fail: [['send', 'unreadable', { times: 2 }]] },
    async (field) => {
      await before(field, 'a.pdf', 'b.pdf')
      await field.hold('send')
      await field.root.locator('[data-part=bulk] button').first().click()
    },
  ],
  [
    'A file is tried again by itself, time after time',
    { ...five, fail: [['send', { code: 'server', remedy: 'wait', status: 503 }, { times: 5 }]] },
    async (field) => {
      await field.add('a.pdf')
      await field.pass(60_000)
    },
  ],
  [
    'The network goes, and comes back',
    { ...five, hold: [['send']] },
    async (field) => {
      await field.add('a.pdf')
      await field.pass(3_000)
      await field.page.context().setOffline(true)
      await field.pass(3_000)
      await field.page.context().setOffline(false)
    },
  ],
  [
    'A file is removed, and the removal undone',
    five,
    async (field) => {
      await before(field, 'a.pdf', 'b.pdf')
      await removeFirst(field)
      await field.pass(3_000)
      await field.root.locator('[id$=-undo]').click()
    },
  ],
  [
    'Two files are removed within a fifth of a second',
    five,
    async (field) => {
      await before(field, 'a.pdf', 'b.pdf', 'c.pdf')
      await removeFirst(field)
      await field.pass(200)
      await removeFirst(field)
    },
  ],
  [
    'An upload is cancelled',
    { ...five, hold: [['send']] },
    async (field) => {
      await before(field, 'a.pdf')
      await removeFirst(field)
    },
  ],
  [
    'A file takes the place of another',
    { props: { maxFiles: 1 } },
    async (field) => {
      await before(field, 'a.pdf')
      await field.hold('send')
      await field.add('b.pdf')
      await field.pass(3_000)
      await field.release()
    },
  ],
  [
    'A row is moved down',
    { props: { maxFiles: 5, sortable: true } },
    async (field) => {
      await before(field, 'a.pdf', 'b.pdf')
      await field.root.locator('[id$=-down]').first().click()
    },
  ],
  [
    'A long upload is paused, and resumed',
    { ...five, hold: [['send']] },
    async (field) => {
      await field.add({ name: 'film.mp4', size: 90 * MB })
      await field.pass(3_000)
      await field.root.locator('[id$=-pause]').click()
      await field.pass(3_000)
      await field.root.locator('[id$=-pause]').click()
    },
  ],
  [
    'The form is sent while two files are on their way (`whenPending="wait"`)',
    { props: { maxFiles: 5, whenPending: 'wait' }, around: 'form', hold: [['send']] },
    async (field) => {
      await before(field, 'a.pdf', 'b.pdf')
      await field.page.getByRole('button', { name: 'Send' }).click()
      await field.pass(3_000)
      await field.release()
    },
  ],
  [
    'The button is pressed where no more files may come',
    { props: { maxFiles: 2 } },
    async (field) => {
      await before(field, 'a.pdf', 'b.pdf')
      await field.trigger.press('Enter')
    },
  ],
  ['What is pasted holds no file', five, (field) => field.paste()],
  ['What is dropped holds no file', five, (field) => field.drop()],
  [
    'Files of an earlier visit are shown',
    { props: { defaultValue: ['old'], knownFiles: [old] } },
    (field) => field.pass(1),
  ],
]

test('docs/accessibility.md tells what is said, word for word, in English and Korean', async ({ field }, info) => {
  test.slow()
  await field.open()
  // Waits between tries are drawn by chance; here they are the same each time.
  await field.page.evaluate(() => {
    Math.random = () => 0.9
  })
  const rows: string[][] = []
  for (const [what, scene, happens] of happenings) {
    const said: string[] = []
    for (const locale of ['en', 'ko'] as const) {
      await field.show({ ...scene, locale })
      await happens(field)
      await field.pass(5_000)
      said.push((await field.said()).join('<br>') || '(nothing)')
    }
    rows.push([what, ...said])
  }
  expectInDocs('announcements', `\n${table(['what happens', 'English', 'Korean'], rows)}\n`, info)
})
