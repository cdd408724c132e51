/** What is told of the way of files, and when, as plain values. */
import { expect, test } from 'vitest'
import type { Entry, LocalEntry } from '../../src/answer/entry.js'
import { type Batch, joined, moved, noBatch } from '../../src/field/batch.js'
import { aChosen, anEntry } from '../answer/builders.js'

const file = (state: 'uploading' | 'done' | 'retrying' | 'queued' | 'finishing', key: string, more = {}): LocalEntry =>
  ({ ...anEntry(state, key, 'id', aChosen(`${key}.pdf`, 100)), ...more }) as LocalEntry
const begun = (...entries: LocalEntry[]) => joined(noBatch, { type: 'added', entries, rejected: [] }, 0)
/** What is told, and when, of files whose bytes move evenly until `ms`. */
function told(batch: Batch, entry: LocalEntry, ms: number): [at: number, quarter: number][] {
  const heard: [number, number][] = []
  let now = batch
  for (let at = 0; at < ms; at += 100) {
    const next = moved(now, [entry], () => (at / ms) * 100, at)
    if (next !== now) heard.push([at, next.quarter])
    now = next
  }
  return heard
}

test('a batch is what came, was tried again or ended since nothing was pending', () => {
  const [a, b, c] = [file('queued', 'a'), file('done', 'b'), file('queued', 'c')]
  let batch = begun(a)
  batch = joined(batch, { type: 'stored', entry: b }, 10)
  batch = joined(batch, { type: 'undone', entry: c }, 20)
  // What was stored already and comes back is not stored anew.
  batch = joined(batch, { type: 'undone', entry: file('done', 'd') }, 30)
  batch = joined(batch, { type: 'removed', entry: file('done', 'e'), cancelled: false }, 30)
  expect([...batch.keys]).toEqual(['a', 'b', 'c'])
  expect(joined(batch, { type: 'stored', entry: b }, 40)).toBe(batch)
})

test('a short batch tells nothing of its way, half a minute its quarters, minutes also that it goes', () => {
  const entry = file('uploading', 'a')
  expect(told(begun(entry), entry, 5_000)).toEqual([])
  expect(told(begun(entry), entry, 30_000)).toEqual([
    [7_500, 1],
    [17_500, 2],
    [27_500, 3],
  ])
  expect(told(begun(entry), entry, 240_000)).toEqual([
    [10_000, 0],
    [60_000, 1],
    [120_000, 2],
    [180_000, 3],
  ])
})

test('what waits to be started is not on its way', () => {
  const entry = file('queued', 'a')
  expect(moved(begun(entry), [entry], () => null, 60_000).quarter).toBe(-1)
})

test('the last quarter is told as what became of the file', () => {
  const entry = file('finishing', 'a')
  expect(moved(begun(entry), [entry], () => 100, 60_000).quarter).toBe(-1)
})

test('a file that is tried a third time is told of, once', () => {
  const at = (tries: number, retryAt: number | null = 9): Entry => file('retrying', 'a', { tries, retryAt })
  const batch = begun(file('queued', 'a'))
  const after = (entry: Entry, now = 6_000, of = batch) => moved(of, [entry], () => 0, now)
  expect(after(at(2)).stalled).toBeNull()
  // It waits with all others, which is told by itself.
  expect(after(at(3, null)).stalled).toBeNull()
  const stalled = after(at(3))
  expect(stalled.stalled?.key).toBe('a')
  expect(after(at(7), 60_000, stalled)).toBe(stalled)
})
