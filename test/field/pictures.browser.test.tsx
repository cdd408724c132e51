/** Pictures of rows: decoded beside the page, for what is seen, freed again; else a badge. */
import { createFileAnswer, FileAnswerField } from 'file-answer-field'
import { images } from 'file-answer-field/accept'
import { createMemoryBackend } from 'file-answer-field/testing'
import { Activity, StrictMode, useState } from 'react'
import { flushSync } from 'react-dom'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { fileOf, mount, openPage, until } from './openPage.js'

beforeEach(() => page.viewport(900, 700))

/** A red picture, twice as wide as high. */
async function photo(name: string): Promise<File> {
  const canvas = new OffscreenCanvas(400, 200)
  const paint = canvas.getContext('2d')
  if (paint === null) throw new Error('No canvas.')
  paint.fillStyle = '#f00'
  paint.fillRect(0, 0, 400, 200)
  return new File([await canvas.convertToBlob({ type: 'image/png' })], name, { type: 'image/png' })
}

const thumb = (row: HTMLElement) => row.querySelector('[data-part=thumb]') as HTMLElement
const canvasOf = (row: HTMLElement) => thumb(row).querySelector('canvas')
afterEach(() => vi.restoreAllMocks())

const badgeOf = (row: HTMLElement) => thumb(row).querySelector('text')?.textContent

test('an image shows what is on it, small, hidden from screen readers', async () => {
  const field = await openPage()
  await field.add(await photo('a.png'))
  await until(() => canvasOf(field.row('a.png')) !== null)
  const canvas = canvasOf(field.row('a.png')) as HTMLCanvasElement
  expect([canvas.width, canvas.height]).toEqual([96, 96])
  expect([...(canvas.getContext('2d')?.getImageData(48, 48, 1, 1).data ?? [])]).toEqual([255, 0, 0, 255])
  expect(thumb(field.row('a.png')).getAttribute('aria-hidden')).toBe('true')
  expect(thumb(field.row('a.png')).querySelector('svg')).toBeNull()
  const { width, height } = canvas.getBoundingClientRect()
  expect([width, height]).toEqual([48, 48])
})

test('what is no image, can’t be decoded, was refused, or could be a script, has a badge', async () => {
  const decode = vi.spyOn(window, 'createImageBitmap')
  const field = await openPage({ accept: '.png,.pdf,.svg,.heic' })
  const svg = new File(['<svg xmlns="http://www.w3.org/2000/svg"/>'], 'drawing.svg', { type: 'image/svg+xml' })
  const broken = new File(['no picture'], 'broken.png', { type: 'image/png' })
  await field.add(broken, fileOf('a.pdf'), svg, new File(['x'], 'setup.gif', { type: 'image/gif' }))
  await until(() => decode.mock.calls.length > 0)
  await Promise.allSettled(decode.mock.results.map(({ value }) => value))
  await field.add(await photo('good.png'))
  await until(() => canvasOf(field.row('good.png')) !== null)
  expect(['broken.png', 'a.pdf', 'drawing.svg', 'setup.gif'].map((name) => badgeOf(field.row(name)))).toEqual([
    'PNG',
    'PDF',
    'SVG',
    'GIF',
  ])
  // Of the two that are images and may be tried, each once.
  expect(decode).toHaveBeenCalledTimes(2)
  decode.mockRestore()
})

test('rows that nobody sees are not decoded, and those that left the screen are taken off again', async () => {
  const decode = vi.spyOn(window, 'createImageBitmap')
  const field = await openPage({ around: (node) => <div style={{ paddingBlockEnd: 4_000 }}>{node}</div> })
  await field.add(...(await Promise.all(Array.from({ length: 40 }, (_, index) => photo(`${index + 10}.png`)))))
  await field.clock.advance(500)
  // All that are seen, or nearly, are made: what is decoded later is none of these.
  await until(() => canvasOf(field.row('10.png')) !== null)
  await until(() => field.all('canvas').length === decode.mock.calls.length)
  window.scrollTo(0, document.body.scrollHeight)
  await until(() => canvasOf(field.row('10.png')) === null)
  expect(decode.mock.calls.length).toBeLessThan(40)
  const tried = decode.mock.calls.length
  window.scrollTo(0, 0)
  await until(() => canvasOf(field.row('10.png')) !== null)
  // It was kept for a while: nothing is decoded twice.
  expect(decode.mock.calls.length).toBe(tried)
  decode.mockRestore()
})

