/**
 * How long the backend takes to grant and storage to store, and from that how many grants must be ahead so that no
 * connection waits for the round trip. Pure but for what it remembers.
 */

export interface Pace {
  /** A call for grants took so long, ms. */
  granted(ms: number): void
  /** A file's bytes took so long, ms. */
  sent(ms: number): void
  /** Grants that should be ahead of `sending` files at once; null while nothing is known. */
  ahead(sending: number): number | null
}

/** The newest counts a quarter: soon right after a change, and calm in noise. */
const mean = (before: number | null, ms: number): number => (before === null ? ms : before + (ms - before) / 4)

/** A call may take half as long again as usual. */
const reserve = 1.5

export function createPace(): Pace {
  let grantMs: number | null = null
  let sendMs: number | null = null
  return {
    granted(ms) {
      grantMs = mean(grantMs, ms)
    },
    sent(ms) {
      sendMs = mean(sendMs, ms)
    },
    ahead: (sending) =>
      grantMs === null || sendMs === null ? null : Math.ceil((reserve * sending * grantMs) / Math.max(1, sendMs)),
  }
}
