/** Who gives a connection up when a file waits for its first. */
import { held, type Origin, wholeConnection } from './connections.js'

/** For each file that waits without any connection, one of a file with several is asked for: its newest. */
export function shareOut(origin: Origin): void {
  const without = new Map<string, number>()
  for (const { owner, cost } of origin.waiting) if (held(origin, owner) === 0) without.set(owner, cost)
  let missing = 0
  for (const cost of without.values()) missing += cost
  /** What each keeps of those that go on. */
  const keeps = new Map<string, number>()
  for (const { yields, owner, cost } of origin.slots) {
    if (yields) missing -= cost
    else keeps.set(owner, (keeps.get(owner) ?? 0) + cost)
  }
  for (const slot of Array.from(origin.slots).reverse()) {
    if (missing <= 0) return
    const rest = (keeps.get(slot.owner) ?? 0) - slot.cost
    if (slot.yields || slot.yielding === undefined || rest < wholeConnection) continue
    slot.yields = true
    missing -= slot.cost
    keeps.set(slot.owner, rest)
    slot.yielding.onYield()
  }
}
