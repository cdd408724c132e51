/**
 * All of an answer that talks to the backend and to storage, put together. Its own chunk, loaded when a field is mounted or
 * the first file comes (`lateEngine.ts`), so that a page can show its form before it has this.
 */
import type { Rules } from '../answer/admission.js'
import { idOf } from '../answer/answer.js'
import type { Entry, EntryEvent } from '../answer/entry.js'
import type { AnswerStore } from '../answer/store.js'
import { createSourceBackend } from './backendOfSource.js'
import { createChecksumOption } from './checksumOption.js'
import { pageConnections } from './connections.js'
import { createDescriptions, type Descriptions } from './descriptions.js'
import type { DeveloperNotes } from './developerNotes.js'
import { createDiscards, type Discards } from './discards.js'
import { createEngine, type Engine, type EngineOptions } from './engine.js'
import { type Surroundings, withNetwork } from './environment.js'
import type { FileAnswerOptions } from './fileAnswer.js'
import type { Progress } from './progress.js'
import { createServerRules, type ServerRulesAsked } from './serverRules.js'
import type { FileAnswerSettings } from './source.js'
import type { Tell } from './trace.js'
import type { Timing } from './timing.js'

export interface RunningOptions extends Pick<EngineOptions, 'onRest' | 'onDenied' | 'mayWork' | 'recorded'> {
  readonly options: FileAnswerOptions
  readonly settings: () => FileAnswerSettings
  readonly store: AnswerStore
  readonly surroundings: Surroundings
  readonly timing: Timing
  readonly progress: Progress
  readonly rules: () => Rules
  readonly notes: DeveloperNotes
  readonly trace: Tell
  readonly report: (entry: Entry, event: EntryEvent) => void
  /** The server has told its rules. */
  readonly onRules: () => void
  /** The host's value holds this id. */
  readonly isHeld: (id: string) => boolean
  /** The id came from a draft. */
  readonly isRecalled: (id: string) => boolean
  readonly isDisposed: () => boolean
}

export interface Running {
  readonly engine: Engine
  readonly discards: Discards
  readonly descriptions: Descriptions
  readonly serverRules: ServerRulesAsked
}

export function createRunning(o: RunningOptions): Running {
  const { options, settings, store, surroundings, timing, report } = o
  const environment = options.environment ?? withNetwork(surroundings, options.send ?? 'auto')
  const { clock } = environment
  const backend = createSourceBackend(settings, environment, o.trace)
  const context = () => {
    const { field, context: given } = settings()
    return { ...(field === undefined ? {} : { field }), ...(given === undefined ? {} : { context: given }) }
  }
  const discards = createDiscards({
    backend,
    context,
    isHeld: o.isHeld,
    isWanted: (id) => {
      const { entries, removals } = store.get()
      const holds = (entry: Entry) => idOf(entry) === id
      return !o.isDisposed() && (entries.some(holds) || removals.some(({ entry }) => holds(entry)))
    },
    isRecalled: o.isRecalled,
  })
  const engine = createEngine({
    ...o,
    environment,
    connections: options.connections ?? pageConnections(timing.connectionBudget),
    backend,
    context,
    checksums: createChecksumOption({ isWanted: () => settings().checksum !== undefined, environment, timing }),
    onReleased: discards.grant,
    tell: o.trace,
  })
  return {
    engine,
    discards,
    descriptions: createDescriptions({ store, clock, backend, context, report }),
    serverRules: createServerRules({
      backend,
      context,
      isOnline: environment.network.isOnline,
      onKnown: o.onRules,
    }),
  }
}
