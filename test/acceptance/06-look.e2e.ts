/** Checks 24 to 29: sizes, room, motion, focus, contrast and forced colours, measured. */
import { expect, type Field, showEveryState, test } from './field.js'
import { across, contrast, painted, strongest } from './pixels.js'

const boxes = (field: Field, selector: string) =>
  field.root.locator(selector).evaluateAll((nodes) =>
    nodes
      .map((node) => ({ what: `${node.textContent} ${node.id}`, box: node.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0)
      .map(({ what, box: { left, top, right, bottom, width, height } }) => ({
        what,
        left,
        top,
        right,
        bottom,
        width,
        height,
      })),
  )

function expectApart(targets: Awaited<ReturnType<typeof boxes>>): void {
  for (const [index, a] of targets.entries())
    for (const b of targets.slice(index + 1))
      expect(
        a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top,
        `${a.what} and ${b.what}`,
      ).toBe(true)
}

for (const width of [900, 320])
  test(`24. every target is at least 44 by 44 px, and none lies over another (${width} px)`, async ({
    field,
    page,
  }) => {
    await page.setViewportSize({ width, height: 900 })
    await showEveryState(field)
    const targets = await boxes(field, 'button, summary')
    expect(targets.length).toBeGreaterThan(15)
    expect(targets.filter((box) => box.width < 44 || box.height < 44)).toEqual([])
    expectApart(targets)
  })

test('24. … in lines at least 24 by 24 px, and none lies over another', async ({ field, page }) => {
  await page.setViewportSize({ width: 320, height: 900 })
  await showEveryState(field, { props: { layout: 'compact', sortable: true } })
  await field.root.locator('[id$=-up]').first().waitFor()
  await field.pass(100)
  const targets = await boxes(field, '[data-part=list] button')
  expect(targets.length).toBeGreaterThan(40)
  expect(targets.filter((box) => box.width < 24 || box.height < 24)).toEqual([])
  expectApart(targets)
})

const cut = (field: Field) =>
  field.root.locator('*').evaluateAll((nodes) =>
    nodes
      .filter((node) => node.closest('[data-faf-hidden], [hidden], svg') === null && !node.matches('input'))
      // What is there for assistive technology alone, and a badge that may grow.
      .filter((node) => node.clientWidth > 1 && node.closest('[data-part=thumb]') === null)
      .filter((node) => getComputedStyle(node).display !== 'inline' && node.scrollWidth > node.clientWidth + 1)
      .map((node) => `${(node as HTMLElement).dataset.part} ${node.textContent}`),
  )
const sideways = (field: Field) => field.page.evaluate(() => document.documentElement.scrollWidth)

for (const locale of ['en', 'ko'] as const)
  for (const larger of [false, true])
    test(`25. at 320 px ${larger ? 'with text twice as large and spaced out ' : ''}nothing scrolls sideways or is cut (${locale})`, async ({
      field,
      page,
    }) => {
      await page.setViewportSize({ width: 320, height: 900 })
      await showEveryState(field, { locale })
      await field.add(`${'long-name_of-a-file_'.repeat(10)}end.pdf`)
      if (larger)
        await page.addStyleTag({
          content: `html { font-size: 200% }
            * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
            p { margin-block-end: 2em !important }`,
        })
      await field.pass(100)
      expect(await sideways(field)).toBeLessThanOrEqual(320)
      expect(await cut(field)).toEqual([])
    })

test('25. … nor in lines whose rows can be moved', async ({ field, page }) => {
  await page.setViewportSize({ width: 320, height: 900 })
  await showEveryState(field, { props: { layout: 'compact', sortable: true } })
  await field.root.locator('[id$=-up]').first().waitFor()
  await field.add(`${'long-name_of-a-file_'.repeat(10)}end.pdf`)
  await field.pass(100)
  expect(await sideways(field)).toBeLessThanOrEqual(320)
  expect(await cut(field)).toEqual([])
})

test('26. where motion is not wanted nothing moves, while files are on their way', async ({ field, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await showEveryState(field)
  await field.progress('uploading.pdf', 0.8)
  await field.pass(100)
  expect(await field.root.evaluate((root) => root.getAnimations({ subtree: true }).length)).toBe(0)
  const slow = await field.root.locator('*').evaluateAll(
    (nodes) =>
      nodes.filter((node) => {
        const { transitionDuration, animationName, animationDuration } = getComputedStyle(node)
        const isAnimated = animationName !== 'none' && Number.parseFloat(animationDuration) > 0.01
        return Number.parseFloat(transitionDuration) > 0.01 || isAnimated
      }).length,
  )
  expect(slow).toBe(0)
})

const themes = [
  ['light', { scheme: 'light' }, {}],
  ['dark', { scheme: 'dark' }, {}],
  ['forced colours', {}, { forcedColors: 'active' }],
] as const

for (const [theme, scene, media] of themes)
  test(`27. the focus is seen: a ring of 2 px or more, 3 to 1 against what is beside it (${theme})`, async ({
    field,
    page,
  }) => {
    await page.emulateMedia(media)
    await field.open({ ...scene, hold: [['send']] })
    await field.add('a.pdf')
    await page.keyboard.press('Tab')
    for (const button of [field.trigger, field.button('Cancel a.pdf')]) {
      await expect(button).toBeFocused()
      expect(
        await button.evaluate((node) => Number.parseFloat(getComputedStyle(node).outlineWidth)),
      ).toBeGreaterThanOrEqual(2)
      // From outside to the button's own edge: ground, ring, gap.
      const paintOf = await painted(page)
      const line = across(await paintOf(button, 9), 0.5).slice(0, 9)
      const ground = line[0] ?? [0, 0, 0]
      expect(line.filter((color) => contrast(color, ground) >= 3).length).toBeGreaterThanOrEqual(2)
      await page.keyboard.press('Tab')
    }
  })

for (const [theme, scene] of themes.slice(0, 2))
  test(`28. edges, bars and icons stand out by 3 to 1, as painted (${theme})`, async ({ field, page }) => {
    await showEveryState(field, scene)
    const paintOf = await painted(page)
    const zone = await paintOf(field.root.locator('[data-part=dropzone]'), 2)
    // A dashed line: the best of its pixels.
    expect(strongest({ ...zone, colors: zone.colors.filter((_, at) => at % zone.width < 6) })).toBeGreaterThanOrEqual(3)
    const bar = await paintOf(field.row('uploading.pdf').locator('[data-part=progress]'))
    const middle = across(bar, 0.5)
    expect(
      contrast(middle[Math.floor(bar.width * 0.2)] ?? [], middle[Math.floor(bar.width * 0.8)] ?? []),
    ).toBeGreaterThanOrEqual(3)
    for (const name of ['done.pdf', 'failed.pdf', 'uploading.pdf', 'rejected.exe', 'old.pdf'])
      expect(strongest(await paintOf(field.row(name).locator('[data-part=state-icon]'))), name).toBeGreaterThanOrEqual(
        3,
      )
  })

test('29. in forced colours a failed row differs from a stored one by edge and icon, and everything keeps an edge', async ({
  field,
  page,
}) => {
  await page.emulateMedia({ forcedColors: 'active' })
  await showEveryState(field)
  const edges = await field.root
    .locator(
      ':is([data-part=dropzone], [data-part=item], [data-part=trigger], [data-part=action], [data-part=progress]):visible',
    )
    .evaluateAll((nodes) =>
      nodes
        .map((node) => getComputedStyle(node))
        .map((style) => `${style.borderTopStyle} ${style.borderTopWidth} ${style.borderTopColor}`),
    )
  expect(edges.length).toBeGreaterThan(30)
  for (const edge of edges) expect(edge).toMatch(/^(solid|dashed) [1-9]\d*px rgba?\(/)
  const paintOf = await painted(page)
  const [failed, done] = [field.row('failed.pdf'), field.row('done.pdf')]
  const icon = (name: string) => paintOf(field.row(name).locator('[data-part=state-icon]'))
  expect((await icon('failed.pdf')).colors).not.toEqual((await icon('done.pdf')).colors)
  const width = (row: typeof failed) => row.evaluate((node) => getComputedStyle(node).borderTopWidth)
  expect(await width(failed)).not.toBe(await width(done))
  // The edge is painted: 3 to 1 against the page.
  for (const row of [failed, done]) {
    const line = across(await paintOf(row, 2), 0.5).slice(0, 6)
    expect(Math.max(...line.map((color) => contrast(color, line[0] ?? [])))).toBeGreaterThanOrEqual(3)
  }
})