test('one observer watches the pictures of all fields, and none that has left', async () => {
  const { observe, unobserve } = IntersectionObserver.prototype
  const watched = new Map<Element, IntersectionObserver>()
  const watches = vi.spyOn(IntersectionObserver.prototype, 'observe').mockImplementation(function (
    this: IntersectionObserver,
    node,
  ) {
    watched.set(node, this)
    observe.call(this, node)
  })
  const leaves = vi.spyOn(IntersectionObserver.prototype, 'unobserve').mockImplementation(function (
    this: IntersectionObserver,
    node,
  ) {
    watched.delete(node)
    unobserve.call(this, node)
  })
  const one = await openPage()
  const other = await openPage({ label: 'Others' })
  await one.add(await photo('a.png'), await photo('b.png'), await photo('c.png'))
  await other.add(await photo('d.png'), await photo('e.png'))
  await until(() => ['a.png', 'b.png', 'c.png'].every((name) => canvasOf(one.row(name)) !== null))
  await until(() => ['d.png', 'e.png'].every((name) => canvasOf(other.row(name)) !== null))
  expect(watched.size).toBe(5)
  expect(new Set(watched.values()).size).toBe(1)
  one.remove('b.png').click()
  await one.clock.advance(100)
  await until(() => watched.size === 4)
  expect([...watched.keys()].every((node) => node.isConnected)).toBe(true)
  watches.mockRestore()
  leaves.mockRestore()
})

test('`thumbnails={false}` and the layout `compact` decode nothing', async () => {
  const decode = vi.spyOn(window, 'createImageBitmap')
  const without = await openPage({ thumbnails: false })
  await without.add(await photo('a.png'))
  expect(badgeOf(without.row('a.png'))).toBe('PNG')
  const compact = await openPage({ layout: 'compact' })
  await compact.add(await photo('a.png'))
  expect(compact.row('a.png').querySelector('[data-part=thumb]')).toBeNull()
  const usual = await openPage()
  await usual.add(await photo('a.png'))
  await until(() => canvasOf(usual.row('a.png')) !== null)
  expect(decode).toHaveBeenCalledTimes(1)
  decode.mockRestore()
})

const pixel = 'https://pictures.invalid/a.jpg'

test('a stored file shows its `thumbnailUrl`, lazily and without telling where from; a dead one its badge', async () => {
  const stored = { id: 'old', name: 'a.jpg', size: 5, type: 'image/jpeg', thumbnailUrl: pixel }
  const field = await openPage({ defaultValue: ['old'], backend: { files: [stored] } })
  await vi.waitFor(async () => {
    await field.clock.advance(100)
    expect(field.all('[data-part=thumb] img')).toHaveLength(1)
  }, 10_000)
  const image = field.find<HTMLImageElement>('[data-part=thumb] img')
  expect([image.referrerPolicy, image.loading, image.alt, image.src]).toEqual(['no-referrer', 'lazy', '', pixel])
  image.dispatchEvent(new Event('error'))
  await until(() => badgeOf(field.row('a.jpg')) === 'JPG')
})

test('a picture stays through renders, a move, and while the field is hidden and shown again, in StrictMode', async () => {
  const answer = createFileAnswer({ backend: createMemoryBackend() })
  onTestFinished(() => answer.dispose())
  let set: (state: { mode: 'visible' | 'hidden'; render: number }) => void = () => {}
  function Host() {
    const [{ mode, render }, setState] = useState({ mode: 'visible' as 'visible' | 'hidden', render: 0 })
    set = setState
    return (
      <Activity mode={mode}>
        <FileAnswerField label={`Documents ${render}`} answer={answer} />
      </Activity>
    )
  }
  const host = mount(
    <StrictMode>
      <Host />
    </StrictMode>,
  )
  const shown = () =>
    [...host.querySelectorAll<HTMLCanvasElement>('[data-part=thumb] canvas')].filter(
      (canvas) => canvas.getContext('2d')?.getImageData(48, 48, 1, 1).data[0] === 255,
    ).length
  answer.add([await photo('a.png'), await photo('b.png'), await photo('c.png')])
  await until(() => shown() === 3)
  for (let render = 1; render <= 10; render += 1) flushSync(() => set({ mode: 'visible', render }))
  expect(shown()).toBe(3)
  flushSync(() => answer.move(answer.getAnswer().keys[2] ?? '', 0))
  await until(() => host.querySelector('[data-part=name]')?.textContent === 'c.png' && shown() === 3)
  flushSync(() => set({ mode: 'hidden', render: 11 }))
  flushSync(() => set({ mode: 'visible', render: 12 }))
  await until(() => shown() === 3)
})

test('a photo whose name says another kind than its bytes is taken as named, and shown where the browser can', async () => {
  const field = await openPage({ accept: images })
  const photos = [await photo('IMG_1.HEIC'), new File(['\0\0\0\x18ftypheic'], 'IMG_2.jpg', { type: 'image/jpeg' })]
  await field.add(...photos)
  await until(() => field.all('[data-state=done]').length === 2)
  await until(() => canvasOf(field.row('IMG_1.HEIC')) !== null)
  expect(badgeOf(field.row('IMG_2.jpg'))).toBe('JPG')
})
