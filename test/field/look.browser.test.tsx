/** What is seen: sizes, overflow, contrast, focus, motion, forced colours. Measured, not by pictures. */
import axe from 'axe-core'
import styles from 'file-answer-field/styles.css?inline'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { type Field, fileOf, MB, openPage, prefer, until } from './openPage.js'

beforeEach(() => page.viewport(900, 900))

const column = (width: number) => (node: React.ReactNode) => <main style={{ inlineSize: width }}>{node}</main>
const longName = `${'Quarterly-report_of-the-working-group_'.repeat(5)}.pdf`

/** A field with rows in every state, one removed, and its limit told. */
async function openFull(setting: Parameters<typeof openPage>[0] = {}): Promise<Field> {
  const field = await openPage({
    label: 'Supporting documents',
    required: true,
    error: 'The bank did not accept this document.',
    accept: '.pdf,.hwp,.jpg',
    maxFiles: 20,
    maxSize: 20 * MB,
    maxTotalSize: 400 * MB,
    defaultValue: ['old'],
    ...setting,
    backend: { confirm: true, files: [{ id: 'old', name: 'contract.pdf', size: MB, type: 'application/pdf' }] },
    prepare(backend) {
      backend.hold('send', 'uploading.pdf')
      backend.progress('uploading.pdf', 0.425)
      backend.hold('presign', 'preparing.pdf')
      backend.hold('check', 'checking.pdf')
      backend.fail('send', 'storage-rejected', { name: 'failed.pdf' })
      backend.fail('send', 'unreadable', { name: '읽을 수 없는 파일.hwp' })
    },
  })
  const names = ['uploading.pdf', 'preparing.pdf', 'checking.pdf', 'failed.pdf', '읽을 수 없는 파일.hwp', 'setup.exe']
  await field.add(...[...names, 'done.pdf', longName, 'removed.pdf'].map((name) => fileOf(name, 12 * MB)))
  await field.clock.advance(200)
  field.remove('removed.pdf').click()
  await field.clock.advance(100)
  return field
}

const boxOf = (node: Element) => node.getBoundingClientRect()
const label = (node: Element) => `${node.textContent} ${(node as HTMLElement).dataset.part}`

describe.each([
  ['wide', 700],
  ['at 320 px', 288],
])('%s', (_, width) => {
  test.each(['en', 'ko'] as const)('every target is at least 44 px in both directions (%s)', async (locale) => {
    const field = await openFull({ locale, around: column(width) })
    const buttons = field.all('button')
    expect(buttons.length).toBeGreaterThan(10)
    const small = buttons.filter((button) => boxOf(button).width < 44 || boxOf(button).height < 44)
    expect(small.map(label)).toEqual([])
    // A link within text is as tall as its line.
    for (const link of field.all('a, label')) expect(boxOf(link).height).toBeGreaterThanOrEqual(24)
  })

  test.each(['en', 'ko'] as const)('nothing scrolls sideways and no text is cut (%s)', async (locale) => {
    const field = await openFull({ locale, around: column(width) })
    expect(field.root.scrollWidth).toBeLessThanOrEqual(width)
    // Of a long name a shorter twin is seen.
    const hidden = '[data-faf-hidden], [data-part=input], [hidden], svg, svg *, input, [data-short] > span'
    const cut = field
      .all('[data-faf-root] *')
      .filter((node) => !node.matches(hidden) && node.closest('[data-faf-hidden]') === null)
      .filter((node) => getComputedStyle(node).display !== 'inline' && node.scrollWidth > node.clientWidth + 1)
    expect(cut.map(label)).toEqual([])
    const edge = boxOf(field.root).right + 1
    expect(
      field.all('button, p, [data-part=name], [data-part=meta]').filter((node) => boxOf(node).right > edge),
    ).toEqual([])
  })

  test('text twice as large and spaced out still fits', async () => {
    document.documentElement.style.fontSize = '200%'
    try {
      const field = await openFull({
        around: (node) => (
          <main style={{ inlineSize: width, lineHeight: 1.5, letterSpacing: '0.12em', wordSpacing: '0.16em' }}>
            {node}
          </main>
        ),
      })
      expect(field.root.scrollWidth).toBeLessThanOrEqual(width)
      for (const button of field.all('button')) expect(button.scrollWidth).toBeLessThanOrEqual(button.clientWidth + 1)
    } finally {
      document.documentElement.style.fontSize = ''
    }
  })
})

