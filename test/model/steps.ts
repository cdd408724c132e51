/** What a schedule is made of. */
import fc from 'fast-check'
import type { Terms } from './farSide.js'
import type { Reply } from './replies.js'

/** A person's and a host's steps are of one field; the others are of all. */
export type Step =
  | { readonly do: 'add'; readonly sizes: readonly number[] }
  | {
      readonly do: 'remove' | 'undo' | 'retry' | 'pause' | 'resume' | 'echo' | 'lateEcho'
      readonly pick: number
    }
  | { readonly do: 'move'; readonly pick: number; readonly to: number }
  | {
      readonly do:
        | 'retryAll'
        | 'start'
        | 'pauseAll'
        | 'resumeAll'
        | 'reset'
        | 'removeAll'
        | 'echoNewest'
        | 'holdUndo'
        | 'letUndoGo'
        | 'remount'
    }
  | { readonly do: 'instruct'; readonly keep: readonly boolean[]; readonly turned: boolean; readonly foreign: boolean }
  | { readonly do: 'answerCall' | 'answerSend'; readonly pick: number; readonly reply: Reply }
  | { readonly do: 'progress'; readonly pick: number; readonly share: number }
  | { readonly do: 'answerAll' | 'goOffline' | 'goOnline' }
  /** For a while everything is answered alike, at once: an outage, or fair weather. */
  | { readonly do: 'spell'; readonly reply: Reply; readonly ms: number }
  | { readonly do: 'wait'; readonly ms: number }

export interface Scheduled {
  /** Which field, where there are several. */
  readonly of: number
  readonly step: Step
}

/** How the run is set up. */
export interface Setting extends Terms {
  readonly seed: number
  readonly fields: number
  readonly controlled: boolean
  readonly restored: readonly string[]
  readonly maxFiles: number | null
  readonly start: 'now' | 'manual'
  /** The host has a `validate`. */
  readonly validates: boolean
  /** ms that pass at each look at the clock. */
  readonly creep: number
  /** The field is unmounted at the end, before anything heals. */
  readonly leaves: boolean
}

const pick = fc.nat(20)
const reply = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Reply>('good') },
  {
    weight: 6,
    arbitrary: fc.constantFrom<Reply[]>(
      'lost',
      'lost',
      'broken',
      'busy',
      'throttled',
      'refused',
      'denied',
      'senseless',
    ),
  },
)
const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary })
const only = (...names: Step['do'][]) => fc.record({ do: fc.constantFrom(...names) }) as fc.Arbitrary<Step>
const picking = (...names: Step['do'][]) => fc.record({ do: fc.constantFrom(...names), pick }) as fc.Arbitrary<Step>

const person = [
  weighted(
    6,
    fc.record({
      do: fc.constant('add'),
      sizes: fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 4 }),
    }),
  ),
  weighted(4, picking('remove')),
  weighted(3, picking('undo')),
  weighted(2, picking('retry')),
  weighted(3, picking('pause', 'resume')),
  weighted(2, fc.record({ do: fc.constant('move'), pick, to: fc.nat(10) })),
  weighted(3, only('retryAll', 'start', 'holdUndo', 'letUndoGo', 'remount')),
  weighted(1, only('pauseAll', 'resumeAll')),
  weighted(1, only('reset')),
  weighted(2, only('removeAll')),
]
const others = [
  weighted(10, fc.record({ do: fc.constant('answerCall'), pick, reply })),
  weighted(14, fc.record({ do: fc.constant('answerSend'), pick, reply })),
  weighted(2, fc.record({ do: fc.constant('progress'), pick, share: fc.constantFrom(0.5, 1) })),
  weighted(4, only('answerAll')),
  weighted(4, fc.record({ do: fc.constant('spell'), reply, ms: fc.constantFrom(50, 1_000, 10_000, 40_000) })),
  weighted(2, only('goOffline', 'goOnline')),
  weighted(
    10,
    fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(1, 10, 60, 700, 3_000, 9_000, 25_000, 70_000) }),
  ),
]
const host = [
  weighted(5, picking('echo', 'lateEcho')),
  weighted(3, only('echoNewest')),
  weighted(
    3,
    fc.record({
      do: fc.constant('instruct'),
      keep: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
      turned: fc.boolean(),
      foreign: fc.boolean(),
    }),
  ),
]

export const schedules = (controlled: boolean): fc.Arbitrary<Scheduled[]> =>
  fc.array(fc.record({ of: fc.nat(1), step: fc.oneof(...person, ...others, ...(controlled ? host : [])) }), {
    minLength: 5,
    maxLength: 60,
    size: 'max',
  })

const seldom = fc.nat(5).map((n) => n === 0)

export function settings(fixed: Partial<Setting>): fc.Arbitrary<Setting> {
  const drawn: fc.Arbitrary<Setting> = fc.record({
    seed: fc.nat(2_147_483_647),
    fields: fc.constant(1),
    controlled: fc.constant(false),
    restored: fc.constantFrom<(readonly string[])[]>([], ['old1'], ['old1', 'old2']),
    maxFiles: fc.constantFrom(null, null, 5),
    start: fc.constantFrom<Setting['start'][]>('now', 'now', 'now', 'manual'),
    validates: seldom,
    creep: fc.constantFrom(0, 0, 0.3),
    leaves: seldom,
    life: fc.constantFrom(900, 900, 900, 30, 2, null),
    readable: fc.boolean(),
    renewsIds: seldom.map((not) => !not),
    bare: seldom,
    scans: seldom,
    patience: fc.constant(Number.POSITIVE_INFINITY),
  })
  return drawn.map((setting) => ({ ...setting, ...fixed }))
}
