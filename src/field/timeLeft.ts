/** How long an upload may still take, from the speed seen: coarse, and calm. Pure but for what it remembers. */

/** Nothing is said before. */
const silentMs = 10_000
/** The speed is that of so long. */
const windowMs = 15_000
/** So long it has to look much longer before that is said. */
const doubtMs = 10_000

/** Seconds as people count them: tens, then minutes, then half hours. Never less than is left. */
const coarse = (seconds: number): number => {
  const step = seconds <= 60 ? 10 : seconds <= 3_600 ? 60 : 1_800
  return Math.ceil(seconds / step) * step
}

export interface TimeLeft {
  /** The seconds to tell at a time (ms) with so many of all bytes sent; null: nothing can be told. */
  at(now: number, sentBytes: number, allBytes: number): number | null
}

export function createTimeLeft(): TimeLeft {
  let seen: { readonly at: number; readonly sentBytes: number }[] = []
  let began: number | null = null
  let told: number | null = null
  /** Since when it looks much longer than was told. */
  let longerSince: number | null = null

  return {
    at(now, sentBytes, allBytes) {
      const last = seen.at(-1)
      if (last !== undefined && sentBytes < last.sentBytes) {
        // Begun anew: what was known of its speed holds no more.
        seen = []
        began = null
        told = null
      }
      began ??= now
      seen.push({ at: now, sentBytes })
      while (seen.length > 2 && now - (seen[1]?.at ?? now) >= windowMs) seen.shift()
      const [first] = seen
      if (first === undefined || now - began < silentMs) return null
      const speed = (sentBytes - first.sentBytes) / Math.max(1, now - first.at)
      if (speed <= 0) return told
      const left = (allBytes - sentBytes) / speed / 1_000
      const next = coarse(left)
      const isLonger = told !== null && left > told * 1.5
      longerSince = isLonger ? (longerSince ?? now) : null
      // It counts down; up only where it is so for a while.
      if (told === null || next < told || (longerSince !== null && now - longerSince >= doubtMs)) told = next
      return told
    },
  }
}
