/** The command line. */
import { parseArgs } from 'node:util'
import { contenders } from './contenders.mjs'
import { workloads } from './workloads.mjs'

export const usage = `node bench/run.mjs [options]
  --quick              two repetitions, a short warm-up: for CI
  --all                also the workloads ${workloads.flatMap(({ usual, name }) => (usual ? [] : [name])).join(' and ')}
  --workload NAME      only this one (${workloads.map(({ name }) => name).join(', ')}); may be repeated
  --contender NAME     only this one (${contenders.map(({ name }) => `'${name}'`).join(', ')}); may be repeated
  --repetitions N      measured runs of each (5)
  --json FILE          writes every run
  --profile DIR        writes a CPU profile of each page's last run, for Chromium's DevTools (slows the run)`

/** @param {string[]} args */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      workload: { type: 'string', multiple: true },
      contender: { type: 'string', multiple: true },
      repetitions: { type: 'string' },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const repetitions = Number(values.repetitions ?? (values.quick ? 2 : 5))
  if (!Number.isSafeInteger(repetitions) || repetitions < 1) throw new RangeError('--repetitions is a count from 1')
  return {
    help: values.help,
    quick: values.quick,
    repetitions,
    json: values.json,
    profile: values.profile,
    workloads:
      values.workload?.map((name) => named(workloads, name)) ?? workloads.filter(({ usual }) => usual || values.all),
    contenders: values.contender?.map((name) => named(contenders, name)) ?? contenders,
  }
}

/** @template {{ name: string }} T @param {readonly T[]} of @param {string} name @returns {T} */
function named(of, name) {
  const found = of.find((each) => each.name === name)
  if (found === undefined) throw new RangeError(`'${name}' is none of ${of.map((each) => `'${each.name}'`).join(', ')}`)
  return found
}
