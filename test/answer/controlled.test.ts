import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Control, committed, emitted, uncontrolled } from '../../src/answer/controlled.js'

const after = (...ids: string[][]): Control => ids.reduce(emitted, uncontrolled)
const instructions = (control: Control, ...values: (string[] | null)[]) => {
  const told: (readonly string[] | null)[] = []
  let now = control
  for (const value of values) {
    const result = committed(now, value)
    now = result.control
    told.push(result.instruction)
  }
  return { told, control: now }
}

describe('a committed value', () => {
  test('that was emitted acknowledges itself and all before', () => {
    const { told, control } = instructions(after(['a'], ['a', 'b'], ['a', 'b', 'c']), ['a', 'b'])
    expect([told, control.unseen]).toEqual([[null], [['a', 'b', 'c']]])
  })

  test('that equals the one before says nothing, however often it comes', () => {
    expect(instructions(after(['a']), ['a'], ['a'], ['a']).told).toEqual([null, null, null])
  })

  test('that was never emitted is an instruction, once', () => {
    expect(instructions(after(['a']), ['a'], ['x'], ['x']).told).toEqual([null, ['x'], null])
  })

  test('that was acknowledged over is an instruction when it comes again: the host goes back', () => {
    expect(instructions(after(['a'], ['a', 'b']), ['a', 'b'], ['a']).told).toEqual([null, ['a']])
  })

  test('of null ends control and instructs nothing', () => {
    const { told, control } = instructions(after(['a']), ['a'], null)
    expect([told, control.committed]).toEqual([[null, null], null])
  })

  test('differs by order', () => {
    expect(instructions(after(['a', 'b']), ['b', 'a']).told).toEqual([['b', 'a']])
  })

  test('a host that echoes everything in order, any part of it, at any time, never instructs', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (choices) => {
        let control: Control = { committed: [], unseen: [] }
        const emissions: string[][] = []
        let next = 0
        for (const emits of choices) {
          if (emits) {
            // Each emission is unlike all others, as lists of ids that only grow are.
            emissions.push([...(emissions.at(-1) ?? []), `id${emissions.length}`])
            control = emitted(control, emissions.at(-1) ?? [])
          } else if (next < emissions.length) {
            const result = committed(control, emissions[next] ?? [])
            expect(result.instruction).toBeNull()
            control = result.control
            next += 1
          }
        }
      }),
    )
  })

  test('a host that ignores onChange costs no memory without end', () => {
    const control = Array.from({ length: 2_000 }, (_, index) => [`id${index}`]).reduce(emitted, uncontrolled)
    expect(control.unseen.length).toBeLessThanOrEqual(500)
  })
})
