import { describe, expect, test } from 'vitest'
import { applyEvent } from '../../src/answer/answer.js'
import { type Entry, type EntryEvent, heldBy, queuedEntry } from '../../src/answer/entry.js'
import { revive, transition } from '../../src/answer/transition.js'
import { failure } from '../../src/protocol/failure.js'
import { aChosen, aHeldGrant, anAnswer, anEntry, aRestored, localStates, lost } from './builders.js'

const nexts = [
  { do: 'retry', at: 9 },
  { do: 'wait' },
  { do: 'new-grant' },
  { do: 'renew' },
  { do: 'send-again' },
  { do: 'ask-storage' },
  { do: 'resend' },
  { do: 'start-over' },
  { do: 'stop' },
] as const

const events: readonly EntryEvent[] = [
  { type: 'started' },
  { type: 'prepare-started' },
  { type: 'prepared', chosen: aChosen('b.pdf') },
  { type: 'refused', failure: failure('file-type') },
  { type: 'request-started' },
  { type: 'granted', held: aHeldGrant('id2') },
  { type: 'send-started' },
  { type: 'part-stored' },
  { type: 'sent' },
  { type: 'check-announced' },
  { type: 'stored' },
  ...nexts.map((next) => ({ type: 'attempt-failed', failure: lost, next }) as const),
  { type: 'retry-due' },
  { type: 'given-up', failure: lost },
  { type: 'retried' },
  { type: 'paused' },
  { type: 'resumed' },
  { type: 'described', stored: { id: 'x', name: 'x', size: 1, type: 't' } },
  { type: 'lost', failure: failure('gone') },
]

/** What a failed attempt leads to where there is a grant to go on with. */
const failedWithGrant = {
  'attempt-failed retry': 'retrying',
  'attempt-failed wait': 'retrying',
  'attempt-failed new-grant': 'requesting',
  'attempt-failed renew': 'requesting',
  'attempt-failed send-again': 'requesting',
  'attempt-failed ask-storage': 'finishing',
  'attempt-failed resend': 'ready',
  'attempt-failed start-over': 'queued',
  'attempt-failed stop': 'failed',
} as const

/** Which events mean something in which state, and what comes of them; everything else changes nothing. */
const meant: Readonly<Record<Entry['state'], Readonly<Record<string, Entry['state']>>>> = {
  queued: {
    'prepare-started': 'preparing',
    'request-started': 'requesting',
    'given-up': 'failed',
    paused: 'paused',
  },
  preparing: { prepared: 'queued', refused: 'rejected', paused: 'paused' },
  requesting: {
    refused: 'rejected',
    granted: 'ready',
    paused: 'paused',
    'attempt-failed retry': 'retrying',
    'attempt-failed wait': 'retrying',
    'attempt-failed new-grant': 'requesting',
    'attempt-failed renew': 'requesting',
    'attempt-failed send-again': 'requesting',
    'attempt-failed ask-storage': 'queued',
    'attempt-failed resend': 'queued',
    'attempt-failed start-over': 'queued',
    'attempt-failed stop': 'failed',
    'given-up': 'failed',
  },
  ready: {
    'request-started': 'requesting',
    paused: 'paused',
    'send-started': 'uploading',
    ...failedWithGrant,
    'given-up': 'failed',
  },
  uploading: {
    sent: 'finishing',
    paused: 'paused',
    stored: 'done',
    ...failedWithGrant,
  },
  finishing: {
    'check-announced': 'finishing',
    stored: 'done',
    ...failedWithGrant,
  },
  retrying: { 'retry-due': 'queued', 'given-up': 'failed', retried: 'queued', paused: 'paused' },
  paused: { resumed: 'ready' },
  failed: { retried: 'queued' },
  done: {},
  rejected: {},
  restored: { described: 'restored', lost: 'restored' },
}

