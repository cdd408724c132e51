import type { Page } from '../../src/engine/environment.js'

/** A page that comes back when told, and counts what is asked of it. */
export class FakePage implements Page {
  awake = 0
  guards = 0
  readsOnce = false
  private count = 0
  private readonly listeners = new Set<() => void>()
  returns = () => this.count
  onReturn = (listener: () => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
  guardUnload = () => {
    this.guards += 1
    return () => (this.guards -= 1)
  }
  keepAwake = () => {
    this.awake += 1
    return () => (this.awake -= 1)
  }

  comeBack(): void {
    this.count += 1
    for (const listener of this.listeners) listener()
  }
}
