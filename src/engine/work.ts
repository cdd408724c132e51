/** Performs one piece of work of the plan, and reports what came of it. Gets no store: only `report`. */
import type { Step } from '../answer/entry.js'
import type { Work } from '../answer/plan.js'
import { failureFrom } from '../protocol/failure.js'
import { finish } from './finishWork.js'
import { prepare } from './prepareWork.js'
import { request } from './requestWork.js'
import { send } from './sendWork.js'
import { waitFor } from './timeLimit.js'
import { fail, type WorkTools } from './workTools.js'

export async function perform(work: Work, common: Omit<WorkTools, 'returns'>, signal: AbortSignal): Promise<void> {
  const tools = { ...common, returns: common.environment.page?.returns() ?? 0 }
  try {
    switch (work.kind) {
      case 'prepare':
        return await prepare(work.entry, tools, signal)
      case 'request':
        return await request(work.entry, work.renews, tools, signal)
      case 'send':
        return await send(work.entry, work.held, tools, signal)
      case 'finish':
        return await finish(work.entry, work.held, tools, signal)
      case 'wait':
        return await waitUntil(work, tools, signal)
      default:
        return work satisfies never
    }
  } catch (thrown) {
    // An abort is the plan's wish; anything else is a fault of ours or the host's and must not be lost.
    if (signal.aborted || work.kind === 'wait') return
    fail(work.entry, { step: stepOf(work), held: null, failed: failureFrom(thrown), together: [] }, tools)
  }
}

const stepOf = (work: Work): Step => (work.kind === 'finish' ? 'finish' : work.kind === 'send' ? 'send' : 'request')

async function waitUntil(work: Work & { kind: 'wait' }, tools: WorkTools, signal: AbortSignal): Promise<void> {
  const { clock } = tools.environment
  await waitFor(clock, work.until - clock.now(), signal)
  const entry = tools.current(work.key)
  if (entry?.attempt === work.attempt) tools.report(entry, { type: 'retry-due' })
}
