import type { Clock } from '../../src/engine/environment.js'

/** A clock that moves only when told; after each timer all promises that can settle do. */
export class VirtualClock implements Clock {
  private time = 1_000
  private timers: { at: number; order: number; callback: () => void }[] = []
  private order = 0
  /** ms that pass at each look at it, as they do in a page while code runs; and delays lose their fractions, as there. */
  creep = 0
  now = () => (this.time += this.creep)
  until = (httpDate: string) => Date.parse(httpDate) - Date.UTC(2026, 0, 1)
  after = (delayMs: number, callback: () => void) => {
    const delay = this.creep > 0 ? Math.floor(delayMs) : delayMs
    const timer = { at: this.time + Math.max(0, delay), order: this.order++, callback }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter((each) => each !== timer)
    }
  }

  /** Lets every promise that can settle do so. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 40; turn += 1) await Promise.resolve()
  }

  /** The machine sleeps: time passes, and what was to happen meanwhile happens late. */
  sleep(ms: number): void {
    this.time += ms
  }

  async advance(ms: number): Promise<void> {
    const end = this.time + ms
    await this.settle()
    for (let turns = 0; ; turns += 1) {
      if (turns > 100_000) throw new Error('The clock does not get on: something wakes again and again.')
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0]
      if (next === undefined) break
      this.timers = this.timers.filter((timer) => timer !== next)
      this.time = Math.max(this.time, next.at)
      next.callback()
      await this.settle()
    }
    this.time = Math.max(this.time, end)
  }
}