const nameOf = (event: EntryEvent) => (event.type === 'attempt-failed' ? `${event.type} ${event.next.do}` : event.type)
const entries: readonly Entry[] = [...localStates.map((state) => anEntry(state)), aRestored('old')]

describe('transition is total', () => {
  const cases = entries.flatMap((entry) => events.map((event) => [entry.state, nameOf(event), entry, event] as const))

  test.each(cases)('%s + %s', (state, name, entry, event) => {
    const next = transition(entry, event)
    const expected = meant[state][name]
    if (expected === undefined) expect(next).toBe(entry)
    else expect(next.state).toBe(expected)
    expect(next.key).toBe(entry.key)
  })

  test.each(cases.filter(([state, name]) => meant[state][name] !== undefined))(
    '%s + %s: a failed attempt and a retry begin a new one, all else stays in it',
    (_, name, entry, event) => {
      const begins = /attempt-failed|retried|retry-due|given-up|paused|resumed/.test(name)
      expect(transition(entry, event).attempt).toBe(entry.attempt + (begins ? 1 : 0))
    },
  )
})

describe('an event of an older attempt', () => {
  test.each(localStates.flatMap((state) => events.map((event) => [state, nameOf(event), event] as const)))(
    'is dropped: %s + %s',
    (state, _, event) => {
      const answer = anAnswer(anEntry(state))
      const { attempt = 0 } = answer.entries[0] ?? {}
      expect(applyEvent(answer, 'k', attempt - 1, event)).toBe(answer)
      expect(applyEvent(answer, 'k', attempt + 1, event)).toBe(answer)
      expect(applyEvent(answer, 'nobody', attempt, event)).toBe(answer)
    },
  )
})

test('a queued file that waits for its start is told once to start', () => {
  const waiting = queuedEntry('k', aChosen(), { started: false })
  const started = transition(waiting, { type: 'started' })
  expect(started).toMatchObject({ state: 'queued', started: true, attempt: 0 })
  expect(transition(started, { type: 'started' })).toBe(started)
})

describe('what an entry keeps', () => {
  test('a retry by itself goes on where it failed, with the grant it holds', () => {
    const uploading = anEntry('uploading')
    const waiting = transition(uploading, { type: 'attempt-failed', failure: lost, next: { do: 'wait' } })
    expect(transition(waiting, { type: 'retry-due' })).toMatchObject({ state: 'ready', held: aHeldGrant() })
  })

  test('a retry by a person asks for a fresh grant of the same id, and counts anew', () => {
    const failed = transition(anEntry('uploading'), { type: 'attempt-failed', failure: lost, next: { do: 'stop' } })
    expect(transition(failed, { type: 'retried' })).toMatchObject({
      state: 'requesting',
      renews: aHeldGrant(),
      tries: 0,
      renewals: 0,
    })
  })

  test('tries are counted anew when a grant came and when a part was stored', () => {
    const again = (entry: Entry) =>
      transition(transition(entry, { type: 'attempt-failed', failure: lost, next: { do: 'retry', at: 1 } }), {
        type: 'retry-due',
      })
    const requesting = transition(again(anEntry('requesting')), { type: 'request-started' })
    expect(requesting).toMatchObject({ tries: 1 })
    expect(transition(requesting, { type: 'granted', held: aHeldGrant() })).toMatchObject({ tries: 0 })
    const uploading = transition(again(anEntry('uploading')), { type: 'send-started' })
    expect(uploading).toMatchObject({ tries: 1 })
    expect(transition(uploading, { type: 'part-stored' })).toMatchObject({ tries: 0 })
  })

  test.each(entries.map((entry) => [entry.state, entry] as const))(
    'undo of a removed %s entry loses nothing',
    (state, entry) => {
      const revived = revive(entry)
      if (['done', 'restored', 'rejected', 'failed', 'paused'].includes(state)) expect(revived).toBe(entry)
      else {
        expect(revived.attempt).toBe(entry.attempt + 1)
        expect(heldBy(revived)).toEqual(heldBy(entry))
      }
    },
  )
})
