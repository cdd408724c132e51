/** One permitted call, as the actions see it. */
import type { ServerRules } from '../protocol/index.js'
import type { Who } from './grantedFile.js'
import type { Action, Body } from './requests.js'

export interface Call<Name extends Action> {
  readonly body: Body<Name>
  readonly who: Who
  /** The question's limits for this call. */
  readonly rules: ServerRules
  /** Ends when the caller has gone. */
  readonly signal: AbortSignal
}
