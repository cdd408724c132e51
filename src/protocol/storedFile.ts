/** A stored file as backends and hosts tell of it, and the reader of it. */
import { isObject } from './grant.js'

/** A file known by its id: stored now, or on an earlier visit. */
export interface StoredFile {
  readonly id: string
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly type: string
  /** Downloads the file; http(s) only. */
  readonly url?: string
  readonly thumbnailUrl?: string
  /** The host's own notes on the file (JSON). */
  readonly meta?: unknown
}

/** Only http(s) links may reach an href or a src: `javascript:`, `data:` and their disguises are dropped. */
export function safeLink(url: unknown): string | undefined {
  if (typeof url !== 'string') return undefined
  try {
    const parsed = new URL(url)
    return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : undefined
  } catch {
    return undefined
  }
}

/** A stored file from untrusted JSON, with unsafe links dropped; null where it is none. */
export function parseStoredFile(value: unknown): StoredFile | null {
  if (!isObject(value) || (typeof value.id !== 'string' && typeof value.id !== 'number')) return null
  const url = safeLink(value.url)
  const thumbnailUrl = safeLink(value.thumbnailUrl)
  return {
    id: String(value.id),
    name: typeof value.name === 'string' ? value.name : '',
    size: typeof value.size === 'number' && value.size >= 0 ? value.size : 0,
    type: typeof value.type === 'string' ? value.type : '',
    ...(url === undefined ? {} : { url }),
    ...(thumbnailUrl === undefined ? {} : { thumbnailUrl }),
    ...(value.meta === undefined ? {} : { meta: value.meta }),
  }
}
