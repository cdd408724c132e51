/**
 * Runs schedules against the model. FAF_RUNS says how many in all: 3,000 by default, the same ones every time, so that
 * what a change broke is told apart from what it found; 100,000 new ones with FAF_FULL. FAF_SEED runs those of an
 * earlier seed again, and FAF_PATH, as fast-check printed it, one of them alone.
 */
import fc from 'fast-check'
import { test } from 'vitest'
import { ModelWorld } from './modelWorld.js'
import { type Setting, schedules, settings } from './steps.js'

const isFull = process.env.FAF_FULL !== undefined && process.env.FAF_FULL !== ''
const runs = Number(process.env.FAF_RUNS ?? (isFull ? 100_000 : 3_000))
const seed = Number(process.env.FAF_SEED ?? (isFull ? Math.floor(Math.random() * 2 ** 31) : 20_261))
const path = process.env.FAF_PATH

/** Nothing out of the way. */
export const plain: Setting = {
  seed: 1,
  fields: 1,
  controlled: false,
  restored: [],
  maxFiles: null,
  start: 'now',
  validates: false,
  creep: 0,
  leaves: false,
  life: 900,
  readable: true,
  renewsIds: true,
  bare: false,
  scans: false,
  patience: Number.POSITIVE_INFINITY,
}

/** `share`: of all runs. */
export function explore(name: string, fixed: Partial<Setting>, share: number): void {
  const numRuns = Math.ceil(runs * share)
  test(`${name} (${numRuns} schedules, seed ${seed})`, { timeout: 3_600_000 }, async () => {
    // The engine knows once upload events were seen on this page: all schedules begin alike.
    await new ModelWorld({ ...plain, seed: 1 }).run([
      { of: 0, step: { do: 'add', sizes: [3] } },
      { of: 0, step: { do: 'answerCall', pick: 0, reply: 'good' } },
      { of: 0, step: { do: 'wait', ms: 10 } },
      { of: 0, step: { do: 'progress', pick: 0, share: 1 } },
    ])
    console.info(`model: ${name}, ${numRuns} schedules, FAF_SEED=${seed}`)
    await fc.assert(
      fc.asyncProperty(settings(fixed), schedules(fixed.controlled === true), (setting, schedule) =>
        new ModelWorld(setting).run(schedule),
      ),
      { numRuns, seed, ...(path === undefined ? {} : { path }) },
    )
  })
}
