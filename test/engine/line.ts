import type { Send, World } from './world.js'

/** A line to storage that all open requests share alike, in bytes per ms; each answers when its bytes are through. */
export function sharedLine(world: World, bytesPerMs: number): void {
  const left = new Map<Send, number>()
  const stepMs = 10
  let isTicking = false
  const tick = () => {
    for (const send of left.keys()) if (send.request.signal.aborted) left.delete(send)
    const share = (bytesPerMs * stepMs) / Math.max(1, left.size)
    for (const [send, bytes] of left) {
      const rest = bytes - share
      if (rest > 0) {
        left.set(send, rest)
        if (send.request.listen) send.request.onProgress?.(Math.floor(send.request.body.size - rest))
      } else {
        left.delete(send)
        send.respond()
      }
    }
    isTicking = left.size > 0
    if (isTicking) world.clock.after(stepMs, tick)
  }
  world.onSend = (send) => {
    left.set(send, send.request.body.size)
    if (!isTicking) world.clock.after(stepMs, tick)
    isTicking = true
    return true
  }
}
