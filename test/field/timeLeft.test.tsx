/** The time left of an upload: coarse, and calm. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTimeLeft } from '../../src/field/timeLeft.js'

const second = 1_000
const mb = 1024 * 1024

/** What is told each second while bytes move at these speeds (bytes a second). */
function told(speeds: readonly number[], size: number): (number | null)[] {
  const timeLeft = createTimeLeft()
  let sent = 0
  return speeds.map((speed, index) => {
    sent = Math.min(size, sent + speed)
    return timeLeft.at(index * second, sent, size)
  })
}

test('is told after ten seconds, and not before', () => {
  const all = told(Array(20).fill(mb), 100 * mb)
  expect(all.slice(0, 10)).toEqual(Array(10).fill(null))
  expect(all.slice(10).every((seconds) => seconds !== null)).toBe(true)
})

test('counts in minutes, then in tens of seconds, never less than is left', () => {
  const all = told(Array(300).fill(mb), 300 * mb)
  for (const [index, seconds] of all.entries()) {
    if (seconds === null) continue
    const left = 300 - index - 1
    expect(seconds % (left > 60 ? 60 : 10)).toBe(0)
    expect(seconds).toBeGreaterThanOrEqual(left - 1)
    expect(seconds).toBeLessThanOrEqual(left + 60)
  }
  expect(new Set(all).size).toBeLessThan(15)
})

test('of a speed that trembles never goes up', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0.75 * mb, max: 1.25 * mb }), { minLength: 60, maxLength: 60 }),
      (speeds) => {
        const all = told(speeds, 120 * mb).filter((seconds) => seconds !== null)
        expect(all).toEqual([...all].sort((a, b) => b - a))
      },
    ),
  )
})

test('goes up once a slower network has lasted', () => {
  const all = told([...Array(20).fill(mb), ...Array(60).fill(mb / 8)], 200 * mb)
  const before = all[19] ?? 0
  const at = all.findIndex((seconds, index) => index > 19 && (seconds ?? 0) > before)
  expect(at).toBeGreaterThan(28)
  expect(all.at(-1)).toBeGreaterThan(before * 2)
})

test('of an upload that began anew is not told by the old speed', () => {
  const timeLeft = createTimeLeft()
  for (let at = 0; at <= 15; at += 1) timeLeft.at(at * second, at * mb, 100 * mb)
  expect(timeLeft.at(16 * second, 0, 100 * mb)).toBeNull()
})

test('of what stands still stays what it was, or unsaid', () => {
  expect(told(Array(40).fill(0), mb).every((seconds) => seconds === null)).toBe(true)
})
