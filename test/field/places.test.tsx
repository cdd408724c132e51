/** Where a dragged row comes to stand. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { givesWay, placeOf } from '../../src/field/places.js'

const rowsOf = (heights: readonly number[]) => {
  let top = 0
  return heights.map((height) => {
    const row = { top, height }
    top += height + 8
    return row
  })
}
const equal = rowsOf([66, 66, 66, 66])

test('a row takes the place of one whose middle it has passed', () => {
  expect(placeOf(equal, 1, 0)).toBe(1)
  expect(placeOf(equal, 1, 40)).toBe(1)
  expect(placeOf(equal, 1, 42)).toBe(2)
  expect(placeOf(equal, 1, -42)).toBe(0)
  expect(placeOf(equal, 0, 10_000)).toBe(3)
  expect(placeOf(equal, 3, -10_000)).toBe(0)
})

test('the place is one of the list, and grows with the way, for any heights', () => {
  const heights = fc.array(fc.integer({ min: 20, max: 300 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(heights, fc.nat(), fc.integer({ min: -5_000, max: 5_000 }), (all, pick, by) => {
      const rows = rowsOf(all)
      const from = pick % rows.length
      const place = placeOf(rows, from, by)
      expect(place).toBeGreaterThanOrEqual(0)
      expect(place).toBeLessThan(rows.length)
      expect(placeOf(rows, from, by + 50)).toBeGreaterThanOrEqual(place)
      expect(Math.sign(place - from)).toBe(place === from ? 0 : Math.sign(by))
    }),
  )
})

test('rows between the old and the new place give way by the dragged one, the others stay', () => {
  expect([0, 1, 2, 3].map((index) => givesWay(index, 1, 3, 74))).toEqual([0, 0, -74, -74])
  expect([0, 1, 2, 3].map((index) => givesWay(index, 2, 0, 74))).toEqual([74, 74, 0, 0])
})