test.each(['list', 'compact'] as const)('buttons leave names room at every width (%s)', async (layout) => {
  const field = await openPage({
    layout,
    sortable: true,
    replaceable: true,
    prepare: (backend) => backend.fail('send', 'denied'),
    around: column(900),
  })
  await field.add('a.pdf', 'quarterly report.pdf')
  await until(() => field.all('[data-part=item] [data-part=action]').length === 10)
  const place = field.host.firstElementChild as HTMLElement
  for (let width = 280; width <= 900; width += 20) {
    place.style.inlineSize = `${width}px`
    expect(boxOf(field.row('quarterly report.pdf').querySelector('[data-part=body]') as Element).width).toBeGreaterThan(
      130,
    )
  }
})

test('targets do not lie over each other', async () => {
  const field = await openFull({ around: column(288) })
  const boxes = field.all('button, a').map(boxOf)
  for (const [index, a] of boxes.entries())
    for (const b of boxes.slice(index + 1))
      expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top).toBe(true)
})

describe('motion', () => {
  test('moves the bar alone', async () => {
    const field = await openFull()
    const moving = field.root.getAnimations({ subtree: true })
    for (const { effect } of moving)
      expect((effect as KeyframeEffect).target?.closest('[data-part=progress]')).not.toBeNull()
  })

  test('is gone where it is not wanted', async () => {
    await prefer({ 'prefers-reduced-motion': 'reduce' })
    const field = await openFull()
    expect(matchMedia('(prefers-reduced-motion: reduce)').matches).toBe(true)
    field.backend.progress('uploading.pdf', 0.9)
    await field.clock.advance(100)
    expect(field.root.getAnimations({ subtree: true })).toEqual([])
    for (const node of field.all('[data-faf-root] *')) {
      const { transitionDuration, animationName } = getComputedStyle(node)
      expect(animationName).toBe('none')
      expect(Number.parseFloat(transitionDuration)).toBeLessThanOrEqual(0.01)
    }
  })
})

