/** What must not compile: checked by tsc alone, never run. */
import type { DoneEntry, Entry, FailedEntry, ReadyEntry, RestoredEntry } from '../../src/answer/entry.js'
import { createFileAnswer } from '../../src/engine.js'
import type { Failure, Grant } from '../../src/protocol/index.js'

declare const done: DoneEntry
declare const ready: ReadyEntry
declare const entry: Entry
declare const grant: Grant
const requestUpload = async () => ({ id: 1, url: 'https://s.test' })
const backend = { requestUploads: async () => ({ grants: [] }) }

// Entries: a state holds just what it has.
const { id: _, ...withoutId } = done
// @ts-expect-error done without an id
export const doneWithoutId: DoneEntry = withoutId
const { held: __, ...withoutGrant } = ready
// @ts-expect-error ready without a grant
export const readyWithoutGrant: ReadyEntry = withoutGrant
// @ts-expect-error failed without a failure
export const failedWithoutFailure: FailedEntry = { ...withoutGrant, state: 'failed', step: 'send', held: null }
const restored = { key: 'k', attempt: 0, id: 'x', stored: null, failure: null }
// @ts-expect-error a restored file has no File
export const restoredWithFile: RestoredEntry = { ...restored, state: 'restored', file: done.file }
// @ts-expect-error not every entry has an id
export const idOfAny = entry.id
// @ts-expect-error no such state
export const noSuchState = entry.state === 'halted'
// @ts-expect-error entries are not written to
done.id = 'another'
// @ts-expect-error a form POST has fields, a PUT has none
export const fieldsOfAny = grant.fields
// @ts-expect-error a remedy is one of four
export const badRemedy: Failure = { code: 'network', remedy: 'hope' }

// Sources: exactly one.
createFileAnswer({ endpoint: '/api/uploads' })
createFileAnswer({ requestUpload, confirmUpload: async () => {} })
createFileAnswer({ backend, maxFiles: 1 })
// @ts-expect-error two sources
createFileAnswer({ endpoint: '/api/uploads', requestUpload })
// @ts-expect-error two sources
createFileAnswer({ backend, endpoint: '/api/uploads' })
// @ts-expect-error confirmUpload belongs to requestUpload
createFileAnswer({ endpoint: '/api/uploads', confirmUpload: async () => {} })
// @ts-expect-error no source
createFileAnswer({ maxFiles: 3 })
// @ts-expect-error a backend that can issue nothing
createFileAnswer({ backend: {} })
// @ts-expect-error an unknown option
createFileAnswer({ endpoint: '/api/uploads', maxFile: 3 })
