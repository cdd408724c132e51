/** The host's own steps before the grant: `validate`, then `prepare`; what comes of them is judged like a chosen file. */
import { judgeFile } from '../answer/admission.js'
import type { LocalEntry } from '../answer/entry.js'
import { failure, failureFrom } from '../protocol/failure.js'
import { chosenFile } from './chosenFile.js'
import { orEnded, timeLimit } from './timeLimit.js'
import type { WorkTools } from './workTools.js'

export async function prepare(entry: LocalEntry, tools: WorkTools, signal: AbortSignal): Promise<void> {
  const { environment, timing, report } = tools
  report(entry, { type: 'prepare-started' })
  const rules = tools.rules()
  const limit = timeLimit(environment.clock, timing.prepareTimeout, signal)
  try {
    const reason = (await orEnded(rules.validate?.(entry.file, { signal: limit.signal }), limit.signal)) ?? null
    if (signal.aborted) return
    if (reason !== null)
      return report(entry, {
        type: 'refused',
        failure: failure(reason.code, { message: reason.message, remedy: 'none' }),
      })
    const file = (await orEnded(rules.prepare?.(entry.file, { signal: limit.signal }), limit.signal)) ?? entry.file
    if (signal.aborted) return
    const chosen = file === entry.file ? entry : chosenFile(file, entry.path)
    const refusal = file === entry.file ? null : judgeFile(chosen, rules)
    const { name, size, type } = chosen
    report(
      entry,
      refusal === null
        ? { type: 'prepared', chosen: { file, name, size, type } }
        : { type: 'refused', failure: refusal },
    )
  } catch (thrown) {
    if (signal.aborted) return
    const failed = limit.timedOut()
      ? failure('timeout', { hint: '`validate` or `prepare` did not settle in time.' })
      : failureFrom(thrown)
    report(entry, { type: 'refused', failure: { ...failed, remedy: 'none' } })
  } finally {
    limit.end()
  }
}
