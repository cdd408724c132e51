/** What few answers need, or none for long: each a chunk of its own, loaded when it is first needed. */
import { FailureError, failure } from '../protocol/failure.js'

/** One promise for all who ask; what could not be loaded is loaded anew for the next, as after a network that broke. */
export function chunk<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let loading: Promise<Module> | undefined
  return () =>
    (loading ??= load().catch((cause: unknown) => {
      loading = undefined
      throw new FailureError(failure('network', { cause, hint: 'A part of the page could not be loaded.' }))
    }))
}

/** Copies of files that can be read once only, as Android's pickers give them. */
export const loadCopies = /* @__PURE__ */ chunk(() => import('./copies.js'))
/** Names and links of stored files. */
export const loadDescriptions = /* @__PURE__ */ chunk(() => import('./descriptions.js'))
/** Files in parts. */
export const loadMultipart = /* @__PURE__ */ chunk(() => import('./multipart.js'))
/** What developers are told in the console; in development. */
export const loadDeveloperNotes = /* @__PURE__ */ chunk(() => import('./developerNotes.js'))
/** What is likely wrong, after the first request that failed. */
export const loadAdvice = /* @__PURE__ */ chunk(() => import('./advice.js'))
