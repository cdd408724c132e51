/** What is painted, measured: a screenshot of an element, and contrast as WCAG counts it. */
import type { Locator, Page } from '@playwright/test'

export interface Painted {
  readonly width: number
  readonly height: number
  /** Red, green, blue of each pixel, row by row. */
  readonly colors: readonly (readonly [number, number, number])[]
}

interface Painting {
  readonly width: number
  readonly data: Uint8ClampedArray
}

/** Takes a picture of the whole page, and gives the pixels of an element in it and of `around` it, CSS pixels. */
export async function painted(page: Page): Promise<(element: Locator, around?: number) => Promise<Painted>> {
  const image = (await page.screenshot({ fullPage: true, caret: 'hide' })).toString('base64')
  await page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const { width, height } = bitmap
    const canvas = new OffscreenCanvas(width, height).getContext('2d')
    if (canvas === null) throw new Error('No canvas.')
    canvas.drawImage(bitmap, 0, 0)
    Object.assign(window, { painting: { width, data: canvas.getImageData(0, 0, width, height).data } })
  }, image)
  return async (element, around = 0) => {
    // As text: as lists of numbers, the pixels of a row take a second to come here.
    const { width, height, text } = await element.evaluate((node, border) => {
      const { painting } = window as unknown as { painting: Painting }
      const box = node.getBoundingClientRect()
      if (box.width === 0) throw new Error('The element is not shown.')
      const left = Math.round(box.left + window.scrollX - border)
      const top = Math.round(box.top + window.scrollY - border)
      const [width, height] = [Math.round(box.width + 2 * border), Math.round(box.height + 2 * border)]
      let text = ''
      for (let y = top; y < top + height; y += 1) {
        const at = (y * painting.width + left) * 4
        text += String.fromCharCode(...painting.data.subarray(at, at + width * 4))
      }
      return { width, height, text: btoa(text) }
    }, around)
    const bytes = Buffer.from(text, 'base64')
    const colors = Array.from({ length: width * height }, (_, index): [number, number, number] => {
      const [red = 0, green = 0, blue = 0] = bytes.subarray(index * 4)
      return [red, green, blue]
    })
    return { width, height, colors }
  }
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
