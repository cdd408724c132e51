/** All that is tried of a backend, in the order in which an implementer meets it. */
import type { Check } from '../check.js'
import type { Backend } from './backend.js'
import { callChecks } from './checks/calls.js'
import { multipartChecks } from './checks/multipart.js'
import { presignChecks } from './checks/presign.js'
import { storedChecks } from './checks/stored.js'

export const conformanceChecks: readonly Check<Backend>[] = [
  ...callChecks,
  ...presignChecks,
  ...storedChecks,
  ...multipartChecks,
]
