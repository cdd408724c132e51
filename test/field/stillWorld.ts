import { loadAdvice, loadDescriptions, loadDeveloperNotes, loadMultipart } from '../../src/engine/chunks.js'
import { browserEnvironment, type Environment } from '../../src/engine/environment.js'
import { VirtualClock } from '../engine/virtualClock.js'

// Where time stands still nothing waits for a chunk.
await Promise.all([loadAdvice(), loadDescriptions(), loadDeveloperNotes(), loadMultipart()])

/** A clock that stands still until told. Between its timers the page has a turn, in which all promises settle. */
class StillClock extends VirtualClock {
  override async settle(): Promise<void> {
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => resolve()
      port2.postMessage(null)
    })
  }
}

/** The world of an answer in a real browser, whose clock stands still until told and whose network comes and goes. */
export function stillWorld() {
  const clock = new StillClock()
  const page = browserEnvironment()
  const listeners = new Set<() => void>()
  let isOnline = true
  const environment: Environment = {
    ...page,
    clock,
    random: () => 1,
    network: {
      ...page.network,
      isOnline: () => isOnline,
      onChange: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
  }
  return {
    clock: clock as VirtualClock,
    environment,
    setOnline(online: boolean) {
      isOnline = online
      for (const listener of listeners) listener()
    },
  }
}
