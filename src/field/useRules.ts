'use client'
/** The question's rules as the field tells them: the host's, narrowed by the server's once it has told them. */
import { useSyncExternalStore } from 'react'
import type { Rules } from '../answer/admission.js'
import type { FileAnswer } from '../engine/fileAnswer.js'
import { narrowRules } from '../engine/serverRules.js'

/** `own`: the props' rules, which are newer than those the answer knows; null: the answer owns its rules. */
export function useRules(answer: FileAnswer, own: Rules | null): Rules {
  const known = useSyncExternalStore(answer.subscribe, answer.getServerRules, answer.getServerRules)
  return narrowRules(own ?? answer.getRules(), known)
}
