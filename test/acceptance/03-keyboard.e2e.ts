/** Checks 11 to 16, by the keyboard alone; in Firefox too. */
import { expect, MB, test } from './field.js'

const everywhere = { tag: '@everywhere' }

for (const key of ['Enter', 'Space'])
  for (const maxFiles of [5, 1])
    test(
      `11. ${key} on the button opens one chooser, for ${maxFiles > 1 ? 'several files' : 'one file'}`,
      everywhere,
      async ({ field, page }) => {
        await field.open({ props: { maxFiles } })
        let opened = 0
        page.on('filechooser', () => {
          opened += 1
        })
        await page.keyboard.press('Tab')
        await expect(field.trigger).toBeFocused()
        const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press(key)])
        expect(chooser.isMultiple()).toBe(maxFiles > 1)
        await chooser.setFiles([{ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('a') }])
        await field.pass(300)
        await expect(field.rows).toHaveCount(1)
        expect(opened).toBe(1)
      },
    )

test(
  '12. Tab goes through the field in the order of the page, stops once at each thing to press, and leads out again',
  everywhere,
  async ({ field, page }) => {
    await field.open({ around: 'form', fail: [['send', 'storage-rejected']], props: { maxFiles: 9 } })
    await field.add('a.pdf', 'b.pdf', 'c.pdf')
    await field.button('Remove a.pdf').click()
    await field.pass(100)
    const stops: string[] = []
    await page.getByRole('textbox', { name: 'Name' }).focus()
    for (;;) {
      await page.keyboard.press('Tab')
      const now = await field.focused()
      if (now === 'Send') break
      stops.push(now)
      expect(stops.length).toBeLessThan(20)
    }
    expect(stops).toEqual([
      'Add files',
      'Try again | b.pdf',
      'Remove | b.pdf',
      'Try again | c.pdf',
      'Remove | c.pdf',
      'Try all again',
      'Undo',
    ])
    const shown = await field.root.locator('button:visible, a:visible').count()
    expect(stops).toHaveLength(shown)
    const back: string[] = []
    for (;;) {
      await page.keyboard.press('Shift+Tab')
      const now = await field.focused()
      if (now === '') break
      back.push(now)
      expect(back.length).toBeLessThan(20)
    }
    expect(back).toEqual(stops.toReversed())
    await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused()
  },
)

test(
  '13. the hidden input never has the focus: by Tab, by a click, by the question, by a failed submit',
  everywhere,
  async ({ field, page }) => {
    await field.open({ around: 'form', props: { required: true } })
    await page.evaluate(() => {
      const state = window as unknown as { strayed: number }
      state.strayed = 0
      document.querySelector('input[type=file]')?.addEventListener('focus', () => {
        state.strayed += 1
      })
      document.querySelector('input[type=file]')?.addEventListener('click', (event) => event.preventDefault())
    })
    // Not beyond the page: Firefox goes on in its own window.
    for (let turn = 0; turn < 3; turn += 1) await page.keyboard.press('Tab')
    await field.trigger.click()
    await field.root.locator('label').click()
    await page.getByRole('button', { name: 'Send' }).press('Enter')
    await field.pass(100)
    await expect(field.trigger).toBeFocused()
    expect(await page.evaluate(() => (window as unknown as { strayed: number }).strayed)).toBe(0)
  },
)

for (const [which, removed, next] of [
  ['first', 'a.pdf', 'Remove | b.pdf'],
  ['middle', 'b.pdf', 'Remove | c.pdf'],
  ['last', 'c.pdf', 'Remove | b.pdf'],
  ['only', 'a.pdf', 'Choose files'],
] as const)
  test(
    `14. after the ${which} row is removed the focus is on “${next}”, on a page and in a dialog`,
    everywhere,
    async ({ field, page }) => {
      await field.open()
      for (const around of [undefined, 'dialog'] as const) {
        await field.show({ around })
        await field.add(...(which === 'only' ? ['a.pdf'] : ['a.pdf', 'b.pdf', 'c.pdf']))
        await field.button(`Remove ${removed}`).focus()
        await page.keyboard.press('Enter')
        await field.pass(100)
        await expect(field.button(`Remove ${removed}`)).toHaveCount(0)
        expect(await field.focused()).toBe(next)
        // Nor when the undo that is offered ends.
        await field.pass(20_000)
        expect(await field.focused()).toBe(next)
      }
    },
  )

