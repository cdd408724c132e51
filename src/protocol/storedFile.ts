/** A stored file as backends and hosts tell of it, and the reader of it. */
import { isObject } from './grant.js'
import { numberIn, stated, textIn } from './stated.js'

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
  return stated({
    id: String(value.id),
    name: textIn(value.name) ?? '',
    size: Math.max(0, numberIn(value.size) || 0),
    type: textIn(value.type) ?? '',
    url: safeLink(value.url),
    thumbnailUrl: safeLink(value.thumbnailUrl),
    meta: value.meta,
  })
}
