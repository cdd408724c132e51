/** What is painted, measured: a screenshot of an element, and contrast as WCAG counts it. */
import type { Locator, Page } from '@playwright/test'

export interface Painted {
  readonly width: number
  readonly height: number
  /** Red, green, blue of each pixel, row by row. */
  readonly colors: readonly (readonly [number, number, number])[]
}

/** The pixels of an element and of `around` it, CSS pixels. */
export async function paintOf(page: Page, element: Locator, around = 0): Promise<Painted> {
  await element.scrollIntoViewIfNeeded()
  const box = await element.boundingBox()
  if (box === null) throw new Error('The element is not shown.')
  const clip = { x: box.x - around, y: box.y - around, width: box.width + 2 * around, height: box.height + 2 * around }
  const image = (await page.screenshot({ clip, caret: 'hide' })).toString('base64')
  return page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const { width, height } = bitmap
    const canvas = new OffscreenCanvas(width, height).getContext('2d')
    if (canvas === null) throw new Error('No canvas.')
    canvas.drawImage(bitmap, 0, 0)
    const { data: pixels } = canvas.getImageData(0, 0, width, height)
    const colors: [number, number, number][] = []
    for (let at = 0; at < pixels.length; at += 4)
      colors.push([pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0])
    return { width, height, colors }
  }, image)
}

const luminance = (color: readonly number[]): number => {
  const [red = 0, green = 0, blue = 0] = color.map((byte) => {
    const share = byte / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

export function contrast(a: readonly number[], b: readonly number[]): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other)
  return (light + 0.05) / (dark + 0.05)
}

/** The strongest contrast of any pixel with the first one, which is of the ground. */
export const strongest = ({ colors }: Painted): number =>
  Math.max(...colors.map((color) => contrast(color, colors[0] ?? [0, 0, 0])))

/** One line of pixels, from left to right, at a share of the height. */
export const across = ({ width, height, colors }: Painted, share: number) => {
  const row = Math.min(height - 1, Math.floor(height * share))
  return colors.slice(row * width, (row + 1) * width)
}
