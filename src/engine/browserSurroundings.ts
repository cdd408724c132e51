/** A browser's clock, chance and news of the network: what an answer needs before anything is sent. */
import { browserPage } from './browserPage.js'
import type { Surroundings } from './environment.js'

/** As bundlers and Node say it; without a bundler there is no `process`, and it is development. */
const isProduction = (): boolean => {
  try {
    return process.env.NODE_ENV === 'production'
  } catch {
    return false
  }
}

const randomKey = (): string => {
  const words =
    globalThis.crypto?.getRandomValues?.(new Uint32Array(3)) ?? Array.from({ length: 3 }, () => Math.random() * 2 ** 32)
  let key = ''
  for (const word of words) key += Math.floor(word).toString(16).padStart(8, '0')
  return key
}

/** Globals are looked up at each use. */
export function browserSurroundings(): Surroundings {
  const { now, page } =
    typeof document === 'undefined' ? { now: () => performance.now(), page: undefined } : browserPage()
  return {
    page,
    clock: {
      now,
      after: (delayMs, callback) => {
        // Browsers take 32-bit delays; a longer one would fire at once.
        const timer = setTimeout(callback, Math.min(delayMs, 2 ** 31 - 1))
        return () => clearTimeout(timer)
      },
      until: (httpDate) => Date.parse(httpDate) - Date.now(),
    },
    random: Math.random,
    randomKey,
    network: {
      isOnline: () => globalThis.navigator?.onLine !== false,
      onChange: (callback) => {
        globalThis.addEventListener?.('online', callback)
        globalThis.addEventListener?.('offline', callback)
        return () => {
          globalThis.removeEventListener?.('online', callback)
          globalThis.removeEventListener?.('offline', callback)
        }
      },
    },
    get isProduction() {
      return isProduction()
    },
    get subtle() {
      return 'arrayBuffer' in Blob.prototype ? globalThis.crypto?.subtle : undefined
    },
    pageIsSecure: globalThis.location?.protocol === 'https:',
    warn: (message, cause) => {
      globalThis.console.warn(`[file-answer-field] ${message}`, ...(cause === undefined ? [] : [cause]))
    },
  }
}
