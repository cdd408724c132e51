/** What is asked of our field, as ratios of medians of interleaved runs (seconds differ from hour to hour). */
import { bestOf, rowNamed } from './outcome.mjs'

/**
 * @typedef {import('./outcome.mjs').Outcome} Outcome
 * @typedef {import('./outcome.mjs').Row} Row
 *
 * @typedef {object} Goal
 * @property {string} scenario
 * @property {string} title
 * @property {(ours: Row, outcome: Outcome) => number} value
 * @property {'most' | 'least'} bound
 * @property {number} than
 * @property {number} [quick]  the bound of a quick look, wide enough for the noise of two or three runs; none: not judged then
 * @property {'' | ' ms'} [unit]
 *
 * @typedef {{ scenario: string, title: string, value: number, bound: string, isMet: boolean, unit: string }} Verdict
 */

/** @param {Outcome} outcome @param {string} name @param {'wall' | 'mainThread'} [figure] */
const of = (outcome, name, figure = 'wall') => rowNamed(outcome, name)?.[figure].median ?? Number.NaN

const post = 'bare form POST'
const parts = 'bare parallel parts'
/** @param {string} bare @returns {Goal['value']} */
const wallOver = (bare) => (ours, outcome) => ours.wall.median / of(outcome, bare)

/** @type {readonly Goal[]} */
const goals = [
  { scenario: 'many', title: 'wall ÷ bare form POST', value: wallOver(post), bound: 'most', than: 1.05, quick: 1.2 },
  {
    scenario: 'many',
    title: 'the best peer’s wall ÷ ours',
    value: (ours, outcome) => (bestOf(outcome, 'peer')?.wall.median ?? Number.NaN) / ours.wall.median,
    bound: 'least',
    than: 1.9,
    quick: 1.6,
  },
  { scenario: 'tiny', title: 'wall ÷ bare form POST', value: wallOver(post), bound: 'most', than: 1.25, quick: 2 },
  {
    scenario: 'tiny',
    title: 'main thread ÷ bare form POST',
    value: (ours, outcome) => ours.mainThread.median / of(outcome, post, 'mainThread'),
    bound: 'most',
    than: 1.5,
    quick: 2.6,
  },
  {
    scenario: 'tiny',
    title: 'main thread ÷ better-upload',
    value: (ours, outcome) => ours.mainThread.median / of(outcome, 'better-upload', 'mainThread'),
    bound: 'most',
    than: 0.6,
    quick: 1.6,
  },
  {
    scenario: 'tiny',
    title: 'first frame',
    value: (ours) => ours.firstFrame.median,
    bound: 'most',
    than: 50,
    unit: ' ms',
  },
  {
    scenario: 'tiny',
    title: 'longest task',
    value: (ours) => ours.longestTask.median,
    bound: 'most',
    than: 100,
    unit: ' ms',
  },
  {
    scenario: 'tiny',
    title: 'storage’s first request, beyond the grants’ round trip',
    value: (ours) => ours.firstRequest.median,
    bound: 'most',
    than: 50,
    unit: ' ms',
  },
  { scenario: 'medium', title: 'wall ÷ bare form POST', value: wallOver(post), bound: 'most', than: 1.03 },
  {
    scenario: 'large',
    title: 'wall ÷ bare parallel parts',
    value: wallOver(parts),
    bound: 'most',
    than: 1.03,
    quick: 1.15,
  },
  {
    scenario: 'cut',
    title: 'wall without the cut ÷ bare parallel parts on a whole line',
    value: (ours, outcome) => (ours.wall.median - (outcome.scenario.lost?.ms ?? 0) / 1000) / of(outcome, parts),
    bound: 'most',
    than: 1.1,
  },
  {
    scenario: 'names',
    title: 'wall on two names ÷ bare form POST on one',
    value: wallOver(post),
    bound: 'most',
    than: 0.65,
  },
]

/** @param {Outcome} outcome @param {{ quick: boolean }} options @returns {Verdict[]} */
export function verdictsOn(outcome, { quick }) {
  const ours = bestOf(outcome, 'ours')
  if (ours === undefined) return []
  return goals
    .filter(({ scenario, quick: wide }) => scenario === outcome.scenario.name && (!quick || wide !== undefined))
    .map(({ scenario, title, value: read, bound, than, quick: wide, unit = '' }) => {
      const limit = quick ? (wide ?? than) : than
      const value = read(ours, outcome)
      return {
        scenario,
        title: `${scenario}: ${title}`,
        value,
        bound: `${bound === 'most' ? '≤' : '≥'} ${limit}${unit}`,
        isMet: bound === 'most' ? value <= limit : value >= limit,
        unit,
      }
    })
}
