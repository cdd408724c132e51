/**
 * The limits as the server decides them, asked for once, in the background, when a person first comes to the field.
 * They narrow what the host's props say; files added meanwhile are judged by the props, and `presign` is final.
 */
import type { Rules } from '../answer/admission.js'
import type { ServerRules } from '../protocol/actions.js'
import { isObject } from '../protocol/grant.js'
import type { Calls } from './calls.js'
import type { Environment } from './environment.js'

export interface ServerRulesAsked {
  /** Asks, the first time. */
  ask(): void
  /** What the server said; null until it has. The same object from then on. */
  known(): ServerRules | null
}

/** `onKnown`: the server has answered. */
export function createServerRules(o: {
  readonly backend: () => Pick<Calls, 'requestRules'>
  readonly environment: Pick<Environment, 'network'>
  readonly onKnown: () => void
}): ServerRulesAsked {
  let isAsked = false
  let rules: ServerRules | null = null
  return {
    ask() {
      if (isAsked || !o.environment.network.isOnline()) return
      isAsked = true
      void o
        .backend()
        .requestRules?.({})
        .then((answer) => {
          rules = parseRules(answer)
          if (rules !== null) o.onKnown()
        })
        // A comfort: without it `presign` says what is wrong.
        .catch(() => {})
    },
    known: () => rules,
  }
}

const limits = ['minFiles', 'maxFiles', 'minSize', 'maxSize', 'maxTotalSize'] as const

function parseRules(answer: unknown): ServerRules | null {
  const said = isObject(answer) && isObject(answer.rules) ? answer.rules : null
  if (said === null) return null
  const known = limits.filter((name) => Number.isSafeInteger(said[name]) && (said[name] as number) >= 0)
  const { accept } = said
  const isAccept = typeof accept === 'string' || (isObject(accept) && Object.values(accept).every(Array.isArray))
  if (known.length === 0 && !isAccept) return null
  return {
    ...Object.fromEntries(known.map((name) => [name, said[name]])),
    ...(isAccept ? { accept: accept as NonNullable<ServerRules['accept']> } : {}),
  }
}

/** The stricter of the host's limits and the server's; the host's `accept` where it has one. */
export function narrowRules<Own extends Rules>(own: Own, server: ServerRules | null): Own {
  if (server === null) return own
  const stricter = (pick: (a: number, b: number) => number, a: number | undefined, b: number | undefined) =>
    a === undefined ? b : b === undefined ? a : pick(a, b)
  return {
    ...own,
    accept: own.accept ?? server.accept,
    minFiles: stricter(Math.max, own.minFiles, server.minFiles),
    maxFiles: stricter(Math.min, own.maxFiles, server.maxFiles),
    minSize: stricter(Math.max, own.minSize, server.minSize),
    maxSize: stricter(Math.min, own.maxSize, server.maxSize),
    maxTotalSize: stricter(Math.min, own.maxTotalSize, server.maxTotalSize),
  }
}
