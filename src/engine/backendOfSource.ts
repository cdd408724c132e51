/** The backend of the newest settings: made once for each kind of source and each URL. */
import type { Backend } from '../protocol/backend.js'
import { endpointBackend } from './endpointBackend.js'
import type { Environment } from './environment.js'
import { type HostFunctions, hostBackend } from './hostBackend.js'
import type { FileAnswerSettings } from './source.js'
import type { Tell } from './trace.js'
import { watched } from './watchedBackend.js'

export function createSourceBackend(
  settings: () => FileAnswerSettings,
  environment: Environment,
  tell: Tell,
): () => Backend {
  const make = () => watched(backendOf(settings, environment), tell, environment.clock.now)
  let source = settings()
  let backend = make()
  return () => {
    const newest = settings()
    if (answersElsewhere(newest, source)) {
      source = newest
      backend = make()
    }
    return backend
  }
}

/** The backend of the newest settings; headers and functions are read from them at every call. */
function backendOf(settings: () => FileAnswerSettings, environment: Environment): Backend {
  const source = settings()
  if (source.backend !== undefined) return source.backend
  if (source.endpoint !== undefined) return endpointBackend(() => settings().endpoint ?? source.endpoint, environment)
  return hostBackend(() => settings() as HostFunctions)
}

const urlOf = ({ endpoint }: FileAnswerSettings): string | undefined =>
  typeof endpoint === 'object' ? endpoint.url : endpoint

/** Inline objects differ at every render: whether another kind of source, or another URL, answers from now on. */
function answersElsewhere(a: FileAnswerSettings, b: FileAnswerSettings): boolean {
  return a.backend !== b.backend || urlOf(a) !== urlOf(b)
}