test(
  '14. after all rows are removed the focus is on the button that adds, and after their undo on the first row',
  everywhere,
  async ({ field, page }) => {
    await field.open()
    const names = ['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf', 'e.pdf', 'f.pdf']
    await field.add(...names)
    await field.pass(20_000)
    await page.getByRole('button', { name: 'Remove all' }).focus()
    await page.keyboard.press('Enter')
    await field.pass(2_000)
    await expect(field.rows).toHaveCount(0)
    expect(await field.focused()).toBe('Choose files')
    await page.keyboard.press('Tab')
    expect(await field.focused()).toBe('Undo')
    await expect(page.getByRole('button', { name: 'Undo: 6 files removed.' })).toBeFocused()
    await page.keyboard.press('Enter')
    await field.pass(2_000)
    await expect(field.rows).toHaveCount(6)
    expect(await field.focused()).toBe('Remove | a.pdf')
    const said = (await field.heard()).map(({ text }) => text)
    expect(said.slice(-2)).toEqual(['6 files removed.', '6 files are back in the list.'])
  },
)

test(
  '15. Cancel becomes Remove on the same button, with the focus on it, through a thousand ticks',
  everywhere,
  async ({ field, page }) => {
    await field.open({ hold: [['send']] })
    await field.add({ name: 'film.mp4', size: 4 * MB })
    const cancel = await field.button('Cancel film.mp4').elementHandle()
    await cancel?.focus()
    await page.evaluate(() => {
      for (let tick = 1; tick <= 1_000; tick += 1) window.stage.progress('film.mp4', tick / 1_000)
    })
    await field.release('send')
    await field.pass(300)
    await expect(field.button('Remove film.mp4')).toBeFocused()
    expect(await cancel?.evaluate((node) => node.isConnected && node === document.activeElement)).toBe(true)
  },
)

test(
  '16. the focus stays on the button while files are chosen, dropped and pasted',
  everywhere,
  async ({ field, page }) => {
    // With the third the field is full.
    await field.open({ props: { maxFiles: 3 } })
    await page.keyboard.press('Tab')
    for (const [count, give] of [
      () => field.add('chosen.pdf'),
      () => field.drop('dropped.pdf'),
      () => field.paste('pasted.pdf'),
    ].entries()) {
      await give()
      await expect(field.rows).toHaveCount(count + 1)
      await expect(field.trigger).toBeFocused()
    }
    await expect(field.trigger).toHaveAttribute('aria-disabled', 'true')
    await page.keyboard.press('Enter')
    await expect(field.trigger).toBeFocused()
  },
)

test('Alt and an arrow move a row, which keeps the focus', everywhere, async ({ field, page }) => {
  await field.open({ props: { sortable: true } })
  await field.add('a.pdf', 'b.pdf', 'c.pdf')
  await field.button('Move down a.pdf').waitFor()
  await field.button('Remove a.pdf').focus()
  const names = field.root.locator('[data-part=name]')
  for (const [key, order] of [
    ['ArrowDown', ['b.pdf', 'a.pdf', 'c.pdf']],
    ['ArrowDown', ['b.pdf', 'c.pdf', 'a.pdf']],
    ['ArrowDown', ['b.pdf', 'c.pdf', 'a.pdf']],
    ['ArrowUp', ['b.pdf', 'a.pdf', 'c.pdf']],
  ] as const) {
    await page.keyboard.press(`Alt+${key}`)
    await field.pass(100)
    await expect(names).toHaveText(order)
    expect(await field.focused()).toBe('Remove | a.pdf')
  }
})

test('a form is filled in and sent by the keyboard alone', everywhere, async ({ field, page }) => {
  await field.open({
    around: 'form',
    props: { required: true, maxFiles: 3 },
    fail: [['send', 'storage-rejected', { times: 1 }]],
  })
  await page.keyboard.press('Tab')
  await page.keyboard.type('Ada')
  await page.keyboard.press('Enter')
  await field.pass(100)
  await expect(field.root.getByText('Attach at least 1 file.')).toBeVisible()
  await expect(field.trigger).toBeFocused()
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')])
  await chooser.setFiles(
    ['cv.pdf', 'letter.pdf'].map((name) => ({ name, mimeType: 'application/pdf', buffer: Buffer.from(name) })),
  )
  await field.pass(500)
  await page.keyboard.press('Tab')
  expect(await field.focused()).toBe('Try again | cv.pdf')
  await page.keyboard.press('Enter')
  await field.pass(500)
  expect(await field.focused()).toBe('Remove | cv.pdf')
  await page.keyboard.press('Tab')
  expect(await field.focused()).toBe('Remove | letter.pdf')
  await page.keyboard.press('Delete')
  await field.pass(100)
  expect(await field.focused()).toBe('Remove | cv.pdf')
  await page.keyboard.press('Tab')
  expect(await field.focused()).toBe('Undo')
  await page.keyboard.press('Enter')
  await field.pass(100)
  expect(await field.focused()).toBe('Remove | letter.pdf')
  await page.keyboard.press('Tab')
  expect(await field.focused()).toBe('Send')
  await page.keyboard.press('Enter')
  await field.pass(100)
  await expect(page.getByRole('status', { name: 'Sent' })).toHaveText(/^file-\d+,file-\d+$/)
})