/** Relative luminance of a computed colour, drawn so that every notation is understood. */
function luminance(color: string): number {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d')
  if (canvas === null) throw new Error('No canvas.')
  canvas.fillStyle = color
  canvas.fillRect(0, 0, 1, 1)
  const channels = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((byte) => {
    const share = byte / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  const [red = 0, green = 0, blue = 0] = channels
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const contrast = (a: string, b: string): number => {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other)
  return (light + 0.05) / (dark + 0.05)
}

const styleOf = (field: Field, selector: string) => getComputedStyle(field.find(selector))

describe.each(['light', 'dark'] as const)('in the %s scheme', (scheme) => {
  const around = (node: React.ReactNode) => (
    <main style={{ colorScheme: scheme, background: scheme === 'dark' ? '#181c21' : '#fff' }}>{node}</main>
  )

  test('edges, bars and icons stand out by 3 to 1', async () => {
    const field = await openFull({ around })
    const paper = scheme === 'dark' ? '#181c21' : '#fff'
    const zone = styleOf(field, '[data-part=dropzone]')
    expect(contrast(zone.borderTopColor, paper)).toBeGreaterThanOrEqual(3)
    const track = styleOf(field, '[role=progressbar]').backgroundColor
    expect(contrast(styleOf(field, '[role=progressbar] > div').backgroundColor, track)).toBeGreaterThanOrEqual(3)
    for (const icon of field.all('[data-part=state-icon]')) {
      const row = icon.closest('[data-part=item]')
      expect(
        contrast(getComputedStyle(icon).stroke, getComputedStyle(row as Element).backgroundColor),
      ).toBeGreaterThanOrEqual(3)
    }
    for (const button of field.all('[data-part=action]'))
      expect(
        contrast(getComputedStyle(button).borderTopColor, getComputedStyle(button).backgroundColor),
      ).toBeGreaterThanOrEqual(3)
  })

  test('the focus is seen on every button and link', async () => {
    const field = await openFull({ around })
    const paper = scheme === 'dark' ? '#181c21' : '#fff'
    field.trigger().focus()
    const seen: Element[] = []
    while (document.activeElement !== null && field.root.contains(document.activeElement)) {
      const { outlineStyle, outlineWidth, outlineOffset, outlineColor } = getComputedStyle(document.activeElement)
      expect(outlineStyle).toBe('solid')
      expect(Number.parseFloat(outlineWidth)).toBeGreaterThanOrEqual(2)
      expect(Number.parseFloat(outlineOffset)).toBeGreaterThanOrEqual(1)
      expect(contrast(outlineColor, paper)).toBeGreaterThanOrEqual(3)
      const row = document.activeElement.closest('[data-part=item]')
      if (row !== null) expect(contrast(outlineColor, getComputedStyle(row).backgroundColor)).toBeGreaterThanOrEqual(3)
      seen.push(document.activeElement)
      await userEvent.keyboard('{Tab}')
    }
    expect(seen.length).toBe(field.all('button, a').length)
  })

  test('a button under the pointer is still read easily', async () => {
    const field = await openFull({ around })
    for (const button of [field.trigger(), field.remove('done.pdf')]) {
      await userEvent.hover(button)
      const { color, backgroundColor } = getComputedStyle(button)
      expect(contrast(color, backgroundColor)).toBeGreaterThanOrEqual(4.5)
    }
  })
})

describe('in forced colours', () => {
  test('zone, rows, buttons and bar keep their edges, and a failed row differs by more than colour', async () => {
    await prefer({ 'forced-colors': 'active' })
    const field = await openFull()
    expect(matchMedia('(forced-colors: active)').matches).toBe(true)
    for (const selector of [
      '[data-part=dropzone]',
      '[data-part=item]',
      '[data-part=trigger]',
      '[data-part=action]',
      '[role=progressbar]',
    ]) {
      for (const node of field.all(selector)) {
        const { borderTopStyle, borderTopWidth, borderTopColor } = getComputedStyle(node)
        expect(borderTopStyle).not.toBe('none')
        expect(Number.parseFloat(borderTopWidth)).toBeGreaterThanOrEqual(1)
        expect(borderTopColor).not.toBe('rgba(0, 0, 0, 0)')
      }
    }
    const bar = styleOf(field, '[role=progressbar] > div').backgroundColor
    expect(contrast(bar, styleOf(field, '[role=progressbar]').backgroundColor)).toBeGreaterThanOrEqual(3)
    const failed = field.row('failed.pdf')
    const done = field.row('done.pdf')
    expect(getComputedStyle(failed).borderTopWidth).not.toBe(getComputedStyle(done).borderTopWidth)
    expect(failed.querySelector('[data-part=state-icon] path')?.getAttribute('d')).not.toBe(
      done.querySelector('[data-part=state-icon] path')?.getAttribute('d'),
    )
  })

  test('a button that does nothing now looks it', async () => {
    await prefer({ 'forced-colors': 'active' })
    const field = await openPage({ maxFiles: 2 })
    await field.add('a.pdf', 'b.pdf')
    expect(field.trigger().getAttribute('aria-disabled')).toBe('true')
    expect(getComputedStyle(field.trigger()).color).not.toBe(getComputedStyle(field.remove('a.pdf')).color)
  })
})

test('shapes tell the groups of states apart', async () => {
  const field = await openFull()
  const shapeOf = (name: string) => field.row(name).querySelector('[data-part=state-icon] path')?.getAttribute('d')
  const shapes = ['preparing.pdf', 'uploading.pdf', 'failed.pdf', 'done.pdf'].map(shapeOf)
  expect(new Set(shapes).size).toBe(4)
})

test('from right to left the bar grows from the right', async () => {
  const field = await openFull({ around: (node) => <main dir="rtl">{node}</main> })
  const bar = field.find('[role=progressbar] > div')
  const track = boxOf(field.find('[role=progressbar]'))
  expect(Math.abs(boxOf(bar).right - track.right)).toBeLessThan(1)
  expect(boxOf(bar).left).toBeGreaterThan(track.left + 1)
  const action = boxOf(field.remove('done.pdf'))
  expect(action.right).toBeLessThan(boxOf(field.row('done.pdf').querySelector('[data-part=name]') as Element).left)
})

test('from right to left every line begins at the right, also of texts that run from left to right', async () => {
  const field = await openFull({
    description: 'Upload the originals; photos of paper are fine.',
    around: (node) => (
      <main dir="rtl" style={{ inlineSize: 460 }}>
        {node}
      </main>
    ),
  })
  const texts = field.all('[data-part=description], [data-part=hint], [data-part=name], [data-part=meta] > span')
  const lines = texts.flatMap((text) => {
    const range = document.createRange()
    range.selectNodeContents(text)
    return [...range.getClientRects()].map(({ right }) => ({ text: text.textContent, off: boxOf(text).right - right }))
  })
  expect(lines.length).toBeGreaterThan(texts.length)
  expect(lines.filter(({ off }) => Math.abs(off) > 2)).toEqual([])
})

test('in forced colours the line of a compact row shows how far it is', async () => {
  await prefer({ 'forced-colors': 'active' })
  const field = await openFull({ layout: 'compact' })
  const line = field.find('[data-part=item] [role=progressbar][aria-valuenow="42"]')
  expect(getComputedStyle(line).borderTopWidth).toBe('0px')
  const sent = boxOf(line.firstElementChild as Element)
  expect(sent.height).toBeGreaterThanOrEqual(3)
  await until(() => {
    const { width } = boxOf(line.firstElementChild as Element)
    return width > boxOf(line).width * 0.4 && width < boxOf(line).width * 0.5
  })
})

test('rows off screen cost no layout', async () => {
  const field = await openPage()
  await field.add('a.pdf')
  for (const style of document.body.querySelectorAll('style'))
    if (style.textContent?.includes('content-visibility')) style.remove()
  expect(getComputedStyle(field.row('a.pdf')).contentVisibility).toBe('auto')
})

test('a host’s own rule wins without force', async () => {
  const field = await openPage({
    around: (node) => (
      <>
        <style>{'button { border-radius: 0 } [data-faf-root] { --faf-target: 60px }'}</style>
        {node}
      </>
    ),
  })
  expect(getComputedStyle(field.trigger()).borderTopLeftRadius).toBe('0px')
  expect(boxOf(field.trigger()).height).toBeGreaterThanOrEqual(60)
})

test.each([
  ['forced colours', { 'forced-colors': 'active' }, {}],
  ['right to left', {}, { around: (node: React.ReactNode) => <main dir="rtl">{node}</main> }],
  ['320 px', {}, { around: column(288) }],
  ['Korean at 320 px', {}, { around: column(288), locale: 'ko' }],
] as const)('axe finds nothing: %s', async (_, features, setting) => {
  await prefer(features)
  const field = await openFull(setting)
  const { violations } = await axe.run(field.host, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'],
    resultTypes: ['violations'],
  })
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
})

test('the stylesheet changes nothing outside the field, whatever stands there', () => {
  const frame = document.body.appendChild(document.createElement('iframe'))
  onTestFinished(() => frame.remove())
  const page = frame.contentDocument
  const view = frame.contentWindow
  if (page === null || view === null) throw new Error('The frame has no page.')
  page.body.innerHTML = `<form><fieldset disabled><legend>L</legend><label data-part="label">T <input name="t"></label>
    <button data-part="action">B</button></fieldset><p data-part="error">P</p><ul data-part="list"><li data-part="item">
    <a href="#" data-part="name">A</a></li></ul><div data-part="thumb"><svg></svg><img alt=""></div><summary>S</summary>
    <div role="progressbar" data-part="progress"></div><textarea></textarea><table><tr><td>D</td></tr></table></form>`
  const looks = () =>
    [...page.querySelectorAll('*')].map((node) => {
      const style = view.getComputedStyle(node)
      return [...style].map((property) => `${node.tagName} ${property}: ${style.getPropertyValue(property)}`)
    })
  const before = looks()
  const sheet = new (view as unknown as typeof globalThis).CSSStyleSheet()
  sheet.replaceSync(styles)
  expect(sheet.cssRules.length).toBeGreaterThan(2)
  page.adoptedStyleSheets = [sheet]
  expect(looks()).toEqual(before)
})
